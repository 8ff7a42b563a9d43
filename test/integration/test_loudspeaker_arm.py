"""The loudspeaker program as it was built for the processor of most poles, under qemu: the same life
as that of this machine's own, from a stranger to a pole that plays."""
import shutil
import unittest
from pathlib import Path

import test_loudspeaker
from house import SERVER

CROSS = Path(SERVER).parents[2] / "cross" / "arm64"
QEMU = shutil.which("qemu-aarch64")


@unittest.skipUnless(QEMU and (CROSS / "bin/loa-agent").exists(), "no loa-agent for arm64: packaging/cross builds it")
class ArmTest(test_loudspeaker.AgentTest):
    agent = [QEMU, "-L", str(CROSS / "sysroot"), str(CROSS / "bin/loa-agent")]


if __name__ == "__main__":
    unittest.main()
