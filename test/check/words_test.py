import unittest

from _trees import TreeTest  # first: it finds tools/check

import words

VI, EN = "src/console/words/vi.words", "src/console/words/en.words"


class Words(TreeTest):
    def test_good(self):
        "is content with two catalogues that say the same"
        self.assert_clean(words, {VI: "# lời\nunit.gone = Đơn vị {name} đã hết\n", EN: "unit.gone = {name} has ended\n",
                                  "src/console/a.c": 'f("unit.gone"); f("unit_gone"); f("127.0.0.1");\n'})

    def test_missing(self):
        "finds a key that one language lacks"
        self.assert_found(words, {VI: "a.b = x\na.c = y\n", EN: "a.b = x\n"}, VI + ":2", "a.c is missing")
        self.assert_found(words, {VI: "a.b = x\n", EN: "a.b = x\na.c = y\n"}, EN + ":2", "a.c is missing")
        self.assert_found(words, {VI: "a.b = x\n"}, "en.words is missing")

    def test_places(self):
        "finds a place that one language does not fill"
        self.assert_found(words, {VI: "a.b = x {n}\n", EN: "a.b = x\n"}, "other {places}")

    def test_twice(self):
        "finds a key that stands twice, and a line that is none"
        self.assert_found(words, {VI: "a.b = x\na.b = y\n", EN: "a.b = x\n"}, "twice")
        self.assert_found(words, {VI: "a.b = x\nnonsense\n", EN: "a.b = x\n"}, "key = words")

    def test_unknown_key(self):
        "finds a key in C that no catalogue has"
        self.assert_found(words, {VI: "unit.gone = x\n", EN: "unit.gone = x\n",
                                  "src/console/a.c": 'f("unit.gnoe");\n'}, "in no catalogue")

    def test_in_c(self):
        "finds Vietnamese and sentences in C, but not in comments and tests"
        self.assert_found(words, {"src/people/a.c": 'f("xã");\n'}, "Vietnamese")
        self.assert_found(words, {"src/people/a.c": 'f("Please try again later.");\n'}, "sentence")
        self.assert_clean(words, {"src/people/a.c": '/* xã */ f("unit not found: %s");\n',
                                  "src/people/a_test.c": 'f("xã");\n', "src/people/import_units.c": 'f("Mã");\n'})

    def test_tables(self):
        "finds an error, and whatever else needs words, without them"
        self.assert_found(words, {VI: "error.io = x\n", EN: "error.io = x\n",
                                  "src/base/errors.def": '/* */\nX(ERR_A, 1, 500, "a")\nX(ERR_IO, 2, 500, "io")\n'},
                          "errors.def:2", "error.a")
        row = 'SETTING(a, x, INT, "1", 1, 2, "", LIVE)\n'
        self.assert_found(words, {VI: "setting.x = y\n", EN: "setting.x = y\n",
                                  "src/server/settings.def": row}, "setting.x.help")


if __name__ == "__main__":
    unittest.main()
