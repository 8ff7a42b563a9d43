"""A small honest C tokenizer, and the functions that it finds.

It knows comments, strings, characters, numbers, names, directives (with continued lines) and
punctuation, which is all that the checks need; it does not expand macros. A function is found by
its shape: at file level, a name with parentheses followed by a brace."""

import re
from dataclasses import dataclass
from typing import NamedTuple


class Token(NamedTuple):
    kind: str  # comment, directive, string, char, name, number, punct
    text: str
    line: int


MASTER = re.compile(
    r"""(?P<comment>/\*.*?\*/|//[^\n]*)
      | (?P<directive>^[ \t]*\#(?:[^\n\\/]|\\\n|\\.|/(?![*/])|/\*.*?\*/)*)
      | (?P<string>(?:u8|[uUL])?"(?:[^"\\\n]|\\.)*")
      | (?P<char>(?:[uUL])?'(?:[^'\\\n]|\\.)*')
      | (?P<name>[A-Za-z_]\w*)
      | (?P<number>\.?\d(?:[eEpP][+-]|[\w.])*)
      | (?P<punct>\.\.\.|->|\+\+|--|<<=|>>=|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%&|^]=|[^\s\w])
    """,
    re.VERBOSE | re.DOTALL | re.MULTILINE)


def tokenize(text):
    tokens, line, at = [], 1, 0
    for found in MASTER.finditer(text):
        line += text.count("\n", at, found.start())
        tokens.append(Token(found.lastgroup, found.group(), line))
        line += text.count("\n", found.start(), found.end())
        at = found.end()
    return tokens


def code(tokens):
    """Without comments; directives such as #define are opened up into their own tokens."""
    for token in tokens:
        if token.kind == "directive":
            for inner in tokenize(re.sub(r"^\s*#\s*\w+", "", token.text)):
                if inner.kind != "comment":
                    yield Token(inner.kind, inner.text, token.line + inner.line - 1)
        elif token.kind != "comment":
            yield token


@dataclass
class Function:
    name: str
    line: int
    last: int
    parameters: int
    complexity: int
    nesting: int

    @property
    def length(self):
        return self.last - self.line + 1


ATTRIBUTES = {"__attribute__", "PRINTF_LIKE", "AUTO", "_Alignas", "_Static_assert", "static_assert"}
CONTROL = {"if", "for", "while", "switch"}
BRANCHES = {"if", "for", "while", "&&", "||", "?"}


def statement_head(tokens):
    """The name and parameter tokens of a function's head, or None when it is something else."""
    depth, name, opened = 0, None, None
    found = None
    for i, token in enumerate(tokens):
        if token.text == "(":
            if depth == 0:
                before = tokens[i - 1] if i > 0 else None
                name = before if before is not None and before.kind == "name" else None
                opened = i
            depth += 1
        elif token.text == ")":
            depth -= 1
            if depth == 0 and name is not None and name.text not in ATTRIBUTES and found is None:
                found = (name, tokens[opened + 1:i])
        elif depth == 0 and token.text == "=":
            return None
    return found


def count_parameters(tokens):
    if not tokens or [t.text for t in tokens] == ["void"]:
        return 0
    depth, count = 0, 1
    for token in tokens:
        depth += token.text in "([{"
        depth -= token.text in ")]}"
        count += token.text == "," and depth == 0
    return count


def closing(tokens, start):
    """The index of the brace that closes the one at start."""
    depth = 0
    for i in range(start, len(tokens)):
        if tokens[i].text == "{":
            depth += 1
        elif tokens[i].text == "}":
            depth -= 1
            if depth == 0:
                return i
    return len(tokens) - 1


def measure(body):
    """Complexity (decisions + 1; labels of one case count once) and the deepest control block."""
    complexity, deepest, blocks, pending = 1, 0, [], False
    depth_paren, label = 0, False
    for i, token in enumerate(body):
        text = token.text
        if token.kind == "name" or token.kind == "punct":
            if text in BRANCHES:
                complexity += 1
            if text == "case":
                complexity += not label
                label = True
            elif text not in (":",) and label and i and body[i - 1].text == ":":
                label = False
        if text in CONTROL or text in ("else", "do"):
            pending = True
        elif text == "(":
            depth_paren += 1
        elif text == ")":
            depth_paren -= 1
        elif text == "{":
            control = pending and depth_paren == 0 and body[i - 1].text in (")", "else", "do")
            blocks.append(control)
            deepest = max(deepest, sum(blocks))
            pending = False
        elif text == "}" and blocks:
            blocks.pop()
        elif text == ";" and depth_paren == 0:
            pending = False
    return complexity, deepest


def functions(all_tokens):
    tokens = [t for t in all_tokens if t.kind not in ("comment", "directive")]
    found, i, start = [], 0, 0
    while i < len(tokens):
        text = tokens[i].text
        if text == "{":
            end = closing(tokens, i)
            head = statement_head(tokens[start:i])
            if head is not None:
                name, parameters = head
                complexity, nesting = measure(tokens[i + 1:end])
                found.append(Function(name.text, name.line, tokens[end].line, count_parameters(parameters),
                                      complexity, nesting))
                start = end + 1
            i = end
            if head is not None:
                i += 1
                continue
        elif text == ";":
            start = i + 1
        i += 1
    return found
