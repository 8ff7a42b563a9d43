"""One result per sentence: reads what the kinds of test programs print while they print it.

A reader gets line after line with the moment it came, and holds a list of Outcome. What a program
says is believed only together with its exit code: a crash without a word is a failed test too."""

import json
import re
from dataclasses import dataclass, field

PASSED, FAILED, SKIPPED = "passed", "failed", "skipped"


@dataclass
class Outcome:
    name: str
    outcome: str
    seconds: float = 0.0
    message: str = ""


@dataclass
class Reader:
    """The common part; also the reader of programs that print no results of their own."""

    began: float
    outcomes: list = field(default_factory=list)
    tail: list = field(default_factory=list)  # lines since the last result: why it failed

    def __post_init__(self):
        """For the readers below; a dataclass calls it."""

    def add(self, name, outcome, seconds, message=""):
        self.outcomes.append(Outcome(name, outcome, seconds, message))
        self.tail = []

    def line(self, text, now):
        self.keep(text)

    def keep(self, text):
        if len(self.tail) < 400:
            self.tail.append(text)

    def end(self, code, now):
        """code is the exit code, negative for a signal, None when the time ran out."""
        failed = any(o.outcome == FAILED for o in self.outcomes)
        if code == 0 and (self.outcomes or self.silence_is_fine()):
            if not self.outcomes:
                self.add("runs", PASSED, now - self.began)
            return
        if code == 77 and not self.outcomes:
            self.add("runs", SKIPPED, now - self.began, "\n".join(self.tail))
        elif code == 0:
            self.add("says what it tested", FAILED, now - self.began, "no result was printed")
        elif not failed:
            self.add(self.unfinished(), FAILED, now - self.began, "\n".join([ending(code), *self.tail]))

    def silence_is_fine(self):
        return True

    def unfinished(self):
        return "runs to its end"


def ending(code):
    if code is None:
        return "took too long and was stopped"
    return f"killed by signal {-code}" if code < 0 else f"ended with code {code}"


class CmockaReader(Reader):
    """[ RUN ] name, then [ OK ], [ FAILED ] or [ SKIPPED ] name; what lies between is the reason."""

    mark = re.compile(r"^\[ +(RUN|OK|FAILED|SKIPPED) +\] (.+)$")

    def __post_init__(self):
        self.running = None
        self.since = self.began

    def line(self, text, now):
        found = self.mark.match(text)
        if not found or (found[1] != "RUN" and found[2] != self.running):
            self.keep(text)
            return
        word, name = found.groups()
        if word == "RUN":
            self.running, self.since, self.tail = name, now, []
            return
        outcome = {"OK": PASSED, "FAILED": FAILED, "SKIPPED": SKIPPED}[word]
        self.add(name, outcome, now - self.since, "\n".join(self.tail) if outcome == FAILED else "")
        self.running = None

    def unfinished(self):
        return self.running or "runs to its end"

    def silence_is_fine(self):
        return False


class TapReader(Reader):
    """`ok 1 - name # SKIP why` and `not ok 2 - name`; a `# time=0.12` at the end is its time."""

    mark = re.compile(r"^(not )?ok\b *\d* *-? *(.*)$")

    def __post_init__(self):
        self.since = self.began

    def line(self, text, now):
        found = self.mark.match(text)
        if not found:
            self.keep(text)
            return
        name, _, note = found[2].partition(" # ")
        timed = re.search(r"time=([0-9.]+)", note)
        seconds = float(timed[1]) if timed else now - self.since
        self.since = now
        if note.upper().startswith("SKIP"):
            self.add(name, SKIPPED, seconds, note[4:].strip())
        elif found[1]:
            self.add(name, FAILED, seconds, "\n".join(self.tail))
        else:
            self.add(name, PASSED, seconds)


class NodeReader(Reader):
    """JSON lines of test/harness/reporter.mjs. A result is a leaf when nothing deeper came before
    it: files and suites are results of node's too, but no sentences."""

    def __post_init__(self):
        self.deepest = 0

    def line(self, text, now):
        try:
            event = json.loads(text) if text.startswith('{"loa":') else None
        except ValueError:
            event = None
        if event is None:
            self.keep(text)
            return
        leaf = self.deepest <= event["nesting"]
        self.deepest = event["nesting"]
        if leaf or (not event["ok"] and not any(o.outcome == FAILED for o in self.outcomes)):
            outcome = SKIPPED if event["skip"] else PASSED if event["ok"] else FAILED
            message = "\n".join([*self.tail, event["message"]]) if outcome == FAILED else ""
            self.add(event["name"], outcome, event["seconds"], message)

    def silence_is_fine(self):
        return False
