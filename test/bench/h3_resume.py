#!/usr/bin/env python3
"""Row 21: a sound of 3 MB on its way from the server to an agent, over a line that is cut twenty times
in the middle of it. What counts is what crosses the line, which is what a SIM is charged for: bytes of
sound in all chunks that the agent was sent, whole or torn, against the size of the sound. With
every fourth cut the agent is killed, too, and takes the sound up again from its disk."""

import contextlib
import datetime
import hashlib
import json
import os
import random
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from urllib.parse import quote

import fan
import province
import pole  # noqa: E402

CUTS = 20
SIZE = 3_000_000
RATE = 150_000  # bytes a second
LIVES = 4  # cuts in the life of an agent
VIETNAM = datetime.timezone(datetime.timedelta(hours=7))
PATIENCE_S = 300


class Line:
    """One after the other: a connection of the agent, handed on to the server until it is cut."""

    def __init__(self, port, chance):
        self.server = port
        self.chance = chance
        self.door = socket.create_server(("127.0.0.1", 0))
        self.port = self.door.getsockname()[1]
        self.sound = 0  # bytes of chunks that crossed
        self.crossed = 0
        self.cuts = 0
        self.cut_at = None  # of self.sound; None: not now
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            near, _ = self.door.accept()
            with near, contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.server)) as far:
                near.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                threading.Thread(target=self.up, args=(near, far), daemon=True).start()
                self.down(near, far)

    def up(self, near, far):
        with contextlib.suppress(OSError):
            while data := near.recv(65536):
                far.sendall(data)
        with contextlib.suppress(OSError):
            far.shutdown(socket.SHUT_RDWR)

    def down(self, near, far):
        """Frame by frame, so that it is known what is sound; a cut falls anywhere within one."""
        buffer = b""
        while b"\r\n\r\n" not in buffer:
            buffer += far.recv(65536)
        head, _, buffer = buffer.partition(b"\r\n\r\n")
        near.sendall(head + b"\r\n\r\n")
        while True:
            frame, sound, buffer = read_frame(far, buffer)
            cut = self.cut_at is not None and self.sound + sound > self.cut_at
            part = frame[:self.chance.randrange(len(frame))] if cut else frame
            near.sendall(part)
            self.crossed += len(part)
            self.sound += max(0, sound - (len(frame) - len(part)))
            time.sleep(len(part) / RATE)
            if cut:
                self.cuts += 1
                self.cut_at = self.sound + SIZE // (CUTS + 1) if self.cuts < CUTS else None
                return


def read_frame(far, buffer):
    """A frame, how much sound is in it, and the rest."""
    def need(count):
        nonlocal buffer
        while len(buffer) < count:
            data = far.recv(65536)
            if not data:
                raise OSError("the server closed")
            buffer += data
    need(2)
    size, at = buffer[1] & 127, 2
    if size == 126:
        need(4)
        size, at = struct.unpack(">H", buffer[2:4])[0], 4
    elif size == 127:
        need(10)
        size, at = struct.unpack(">Q", buffer[2:10])[0], 10
    need(at + size)
    frame, rest = buffer[:at + size], buffer[at + size:]
    return frame, sound_in(frame[at:]), rest


def sound_in(message):
    number, fields = pole.decode(message)[0] if message[:1] == b"\x82" else (0, {})
    return len(fields.get(3, b"")) if number == pole.CHUNK else 0


def make_sound(folder):
    path = Path(folder, "noise.opus")
    seconds = SIZE * 8 // 96000 + 2
    subprocess.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", f"anoisesrc=d={seconds}:r=48000", "-ac", "1", "-c:a",
                    "libopus", "-b:a", "96k", "-vbr", "off", str(path)], check=True)
    return path.read_bytes()


def plan_it(raiser, unit, data):
    """In half an hour, so that it is fetched now."""
    sound = raiser.call("POST", f"/media?title={quote('Ồn')}&language=vi&unit={unit}", data, {"Content-Type": "audio/ogg"})
    start = datetime.datetime.now(VIETNAM) + datetime.timedelta(minutes=30)
    raiser.post("/programmes", {"unit_id": unit, "name": "Ồn", "class": "priority", "start": start.strftime("%H:%M:%S"),
                                "when": {"cadence": "once", "from": start.date().isoformat()},
                                "items": [{"media": sound["media"], "language": "vi"}]})
    return sound["media"]


class Agent:
    def __init__(self, folder, port):
        self.settings = Path(folder, "agent.conf")
        self.settings.write_text(f"server = ws://127.0.0.1:{port}/device/v1\nfolder = {folder}/state\n"
                                 "claim = LOA-DEMO-01\nserial = R-1\nsink = null\n")
        self.lives = 0
        self.process = None

    def live(self):
        self.end()
        self.lives += 1
        program = Path(os.environ["LOA_BUILD_DIR"]) / "bin/loa-agent"
        self.process = subprocess.Popen([program, "-c", self.settings], stderr=subprocess.DEVNULL)

    def end(self):
        if self.process is not None:
            self.process.kill()
            self.process.wait()


def until(look, what):
    end = time.monotonic() + PATIENCE_S
    while not look():
        if time.monotonic() > end:
            raise SystemExit(f"never happened: {what}")
        time.sleep(0.1)


def is_quiet(line):
    """Nothing has crossed for three seconds."""
    before = line.sound
    time.sleep(3)
    return before == line.sound and before > 0


def is_whole(whole, agent, line):
    if line.cuts >= LIVES * agent.lives:
        agent.live()
    return whole.exists()


def main():
    why = fan.missing("ffmpeg")
    if why:
        print(why)
        return 77
    with tempfile.TemporaryDirectory() as folder, province.house.House() as house:
        raiser = province.house.Client(house)
        raiser.settle(house.account("province_admin"))
        unit = raiser.get("/units")["items"][0]["id"]
        data = make_sound(folder)
        line = Line(house.port, random.Random(21))
        agent = Agent(folder, line.port)
        try:
            agent.live()
            until(lambda: is_quiet(line), "the agent has fetched the demo's sounds")
            before, line.cut_at = line.sound, line.sound + len(data) // (CUTS + 1)
            media = plan_it(raiser, unit, data)
            whole = Path(folder, "state/media", media)
            until(lambda: is_whole(whole, agent, line), "the sound is there")
        finally:
            agent.end()
        if hashlib.blake2b(whole.read_bytes(), digest_size=32).hexdigest() != media:
            raise SystemExit("what was fetched is another sound")
        twice = 100 * (line.sound - before - len(data)) / len(data)
        print(json.dumps({"name": "h3_resume", "value": round(twice, 3), "unit": "%", "goal": "<= 2 (goal 0.5)",
                          "met": twice <= 2 and line.cuts == CUTS,
                          "note": f"of {len(data) / 1e6:.2f} MB sent twice over {line.cuts} cuts and {agent.lives} lives"}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
