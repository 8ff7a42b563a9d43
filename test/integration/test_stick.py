"""A village without a network: a technician carries a stick there and back. The stick is filled and
read by the server's own command; the device is the one written from the documentation, and the
real one."""
import ctypes
import os
import shutil
import struct
import subprocess
import tempfile
import unittest
from pathlib import Path

import pole
from house import ROOT, Client, House
from pole import Pole
from test_devices import FAST, Events

AGENT = os.environ.get("LOA_AGENT", str(ROOT / "build/debug/bin/loa-agent"))
MOVED_TO = 0x80


def read_stick(device, folder):
    """What a device takes over; sounds by name, those that are not what their name says left out."""
    loa = Path(folder, "loa")
    device.take_trust(pole.decode((loa / "trust").read_bytes())[0])
    for order in sorted((loa / "orders").iterdir()):
        device.take_order(order.read_bytes())
    sounds = {bytes.fromhex(file.name): file.read_bytes() for file in (loa / "media").iterdir()}
    return {name: sound for name, sound in sounds.items() if pole.blake(sound) == name}


def leave_log(device, folder, **how):
    piece = device.log_piece(**how)
    last = piece[1] + len(piece[3]) - 1
    file = Path(folder, "loa", "logs", f"{device.device}-{piece[1]:020}-{last:020}")
    file.write_bytes(pole.encode(piece))
    return file


class Office(unittest.TestCase):
    """Where sticks are filled and read."""

    @classmethod
    def setUpClass(cls):
        cls.house = House(settings=FAST).start()
        cls.addClassCleanup(cls.house.close)
        cls.admin = Client(cls.house)
        cls.admin.settle(cls.house.account("province_admin"))

    def setUp(self):
        self.usb = tempfile.mkdtemp(prefix="loa-usb-")
        self.addCleanup(shutil.rmtree, self.usb)

    def fill(self, what):
        return self.house.command_json("stick", "write", what, self.usb)[0]

    def read(self):
        return self.house.command_json("stick", "read", self.usb)


class StickTest(Office):
    def away(self, number, kind=pole.SETTINGS):
        """A device that has such an order, and whose network is gone from now on."""
        device = Pole(self.house.port, claim=f"LOA-DEMO-{number:02}")
        self.addCleanup(device.close)
        device.attach()
        device.until_so(lambda: any(head[2] == kind for head in device.orders.values()))
        device.send_log()
        device.until(pole.LOG_KEPT)
        device.close()
        return device

    def kinds_of_log(self, device):
        return [entry["kind"] for entry in self.admin.get(f"/devices/{device}/log?limit=100")["items"]]

    def test_orders_and_sounds_go_there_and_plays_come_back(self):
        device = self.away(1, pole.PLAN)
        self.admin.call("PATCH", f"/devices/{device.device}", {"settings": {"volume": 37}})
        filled = self.fill("97")
        self.assertEqual(filled["missing"], 0)
        sounds = read_stick(device, self.usb)
        self.assertIn(37, [pole.decode(head[11])[0].get(1) for head in device.orders.values() if head[2] == pole.SETTINGS])
        plan = [pole.decode(head[11])[0] for head in device.orders.values() if head[2] == pole.PLAN][-1]
        items = [item for item in plan[3] if 7 in item]
        self.assertTrue(items)
        self.assertLessEqual({item[7] for item in items}, set(sounds))
        for item in items[:3]:
            device.log(pole.PLAYED, item[1], ms=item[3])
        leave_log(device, self.usb)
        pieces = self.read()
        self.assertEqual([(p["verdict"], p["device_id"], p["kept"]) for p in pieces],
                         [("taken", device.device, device.log_seq)])
        self.assertEqual(self.kinds_of_log(device.device)[:3], ["item_played"] * 3)
        self.assertEqual(self.admin.get("/plays/summary?unit=1&by=day")["total"]["played"], 3)
        self.assertEqual([p["verdict"] for p in self.read()], ["known"])
        self.assertLessEqual({"stick_written", "stick_read"},
                             {line["action"] for line in self.admin.get("/audit?limit=50")["items"]})

    def test_what_was_altered_on_the_way_is_refused(self):
        device = self.away(2)
        filled = self.fill("97")
        loa = Path(self.usb, "loa")
        for file in (*(loa / "orders").iterdir(), *(loa / "media").iterdir()):
            data = bytearray(file.read_bytes())
            data[-1] ^= 1
            file.write_bytes(data)
        before = dict(device.orders)
        sounds = read_stick(device, self.usb)
        self.assertEqual((device.orders, sounds), (before, {}))
        self.assertEqual(set(device.refused.values()), {3})
        self.assertEqual(len(device.refused), filled["orders"])

    def test_forged_logs_are_refused_and_named_and_blame_nobody(self):
        device, other = self.away(3), self.away(4)
        self.fill("97")
        device.log(1)
        forged = leave_log(device, self.usb, forge=True)
        borrowed = forged.with_name(forged.name.replace(f"{device.device}-", f"{other.device}-", 1))
        other.log(1)
        borrowed.write_bytes(pole.encode(device.log_piece()))
        forged.with_name("4711-1-2").write_bytes(b"")
        forged.with_name("holiday.jpg").write_bytes(b"not ours")
        pieces = self.read()
        self.assertEqual({p["file"] for p in pieces}, {forged.name, borrowed.name, "4711-1-2"})
        self.assertEqual({p["verdict"] for p in pieces}, {"refused"})
        self.assertTrue(all(p["reason"] for p in pieces))
        for one in (device, other):
            self.assertNotIn("lies", {f["kind"] for f in self.admin.get(f"/devices/{one.device}")["faults"]})

    def test_a_piece_before_which_one_is_missing_waits_for_it(self):
        device = self.away(5)
        self.fill("97")
        device.log(1)
        first = leave_log(device, self.usb)
        device.log(1)
        leave_log(device, self.usb)
        kept = first.rename(Path(self.usb, "kept"))
        self.assertEqual([p["verdict"] for p in self.read()], ["gap"])
        kept.rename(first)
        self.assertEqual([p["verdict"] for p in self.read()], ["taken", "taken"])

    def test_a_place_without_devices_gets_no_stick(self):
        for words in (("write", "zz", self.usb), ("write", "device:4711", self.usb), ("read", self.usb),
                      ("write", "97", self.usb + "/nowhere"), ("carry", "97", self.usb)):
            self.assertNotEqual(self.house.command("stick", *words, check=False).returncode, 0, words)
        self.assertEqual(os.listdir(self.usb), [])


