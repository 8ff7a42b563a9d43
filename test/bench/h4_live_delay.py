#!/usr/bin/env python3
"""Row 13: one-way delay of live sound, from the microphone's stamp to the sample that leaves the
loudspeaker: the real server, the real agent with a file sink, a page's microphone that sends a click
every three seconds, and links pretended by a proxy that delays without reordering (h3_sync). The device's line
delays as given; the microphone is near the server. Also: how much of the sound was missing."""

import array
import asyncio
import contextlib
import json
import os
import sys
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = Path(os.environ.get("LOA_BUILD_DIR", ROOT / "build/release"))
os.environ.setdefault("LOA_SERVER", str(BUILD / "bin/loa-server"))
sys.path.insert(0, str(ROOT / "test/integration"))

import h3_sync
import microphone
from house import Client, House
from test_devices import FAST, Events
from test_loudspeaker import Loudspeaker

SECONDS = int(os.environ.get("LOA_LIVE_SECONDS", "90"))
GOALS = {"fibre": (400, 200), "4g": (900, 600), "3g": (2000, 1500)}  # ms
CYCLE = 150  # packets
RATE, AHEAD_S, LOUD, HEAD = 48000, 0.02, 3000, 44  # the file sink writes so long before it is heard


class Clicks(microphone.Microphone):
    """A click of 20 ms every three seconds in quiet noise; `sent` are the stamps of the clicks."""

    def __init__(self, client, live):
        self.sent = []
        quiet = [[(n * 7919 + i * 104729) % 200 - 100 for i in range(960)] for n in range(CYCLE)]
        quiet[25] = [12000 if i % 24 < 12 else -12000 for i in range(960)]
        opus = microphone.Opus(32000)
        super().__init__(client, live, [opus.encode(frame) for frame in quiet])

    def speak(self):
        begun, stamp, number = time.monotonic(), time.time(), 0
        with contextlib.suppress(OSError):
            while not self.stops.wait(max(0, begun + (number + 1) * 0.02 - time.monotonic())):
                at = stamp + number * 0.02
                if number % CYCLE == 25:
                    self.sent.append(at)
                self.socket.send(microphone.frame(int(at * 1e6), [self.packets[number % CYCLE]]))
                number += 1


def watch(path, stops, ret):
    """When sample 0 was heard: the file grows at the pace of the sink, so the earliest growth counts."""
    best, seen = float("inf"), (path.stat().st_size - HEAD) // 2
    while not stops.wait(0.002):
        size = (path.stat().st_size - HEAD) // 2
        if size > seen:
            best, seen = min(best, time.time() - seen / RATE), size
    ret.append(best + AHEAD_S)


def onsets(path):
    samples = array.array("h")
    samples.frombytes(path.read_bytes()[HEAD:HEAD + (path.stat().st_size - HEAD) // 2 * 2])
    found, quiet_until = [], 0
    for number, sample in enumerate(samples):
        if abs(sample) > LOUD and number >= quiet_until:
            found.append(number)
            quiet_until = number + RATE // 2
    return found


def delays(sent, heard):
    """Each click that was heard, against the last one sent before it."""
    out = []
    for at in heard:
        before = [stamp for stamp in sent if 0 < at - stamp < 2.9]
        if before:
            out.append((at - before[-1]) * 1000)
    return out


class Lines:
    """The proxy on a loop of its own."""

    def __init__(self, link, target):
        self.port = h3_sync.free_port()
        self.loop = asyncio.new_event_loop()
        threading.Thread(target=self.loop.run_forever, daemon=True).start()
        asyncio.run_coroutine_threadsafe(h3_sync.proxy(link, self.port, target, 7), self.loop).result(10)


def measure(link):
    with House(settings=FAST) as house:
        admin = Client(house)
        admin.settle(house.account("province_admin"))
        events = Events(admin)
        lines = Lines(link, house.port)
        house.settings["tls_certificate"] = ""
        speaker = Loudspeaker(house, "LOA-DEMO-01")
        text = speaker.settings.read_text().replace(f"wss://localhost:{house.port}", f"ws://127.0.0.1:{lines.port}")
        speaker.settings.write_text("".join(line + "\n" for line in text.splitlines() if "ca_file" not in line) +
                                    f"link = {link}\n")
        stops, zero = threading.Event(), []
        watcher = threading.Thread(target=watch, args=(speaker.wav, stops, zero))
        speaker.start()
        try:
            events.until(lambda: any(d["live"] == "alive" for d in admin.get("/devices")["items"]))
            province = admin.get("/units")["items"][0]["id"]
            live = admin.post("/live", {"mark": os.urandom(16).hex(), "unit_id": province, "title": "Đo"})
            clicks = Clicks(admin, live["id"])
            watcher.start()  # what was lost while everything started shifts the file
            clicks.stops.wait(SECONDS)
            said = clicks.until(lambda said: said["devices"] == 1)
            clicks.close()
        finally:
            stops.set()
            watcher.join()
            speaker.stop()
        heard = [zero[0] + number / RATE for number in onsets(speaker.wav)]
        found = sorted(delays(clicks.sent, heard))
        speaker.close()
        missed = 1 - len(found) / max(1, len([s for s in clicks.sent if s < max(heard, default=0)]))
        return found, missed, said


def main():
    for link, (bar, goal) in GOALS.items():
        found, missed, said = measure(link)
        if not found:
            print(json.dumps({"name": f"h4-live-delay-{link}", "value": None, "unit": "ms", "met": False,
                              "note": "nothing was heard"}), flush=True)
            continue
        p99 = found[min(len(found) - 1, len(found) * 99 // 100)]
        print(json.dumps({
            "name": f"h4-live-delay-{link}", "value": round(p99, 1), "unit": "ms", "peer": None, "peer_value": None,
            "ratio": None, "goal": f"<= {bar} p99 (best {goal})", "met": p99 <= bar and missed <= 0.02,
            "note": f"p50 {found[len(found) // 2]:.0f}, worst {found[-1]:.0f} ms of {len(found)} clicks; "
                    f"not heard {missed:.1%}; the place's delay {said['delay_ms']} ms"}), flush=True)


if __name__ == "__main__":
    main()
