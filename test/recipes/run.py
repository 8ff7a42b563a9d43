#!/usr/bin/env python3
"""Executes the recipes of docs/recipes in a copy of the tree, so that what they say is true today.

    test/recipes/run.py [name]...

A recipe is text with fenced blocks; the word after the fence says what happens with a block:

    sh            commands; all of them must succeed
    sh fails      commands that must not succeed (the test before its code)
    diff          a patch with lines of context; a hunk begins with `@@`, without numbers
    c src/x/y.c   a whole file (any language before the path)

Blocks without such a word are only shown. The copy is build/recipes/tree: it stays between runs, so
that only what a recipe changes is compiled again, and is put back after each recipe. One line of
TAP for each recipe."""

import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COPY = ROOT / "build/recipes/tree"
KEPT = {"build", ".git", "node_modules", "run"}  # of the copy, between runs
FENCE = re.compile(r"^```(\w*)[ \t]*([^\n`]*)\n(.*?)^```[ \t]*$", re.MULTILINE | re.DOTALL)
LIMIT_S = 900


def tree_files():
    asked = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT,
                           capture_output=True, check=True)
    names = {name for name in asked.stdout.decode().split("\0") if name}
    return {name for name in names if (ROOT / name).is_file() and not (ROOT / name).is_symlink()}


def copy_files():
    for folder, folders, names in os.walk(COPY):
        folders[:] = [name for name in folders if name not in KEPT]
        for name in names:
            path = Path(folder, name)
            yield str(path.relative_to(COPY)), path


def restore():
    """Makes the copy equal to the tree, touching only what differs."""
    wanted = tree_files()
    for name, path in list(copy_files()):
        if name not in wanted:
            path.unlink()
    for folder, folders, names in os.walk(COPY / "src", topdown=False):
        if not os.listdir(folder):
            os.rmdir(folder)
    for name in sorted(wanted):
        source, target = ROOT / name, COPY / name
        data = source.read_bytes()
        if not target.exists() or target.read_bytes() != data:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
            target.chmod(source.stat().st_mode)


def prepare():
    """The copy, with the npm packages of the tree, so that nothing is fetched."""
    COPY.mkdir(parents=True, exist_ok=True)
    if not (COPY / ".git").exists():
        subprocess.run(["git", "init", "-q"], cwd=COPY, check=True)
    restore()
    modules = ROOT / "web/node_modules"
    if modules.is_dir() and not (COPY / "web/node_modules").exists():
        (COPY / "web/node_modules").symlink_to(modules)


def environment():
    env = {key: value for key, value in os.environ.items()
           if key not in ("LOA_BUILD", "LOA_BUILD_DIR", "LOA_SERVER", "LOA_ROOT", "PYTHONPATH",
                          "MAKEFLAGS", "MAKELEVEL", "MFLAGS", "T", "B", "COUNTS")}
    return {**env, "LOA_NO_BOOTSTRAP": "1", "LOA_NO_HOOKS": "1", "CCACHE_BASEDIR": str(COPY),
            "CCACHE_NOHASHDIR": "1", "PYTHONDONTWRITEBYTECODE": "1"}


class Broken(Exception):
    pass


def shell(text, must_fail):
    done = subprocess.run(["bash", "-euo", "pipefail", "-c", text], cwd=COPY, env=environment(), timeout=LIMIT_S,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          errors="replace")
    if (done.returncode != 0) != must_fail:
        said = "succeeded but must not" if must_fail else f"ended with code {done.returncode}"
        raise Broken(f"{text.strip()}\n  {said}:\n{done.stdout[-6000:]}")


def patch(text):
    """Applies the patch of each file by itself. The numbers let a hunk be anywhere, and --recount
    works its lengths out."""
    for part in re.split(r"^(?=--- a/)", text, flags=re.MULTILINE):
        if not part.strip():
            continue
        numbered = re.sub(r"^@@$", "@@ -2,1 +2,1 @@", part, flags=re.MULTILINE)
        done = subprocess.run(["git", "apply", "--recount", "--whitespace=nowarn", "-"], cwd=COPY,
                              input=numbered, capture_output=True, text=True)
        if done.returncode != 0:
            raise Broken(f"the patch does not apply:\n{done.stderr}{part}")


def write(name, text):
    path = (COPY / name).resolve()
    if not path.is_relative_to(COPY.resolve()):
        raise Broken(f"{name} is outside the tree")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def execute(recipe):
    """The number of blocks that did something."""
    count = 0
    for language, words, text in FENCE.findall(recipe.read_text(encoding="utf-8")):
        words = words.strip()
        if language == "sh" and words in ("", "fails"):
            shell(text, words == "fails")
        elif language == "diff":
            patch(text)
        elif "/" in words and " " not in words:
            write(words, text)
        else:
            continue
        count += 1
    return count


def title(recipe):
    return recipe.read_text(encoding="utf-8").splitlines()[0].lstrip("# ").strip()


def main():
    wanted = sys.argv[1:]
    recipes = [r for r in sorted((ROOT / "docs/recipes").glob("*.md")) if r.name != "README.md"]
    recipes = [r for r in recipes if not wanted or r.stem in wanted]
    prepare()
    failed = 0
    for number, recipe in enumerate(recipes, 1):
        began = time.monotonic()
        wrong = None
        try:
            if execute(recipe) == 0:
                wrong = "nothing in it is executed"
        except (Broken, subprocess.TimeoutExpired) as error:
            wrong = str(error)
        finally:
            restore()
        if wrong:
            failed += 1
            print("\n".join("  " + row for row in wrong.splitlines()))
        word = "not ok" if wrong else "ok"
        print(f"{word} {number} - {recipe.stem}: {title(recipe)} # time={time.monotonic() - began:.2f}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
