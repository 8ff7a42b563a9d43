"""The first line of a commit: `room: what changes`, at most 60 characters, no full stop."""

import re

from rooms import read_rooms

AREAS = {"docs", "tools", "test", "build", "web", "packaging", "house", "bench", "recipes", "ci", "cmake", "wire"}
MOST = 60


def wrong_with(subject, rooms):
    """A sentence, or None when the subject is fine."""
    if re.match(r"(Merge|Revert|fixup!|squash!) ?", subject):
        return None
    found = re.match(r"^([a-z_]+(?:, [a-z_]+)*): (\S.*)$", subject)
    if found is None:
        return "the first line is `room: what changes`"
    for area in found[1].split(", "):
        if area not in rooms and area not in AREAS:
            return f"there is no room or area called {area}"
    if len(subject) > MOST:
        return f"the first line has {len(subject)} characters, at most {MOST}"
    return "no full stop at the end of the first line" if subject.endswith(".") else None


def check_message(tree, text):
    rows = [row for row in text.splitlines() if not row.startswith("#")]
    subject = rows[0] if rows else ""
    wrong = wrong_with(subject, set(read_rooms(tree)))
    if wrong is None and len(rows) > 1 and rows[1].strip():
        wrong = "the second line is empty; why comes after it"
    return wrong
