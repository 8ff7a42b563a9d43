"""The real loudspeaker program and the real server over TLS: from a stranger to a pole that plays
its programme, sounds an alarm into its WAV file, falls silent, and survives the death of either."""
import array
import datetime
import os
import shutil
import signal
import subprocess
import tempfile
import unittest
from pathlib import Path

import patience
from house import SERVER, Client, House
from test_devices import FAST, Events
from test_tls import make_certificate

VIETNAM = datetime.timezone(datetime.timedelta(hours=7))
HEAD = 44  # bytes of a WAV file before its samples: 16 bits, one channel
AGENT = [os.environ.get("LOA_AGENT", str(Path(SERVER).with_name("loa-agent")))]


class Loudspeaker:
    """One loa-agent with a folder of its own; what it plays goes into a WAV file."""

    def __init__(self, house, claim="", agent=AGENT):
        self.agent = agent
        self.folder = tempfile.mkdtemp(prefix="loa-agent-")
        self.wav = Path(self.folder, "out.wav")
        self.settings = Path(self.folder, "agent.conf")
        self.settings.write_text(f"server = wss://localhost:{house.port}/device/v1\n"
                                 f"folder = {self.folder}/state\nca_file = {house.settings['tls_certificate']}\n"
                                 f"claim = {claim}\nserial = S-1\nsink = file\nsink_file = {self.wav}\n")
        self.process = None
        self.listened = HEAD

    def command(self, *words):
        return subprocess.run([*self.agent, "-c", self.settings, *words], check=True, capture_output=True, text=True,
                              timeout=60).stdout

    def start(self):
        self.log = open(Path(self.folder, "agent.log"), "ab")
        if self.log.name not in patience.LOGS:
            patience.LOGS.append(self.log.name)
        self.process = subprocess.Popen([*self.agent, "-c", self.settings], stderr=self.log)
        return self

    def stop(self, how=signal.SIGTERM):
        if self.process is not None:
            self.process.send_signal(how)
            self.process.wait(timeout=30)
            self.log.close()
            self.process = None

    def close(self):
        self.stop(signal.SIGKILL)
        shutil.rmtree(self.folder, ignore_errors=True)

    def heard(self):
        """The samples since the last call."""
        with open(self.wav, "rb") as file:
            file.seek(self.listened)
            data = file.read()
        data = data[:len(data) // 2 * 2]
        self.listened += len(data)
        return array.array("h", data)

    def until_loud(self, least):
        """Until such a sample comes; an agent that ends meanwhile is a failure."""
        wait = patience.Patience(f"a sample of at least {least}")
        while max(map(abs, self.heard()), default=0) < least:
            wait.left()
            try:
                raise AssertionError(f"the agent ended with {self.process.wait(timeout=0.2)}")
            except subprocess.TimeoutExpired:
                continue

    def until_silent(self):
        """Until a whole second of silence has come."""
        wait = patience.Patience("a second of silence")
        silent = 0
        while silent < 48000:
            wait.left()
            heard = self.heard()
            silent = silent + len(heard) if not any(heard) else 0


class AgentTest(unittest.TestCase):
    agent = AGENT

    def setUp(self):
        self.house = House(settings=FAST)
        self.addCleanup(self.house.close)
        chain, key = make_certificate(self.house.folder, "localhost")
        self.house.settings |= {"tls_certificate": chain, "tls_key": key}
        self.house.start()
        self.admin = Client(self.house)
        self.admin.settle(self.house.account("province_admin"))
        self.events = Events(self.admin)
        self.province = self.admin.get("/units")["items"][0]["id"]

    def speaker(self, claim):
        speaker = Loudspeaker(self.house, claim, self.agent)
        self.addCleanup(speaker.close)
        return speaker

    def device(self, live="alive"):
        """The one accepted device, once it is as said."""
        def look():
            return next((d for d in self.admin.get("/devices")["items"] if d["live"] == live), None)
        return self.events.until(look)

    def raise_it(self, path="/alarms", **more):
        body = {"mark": os.urandom(16).hex(), "unit_id": self.province, "title": "Thử", "text": "Thử.",
                "signal": "siren", "clip": 1, "valid_s": 600, "again_s": 10} | more
        return self.admin.post(path, body)["alarm"]

    def until_counts(self, alarm, **wanted):
        def look():
            counts = self.admin.get(f"/alarms/{alarm['id']}/coverage")["counts"]
            return all(counts[name] == value for name, value in wanted.items())
        self.events.until(look)

    def test_from_stranger_to_alarm_and_silence(self):
        speaker = self.speaker("")
        fingerprint = next(word for word in speaker.command("--key").split() if word.count("-") == 7)
        speaker.start()
        waiting = self.events.until(lambda: self.admin.get("/devices/pending")["items"])
        self.assertEqual([d["fingerprint"] for d in waiting], [fingerprint])
        cluster = next(c for c in self.admin.get("/clusters?limit=100")["items"] if c["technology"] == "ip")
        self.admin.post(f"/devices/{waiting[0]['id']}/accept", {"cluster_id": cluster["id"]})
        device = self.device()
        alarm = self.raise_it()
        self.until_counts(alarm, sounding=1)
        speaker.until_loud(1000)
        self.listens(device["id"])
        self.admin.post(f"/alarms/{alarm['id']}/cancel", {"reason": "xong"})
        kinds = self.events.until(lambda: self.logged(device["id"], "order_ended"))
        self.assertLessEqual({"enrolled", "order_received", "order_accepted", "alarm_playing"}, kinds)
        stop = self.raise_it("/all-stop", signal="none", clip=0, again_s=0)
        self.events.until(lambda: self.sound(device["id"]) == "stopped")
        self.admin.post(f"/all-stop/{stop['id']}/release", {"reason": "xong"})
        self.events.until(lambda: self.sound(device["id"]) != "stopped")

    def logged(self, device, kind):
        """All kinds of its log, once this one is among them."""
        kinds = {entry["kind"] for entry in self.admin.get(f"/devices/{device}/log?limit=200")["items"]}
        return kinds if kind in kinds else None

    def sound(self, device):
        status = self.admin.get(f"/devices/{device}")["status"]
        return status and status["sound"]

    def listens(self, device):
        """The console hears what the pole plays."""
        ear = Client(self.house)
        ear.cookie = self.admin.cookie
        wire = ear.connection()
        wire.request("GET", f"/api/v1/devices/{device}/listen", headers={"Cookie": "loa_session=" + ear.cookie})
        answer = wire.getresponse()
        self.assertEqual((answer.status, answer.headers["Content-Type"]), (200, "audio/ogg"))
        heard = answer.read(2000)
        self.assertTrue(heard.startswith(b"OggS") and b"OpusHead" in heard and heard.count(b"OggS") > 3)
        ear.close()

    def test_both_survive_being_killed(self):
        speaker = self.speaker("LOA-DEMO-01").start()
        device = self.device()
        alarm = self.raise_it()
        self.until_counts(alarm, sounding=1)
        speaker.stop(signal.SIGKILL)
        self.device("late")
        speaker.start()
        self.device("alive")
        self.events.until(lambda: self.sound(device["id"]) == "alarm")
        port = self.house.port
        self.house.stop(signal.SIGKILL)
        self.house.start(port)
        self.events = Events(self.admin)
        self.assertEqual(self.device("alive")["id"], device["id"])
        self.admin.post(f"/alarms/{alarm['id']}/cancel", {"reason": "xong"})
        self.events.until(lambda: self.logged(device["id"], "order_ended"))

    def play_every_ten_seconds(self):
        """One programme, and no other: a short sound that begins with every tenth second from now on."""
        for programme in self.admin.get("/programmes")["items"]:
            self.admin.call("DELETE", f"/programmes/{programme['id']}")
        sound = min(self.admin.get("/media")["items"], key=lambda item: item["ms"])
        self.assertLess(sound["ms"], 8000)
        first = datetime.datetime.now(VIETNAM) + datetime.timedelta(seconds=10)
        first = first.replace(second=first.second // 10 * 10, microsecond=0)
        times = [first + datetime.timedelta(seconds=10 * n) for n in range(62)]
        self.admin.post("/programmes", {
            "unit_id": self.province, "name": "Thử", "class": "priority", "start": times[0].strftime("%H:%M:%S"),
            "when": {"cadence": "once", "from": first.date().isoformat()},
            "items": [{"media": sound["media"], "language": "vi"}],
            "repeats": [{"days_after": (time.date() - first.date()).days, "start": time.strftime("%H:%M:%S")}
                        for time in times[1:]]})

    def test_it_plays_its_programme_from_its_own_disk(self):
        self.play_every_ten_seconds()
        speaker = self.speaker("LOA-DEMO-02").start()
        device = self.device()
        self.events.until(lambda: self.sound(device["id"]) == "item")
        self.house.stop(signal.SIGKILL)
        speaker.until_loud(300)
        speaker.heard()
        speaker.until_silent()
        speaker.until_loud(300)  # the next one, without a server


if __name__ == "__main__":
    unittest.main()
