"""Runs the unittest cases of one file and prints a TAP line for each, with its time.

    python3 test/harness/unittests.py file.py

The name of a test is its class and the sentence of its docstring, or of its name."""

import importlib.util
import os
import pathlib
import sys
import time
import traceback
import unittest


def name_of(test):
    if not isinstance(test, unittest.TestCase) or not hasattr(test, "_testMethodName"):
        return str(test)
    said = test.shortDescription() or test._testMethodName.removeprefix("test_").replace("_", " ")
    return said.replace("#", "no.").rstrip(".")


class TapResult(unittest.TestResult):
    count = 0
    since = 0.0
    sub_failed = False

    def startTest(self, test):
        super().startTest(test)
        self.since = time.monotonic()
        self.sub_failed = False

    def tell(self, test, ok, note=""):
        self.count += 1
        seconds = time.monotonic() - self.since
        word = "ok" if ok else "not ok"
        print(f"{word} {self.count} - {name_of(test)} # {note}time={seconds:.3f}", flush=True)

    def explain(self, error):
        text = "".join(traceback.format_exception(*error))
        print("\n".join("  " + row for row in text.splitlines()), flush=True)

    def addSuccess(self, test):
        if not self.sub_failed:
            self.tell(test, True)

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self.explain(err)
        self.tell(test, False)

    def addError(self, test, err):
        super().addError(test, err)
        self.explain(err)
        self.tell(test, False)

    def addSubTest(self, test, subtest, err):
        if err is not None:
            self.sub_failed = True
            super().addSubTest(test, subtest, err)
            print(f"  in {subtest}")
            self.explain(err)
            self.tell(test, False)

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self.tell(test, True, f"SKIP {reason} ".replace("\n", " "))

    def addExpectedFailure(self, test, err):
        self.tell(test, True)

    def addUnexpectedSuccess(self, test):
        super().addUnexpectedSuccess(test)
        self.tell(test, False)


def main():
    path = pathlib.Path(sys.argv[1]).resolve()
    sys.argv = [str(path)]
    sys.path.insert(0, str(path.parent))
    os.environ.setdefault("PYTHONDONTWRITEBYTECODE", "1")
    sys.dont_write_bytecode = True
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    suite = unittest.defaultTestLoader.loadTestsFromModule(module)
    result = TapResult()
    suite.run(result)
    sys.exit(0 if result.wasSuccessful() else 1)


if __name__ == "__main__":
    main()
