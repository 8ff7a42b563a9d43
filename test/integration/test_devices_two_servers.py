"""Two servers on one PostgreSQL hold one fleet: what is ordered at either reaches the devices of
both, each shows the devices of the other, and those of a killed server come back through it."""
import contextlib
import os
import shutil
import signal
import subprocess
import sys
import unittest
import uuid
from pathlib import Path

import pole
from house import Client, House
from pole import Ended, Pole
from test_devices import FAST, Events

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import postgres  # noqa: E402


class DevicesOfTwoServersTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.base = os.environ.get("LOA_TEST_PG") or cls.enterClassContext(postgres.Cluster())
        if cls.base is None:
            raise unittest.SkipTest("PostgreSQL is not installed")

    def setUp(self):
        base = self.base
        name = "fleet_" + uuid.uuid4().hex[:12]
        subprocess.run(["psql", "-qX", base, "-c", f"CREATE DATABASE {name}"], check=True)
        settings = FAST | {"database": "postgresql",
                           "postgresql": f"{base.replace('dbname=postgres', '')} dbname={name}"}
        self.first = House(settings=settings)
        self.addCleanup(self.first.close)
        self.second = House(settings=settings, demo=False)
        self.addCleanup(self.second.close)
        # Servers that share a database share their secrets and their media.
        for secret in ("account.key", "signer.key"):
            shutil.copy(Path(self.first.folder, secret), self.second.folder)
        shutil.copytree(Path(self.first.folder, "media"), Path(self.second.folder, "media"), dirs_exist_ok=True)
        self.first.start()
        self.second.start()
        self.admin = Client(self.first)
        self.admin.settle(self.first.account("province_admin"))
        self.there = Client(self.second)
        self.there.cookie, self.there.csrf = self.admin.cookie, self.admin.csrf

    def attach(self, house, claim):
        device = Pole(house.port, claim=claim)
        self.addCleanup(device.close)
        device.attach()
        device.until(pole.STATE)
        return device

    def test_an_order_at_either_reaches_the_devices_of_both(self):
        here, there = self.attach(self.first, "LOA-DEMO-01"), self.attach(self.second, "LOA-DEMO-02")
        for client in (self.admin, self.there):
            for number, device in enumerate((here, there)):
                volume = 11 + number + (20 if client is self.there else 0)
                client.call("PATCH", f"/devices/{device.device}", {"settings": {"volume": volume}})
                device.until_so(lambda device=device, volume=volume: device.volume() == volume)
        self.assertFalse(here.refused or there.refused)

    def test_each_shows_the_devices_of_the_other(self):
        there = self.attach(self.second, "LOA-DEMO-03")
        events = Events(self.admin)
        events.until(lambda: self.admin.get(f"/devices/{there.device}")["device"]["live"] == "alive")

    def test_devices_of_a_killed_server_come_back_through_the_other(self):
        device = self.attach(self.first, "LOA-DEMO-04")
        device.log(1)
        device.send_log()
        kept = device.until(pole.LOG_KEPT)[1]
        self.first.stop(signal.SIGKILL)
        with contextlib.suppress(Ended, OSError):
            device.until(pole.LISTEN)
        device.port = self.second.port
        attached = device.attach()
        self.assertEqual((attached[1], attached[4]), (device.device, kept))
        self.there.call("PATCH", f"/devices/{device.device}", {"settings": {"volume": 66}})
        device.until_so(lambda: device.volume() == 66)
        self.assertFalse(device.refused)


if __name__ == "__main__":
    unittest.main()
