"""What there is to run: one Program per test program, found by looking at the tree, so that a new
test needs no registration.

    unit         cmocka programs that ctest knows (src/<room>/*_test.c)
    fuzz         the corpora of test/fuzz, replayed (ctest, fuzz-*)
    check        self-tests of the house rules (test/check/*.py)
    integration  test/integration/*.py, or executables that print TAP
    recipes      docs/recipes, executed (test/recipes/run.py)
    web          the types, words and style of web/ (npm run check) and its own tests
    browser      test/browser/*.test.mjs in Debian's Chromium
"""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from harness.outcome import CmockaReader, NodeReader, Reader, TapReader

NAMES = ("unit", "fuzz", "check", "integration", "recipes", "web", "browser")
HARNESS = Path(__file__).resolve().parent


@dataclass
class Program:
    suite: str
    name: str
    command: list
    reader: type
    timeout: float = 300
    alone: bool = False  # needs the processors to itself
    cwd: str = "."
    env: dict = field(default_factory=dict)
    source: Path | None = None  # where the sentences are written, for the filter


def build_programs(build, programs, jobs):
    """Compiles the test programs that are about to run, and nothing else."""
    targets = [p.name for p in programs if p.suite in ("unit", "fuzz")]
    quiet = [] if sys.stdout.isatty() else ["--quiet"]
    for target in (["build.ninja"], targets):
        if target and subprocess.run(["nice", "-n", "5", "ninja", "-j", str(jobs), *quiet, "-C", str(build), *target],
                                     stdout=subprocess.DEVNULL if target == ["build.ninja"] else None).returncode:
            raise SystemExit("test: the programs do not compile")


def fixed_addresses(build):
    """The thread sanitizer of gcc 12 dies under kernels that scatter addresses widely; without
    scattering it lives. Where that may not be switched off, it has to do without."""
    if build.name != "tsan" or not shutil.which("setarch"):
        return []
    prefix = ["setarch", "-R"]
    return prefix if subprocess.run([*prefix, "true"], capture_output=True).returncode == 0 else []


def ctest_programs(root, build):
    prefix = fixed_addresses(build)
    asked = subprocess.run(
        ["ctest", "--test-dir", str(build), "--show-only=json-v1"], capture_output=True, text=True)
    if asked.returncode != 0:
        raise SystemExit(f"test: ctest cannot read {build}; is it built?\n{asked.stderr}")
    for test in json.loads(asked.stdout)["tests"]:
        properties = {p["name"]: p["value"] for p in test.get("properties", [])}
        fuzz = test["name"].startswith("fuzz-")
        room, _, noun = test["name"].partition("-")
        source = None if fuzz else root / "src" / room / f"{noun}_test.c"
        yield Program(
            suite="fuzz" if fuzz else "unit",
            name=test["name"],
            command=[*prefix, *test["command"]] if "command" in test else [],  # none: not built yet
            reader=TapReader if fuzz else CmockaReader,
            timeout=properties.get("TIMEOUT", 300),
            alone=bool(properties.get("RUN_SERIAL")),
            cwd=properties.get("WORKING_DIRECTORY", str(root)),
            env=dict(pair.split("=", 1) for pair in properties.get("ENVIRONMENT", [])),
            source=source,
        )


def script_programs(root, suite, folder, timeout):
    for path in sorted((root / folder).glob("*")):
        name = path.name
        if path.is_dir() or name.startswith((".", "_")):
            continue
        if path.suffix == ".py":
            text = path.read_text(encoding="utf-8")
            if "unittest" in text:
                command, reader = [sys.executable, str(HARNESS / "unittests.py"), str(path)], TapReader
            elif '__name__ == "__main__"' in text:
                command, reader = [sys.executable, str(path)], TapReader
            else:
                continue  # a helper of its neighbours
        elif os.access(path, os.X_OK):
            command, reader = [str(path)], TapReader
        else:
            continue
        yield Program(suite, path.stem, command, reader, timeout, source=path)


def node_programs(root, suite, folder, timeout):
    reporter = HARNESS / "reporter.mjs"
    patterns = ("*.test.mjs", "*.test.js", "*_test.mjs")
    found = {p for pattern in patterns for p in (root / folder).rglob(pattern)}
    for path in sorted(p for p in found if "node_modules" not in p.parts):
        command = ["node", "--test", f"--test-reporter={reporter.as_uri()}",
                   "--test-reporter-destination=stdout", str(path)]
        name = path.name.removesuffix(path.suffix).removesuffix(".test")
        yield Program(suite, name, command, NodeReader, timeout, alone=suite == "browser", source=path)


def all_programs(root, build, wanted):
    found = []
    if {"unit", "fuzz"} & set(wanted):
        found += ctest_programs(root, build)
    if "check" in wanted:
        found += script_programs(root, "check", "test/check", 120)
    if "integration" in wanted:
        found += script_programs(root, "integration", "test/integration", 600)
    if "recipes" in wanted and (root / "test/recipes/run.py").exists():
        found.append(Program("recipes", "recipes", [sys.executable, "test/recipes/run.py"], TapReader,
                             1200, alone=True, source=root / "docs/recipes"))
    if "web" in wanted and (root / "web/package.json").exists():
        scripts = json.loads((root / "web/package.json").read_text())["scripts"]
        if "check" in scripts:
            found.append(Program("web", "web", ["npm", "run", "--silent", "check"], Reader, 300, cwd="web"))
        found += node_programs(root, "web", "web", 300)
    if "browser" in wanted:
        found += node_programs(root, "browser", "test/browser", 600)
    return [program for program in found if program.suite in wanted]
