"""Words for people live in catalogues (*.words), never in C, and every catalogue says the same in
Vietnamese and in English: same keys, same {places}. Keys that C names must exist."""

import re

import ctokens
from sql import literals
from tree import Finding, is_test

VIETNAMESE = re.compile(r"[À-ÃÈ-ÊÌÍÒ-ÕÙÚÝà-ãè-êìíò-õùúýĂăĐđĨĩŨũƠơƯưẠ-ỹ]")
SENTENCE = re.compile(r"^[A-Z][a-z]+(?: [\w{}%',]+){2,}[.!?]$")
KEY = re.compile(r"^[a-z][a-z0-9_]*(\.[a-z0-9_]+)+$")
PLACE = re.compile(r"\{[a-z_]+\}")
# The titles of columns in the official lists and the words that a decree prescribes for every
# document are part of a format, and what the room of speech says is the Vietnamese language itself:
# none of them is a message of ours that somebody could translate.
FORMATS = re.compile(r"^src/(people/import_\w+|document/layout|speech/\w+)\.[ch]$")


def read_catalogue(tree, name):
    """{key: (line, words)}, and what is wrong with the file itself."""
    keys, wrong = {}, []
    for number, row in enumerate(tree.lines(name), 1):
        if not row.strip() or row.lstrip().startswith("#"):
            continue
        key, equals, words = (part.strip() for part in row.partition("="))
        if not equals or not words:
            wrong.append(Finding(name, number, "a line is `key = words`"))
        elif key in keys:
            wrong.append(Finding(name, number, f"{key} stands here twice (line {keys[key][0]})"))
        else:
            keys[key] = (number, words)
    return keys, wrong


def check_pair(vi_name, vi, en_name, en):
    for key, (line, words) in vi.items():
        if key not in en:
            yield Finding(vi_name, line, f"{key} is missing in {en_name}")
        elif set(PLACE.findall(words)) != set(PLACE.findall(en[key][1])):
            yield Finding(en_name, en[key][0], f"{key} has other {{places}} than in {vi_name}")
    for key, (line, _) in en.items():
        if key not in vi:
            yield Finding(en_name, line, f"{key} is missing in {vi_name}")


def check_catalogues(tree, known):
    for vi_name in tree.matching("vi.words"):
        en_name = vi_name.removesuffix("vi.words") + "en.words"
        vi, wrong = read_catalogue(tree, vi_name)
        yield from wrong
        known.update(vi)
        if en_name not in tree.files:
            yield Finding(vi_name, 1, f"{en_name} is missing")
            continue
        en, wrong = read_catalogue(tree, en_name)
        yield from wrong
        yield from check_pair(vi_name, vi, en_name, en)


def check_literals(tree, name, known, heads):
    for line, text in literals(tree.tokens(name)):
        if VIETNAMESE.search(text) and not FORMATS.match(name):
            yield Finding(name, line, f'"{text[:40]}": Vietnamese words belong into a catalogue')
        elif SENTENCE.match(text) and not name.startswith("src/server/"):
            yield Finding(name, line, f'"{text[:40]}": a sentence for people belongs into a catalogue')
        elif KEY.match(text) and text.split(".")[0] in heads and text not in known:
            yield Finding(name, line, f'"{text}" is in no catalogue')


def check_tables(tree, known):
    """Every error, right, role and setting has its words (tools/check/words.table)."""
    for _, row in tree.table("words.table"):
        name, pattern, wanted = (part.strip() for part in row.split("|"))
        if name not in tree.files or not known:
            continue
        text = tree.text(name)
        for found in re.finditer(pattern, text, re.MULTILINE):
            for key in wanted.replace("{}", found[1]).split():
                if key not in known:
                    yield Finding(name, text.count("\n", 0, found.start()) + 1, f"{key} is in no catalogue")


def check(tree):
    known = set()
    yield from check_catalogues(tree, known)
    # Only literals whose first part is a family of keys are taken for keys ("error.", "role.").
    heads = {key.split(".")[0] for key in known}
    for name in tree.c_files:
        if name.startswith("src/") and not is_test(name):
            yield from check_literals(tree, name, known, heads)
    yield from check_tables(tree, known)
