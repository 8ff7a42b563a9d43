import unittest

from _trees import TreeTest  # first: it finds tools/check

import budgets
import ctokens


def function(lines, name="f", parameters="void"):
    return f"static int {name}({parameters})\n{{\n" + "    x();\n" * (lines - 3) + "}\n"


def measured(text):
    return ctokens.functions(ctokens.tokenize(text))


class Tokens(unittest.TestCase):
    def test_shapes(self):
        "finds functions and nothing else"
        text = """
            #define M(x) do { x; } while (0)
            struct a { int b; };
            static const int table[] = {1, 2};
            int declared(int a);
            CHECKED errc first(struct a *a, const char *b) { if (a) { return 1; } return 0; }
            void second(void (*on_key)(void *ctx, int key), int n) PRINTF_LIKE(1, 2);
            __attribute__((noinline)) static void third(void) { struct a b = {0}; use((struct a){1}); }
            struct a *fourth(int a, int b, int c)
            { /* } */ char x = '}'; say("}"); while (a) { for (;;) { if (b && c) { } } } return 0; }
        """
        self.assertEqual([(f.name, f.parameters) for f in measured(text)], [("first", 2), ("third", 0), ("fourth", 3)])

    def test_decisions(self):
        "counts decisions, and labels of one case once"
        text = "int f(int a) { switch (a) { case 1: case 2: return 1; case 3: return a ? 2 : 3; } return a && a; }"
        self.assertEqual(measured(text)[0].complexity, 5)

    def test_nesting(self):
        "counts control blocks, not initialisers"
        deep = "int f(int a) { if (a) { for (;;) { while (a) { g(); } } } else { int b[] = {1}; } return 0; }"
        self.assertEqual(measured(deep)[0].nesting, 3)
        self.assertEqual(measured("int f(void) { int a[2][1] = {{1}, {2}}; return a[0][0]; }")[0].nesting, 0)

    def test_lines(self):
        "knows the lines after comments, strings and continued directives"
        text = '/* a\n b */\n#define A \\\n    1\nint x;\n\nint f(void)\n{\n    return 0;\n}\n'
        f = measured(text)[0]
        self.assertEqual((f.line, f.last, f.length), (7, 10, 4))


class Budgets(TreeTest):
    def test_good(self):
        "is content with what fits"
        self.assert_clean(budgets, {"src/base/a.c": function(100), "src/base/a_test.c": function(60)})

    def test_long_function(self):
        "finds a long function, and a long test sooner"
        self.assert_found(budgets, {"src/base/a.c": function(101)}, "f has 101 lines, at most 100")
        self.assert_found(budgets, {"src/base/a_test.c": function(61)}, "at most 60")

    def test_long_file(self):
        "finds a long file"
        self.assert_found(budgets, {"src/base/a.c": "int x;\n" * 801}, "801 lines, at most 800")

    def test_parameters(self):
        "finds too many parameters"
        many = ", ".join(f"int {c}" for c in "abcdefgh")
        self.assert_found(budgets, {"src/base/a.c": function(5, parameters=many)}, "8 parameters")

    def test_tangle(self):
        "finds too many decisions and too deep a nest"
        tangled = "void f(int a)\n{\n" + "    if (a) { g(); }\n" * 25 + "}\n"
        self.assert_found(budgets, {"src/base/a.c": tangled}, "26 decisions")
        deep = "if (a) { " * 5 + "}" * 5
        self.assert_found(budgets, {"src/base/a.c": f"void f(int a)\n{{\n    {deep}\n}}\n"}, "5 nesting")

    def exceptions(self, rows):
        return {"src/base/a.c": function(120), "tools/check/budgets.exceptions": rows}

    def test_exception(self):
        "lets an exception with a reason pass, up to its own limit"
        self.assert_clean(budgets, self.exceptions("src/base/a.c f 120 | a table in code\n"))
        found = self.findings(budgets, self.exceptions("src/base/a.c f 110 | a table in code\n"))
        self.assertTrue(any("at most 100" in f for f in found), found)

    def test_bad_exceptions(self):
        "finds exceptions without a reason, without a need, or too many"
        self.assertTrue(any("| reason" in f for f in self.findings(budgets, self.exceptions("src/base/a.c f 120\n"))))
        self.assertTrue(any("take the exception out" in f for f in self.findings(
            budgets, self.exceptions("src/base/a.c f 120 | why\nsrc/base/b.c g 120 | why\n"))))
        many = "".join(f"src/base/a.c f{i} 120 | why\n" for i in range(11))
        self.assertTrue(any("a new rule" in f for f in self.findings(budgets, self.exceptions(many))))


if __name__ == "__main__":
    unittest.main()
