"""The lists of packages hold what the build looks for, so that a bare machine has it too."""

import re
import shutil
import subprocess
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def listed(name):
    rows = (ROOT / f"packaging/packages/{name}.txt").read_text().splitlines()
    return {word for row in rows for word in re.split(r"[ |]+", row.split("#")[0].split(" if-no ")[0]) if word}


@unittest.skipUnless(shutil.which("dpkg") and shutil.which("pkg-config"), "not a Debian with pkg-config")
class Packages(unittest.TestCase):
    def test_modules(self):
        "names the package of every library that the build asks pkg-config for"
        text = (ROOT / "cmake/libraries.cmake").read_text()
        modules = re.findall(r"^loa_library\(\w+ ([\w.+-]+)\)", text, re.MULTILINE) + ["cmocka"]
        self.assertGreater(len(modules), 5)
        for module in modules:
            with self.subTest(module):
                found = subprocess.run(["pkg-config", "--variable=pcfiledir", module], capture_output=True, text=True)
                file = f"{found.stdout.strip()}/{module}.pc"
                owner = subprocess.run(["dpkg", "-S", file], capture_output=True, text=True).stdout
                self.assertIn(owner.split(":")[0], listed("build"), f"{module} comes with {owner}")

    def test_one_list(self):
        "names no package in two lists of one set-up"
        build, test, check = listed("build"), listed("test"), listed("check")
        self.assertFalse(build & test)
        self.assertFalse(build & check)

    def test_complete(self):
        "bootstrap knows every list"
        known = (ROOT / "tools/bootstrap").read_text()
        for path in (ROOT / "packaging/packages").glob("*.txt"):
            self.assertRegex(known, path.stem)


if __name__ == "__main__":
    unittest.main()
