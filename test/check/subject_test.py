import unittest

from _trees import TreeTest  # first: it finds tools/check

import subject


class Subject(TreeTest):
    def wrong(self, text):
        return subject.check_message(self.tree({}), text)

    def test_good(self):
        "takes `room: what` with why below"
        self.assertIsNone(self.wrong("people: a unit keeps its old names\n\nBecause.\n# a comment\n"))
        self.assertIsNone(self.wrong("base, store: one way to close a file\n"))

    def test_bad(self):
        "refuses no room, an unknown room, a long line, a full stop, no empty line"
        for text, part in (("fixed it\n", "room: what"), ("attic: x\n", "attic"),
                           ("base: " + "x" * 60 + "\n", "at most 60"), ("base: x.\n", "full stop"),
                           ("base: x\nwhy\n", "second line"), ("\n", "room: what")):
            with self.subTest(text):
                self.assertIn(part, self.wrong(text))


if __name__ == "__main__":
    unittest.main()
