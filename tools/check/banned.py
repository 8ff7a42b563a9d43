"""Calls and words that do not belong (tools/check/banned.table), logging where one should return,
and notes to oneself that should be an issue."""

import re
from dataclasses import dataclass

import ctokens
from rooms import read_rooms
from tree import Finding, is_test, room_of

LEFTOVER = re.compile(r"\b(" + "|".join(["TO" + "DO", "FIX" + "ME", "HA" + "CK"]) + r")\b")
CODE = (".c", ".h", ".def", ".sql", ".py", ".ts", ".tsx", ".mjs", ".js", ".css", ".sh", ".cmake", "CMakeLists.txt",
        "Makefile")


# What stands before a name that is handed on as a value: `AUTO(free)`, `= strdup`, `, free`.
VALUE = {"(", ",", "=", "&", "?", ":", "{", "return"}


@dataclass
class Rule:
    how: str  # "()" where it is called, "!" wherever it stands, "" where it is called or handed on
    places: list
    instead: str


def read_rules(tree):
    rules = {}
    for number, row in tree.table("banned.table"):
        names, places, instead = (part.strip() for part in row.split("|"))
        for word in names.split():
            name = word.rstrip("()!")
            rules[name] = Rule(word[len(name):], places.split(), instead)
    return rules


def is_meant(rule, before, after):
    if rule.how == "!":
        return True
    if before in (".", "->", "struct", "enum", "union"):
        return False
    return after == "(" or (not rule.how and before in VALUE)


def stands_in(name, places, rooms):
    room = rooms.get(room_of(name))
    marks = room.marks if room else set()
    for place in places:
        if (place == "tests" and is_test(name)) or (place == "tools" and name.startswith("tools/")):
            return True
        if place in ("programs", "faces") and place[:-1] in marks:
            return True
        if "/" in place and (name == place or name.startswith(place + "/")):
            return True
    return False


def check_calls(tree, name, rules, rooms):
    tokens = list(ctokens.code(tree.tokens(name)))
    for i, token in enumerate(tokens):
        if token.kind != "name" or token.text not in rules:
            continue
        before = tokens[i - 1].text if i else ""
        after = tokens[i + 1].text if i + 1 < len(tokens) else ""
        rule = rules[token.text]
        if is_meant(rule, before, after) and not stands_in(name, rule.places, rooms):
            yield Finding(name, token.line, f"{token.text}: {rule.instead}")


def check_log(tree, name, rooms):
    room = rooms.get(room_of(name))
    if room is None or room.name == "base" or room.marks & {"program", "face"} or is_test(name):
        return
    tokens = list(ctokens.code(tree.tokens(name)))
    for i, token in enumerate(tokens):
        if token.text == "LOG" and i + 2 < len(tokens) and tokens[i + 2].text != "LOG_DEBUG":
            yield Finding(name, token.line, f"{room.name} returns errors; programs and the console log them")


def check_leftovers(tree, name):
    for number, line in enumerate(tree.lines(name), 1):
        found = LEFTOVER.search(line)
        if found:
            yield Finding(name, number, f"{found[1]}: finish it, delete it, or write an issue")


def check(tree):
    rules, rooms = read_rules(tree), read_rooms(tree)
    for name in tree.c_files:
        yield from check_calls(tree, name, rules, rooms)
        yield from check_log(tree, name, rooms)
    for name in tree.files:
        if name.endswith(CODE) and "corpus/" not in name and not name.startswith("web/check/"):
            yield from check_leftovers(tree, name)
