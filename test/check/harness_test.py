"""The test runner counts what it is told, and believes no program that dies."""

import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "test"))
from harness.outcome import FAILED, PASSED, SKIPPED, CmockaReader, NodeReader, Reader, TapReader  # noqa: E402


def read(kind, text, code=0):
    """(name, outcome) of each result, and the message of the last."""
    reader = kind(0.0)
    for row in text.splitlines():
        reader.line(row, 1.0)
    reader.end(code, 1.0)
    message = reader.outcomes[-1].message if reader.outcomes else ""
    return [(o.name, o.outcome) for o in reader.outcomes], message


class Cmocka(unittest.TestCase):
    def test_results(self):
        "reads passed, failed and skipped tests, with what was said before a failure"
        found, _ = read(CmockaReader, "[==========] Running 3 test(s).\n[ RUN      ] a\n[       OK ] a\n"
                        "[ RUN      ] b [sqlite]\n[  SKIPPED ] b [sqlite]\n[ RUN      ] c\n1 != 2\n[  FAILED  ] c\n"
                        "[  FAILED  ] 1 test(s), listed below:\n[  FAILED  ] c\n", 1)
        self.assertEqual(found, [("a", PASSED), ("b [sqlite]", SKIPPED), ("c", FAILED)])

    def test_crash(self):
        "blames the test that was running when the program died"
        found, message = read(CmockaReader, "[ RUN      ] a\n[       OK ] a\n[ RUN      ] b\nboom\n", -11)
        self.assertEqual(found, [("a", PASSED), ("b", FAILED)])
        self.assertIn("signal 11", message)
        self.assertIn("boom", message)

    def test_late_failure(self):
        "fails a program that ends badly after its tests passed, as leak checkers do"
        found, message = read(CmockaReader, "[ RUN      ] a\n[       OK ] a\nleaked 3 bytes\n", 23)
        self.assertEqual(found[-1], ("runs to its end", FAILED))
        self.assertIn("leaked", message)

    def test_silence(self):
        "fails a program that says nothing, and one that took too long"
        self.assertEqual(read(CmockaReader, "", 0)[0], [("says what it tested", FAILED)])
        found, message = read(CmockaReader, "[ RUN      ] a\n", None)
        self.assertEqual(found, [("a", FAILED)])
        self.assertIn("too long", message)


class Others(unittest.TestCase):
    def test_tap(self):
        "reads TAP with skips, times and reasons"
        said = "1..3\nok 1 - a # time=0.5\nok 2 - b # SKIP no network\nwhy\nnot ok 3 - c\n"
        found, message = read(TapReader, said, 1)
        self.assertEqual(found, [("a", PASSED), ("b", SKIPPED), ("c", FAILED)])
        self.assertIn("why", message)

    def test_plain(self):
        "takes a program that prints no results as one test, and 77 as skipped"
        self.assertEqual(read(Reader, "hello\n", 0)[0], [("runs", PASSED)])
        self.assertEqual(read(Reader, "no such thing here\n", 77)[0], [("runs", SKIPPED)])
        self.assertEqual(read(Reader, "", 1)[0], [("runs to its end", FAILED)])

    def test_node(self):
        "counts node's leaves, not its files and suites"
        def event(name, nesting, ok=True, skip=False):
            return json.dumps({"loa": 1, "name": name, "nesting": nesting, "ok": ok, "skip": skip, "seconds": 0.1,
                               "message": "" if ok else "no"}).replace(": ", ":", 1)
        rows = [event("a", 1), event("b", 1, skip=True), event("suite", 0), event("c", 0, ok=False)]
        found, _ = read(NodeReader, "\n".join(rows) + "\n", 1)
        self.assertEqual(found, [("a", PASSED), ("b", SKIPPED), ("c", FAILED)])

    def test_node_file(self):
        "fails a file of node's that breaks before its first test"
        row = '{"loa":1,"name":"x.test.mjs","nesting":0,"ok":false,"skip":false,"seconds":0,"message":"SyntaxError"}'
        self.assertEqual(read(NodeReader, row + "\n", 1)[0], [("x.test.mjs", FAILED)])


class Unittests(unittest.TestCase):
    def test_wrapper(self):
        "turns unittest cases into TAP: docstrings as names, skips, failures, errors while loading"
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "sample.py")
            path.write_text('import unittest\nclass A(unittest.TestCase):\n def test_a(self):\n  "says a"\n'
                            ' @unittest.skip("no")\n def test_b(self): pass\n def test_c(self): self.fail("bad")\n')
            done = subprocess.run([sys.executable, ROOT / "test/harness/unittests.py", path],
                                  capture_output=True, text=True)
        found, _ = read(TapReader, done.stdout, done.returncode)
        self.assertEqual(found, [("says a", PASSED), ("b", SKIPPED), ("c", FAILED)])
        self.assertEqual(done.returncode, 1)


if __name__ == "__main__":
    unittest.main()
