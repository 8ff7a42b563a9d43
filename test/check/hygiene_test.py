import unittest

from _trees import TreeTest  # first: it finds tools/check

import hygiene


class Hygiene(TreeTest):
    def test_good(self):
        "is content with plain text, and with bytes where they belong"
        self.assert_clean(hygiene, {"a.md": "xã, `/workspace/x`, run/work/x\n", "web/a.png": b"\x89PNG\r\n",
                                    "test/fuzz/corpus/csv/bad": b"\xff\r\n", "empty": ""})

    def test_secret(self):
        "finds a private key"
        self.assert_found(hygiene, {"a.pem": "-----BEGIN EC PRIVATE" + " KEY-----\n"}, "a secret")

    def test_hosts(self):
        "finds the host of a registry"
        self.assert_found(hygiene, {"web/package-lock.json": "https://registry.npm" + "js.org/a\n"}, "registry")

    def test_private(self):
        "finds a path of one machine"
        self.assert_found(hygiene, {"a.md": "see /home" + "/lan/loa\n"}, "private machine")
        self.assert_found(hygiene, {"a.md": "see /wo" + "rk/main\n"}, "private machine")

    def test_text(self):
        "finds carriage returns, blanks at the end, tabs in C, bytes that are not UTF-8, no newline"
        for name, content, part in (
                ("a.md", b"a\r\nb\n", "carriage"), ("a.md", b"a \n", "blanks"), ("a.c", b"\tx\n", "tab"),
                ("a.md", b"\xff\n", "UTF-8"), ("a.md", b"a", "newline"), ("a.md", b"a\n\n", "empty line")):
            with self.subTest(part):
                found = self.findings(hygiene, {name: content})
                self.assertTrue(any(part in f for f in found), found)

    def test_big(self):
        "finds a big file"
        self.assert_found(hygiene, {"a.png": b"x" * 700_000}, "too big")

    def test_merge(self):
        "finds the marks of a merge"
        self.assert_found(hygiene, {"a.md": "<<<<" + "<<< HEAD\n"}, "merge")

    def test_width(self):
        "finds a line that runs off the screen"
        self.assert_found(hygiene, {"a.py": "x" * 126 + "\n"}, "126 characters wide")

    def test_mode(self):
        "finds a script that cannot be run"
        self.assert_found(hygiene, {"a.sh": "#!/bin/sh\n"}, "not executable")


if __name__ == "__main__":
    unittest.main()
