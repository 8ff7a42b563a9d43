"""Devices and the server, from outside: a device written from the documentation alone attaches,
is accepted by a person, obeys what it may, refuses what it must not, and is caught when it lies."""
import contextlib
import os
import signal
import unittest

import pole
from house import Client, House, Refused
from patience import Patience
from pole import Ended, Pole

FAST = {"password_memory": 8388608, "password_passes": 1}


class Events:
    """The event stream of an open page: what to wait for instead of the time."""

    def __init__(self, client):
        self.watcher = Client(client.house)
        self.watcher.cookie = client.cookie
        wire = self.watcher.connection()
        wire.request("GET", "/api/v1/events", headers={"Cookie": "loa_session=" + client.cookie})
        self.socket = wire.sock
        self.answer = wire.getresponse()

    def until(self, look):
        """What `look` answers once it is true; looks again after every event."""
        patience = Patience(look)
        while not (found := look()):
            self.socket.settimeout(patience.left())
            with contextlib.suppress(TimeoutError):
                if not self.answer.readline():
                    raise AssertionError("the event stream ended")
        return found


class DevicesTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.house = House(settings=FAST).start()
        cls.addClassCleanup(cls.house.close)
        cls.admin = Client(cls.house)
        cls.admin.settle(cls.house.account("province_admin"))
        cls.events = Events(cls.admin)
        cls.clusters = [c for c in cls.admin.get("/clusters?limit=100")["items"] if c["technology"] == "ip"]

    def pole(self, **how):
        device = Pole(self.house.port, **how)
        self.addCleanup(device.close)
        return device

    def accepted(self, cluster=0):
        """A stranger that a person accepts into a cluster; it knows its place when it comes back."""
        device = self.pole()
        self.assertNotIn(1, device.attach())
        waiting = self.events.until(lambda: self.waiting(device))
        self.admin.post(f"/devices/{waiting['id']}/accept", {"cluster_id": self.clusters[cluster]["id"]})
        device.until(pole.STATE)
        self.assertEqual(device.device, waiting["id"])
        return device

    def waiting(self, device):
        listed = self.admin.get("/devices/pending")["items"]
        return next((d for d in listed if d["fingerprint"] == fingerprint(device.key.public)), None)

    def card(self, device):
        return self.admin.get(f"/devices/{device.device}")

    def faults(self, device):
        return {fault["kind"] for fault in self.card(device)["faults"]}

    def test_a_stranger_waits_until_a_person_accepts_it(self):
        device = self.accepted()
        self.assertIn(self.clusters[0]["unit"]["id"], device.path)
        self.assertFalse(device.refused)
        kinds = {head[2] for head in device.orders.values()}
        self.assertLessEqual({pole.PLACEMENT, pole.SETTINGS}, kinds)
        self.assertEqual(self.card(device)["device"]["state"], "accepted")
        self.assertEqual(self.card(device)["device"]["live"], "alive")

    def test_a_technician_sees_the_stranger_while_it_is_there(self):
        device = self.pole()
        device.attach()
        self.events.until(lambda: (found := self.waiting(device)) and found["attached"])
        device.close()
        self.events.until(lambda: not self.waiting(device)["attached"])

    def test_a_preloaded_claim_accepts_once(self):
        first = self.pole(claim="LOA-DEMO-20")
        first.attach()
        first.until(pole.STATE)
        self.assertGreater(first.device, 0)
        second = self.pole(claim="LOA-DEMO-20")
        self.assertNotIn(1, second.attach())
        self.assertEqual(second.device, 0)

    def test_its_state_is_known_again_when_it_comes_back(self):
        device = self.accepted(1)
        device.close()
        again = device.attach()
        self.assertEqual(again[1], device.device)
        self.assertGreaterEqual(again.get(2, 0), device.state_version)  # a plan may have come meanwhile
        offset, way = device.ask_time()
        self.assertGreater(way, 0)
        self.assertGreater(offset, 0)

    def test_a_changed_setting_arrives_as_a_signed_order(self):
        device = self.accepted(2)
        before = device.state_version
        self.admin.call("PATCH", f"/devices/{device.device}", {"settings": {"volume": 37}})
        device.until_so(lambda: device.volume() == 37)
        device.until(pole.STATE)
        self.assertGreater(device.state_version, before)

    def test_what_is_in_force_reaches_who_is_accepted_now(self):
        drill = self.admin.post("/drills", {"mark": os.urandom(16).hex(), "title": "Diễn tập", "signal": "chime",
                                            "unit_id": self.admin.get("/units")["items"][0]["id"], "clip": 1,
                                            "text": "Đây là diễn tập.", "valid_s": 600})["alarm"]
        device = self.accepted(18)
        self.assertIn(bytes.fromhex(drill["mark"]), device.orders)
        self.assertFalse(device.refused)
        self.admin.post(f"/alarms/{drill['id']}/cancel", {"reason": "xong"})

    def test_its_log_is_kept_and_shown(self):
        device = self.accepted(3)
        device.log(1)
        device.send_log()
        self.assertEqual(device.until(pole.LOG_KEPT)[1], device.log_seq)
        listed = self.admin.get(f"/devices/{device.device}/log")["items"]
        self.assertEqual({entry["kind"] for entry in listed}, {"boot", "order_accepted"})

    def test_a_forged_log_is_refused_and_shown(self):
        device = self.accepted(4)
        device.log(pole.ACCEPTED)
        device.send_log(forge=True)
        with self.assertRaises(Ended) as ended:
            device.until(pole.LOG_KEPT)
        self.assertEqual(ended.exception.reason, 7)
        self.events.until(lambda: "lies" in self.faults(device))
        with self.assertRaises(Ended):  # and kept out for a while
            device.attach()

    def test_who_says_that_he_is_another_is_refused_and_shown(self):
        honest, liar = self.accepted(5), self.accepted(6)
        liar.close()
        with self.assertRaises(Ended):
            liar.attach(device=honest.device)
        self.events.until(lambda: "lies" in self.faults(liar))
        self.assertNotIn("lies", self.faults(honest))

    def test_a_proof_by_another_key_is_refused(self):
        device = self.pole()
        with self.assertRaises(Ended) as ended:
            device.attach(key=pole.Key())
        self.assertEqual(ended.exception.reason, 4)

    def test_impossible_reports_are_refused_and_shown(self):
        device = self.accepted(7)
        device.say(pole.REPORT, {1: device.state_version + 1000})
        with self.assertRaises(Ended):
            device.until(pole.STATE)
        self.events.until(lambda: "lies" in self.faults(device))

    def test_the_same_key_twice_ends_the_first(self):
        device = self.accepted(8)
        twin = self.pole()
        twin.key, twin.device = device.key, device.device
        twin.attach()
        with self.assertRaises(Ended) as ended:
            device.until(pole.LISTEN)
        self.assertEqual(ended.exception.reason, 6)

    def test_a_retired_device_is_told_and_sent_away(self):
        device = self.accepted(9)
        self.admin.post(f"/devices/{device.device}/retire")
        with self.assertRaises(Ended) as ended:
            device.until(pole.LISTEN)
        self.assertIn(pole.RETIRE, {head[2] for head in device.orders.values()})
        self.assertEqual(ended.exception.reason, 5)

    def test_orders_of_a_revoked_key_are_refused(self):
        device = self.accepted(10)
        old = next(head for head in device.orders.values() if head[2] == pole.SETTINGS)
        kid = next(kid for kid, cert in device.certs.items() if cert[2] == old[4] and cert[4] & 2)
        self.house.command("keys", "rotate", "97:daily")
        device.until_so(lambda: kid in device.revoked)
        device.until_so(lambda: any(head[2] == pole.PLACEMENT and head[7] != old[7] and head[10] > old[10]
                                    for head in device.orders.values()))
        self.assertFalse(device.refused)

    def test_all_follow_to_another_root(self):
        there, away = self.accepted(15), self.accepted(16)
        away.close()
        root = there.root
        self.house.command("keys", "rotate-root")
        there.until_so(lambda: there.root != root and there.certs)
        away.attach()
        away.until_so(lambda: away.root != root and away.certs)
        fresh = self.accepted(17)
        self.assertEqual({there.root, away.root}, {fresh.root})
        self.admin.call("PATCH", f"/devices/{away.device}", {"settings": {"volume": 41}})
        away.until_so(lambda: away.volume() == 41)
        for device in (there, away, fresh):
            self.assertFalse(device.refused)
            self.assertEqual(sum(number == pole.TRUST and 3 not in fields for number, fields in device.said),
                             0 if device is fresh else 1)

    def test_messages_without_end_end_the_session(self):
        device = self.accepted(11)
        with self.assertRaises((Ended, BrokenPipeError, ConnectionResetError)):
            for _ in range(100000):
                device.say(pole.BEAT)
            device.until(pole.LISTEN)

    def test_what_is_no_message_ends_the_session_and_no_other(self):
        honest = self.accepted(12)
        for bytes_sent in (b"", b"\xff" * 40, pole.encode([3, {1: 99}]), pole.encode([15, {}]), os.urandom(300)):
            device = self.pole()
            device.connect()
            device.until(pole.HELLO)
            device.send_frame(2, bytes_sent)
            with self.assertRaises(Ended):
                device.until(pole.ATTACHED)
        honest.ask_time()

    def test_strangers_see_nothing_of_devices(self):
        with self.assertRaises(Refused):
            Client(self.house).get("/devices")


class KilledServerTest(unittest.TestCase):
    def test_devices_find_everything_again_after_a_kill(self):
        with House(settings=FAST) as house:
            device = Pole(house.port, claim="LOA-DEMO-01")
            device.attach()
            device.until(pole.STATE)
            device.log(1)
            device.send_log()
            kept = device.until(pole.LOG_KEPT)[1]
            state = device.state_version
            house.stop(signal.SIGKILL)
            with contextlib.suppress(Ended, OSError):
                device.until(pole.LISTEN)
            house.start()
            device.port = house.port
            attached = device.attach()
            self.assertEqual((attached[1], attached[4]), (device.device, kept))
            self.assertGreaterEqual(attached[2], state)
            device.close()


def fingerprint(public):
    letters = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
    bits = int.from_bytes(pole.blake(public)[:20], "big")
    text = "".join(letters[bits >> (5 * (31 - i)) & 31] for i in range(32))
    return "-".join(text[i:i + 4] for i in range(0, 32, 4))


if __name__ == "__main__":
    unittest.main()
