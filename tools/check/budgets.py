"""Functions fit on a screen, files in a head. Soft budgets show in `make budget`; hard ones fail.

A decision is if, for, while, a case, ?, && or ||, plus one for the function (labels of one case
count once). Nesting counts control blocks only. Lengths are lines from the name to the brace."""

from dataclasses import dataclass

import ctokens
from tree import Finding, is_test

SOFT = {"lines": 60, "decisions": 15, "nesting": 3, "parameters": 5, "file": 500}
HARD = {"lines": 100, "decisions": 25, "nesting": 4, "parameters": 7, "file": 800}
TEST_SOFT, TEST_HARD = 40, 60
SOURCES = (".c", ".h", ".py", ".ts", ".tsx", ".mjs", ".css", ".def")
MOST_EXCEPTIONS = 10


@dataclass(frozen=True)
class Measure:
    path: str
    line: int
    function: str
    what: str
    value: int


def measure_tree(tree):
    for name in tree.matching(*SOURCES):
        if name.startswith(("src/", "web/", "test/", "tools/")) and "corpus/" not in name:
            yield Measure(name, 1, "-", "file", len(tree.lines(name)))
    for name in tree.matching(".c", ".h"):
        for f in ctokens.functions(tree.tokens(name)):
            yield Measure(name, f.line, f.name, "lines", f.length)
            yield Measure(name, f.line, f.name, "decisions", f.complexity)
            yield Measure(name, f.line, f.name, "nesting", f.nesting)
            yield Measure(name, f.line, f.name, "parameters", f.parameters)


def limit_of(measure, limits, test_lines):
    if measure.what == "lines" and is_test(measure.path) and measure.function != "main":
        return test_lines
    return limits[measure.what]


def read_exceptions(tree):
    table = "budgets.exceptions"
    if f"tools/check/{table}" not in tree.files:
        return
    for number, row in tree.table(table):
        subject, _, reason = row.partition("|")
        parts = subject.split()
        if len(parts) != 3 or not parts[2].isdigit() or not reason.strip():
            yield number, None
        else:
            yield number, (parts[0], parts[1], int(parts[2]))


def check(tree):
    where = "tools/check/budgets.exceptions"
    allowed, used = {}, set()
    for number, row in read_exceptions(tree):
        if row is None:
            yield Finding(where, number, "a line is `path function limit | reason`")
        else:
            allowed[row[:2]] = (row[2], number)
    if len(allowed) > MOST_EXCEPTIONS:
        yield Finding(where, 1, f"{len(allowed)} exceptions; more than {MOST_EXCEPTIONS} are a new rule")
    for m in measure_tree(tree):
        limit = limit_of(m, HARD, TEST_HARD)
        if m.value <= limit:
            continue
        exception = allowed.get((m.path, m.function))
        if exception is not None and m.value <= exception[0]:
            used.add((m.path, m.function))
            continue
        who = "this file" if m.function == "-" else m.function
        unit = "lines" if m.what == "file" else m.what
        yield Finding(m.path, m.line, f"{who} has {m.value} {unit}, at most {limit}: cut it")
    for key, (_, number) in allowed.items():
        if key not in used:
            yield Finding(where, number, f"{key[0]} {key[1]} keeps its budget now: take the exception out")


def show(tree):
    """The tails: what is over the soft budget, longest first."""
    measures = list(measure_tree(tree))
    for what in SOFT:
        over = [m for m in measures if m.what == what and m.value > limit_of(m, SOFT, TEST_SOFT)]
        count = sum(m.what == what for m in measures)
        print(f"{what}: {len(over)} of {count} over {SOFT[what]}")
        for m in sorted(over, key=lambda m: -m.value)[:15]:
            print(f"  {m.value:5}  {m.path}:{m.line} {'' if m.function == '-' else m.function}")
