"""Every wait of a test has an end. Who waits in vain is told what was missing, and what the servers
and speakers that the test had started wrote last."""
import contextlib
import inspect
import threading
import time
from pathlib import Path

SECONDS = 90
LAST_LINES = 12

LOGS = []  # of what runs; who starts something adds its own, and takes it out when its folder goes


def last_words():
    parts = []
    for path in LOGS:
        with contextlib.suppress(OSError):
            lines = Path(path).read_text(errors="replace").splitlines()[-LAST_LINES:]
            parts += [f"--- {path}", *lines]
    return "\n".join(parts)


def words_of(look):
    """What a test waits for, as it stands in the test."""
    try:
        return inspect.getsource(look).strip()
    except (OSError, TypeError):
        return str(look)


class Patience:
    """One wait: for something that is said in words, or for what a function looks for."""

    def __init__(self, wanted, seconds=SECONDS):
        self.wanted = wanted
        self.seconds = seconds
        self.end = time.monotonic() + seconds

    def left(self):
        """Seconds that remain; fails when there are none."""
        left = self.end - time.monotonic()
        if left <= 0:
            wanted = words_of(self.wanted) if callable(self.wanted) else self.wanted
            raise AssertionError(f"waited {self.seconds} s in vain for: {wanted}\n{last_words()}")
        return left


@contextlib.contextmanager
def killed_when_late(process, seconds=SECONDS):
    """Reading what a process prints ends with the process."""
    timer = threading.Timer(seconds, process.kill)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
