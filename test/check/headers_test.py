import os
import unittest
from unittest import mock

from _trees import TreeTest  # first: it finds tools/check

import headers


class Headers(TreeTest):
    def found(self, text):
        tree = self.tree({"src/base/a.h": text})
        views = tree.root / "b/debug/views/base"
        views.mkdir(parents=True)
        (views / "base").symlink_to(tree.root / "src/base")
        with mock.patch.dict(os.environ, LOA_BUILD="b"):
            return [str(f) for f in headers.check(tree)]

    def test_good(self):
        "is content with a header that brings what it needs"
        self.assertEqual(self.found("#include <stddef.h>\nsize_t f(void);\n"), [])

    def test_bad(self):
        "finds a header that leans on its includer"
        self.assertIn("does not compile alone", self.found("size_t f(void);\n")[0])

    def test_no_build(self):
        "says so when nothing is configured"
        with mock.patch.dict(os.environ, LOA_BUILD="nowhere"):
            self.assertIn("not configured", str(next(headers.check(self.tree({})))))


if __name__ == "__main__":
    unittest.main()
