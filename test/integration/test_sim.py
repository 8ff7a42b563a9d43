"""Pretended devices by the dozen: loa-sim against a real server. All enrol by their claims, read an
alarm, sound, sign it, and fall silent; then they come back as the same devices."""
import json
import os
import signal
import subprocess
import unittest
from pathlib import Path

from house import SERVER, Client, House
from patience import Patience, killed_when_late
from test_devices import FAST

SIM = str(Path(SERVER).parent / "loa-sim")
COUNT = 20
STOP = 6


class Sim:
    def __init__(self, house, *more):
        url = f"ws://127.0.0.1:{house.port}/device/v1"
        self.process = subprocess.Popen([SIM, "--url", url, "--devices", str(COUNT), "--claim-prefix", "LOA-DEMO-",
                                         "--state-dir", os.path.join(house.folder, "sim"), "--report", "json",
                                         "--ramp", "0", *more], stdout=subprocess.PIPE, text=True)
        assert "ready" in self.line()

    def line(self):
        with killed_when_late(self.process):
            line = self.process.stdout.readline()
        assert line, "loa-sim ended, or said nothing"
        return line

    def figures(self):
        self.process.send_signal(signal.SIGUSR1)
        return json.loads(self.line())

    def until(self, look):
        patience = Patience(look)
        while not look(figures := self.figures()):
            patience.left()
        return figures

    def stop(self):
        self.process.terminate()
        code = self.process.wait(timeout=60)
        self.process.stdout.close()
        return code


class SimTest(unittest.TestCase):
    def setUp(self):
        self.house = House(settings=FAST).start()
        self.addCleanup(self.house.close)
        self.admin = Client(self.house)
        self.admin.settle(self.house.account("province_admin"))
        self.province = self.admin.get("/units")["items"][0]["id"]

    def sim(self, *more):
        sim = Sim(self.house, *more)
        self.addCleanup(sim.process.kill)
        return sim

    def drill(self):
        return self.admin.post("/drills", {"mark": os.urandom(16).hex(), "unit_id": self.province, "title": "Diễn tập",
                                           "text": "Đây là diễn tập.", "signal": "chime", "clip": 1,
                                           "valid_s": 600})["alarm"]

    def test_all_of_them_read_sound_say_so_and_fall_silent(self):
        sim = self.sim("--link", "fibre")
        sim.until(lambda f: f["attached"] == COUNT and f["accepted"] >= COUNT)
        drill = self.drill()

        def sounded(figures):
            return any(o["id"] == drill["mark"] and o["sounded"]["count"] == COUNT for o in figures["orders"])
        sim.until(sounded)
        patience = Patience("the coverage counts all of them")
        while self.admin.get(f"/alarms/{drill['id']}/coverage")["counts"]["sounding"] < COUNT:
            patience.left()
        self.admin.post(f"/alarms/{drill['id']}/cancel", {"reason": "xong"})
        sim.until(lambda f: any(o["kind"] == STOP and o["silent"]["count"] == COUNT for o in f["orders"]))
        self.assertEqual(sim.stop(), 0)

    def test_they_come_back_as_the_devices_that_they_were(self):
        sim = self.sim()
        sim.until(lambda f: f["attached"] == COUNT and f["accepted"] >= COUNT)
        self.assertEqual(sim.stop(), 0)
        before = self.admin.get("/devices/summary")["devices"]
        sim = self.sim()
        figures = sim.until(lambda f: f["attached"] == COUNT)
        self.assertEqual(figures["devices"], COUNT)
        self.assertEqual(self.admin.get("/devices/summary")["devices"], before)
        self.assertEqual(sim.stop(), 0)


if __name__ == "__main__":
    unittest.main()
