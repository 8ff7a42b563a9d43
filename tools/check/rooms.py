"""Includes go down the floors, never sideways, never up (tools/check/rooms.table). The include
paths of the build already hold only the rooms below; this check also says so before a build, and
sees what include paths cannot: who touches store, and whose header comes first."""

import re
from dataclasses import dataclass

from tree import Finding, is_test, room_of

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.MULTILINE)


@dataclass
class Room:
    name: str
    uses: list
    marks: set


def read_rooms(tree):
    """In the order of the table: lowest floor first."""
    rooms = {}
    for _, row in tree.table("rooms.table"):
        name, uses, marks = (part.strip() for part in row.split(":"))
        rooms[name] = Room(name, [] if uses == "-" else uses.split(), set(marks.split()))
    return rooms


def includes(tree, name):
    text = tree.text(name)
    for found in INCLUDE.finditer(text):
        yield text.count("\n", 0, found.start()) + 1, found[1], found[2]


def may_touch_store(name, room):
    return "subject" not in room.marks or is_test(name) or re.search(r"_rows\.[ch]$", name)


def check_include(name, line, room, rooms, target):
    head = target.split("/")[0]
    if ".." in target.split("/"):
        yield Finding(name, line, f'"{target}": name the room instead of climbing ("{room.name}/…")')
    elif "/" not in target:
        yield Finding(name, line, f'"{target}": write the room too ("{room.name}/{target}")')
    elif head not in rooms and is_test(name) and target.endswith(("_sql.h", "_store.h")):
        return  # statements that are generated for tests only
    elif head not in rooms:
        yield Finding(name, line, f'"{target}": there is no room {head}; a library is included with <…>')
    elif head != room.name and head not in room.uses:
        allowed = ", ".join(room.uses) or "nothing"
        yield Finding(name, line, f"{room.name} may not include {head} (only {allowed}); ask for what is needed "
                                  "through a struct of functions that server fills in")
    elif (head == "store" or target.endswith("_sql.h")) and not may_touch_store(name, room):
        yield Finding(name, line, f'"{target}": in {room.name} only *_rows.c touch store')


def check_file(tree, name, room, rooms):
    quoted = []
    for line, kind, target in includes(tree, name):
        if kind == "<":
            if target.split("/")[0] in rooms and "/" in target:
                yield Finding(name, line, f"<{target}>: rooms are included with quotes")
            continue
        quoted.append(target)
        yield from check_include(name, line, room, rooms, target)
    own = name.removeprefix("src/").removesuffix(".c") + ".h"
    if name.endswith(".c") and own in quoted and next(includes(tree, name))[2] != own:
        yield Finding(name, 1, f'include "{own}" first, so that it is known to stand alone')


def check_build(tree, name, rooms):
    """loa_room(NAME x USES a b …) promises no more than the table."""
    call = re.search(r"loa_room\(\s*NAME\s+(\w+)([^)]*)\)", re.sub(r"#.*", "", tree.text(name)))
    if call is None:
        return
    room = rooms.get(call[1])
    if room is None or room_of(name) != call[1]:
        yield Finding(name, 1, f"loa_room(NAME {call[1]} …) in this folder is not in tools/check/rooms.table")
        return
    uses = re.search(r"USES\s+((?:[a-z]+\s*)+)", call[2])
    for used in uses[1].split() if uses else []:
        if used not in room.uses:
            yield Finding(name, 1, f"USES {used}: the floor plan does not let {room.name} use it")


def check(tree):
    rooms = read_rooms(tree)
    unknown = set()
    for name in tree.files:
        own = room_of(name)
        if own is None:
            continue
        if own not in rooms:
            if own not in unknown:
                yield Finding(name, 1, f"src/{own} is not in tools/check/rooms.table")
            unknown.add(own)
        elif name.endswith((".c", ".h", ".def")):
            yield from check_file(tree, name, rooms[own], rooms)
        elif name.endswith("CMakeLists.txt"):
            yield from check_build(tree, name, rooms)
    for name in tree.matching(".c", ".h", under="tools/gen/"):
        for line, kind, target in includes(tree, name):
            if kind == '"' and target.split("/")[0] in rooms and "/" in target:
                yield Finding(name, line, f'"{target}": generators stand alone, or nothing could be built first')
