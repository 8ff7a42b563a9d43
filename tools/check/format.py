"""C sources look as clang-format 14 of Debian 12 leaves them (.clang-format; `make fmt`). What was
found right is remembered by content, so that the usual run starts no formatter at all."""

import hashlib
import os
import re
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor

from tree import Finding

VERSION = "14"


def find_program():
    for name in (f"clang-format-{VERSION}", "clang-format"):
        path = shutil.which(name)
        if path:
            said = subprocess.run([path, "--version"], capture_output=True, text=True).stdout
            if re.search(rf"version {VERSION}\.", said):
                return path
    return None


def memory_of(tree):
    return tree.root / os.environ.get("LOA_BUILD", "build") / "check" / "format"


def differs(tree, program, name):
    done = subprocess.run([program, "--style=file", str(tree.root / name)], cwd=tree.root, capture_output=True)
    if done.returncode != 0 and not (tree.root / name).exists():
        return None  # gone since we listed it
    if done.returncode != 0:
        return 1, done.stderr.decode(errors="replace").strip()
    if done.stdout == tree.bytes(name):
        return None
    ours, theirs = tree.bytes(name).splitlines(), done.stdout.splitlines()
    line = next((i for i, (a, b) in enumerate(zip(ours, theirs)) if a != b), min(len(ours), len(theirs)))
    return line + 1, "not formatted; `make fmt` does it"


def names_of(tree):
    return [n for n in tree.c_files if n.startswith(("src/", "test/", "tools/"))]


def check(tree):
    program = find_program()
    if program is None:
        return  # another Debian with another formatter: it would only disagree
    memory = memory_of(tree)
    known = set(memory.read_text().split()) if memory.exists() else set()
    style = tree.bytes(".clang-format") if ".clang-format" in tree.files else b""
    names = names_of(tree)
    keys = {n: hashlib.sha256(style + b"\0" + tree.bytes(n)).hexdigest()[:24] for n in names}
    unknown = [n for n in names if keys[n] not in known]
    with ThreadPoolExecutor(os.cpu_count() or 2) as pool:
        wrong = dict(zip(unknown, pool.map(lambda n: differs(tree, program, n), unknown)))
    for name, found in wrong.items():
        if found is not None:
            yield Finding(name, *found)
    memory.parent.mkdir(parents=True, exist_ok=True)
    memory.write_text("\n".join(sorted(keys[n] for n in names if wrong.get(n) is None)) + "\n")


def fix(tree):
    program = find_program()
    if program is None:
        raise SystemExit(f"clang-format {VERSION} is not here (Debian 12 has it)")
    names = names_of(tree)
    subprocess.run([program, "-i", "--style=file", *names], cwd=tree.root, check=True)
    print(f"formatted {len(names)} files")
