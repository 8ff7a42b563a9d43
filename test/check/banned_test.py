import unittest

from _trees import TreeTest  # first: it finds tools/check

import banned


def in_body(code):
    return {"src/people/a.c": f"void f(void)\n{{\n    {code}\n}}\n"}


class Banned(TreeTest):
    def test_good(self):
        "lets members, comments and texts carry any name"
        self.assert_clean(banned, in_body('pool->free(x); v.time(); /* malloc() */ say("goto rand()"); int time = 1;'))
        self.assert_clean(banned, {"src/people/a.h": "struct a {\n    unsigned free;\n};\n"})

    def test_heap(self):
        "finds the heap outside base, also handed on as a value"
        self.assert_found(banned, in_body("char *a = malloc(3);"), "a.c:3", "mem_take")
        self.assert_found(banned, in_body("AUTO(free) char *a = b;"), "free")
        self.assert_clean(banned, {"src/base/mem.c": "void *f(void) { return malloc(1); }\n"})

    def test_goto(self):
        "finds goto"
        self.assert_found(banned, in_body("goto out;"), "goto")

    def test_shell(self):
        "finds the shell"
        self.assert_found(banned, in_body('system("ls");'), "shell")

    def test_clock(self):
        "finds a clock in deciding code"
        self.assert_found(banned, in_body("usec now = now_utc();"), "takes `usec now`")
        self.assert_found(banned, in_body("time_t t = time(NULL);"), "take `usec now`")

    def test_define(self):
        "looks into macros"
        self.assert_found(banned, {"src/people/a.c": "#define GRAB(n) \\\n    calloc(1, n)\n"}, "a.c:2", "calloc")

    def test_programs_may(self):
        "lets programs print and read the environment"
        self.assert_clean(banned, {"src/server/main.c": 'void f(void) { printf("%s", getenv("X")); }\n'})

    def test_print(self):
        "finds printing below the programs"
        self.assert_found(banned, in_body('printf("x");'), "who decides, logs")

    def test_log(self):
        "finds logging below the console, but lets debug pass"
        self.assert_found(banned, in_body('LOG(LOG_INFO, "x");'), "returns errors")
        self.assert_clean(banned, in_body('LOG(LOG_DEBUG, "x");'))
        self.assert_clean(banned, {"src/console/a.c": 'void f(void) { LOG(LOG_INFO, "x"); }\n'})

    def test_sleep_in_test(self):
        "finds a test that sleeps"
        self.assert_found(banned, {"src/people/a_test.c": "void f(void) { usleep(1); }\n"}, "virtual clock")

    def test_leftover(self):
        "finds notes to oneself in any language"
        note = "TO" + "DO"
        self.assert_found(banned, {"web/a.ts": f"// {note}: later\n"}, "write an issue")
        self.assert_clean(banned, {"web/a.ts": "// todos os dias\n"})


if __name__ == "__main__":
    unittest.main()
