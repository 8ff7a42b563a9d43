"""Every header compiles alone, with the include path of its room. Needs a configured build (its
generated headers); says so when there is none."""

import os
import re
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor

from tree import Finding, room_of

FLAGS = ["-std=gnu17", "-Wall", "-Wextra", "-Werror", "-Wpedantic", "-Wundef", "-Wstrict-prototypes",
         "-D_GNU_SOURCE", "-D_TIME_BITS=64", "-D_FILE_OFFSET_BITS=64", "-fsyntax-only"]

def library_flags(tree):
    """What pkg-config says about the modules of cmake/libraries.cmake."""
    modules = re.findall(r"^ *loa_library\(\w+ ([\w.+-]+)", tree.text("cmake/libraries.cmake"), re.MULTILINE)
    flags = []
    for module in [*modules, "cmocka"]:
        asked = subprocess.run(["pkg-config", "--cflags", module], capture_output=True, text=True)
        flags += asked.stdout.split()
    return [f"-isystem{f[2:]}" if f.startswith("-I") else f for f in dict.fromkeys(flags)] + [
        "-isystem/usr/share/include/llhttp"]


def compile_alone(root, build, name, libraries):
    room = room_of(name)
    paths = [f"-I{build}/views/{room}", f"-I{build}/generated/{room}"]
    if name.endswith("_testing.h"):  # tests open the tables of the rooms below as well
        paths += [f"-I{folder}" for folder in sorted((build / "generated").iterdir())]
        paths.append(f'-DLOA_SOURCE_DIR="{root}"')
    source = f'#include "{name.removeprefix("src/")}"\ntypedef int not_empty;\n'
    done = subprocess.run(
        [shutil.which("gcc") or "cc", *FLAGS, *paths, *libraries, "-x", "c", "-"],
        input=source, capture_output=True, text=True, cwd=root)
    errors = [row for row in done.stderr.splitlines() if "error:" in row]
    return errors[0] if done.returncode != 0 and errors else None


def check(tree):
    build = tree.root / os.environ.get("LOA_BUILD", "build") / "debug"
    if not (build / "views").is_dir():
        yield Finding("src", 1, f"{build} is not configured; `make headers` does it")
        return
    names = tree.matching(".h", under="src/")
    libraries = library_flags(tree)
    with ThreadPoolExecutor(os.cpu_count() or 2) as pool:
        for name, error in zip(names, pool.map(lambda n: compile_alone(tree.root, build, n, libraries), names)):
            if error:
                yield Finding(name, 1, f"does not compile alone: {error}")
