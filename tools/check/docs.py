"""What the documents point at exists: relative links and their headings, paths in `code`, and
`make` targets. Recipes may name the files they make; running them proves those."""

import re

from tree import Finding

LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)(?:\s+\"[^\"]*\")?\)")
CODE = re.compile(r"`([^`\n]+)`")
PATH = re.compile(r"^(?:src|tools|test|docs|packaging|web|cmake)/[\w./-]*\w/?$")
COMMAND = re.compile(r"\bmake ([a-z][a-z-]*)")
FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)


def anchor_of(heading):
    """As the usual hosts make it: lower case, blanks to hyphens, punctuation dropped."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def anchors(tree, name):
    text = FENCE.sub("", tree.text(name))
    return {anchor_of(re.sub(r"[`*]|\[([^\]]*)\]\([^)]*\)", r"\1", h)) for h in
            re.findall(r"^#+ +(.+)$", text, re.MULTILINE)}


def resolve(name, target):
    parts = name.split("/")[:-1]
    for part in target.split("/"):
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)


def check_link(tree, name, line, target, folders):
    if re.match(r"[a-z]+:", target):
        return
    path, _, anchor = target.partition("#")
    full = resolve(name, path) if path else name
    if full is None or (full not in tree.files and full not in folders):
        yield Finding(name, line, f"dead link: {target}")
    elif anchor and full.endswith(".md") and anchor not in anchors(tree, full):
        yield Finding(name, line, f"no such heading: {target}")


def targets_of(tree):
    if "Makefile" not in tree.files:
        return None
    return set(re.findall(r"^([a-z][a-z-]*):", tree.text("Makefile"), re.MULTILINE))


def check_code(name, line, code, tree, folders, targets):
    for word in COMMAND.findall(code) if targets is not None else []:
        if word not in targets:
            yield Finding(name, line, f"make {word}: there is no such target")
    path = code.strip().rstrip("/")
    if name.startswith("docs/recipes/") or not PATH.match(code.strip()) or "NNNN" in code:
        return
    # A program or a subject may be named without its ending: `tools/gen/sqlgen`.
    if path not in folders and not any(f == path or f.startswith(path + ".") for f in tree.files):
        yield Finding(name, line, f"{code}: there is no such path")


def check(tree):
    folders = {f.rsplit("/", n)[0] for f in tree.files for n in range(1, f.count("/") + 1)} | {""}
    targets = targets_of(tree)
    for name in tree.matching(".md"):
        text = tree.text(name)
        blank = FENCE.sub(lambda m: "\n" * m[0].count("\n"), text)
        for number, row in enumerate(blank.splitlines(), 1):
            for found in LINK.finditer(CODE.sub("", row)):
                yield from check_link(tree, name, number, found[1], folders)
            for found in CODE.finditer(row):
                yield from check_code(name, number, found[1], tree, folders, targets)
        for fence in FENCE.finditer(text):
            line = text.count("\n", 0, fence.start()) + 1
            for row in fence[0].splitlines():
                if re.match(r"\s*(\$ )?make [a-z]", row):
                    yield from check_code(name, line, row.split("#")[0], tree, folders, targets)