class Arrivals:
    """Names that are moved into a folder: what to wait for instead of the time."""

    def __init__(self, folder):
        self.libc = ctypes.CDLL(None, use_errno=True)
        self.wire = self.libc.inotify_init1(os.O_CLOEXEC)
        if self.libc.inotify_add_watch(self.wire, os.fsencode(folder), MOVED_TO) < 0:
            raise OSError(ctypes.get_errno(), folder)

    def next(self):
        event = os.read(self.wire, 4096)
        size = struct.unpack("iIII", event[:16])[3]
        return event[16:16 + size].rstrip(b"\0").decode()

    def close(self):
        os.close(self.wire)


class Speaker:
    """The real agent in a folder of its own, which hears of sticks at `usb`."""

    def __init__(self, house, usb):
        self.house, self.usb = house, usb
        self.folder = tempfile.mkdtemp(prefix="loa-agent-")
        self.process = None

    def start(self, port):
        pairs = {"server": f"ws://127.0.0.1:{port}/device/v1", "folder": self.folder, "stick": self.usb,
                 "claim": "LOA-DEMO-06", "serial": "STICK-1", "sink": "null"}
        words = [part for key, value in pairs.items() for part in ("--set", f"{key}={value}")]
        self.process = subprocess.Popen([AGENT, *words], stderr=subprocess.DEVNULL)

    def stop(self):
        if self.process is not None:
            self.process.terminate()
            self.process.wait(timeout=60)
            self.process = None

    def read_stick(self):
        """A start without a network; over when the log lies on the stick."""
        arrivals = Arrivals(Path(self.usb, "loa", "logs"))
        self.start(1)  # nobody listens there
        name = arrivals.next()
        arrivals.close()
        self.stop()
        return name

    def sounds(self):
        return {file.name for file in Path(self.folder, "media").iterdir()}

    def close(self):
        self.stop()
        shutil.rmtree(self.folder)


@unittest.skipUnless(os.path.exists(AGENT), "no loa-agent was built")
class AgentStickTest(Office):
    def enrolled(self):
        """A speaker that was accepted over the network once, and has been carried away."""
        speaker = Speaker(self.house, self.usb)
        self.addCleanup(speaker.close)
        events = Events(self.admin)
        speaker.start(self.house.port)
        found = events.until(lambda: self.admin.get("/devices?q=STICK-1")["items"])
        device = found[0]["id"]
        events.until(lambda: (self.admin.get(f"/devices/{device}")["status"] or {}).get("state_version"))
        speaker.stop()
        return speaker, device

    def log_of(self, device, kind):
        entries = self.admin.get(f"/devices/{device}/log?limit=100")["items"]
        return [entry for entry in entries if entry["kind"] == kind]

    def test_a_speaker_without_a_network_obeys_a_stick_and_no_altered_one(self):
        speaker, device = self.enrolled()
        self.admin.call("PATCH", f"/devices/{device}", {"settings": {"volume": 37}})
        self.fill(f"device:{device}")
        brought = {file.name for file in Path(self.usb, "loa", "media").iterdir()}
        piece = speaker.read_stick()
        self.assertEqual([(p["file"], p["verdict"]) for p in self.read()], [(piece, "taken")])
        self.assertEqual(len(self.log_of(device, "stick")), 1)
        self.assertTrue(self.log_of(device, "order_accepted"))
        self.assertFalse(self.log_of(device, "order_refused"))
        self.assertTrue(brought)
        self.assertLessEqual(brought, speaker.sounds())

        self.admin.call("PATCH", f"/devices/{device}", {"settings": {"volume": 38}})
        self.fill(f"device:{device}")
        for file in Path(self.usb, "loa", "orders").iterdir():
            data = bytearray(file.read_bytes())
            data[-1] ^= 1
            file.write_bytes(data)
        accepted = len(self.log_of(device, "order_accepted"))
        speaker.read_stick()
        self.assertIn("taken", [p["verdict"] for p in self.read()])
        self.assertEqual(len(self.log_of(device, "stick")), 2)
        self.assertEqual(len(self.log_of(device, "order_accepted")), accepted)
        self.assertTrue(self.log_of(device, "order_refused"))


if __name__ == "__main__":
    unittest.main()
