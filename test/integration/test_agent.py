"""The loudspeaker's own program against a real server, from outside: it is let in by its claim code,
plays into a WAV file, tells what it did, comes back after it was killed, and listens on nothing."""
import array
import contextlib
import os
import re
import shutil
import signal
import subprocess
import tempfile
import unittest
import wave
from pathlib import Path

from house import ROOT, Client, House
from test_devices import FAST, Events

AGENT = os.environ.get("LOA_AGENT", str(ROOT / "build/debug/bin/loa-agent"))
LISTENS = "0A"  # the state of a listening socket in /proc/net/tcp


class Agent:
    """One process in a folder of its own; as nobody, when the tests run as root."""

    def __init__(self, house, claim):
        self.folder = tempfile.mkdtemp(prefix="loa-agent-")
        self.program = shutil.copy(AGENT, self.folder)
        self.wav = os.path.join(self.folder, "out.wav")
        self.settings = os.path.join(self.folder, "agent.conf")
        Path(self.settings).write_text(
            f"server = ws://127.0.0.1:{house.port}/device/v1\nfolder = {self.folder}/data\n"
            f"claim = {claim}\nsink = file\nsink_file = {self.wav}\n")
        self.how = {}
        if os.geteuid() == 0:
            shutil.chown(self.folder, "nobody")
            os.chmod(self.settings, 0o644)
            self.how = {"user": "nobody", "group": "nogroup", "extra_groups": []}
        self.process = None

    def run(self, *words):
        return subprocess.run([self.program, "-c", self.settings, *words], capture_output=True, text=True,
                              timeout=60, **self.how)

    def start(self):
        self.process = subprocess.Popen([self.program, "-c", self.settings], stderr=subprocess.DEVNULL, **self.how)
        return self

    def stop(self, how=signal.SIGTERM):
        if self.process is None:
            return None
        self.process.send_signal(how)
        code = self.process.wait(timeout=60)
        self.process = None
        return code

    def close(self):
        self.stop(signal.SIGKILL)
        shutil.rmtree(self.folder, ignore_errors=True)

    def fingerprint(self):
        return re.search(r"fingerprint (\S+)", self.run("--key").stdout).group(1)

    def listening(self):
        """Sockets of this process on which somebody could call it."""
        inodes = set()
        for fd in Path(f"/proc/{self.process.pid}/fd").iterdir():
            with contextlib.suppress(FileNotFoundError):  # closed meanwhile
                found = re.match(r"socket:\[(\d+)\]", os.readlink(fd))
                if found:
                    inodes.add(found.group(1))
        lines = [line.split() for name in ("tcp", "tcp6") for line in
                 Path(f"/proc/{self.process.pid}/net/{name}").read_text().splitlines()[1:]]
        lines += [line.split() for name in ("udp", "udp6") for line in
                  Path(f"/proc/{self.process.pid}/net/{name}").read_text().splitlines()[1:]]
        return [line for line in lines if line[9] in inodes and line[3] in (LISTENS, "07")]

    def loudest(self):
        with wave.open(self.wav) as sound:
            samples = array.array("h", sound.readframes(sound.getnframes()))
        return max(map(abs, samples), default=0)


class AgentTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.house = House(settings=FAST).start()
        cls.addClassCleanup(cls.house.close)
        cls.admin = Client(cls.house)
        cls.admin.settle(cls.house.account("province_admin"))
        cls.events = Events(cls.admin)

    def agent(self, claim):
        agent = Agent(self.house, claim)
        self.addCleanup(agent.close)
        return agent

    def device_of(self, fingerprint):
        listed = self.admin.get("/devices?limit=500")["items"]
        return next((d["id"] for d in listed
                     if self.admin.get(f"/devices/{d['id']}")["device"]["fingerprint"] == fingerprint
                     and d["live"] == "alive"), None)

    def kinds(self, device):
        return [entry["kind"] for entry in self.admin.get(f"/devices/{device}/log")["items"]]

    def test_it_is_let_in_plays_and_comes_back(self):
        agent = self.agent("LOA-DEMO-07").start()
        device = self.events.until(lambda: self.device_of(agent.fingerprint()))
        self.assertEqual(agent.listening(), [])
        self.assertEqual(os.stat(agent.folder + "/data/key").st_mode & 0o777, 0o600)
        self.admin.post(f"/devices/{device}/action", {"action": "test_tone"})
        self.events.until(lambda: "test" in self.kinds(device))
        self.assertGreater(agent.loudest(), 300)
        agent.stop(signal.SIGKILL)
        agent.start()
        self.events.until(lambda: self.kinds(device).count("boot") == 2)
        self.assertEqual(agent.stop(), 0)

    def test_two_in_one_folder_do_not_disturb_each_other(self):
        agent = self.agent("LOA-DEMO-08").start()
        self.events.until(lambda: self.device_of(agent.fingerprint()))
        second = agent.run()
        self.assertNotEqual(second.returncode, 0)
        self.assertIn("another agent", second.stderr)

    def test_what_is_wrong_with_its_settings_is_said_with_the_line(self):
        agent = self.agent("LOA-DEMO-09")
        self.assertEqual(agent.run("-n").returncode, 0)
        with open(agent.settings, "a") as settings:
            settings.write("volume = 11\n")
        refused = agent.run("-n")
        self.assertNotEqual(refused.returncode, 0)
        self.assertIn("line 6", refused.stderr)
        sample = agent.run("--sample").stdout
        Path(agent.settings).write_text(sample.replace("#server = ", "server = wss://loa.example.vn/device/v1"))
        self.assertEqual(agent.run("-n").returncode, 0, agent.run("-n").stderr)


if __name__ == "__main__":
    unittest.main()
