"""`make new` in a copy of the tree that holds only what it needs."""

import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


class New(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="loa-new-")
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        (self.root / "tools").mkdir()
        shutil.copy(ROOT / "tools/new", self.root / "tools/new")
        shutil.copytree(ROOT / "tools/check", self.root / "tools/check", ignore=shutil.ignore_patterns("__pycache__"))
        for room in ("people", "wire"):
            (self.root / "src" / room).mkdir(parents=True)

    def new(self, *words):
        return subprocess.run([sys.executable, self.root / "tools/new", *words], capture_output=True, text=True)

    def test_noun(self):
        "makes a header, a source and a test that keep the house rules"
        done = self.new("people", "lease")
        self.assertEqual(done.returncode, 0, done.stderr)
        names = sorted(p.name for p in (self.root / "src/people").iterdir())
        self.assertEqual(names, ["lease.c", "lease.h", "lease_test.c"])
        text = "".join((self.root / "src/people" / n).read_text() for n in names)
        self.assertNotIn("NAME", text)
        self.assertNotIn("ROOM", text)
        checked = subprocess.run([sys.executable, self.root / "tools/check/run", "rooms", "banned", "hygiene"],
                                 capture_output=True, text=True)
        self.assertEqual(checked.returncode, 0, checked.stdout)

    def test_rows(self):
        "adds rows and the next migration where the room may use the store"
        (self.root / "src/people/migrations").mkdir()
        (self.root / "src/people/migrations/0007_x.sql").write_text("")
        self.assertEqual(self.new("people", "lease", "rows").returncode, 0)
        for name in ("lease.sql", "lease_rows.c", "lease_rows.h", "migrations/0008_leases.sql"):
            self.assertTrue((self.root / "src/people" / name).exists(), name)
        self.assertEqual(self.new("wire", "lease", "rows").returncode, 2)

    def test_refusals(self):
        "refuses an unknown room, a bad name, and to write over a file"
        for words in (("attic", "lease"), ("people", "Lease"), ("people", "a/b"), ("people", ""), ("people", "x", "y")):
            with self.subTest(words):
                self.assertEqual(self.new(*words).returncode, 2)
        self.new("people", "lease")
        again = self.new("people", "lease")
        self.assertEqual(again.returncode, 2)
        self.assertIn("already", again.stderr)


if __name__ == "__main__":
    unittest.main()
