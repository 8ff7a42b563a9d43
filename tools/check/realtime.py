"""Functions whose names end in _rt run on the thread that plays sound: they call only functions that
end in _rt themselves, and the few of tools/check/realtime.table."""

import ctokens
from tree import Finding

TABLE = "realtime.table"
WORDS = {"if", "for", "while", "switch", "return", "sizeof", "_Atomic", "alignof", "_Alignof"}


def read_allowed(tree):
    allowed = set()
    if f"tools/check/{TABLE}" in tree.files:
        for _, row in tree.table(TABLE):
            allowed.update(row.split())
    return allowed


def is_call(tokens, i):
    """A name followed by a parenthesis; a function through a pointer ends in one as well."""
    return tokens[i].kind == "name" and tokens[i + 1].text == "(" and tokens[i].text not in WORDS


def check_body(name, function, tokens, allowed):
    for i in range(len(tokens) - 1):
        token = tokens[i]
        if not function.line < token.line <= function.last or not is_call(tokens, i):
            continue
        member = i > 0 and tokens[i - 1].text in (".", "->")
        if member or not (token.text.endswith("_rt") or token.text in allowed):
            yield Finding(name, token.line, f"{function.name} calls {token.text}: the thread that plays may not")


def check(tree):
    allowed = read_allowed(tree)
    for name in tree.matching(".c", ".h"):
        if "_rt(" not in tree.text(name):
            continue
        functions = [f for f in ctokens.functions(tree.tokens(name)) if f.name.endswith("_rt")]
        tokens = list(ctokens.code(tree.tokens(name)))
        for function in functions:
            yield from check_body(name, function, tokens, allowed)
