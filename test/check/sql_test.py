import unittest

from _trees import TreeTest  # first: it finds tools/check

import sql


def literal(text, path="src/people/a.c"):
    return {path: f'const char *a = {text};\n'}


class Sql(TreeTest):
    def test_good(self):
        "lets words that only resemble SQL pass"
        for text in ('"select a unit first"', '"update available"', '"begin with a letter"', '"with one listener"',
                     '"begin"', '"commit"', '"delete this account"', '"create account"', '"rollback failed"'):
            self.assert_clean(sql, literal(text))

    def test_statements(self):
        "finds statements"
        for text in ('"SELECT id FROM units"', '"insert or ignore into units values (1)"',
                     '"update units set name = 1"', '"delete from units"', '"create unique index a on b (c)"',
                     '"with recursive t(id) as (values (1))"'):
            self.assert_found(sql, literal(text), "looks like SQL")

    def test_joined(self):
        "finds a statement cut into neighbouring literals"
        self.assert_found(sql, literal('"select id "\n    "from units"'), "a.c:1")

    def test_control(self):
        "lets only the driver speak of transactions"
        self.assert_found(sql, literal('"BEGIN IMMEDIATE"'), "looks like SQL")
        self.assert_clean(sql, literal('"BEGIN IMMEDIATE"', "src/store/sqlite.c"))
        self.assert_found(sql, literal('"select id from units"', "src/store/sqlite.c"), "looks like SQL")

    def test_tests(self):
        "lets tests tamper with tables"
        self.assert_clean(sql, literal('"delete from audit"', "src/people/audit_test.c"))


if __name__ == "__main__":
    unittest.main()
