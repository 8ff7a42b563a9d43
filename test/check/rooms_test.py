import unittest

from _trees import TreeTest  # first: it finds tools/check

import rooms


class Rooms(TreeTest):
    def test_good(self):
        "lets a room include itself, what lies below, and libraries"
        self.assert_clean(rooms, {
            "src/people/unit.c": '#include "people/unit.h"\n#include "base/str.h"\n#include <sodium.h>\n',
            "src/people/unit.h": '#include "base/base.h"\n',
            "src/people/unit_rows.c": '#include "people/unit_rows.h"\n#include "store/store.h"\n',
            "src/people/CMakeLists.txt": "loa_room(NAME people USES base store LIBRARIES lib_sodium)\n",
            "src/store/db_test.c": '#include "probe/probe_sql.h"\n',
            "src/server/main.c": '#include "people/unit.h"\n#include "store/store.h"\n#include "loop/loop.h"\n'})

    def test_up(self):
        "finds an include that goes up"
        self.assert_found(rooms, {"src/base/str.c": '#include "loop/loop.h"\n'}, "str.c:1", "may not include loop")

    def test_sideways(self):
        "finds a subject that includes its sibling"
        self.assert_found(rooms, {"src/fleet/device.c": '\n#include "broadcast/plan.h"\n'}, "device.c:2", "broadcast")

    def test_loop_in_subject(self):
        "finds a subject that reaches for the loop"
        self.assert_found(rooms, {"src/people/unit.c": '#include "loop/loop.h"\n'}, "may not include loop")

    def test_store_outside_rows(self):
        "finds store and generated statements outside *_rows.c"
        self.assert_found(rooms, {"src/people/unit.c": '#include "store/store.h"\n'}, "only *_rows.c")
        self.assert_found(rooms, {"src/people/unit.c": '#include "people/unit_sql.h"\n'}, "only *_rows.c")

    def test_store_in_console(self):
        "keeps the console away from store altogether"
        self.assert_found(rooms, {"src/console/page_rows.c": '#include "store/store.h"\n'}, "may not include store")

    def test_climbing(self):
        "finds an include that climbs or does not name its room"
        self.assert_found(rooms, {"src/base/a.c": '#include "../loop/loop.h"\n'}, "instead of climbing")
        self.assert_found(rooms, {"src/base/a.c": '#include "str.h"\n'}, "base/str.h")

    def test_unknown_room(self):
        "finds a room that is not on the floor plan"
        self.assert_found(rooms, {"src/attic/a.c": "", "src/attic/b.c": ""}, "src/attic is not in")
        self.assert_found(rooms, {"src/base/a.c": '#include "attic/a.h"\n'}, "no room attic")

    def test_own_header_first(self):
        "finds a source that includes its own header late"
        self.assert_found(rooms, {"src/base/a.c": '#include <string.h>\n#include "base/a.h"\n'}, "first")

    def test_uses(self):
        "finds a build file that promises more than the floor plan"
        self.assert_found(rooms, {"src/wire/CMakeLists.txt": "loa_room(NAME wire USES base store)\n"}, "USES store")

    def test_generator(self):
        "finds a generator that needs what it has to generate"
        self.assert_found(rooms, {"tools/gen/sqlgen.c": '#include "base/str.h"\n'}, "stand alone")


if __name__ == "__main__":
    unittest.main()
