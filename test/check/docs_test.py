import unittest

from _trees import TreeTest  # first: it finds tools/check

import docs

MAKE = "run: x\n\ttrue\n"


class Docs(TreeTest):
    def test_good(self):
        "follows links, headings, paths and targets that exist"
        self.assert_clean(docs, {
            "Makefile": MAKE, "src/base/str.c": "", "docs/a.md": "# First thing, *here*\n",
            "README.md": "[a](docs/a.md#first-thing-here) [b](#c-d) [x](https://example.org) `src/base/str.c`\n"
                         "`src/base` `make run` `src/<room>/x.c` `[c](gone.md)` `src/base/str`\n"
                         "# C d\n```\nmake run\n[x](gone.md)\n```\n"})

    def test_dead_link(self):
        "finds a dead link and a dead heading"
        self.assert_found(docs, {"README.md": "\n[a](docs/gone.md)\n"}, "README.md:2", "dead link")
        self.assert_found(docs, {"README.md": "[a](docs/a.md#gone)\n", "docs/a.md": "# Here\n"}, "no such heading")
        self.assert_found(docs, {"docs/a.md": "[a](../../outside.md)\n"}, "dead link")

    def test_path(self):
        "finds a path that is no more"
        self.assert_found(docs, {"README.md": "`src/base/gone.c`\n"}, "no such path")

    def test_target(self):
        "finds a make target that is no more, in text and in a fence"
        self.assert_found(docs, {"Makefile": MAKE, "README.md": "`make fly`\n"}, "make fly")
        self.assert_found(docs, {"Makefile": MAKE, "README.md": "```\nmake fly\n```\n"}, "make fly")


if __name__ == "__main__":
    unittest.main()
