"""SQL lives in .sql files, where tools/gen makes typed functions of it and where it is prepared at
start against the real schema. A literal in a .c file that looks like SQL has escaped both. The
driver in store may speak of transactions and pragmas; tests may tamper with tables."""

import re

import ctokens
from tree import Finding, is_test

STATEMENT = re.compile(
    r"^\s*(select\s.*\sfrom\s|select\s+\w+\s*\(|insert\s+(or\s+\w+\s+)?into\s|update\s+\w+\s+set\s|delete\s+from\s"
    r"|replace\s+into\s|with\s+(recursive\s+)?\w+\s*(\([^)]*\))?\s+as\s*\(|merge\s+into\s|truncate\s+(table\s)?"
    r"|(create|alter|drop)\s+(unique\s+|temp\s+|temporary\s+|virtual\s+)?(table|index|view|trigger|role|schema|database"
    r"|extension|function|sequence)\b)",
    re.IGNORECASE | re.DOTALL)
CONTROL = re.compile(
    r"^\s*((?i:begin)\s+(?i:immediate|exclusive|deferred|transaction|isolation)\b"
    r"|(BEGIN|COMMIT|ROLLBACK)\s*;?\s*$|(?i:rollback\s+to\s|savepoint\s+\w|release\s+savepoint\s)"
    r"|(?i:pragma\s+\w+|attach\s+database\s|set\s+(session|local)\s)"
    r"|(LISTEN|NOTIFY|RELEASE|VACUUM)\b)")

def literals(tokens):
    """(line, text) of string literals, neighbours joined as the compiler does."""
    line, parts = 0, []
    for token in ctokens.code(tokens):
        if token.kind == "string":
            line = line if parts else token.line
            parts.append(token.text[token.text.index('"') + 1:-1].replace("\\n", " ").replace("\\t", " "))
        elif parts:
            yield line, "".join(parts)
            parts = []
    if parts:
        yield line, "".join(parts)


def check(tree):
    for name in tree.c_files:
        if not name.startswith("src/") or is_test(name):
            continue
        for line, text in literals(tree.tokens(name)):
            driver = name.startswith("src/store/")
            if STATEMENT.search(text) or (CONTROL.search(text) and not driver):
                yield Finding(name, line, f'"{text[:40]}…" looks like SQL: give it a name in a .sql file')
