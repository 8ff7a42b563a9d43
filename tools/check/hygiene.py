"""What must never be in the repository: keys, private paths, hosts of package registries, big
files, and text that is not plain UTF-8 with LF and no blanks at the end. A file that must break
the rules of text (a hostile example) says so in .gitattributes with -text."""

import re
import subprocess

from tree import Finding

BIG = 600 * 1024
WIDEST = {".c": 125, ".h": 125, ".py": 125}  # characters; C is wrapped at 100, but for literals
# Written so that this file does not contain what it looks for.
SECRETS = re.compile(rb"-----BEGIN [A-Z ]*PRIVATE" + rb" KEY-----|\bAKIA[0-9A-Z]{16}\b|\bghp_[A-Za-z0-9]{36}\b")
HOSTS = re.compile(
    rb"\b(registry\.npm" + rb"js|registry\.yarn" + rb"pkg|files\.python" + rb"hosted|pypi\.o" + rb"rg"
    rb"|proxy\.go" + rb"lang"
    rb"|static\.crates\.i" + rb"o|deb\.deb" + rb"ian)\b")
PRIVATE = re.compile(rb"(?<![\w.$}/-])/(root|work|home/[a-z][\w-]*|Users/\w+)/\w")
MERGE = re.compile(rb"^(<{7}|>{7}) ", re.MULTILINE)
TEXT_FREE = ("test/fuzz/corpus/", "test/golden/")
BINARY = (".png", ".jpg", ".webp", ".ico", ".woff2", ".gz", ".br", ".opus", ".ogg", ".der", ".bin", ".sqlite", ".pdf")


def exempt_from_text(tree):
    """Files that .gitattributes marks -text or binary."""
    asked = subprocess.run(
        ["git", "check-attr", "--stdin", "-z", "text"], cwd=tree.root, capture_output=True,
        input="\0".join(tree.files).encode())
    parts = asked.stdout.decode().split("\0") if asked.returncode == 0 else []
    return {parts[i] for i in range(0, len(parts) - 2, 3) if parts[i + 2] == "unset"}


def line_of(data, at):
    return data.count(b"\n", 0, at) + 1


def check_content(name, data):
    for pattern, what in (
            (SECRETS, "a secret"),
            (HOSTS, "the host of a package registry; lock files and scripts work without"),
            (PRIVATE, "a path of one private machine"),
            (MERGE, "a left-over mark of a merge")):
        found = pattern.search(data)
        if found:
            yield Finding(name, line_of(data, found.start()), f"{what}: {found[0][:30].decode(errors='replace')}")


def check_text(name, data):
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        yield Finding(name, line_of(data, error.start), "not UTF-8")
        return
    if b"\r" in data:
        yield Finding(name, line_of(data, data.index(b"\r")), "a carriage return; lines end with LF")
    blank = re.search(rb"[ \t]+$", data, re.MULTILINE)
    if blank:
        yield Finding(name, line_of(data, blank.start()), "blanks at the end of a line")
    if data and not data.endswith(b"\n"):
        yield Finding(name, line_of(data, len(data)), "no newline at the end")
    if data.endswith(b"\n\n"):
        yield Finding(name, line_of(data, len(data)) - 1, "an empty line at the end")
    tab = data.find(b"\t") if name.endswith((".c", ".h", ".py", ".cmake", "CMakeLists.txt", ".sql", ".def")) else -1
    if tab >= 0:
        yield Finding(name, line_of(data, tab), "a tab; we indent with blanks")


def check_width(tree, name):
    widest = WIDEST.get("." + name.rsplit(".", 1)[-1])
    for number, row in enumerate(tree.lines(name), 1) if widest else []:
        if len(row) > widest:
            yield Finding(name, number, f"{len(row)} characters wide, at most {widest}")


def check_mode(tree, name, data):
    path = tree.root / name
    script, runs = data.startswith(b"#!"), path.exists() and path.stat().st_mode & 0o111
    if script and not runs:
        yield Finding(name, 1, "begins with #! but is not executable")
    elif runs and not script:
        yield Finding(name, 1, "is executable but does not begin with #!")


def check(tree):
    free = exempt_from_text(tree)
    for name in tree.files:
        data = tree.bytes(name)
        if len(data) > BIG:
            yield Finding(name, 1, f"{len(data) // 1024} KiB: too big for the repository")
        yield from check_content(name, data)
        if name.endswith(BINARY) or name in free or name.startswith(TEXT_FREE):
            continue
        yield from check_text(name, data)
        yield from check_width(tree, name)
        yield from check_mode(tree, name, data)
