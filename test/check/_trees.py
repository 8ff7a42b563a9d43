"""Small trees made of a dictionary, for the self-tests of the checks."""

import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools/check"))
from tree import Tree  # noqa: E402


class TreeTest(unittest.TestCase):
    """`self.findings(check, {path: text})` gives the messages as "path:line: …"."""

    def tree(self, files):
        folder = tempfile.TemporaryDirectory(prefix="loa-check-")
        self.addCleanup(folder.cleanup)
        for name, content in files.items():
            path = Path(folder.name) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return Tree(folder.name, from_git=False)

    def findings(self, check, files):
        return [str(f) for f in check.check(self.tree(files))]

    def assert_clean(self, check, files):
        self.assertEqual(self.findings(check, files), [])

    def assert_found(self, check, files, *parts):
        """One finding that has all the parts."""
        found = self.findings(check, files)
        self.assertEqual(len(found), 1, found)
        for part in parts:
            self.assertIn(part, found[0])
