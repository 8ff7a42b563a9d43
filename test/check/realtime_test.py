import unittest

from _trees import TreeTest  # first: it finds tools/check

import realtime

TABLE = {"tools/check/realtime.table": "# allowed\nmemcpy fabs\n"}


def body(code, name="render_rt"):
    return {**TABLE, "src/agent/a.c": f"static void {name}(int x)\n{{\n    {code}\n}}\n"}


class Realtime(TreeTest):
    def test_good(self):
        "lets the playing thread call its like and what the table allows"
        self.assert_clean(realtime, body("if (x) { mix_rt(x); memcpy(a, b, sizeof(a)); } /* malloc() */"))

    def test_others(self):
        "leaves functions with other names alone"
        self.assert_clean(realtime, body("mem_take(5);", "render"))

    def test_memory(self):
        "finds memory, locks and logs on the playing thread"
        self.assert_found(realtime, body("mem_take(5);"), "a.c:3", "render_rt calls mem_take")
        self.assert_found(realtime, body("pthread_mutex_lock(&lock);"), "pthread_mutex_lock")

    def test_pointer(self):
        "finds a call through a member, even one that is named as its like"
        self.assert_found(realtime, body("port->read_rt(x);"), "read_rt")


if __name__ == "__main__":
    unittest.main()
