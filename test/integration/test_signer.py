"""The process that signs: caged, alone with the keys, started again when it dies, gone with its
server, and strict about who approved."""
import os
import select
import signal
import unittest
from pathlib import Path

import pole
from house import Client, House, Refused
from pole import Pole
from test_devices import FAST


def children(pid):
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def status(pid):
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return {line.partition(":")[0]: line.partition(":")[2].strip() for line in lines}


def wait_for_end(pid):
    """Of a process that is not ours to wait for."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    select.select([handle], [], [], 60)
    os.close(handle)


class SignerTest(unittest.TestCase):
    def start(self, **settings):
        house = House(settings=FAST | settings)
        self.addCleanup(house.close)
        house.start()
        admin = Client(house)
        admin.settle(house.account("province_admin"))
        return house, admin

    def signers(self, house):
        """Keeper and worker."""
        keeper = next(pid for pid in children(house.process.pid) if status(pid)["Name"] == "loa-signer")
        return keeper, children(keeper)[0]

    def raise_alarm(self, admin):
        province = admin.get("/units")["items"][0]["id"]
        return admin.post("/alarms", {"mark": os.urandom(16).hex(), "unit_id": province, "title": "Thử", "signal": "siren",
                                      "clip": 1, "valid_s": 60})["alarm"]

    def test_it_is_caged_and_holds_one_socket(self):
        house, _ = self.start()
        for pid in self.signers(house):
            facts = status(pid)
            self.assertEqual((facts["Seccomp"], facts["NoNewPrivs"]), ("2", "1"))
            held = [os.readlink(f"/proc/{pid}/fd/{name}") for name in os.listdir(f"/proc/{pid}/fd")]
            self.assertEqual(sum(link.startswith("socket:") for link in held), 1)
            self.assertFalse([link for link in held if link.startswith("/") and "log" not in link and link != "/dev/null"])

    def test_one_that_dies_is_started_again(self):
        house, admin = self.start()
        _, worker = self.signers(house)
        self.raise_alarm(admin)
        os.kill(worker, signal.SIGKILL)
        wait_for_end(worker)
        self.assertEqual(self.raise_alarm(admin)["state"], "in_force")
        self.assertNotEqual(self.signers(house)[1], worker)

    def test_it_is_gone_when_the_server_is_killed(self):
        house, _ = self.start()
        signers = self.signers(house)
        house.stop(signal.SIGKILL)
        for pid in signers:
            wait_for_end(pid)
            self.assertFalse(Path(f"/proc/{pid}/fd").exists() and status(pid)["State"][0] not in "ZX")

    def test_it_refuses_what_one_person_may_not_approve_alone(self):
        house, admin = self.start(sign_alone="ordinary priority drill")
        with self.assertRaises(Refused) as refused:
            self.raise_alarm(admin)
        self.assertEqual(refused.exception.status, 403)
        self.assertEqual(admin.get("/alarms")["items"], [])
        house.settings["alarm_second_devices"] = 0
        house.stop()
        house.start()
        device = Pole(house.port, claim="LOA-DEMO-01")
        self.addCleanup(device.close)
        device.attach()
        device.until(pole.STATE)
        self.assertEqual(self.raise_alarm(admin)["state"], "waiting")

    def test_a_key_file_that_others_can_read_stops_the_start(self):
        house, _ = self.start()
        house.stop()
        os.chmod(Path(house.folder, "signer.key"), 0o644)
        with self.assertRaises(RuntimeError):
            house.start()
        house.process.wait(timeout=60)
        self.assertIn("chmod 600", house.log_text())
        house.forget_process()


if __name__ == "__main__":
    unittest.main()
