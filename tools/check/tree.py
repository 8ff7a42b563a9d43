"""What every check looks at: the files of the tree, read once, and C cut into tokens once.

A check is a module here with `check(tree)` yielding Finding. It says what is wrong and what to do
instead, and it has a self-test with a good and a bad example in test/check, so it cannot rot."""

import re
import subprocess
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import ctokens


@dataclass(frozen=True, order=True)
class Finding:
    path: str
    line: int
    message: str

    def __str__(self):
        return f"{self.path}:{self.line}: {self.message}"


def git_files(root):
    """Tracked files and new ones that are not ignored; None outside a git checkout."""
    asked = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=root, capture_output=True)
    if asked.returncode != 0:
        return None
    names = {name for name in asked.stdout.decode().split("\0") if name}
    return sorted(name for name in names if (root / name).is_file() and not (root / name).is_symlink())


def walked_files(root):
    return sorted(str(p.relative_to(root)) for p in root.rglob("*") if p.is_file() and not p.is_symlink())


class Tree:
    def __init__(self, root, from_git=True):
        self.root = Path(root).resolve()
        self.files = (git_files(self.root) if from_git else None) or walked_files(self.root)
        self._bytes = {}
        self._tokens = {}

    def bytes(self, name):
        if name not in self._bytes:
            try:
                self._bytes[name] = (self.root / name).read_bytes()
            except FileNotFoundError:  # gone since we listed it
                self._bytes[name] = b""
        return self._bytes[name]

    def text(self, name):
        return self.bytes(name).decode("utf-8", errors="replace")

    def lines(self, name):
        return self.text(name).splitlines()

    def tokens(self, name):
        if name not in self._tokens:
            self._tokens[name] = ctokens.tokenize(self.text(name))
        return self._tokens[name]

    def matching(self, *suffixes, under=""):
        return [f for f in self.files if f.startswith(under) and f.endswith(suffixes)]

    @cached_property
    def c_files(self):
        return self.matching(".c", ".h")

    def table(self, name):
        """Lines of a table beside the checks: (line number, text) without comments and blanks."""
        path = self.root / "tools/check" / name
        if not path.exists():
            path = Path(__file__).parent / name
        for number, row in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            row = row.split("#")[0].strip()
            if row:
                yield number, row


def room_of(name):
    found = re.match(r"src/([a-z_]+)/", name)
    return found[1] if found else None


TESTING = re.compile(r"_(test|testing|world)\.[ch]$|^test/|/testing")


def is_test(name):
    """Tests and what only tests are linked with."""
    return TESTING.search(name) is not None
