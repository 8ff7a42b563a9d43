import unittest

from _trees import TreeTest  # first: it finds tools/check

import format as formatting


@unittest.skipUnless(formatting.find_program(), "clang-format 14 is not here")
class Format(TreeTest):
    STYLE = "BasedOnStyle: LLVM\nIndentWidth: 4\n"

    def test_good_and_bad(self):
        "finds the first line that is not formatted, also the second time"
        files = {".clang-format": self.STYLE, "src/base/good.c": "int a;\n", "src/base/bad.c": "int a;\nint  b;\n"}
        tree = self.tree(files)
        for _ in range(2):
            found = [str(f) for f in formatting.check(tree)]
            self.assertEqual(len(found), 1, found)
            self.assertIn("src/base/bad.c:2", found[0])


if __name__ == "__main__":
    unittest.main()
