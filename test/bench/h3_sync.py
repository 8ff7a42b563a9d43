#!/usr/bin/env python3
"""Rows 15, 16 and 17: how far apart two neighbouring poles sound, by cross-correlation of what they
play in windows of a second, beside two snapclients of Debian on the same links in the same run.

Ours: two engines with file sinks on pretended time, crystals of -11 and +18 ppm that wander and follow
the day, cards of their own, the clock asked as devices ask it, stored Ogg Opus at its minute. Snapcast:
real processes, playing to two halves of one null sink (so on one crystal), links pretended by a proxy
that delays without reordering. Links: 4G down 20 + exp(8) ms, up 30 + exp(15); 3G 60 + exp(40), 90 + exp(60)."""

import array
import asyncio
import contextlib
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import wave
from pathlib import Path

BUILD = Path(os.environ.get("LOA_BUILD_DIR", "build/release"))
POLES = BUILD / "bench/sync_poles"
STEADY_S = 3600
SNAP_S = 45
SETTLES_S = 20
LINKS = {"fibre": ((0, 0), (0, 0)), "4g": ((20, 8), (30, 15)), "3g": ((60, 40), (90, 60))}
# pair: the bar of row 15 and its goal, p99 in ms
PAIRS = {("fibre", "fibre"): (2, 0.3), ("4g", "4g"): (10, 2), ("4g", "fibre"): (10, 3), ("3g", "3g"): (25, 5)}


def poles(*words):
    out = subprocess.run([POLES, *map(str, words)], capture_output=True, text=True, check=True).stdout
    values = {}
    for line in out.splitlines():
        key, value = line.split()
        values.setdefault(key, []).append(float(value))
    return {key: found if key == "window" else found[0] for key, found in values.items()}


def say(name, value, peer, peer_value, bar, goal, note, unit="ms"):
    print(json.dumps({
        "name": f"h3-sync-{name}", "value": round(value, 4), "unit": unit, "peer": peer,
        "peer_value": peer_value, "ratio": round(value / peer_value, 3) if peer_value else None,
        "goal": f"<= {bar} (goal {goal})", "met": value <= bar, "note": note}), flush=True)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


async def carry(reader, writer, law, chance):
    """One direction: each piece leaves after its own delay, never before the one ahead of it."""
    loop, queue, free = asyncio.get_running_loop(), asyncio.Queue(), 0.0

    async def send():
        while True:
            due, piece = await queue.get()
            if due > loop.time():
                await asyncio.sleep(due - loop.time())
            writer.write(piece)

    sender = asyncio.create_task(send())
    with contextlib.suppress(ConnectionError):
        while piece := await reader.read(65536):
            delay = (law[0] + (chance.expovariate(1 / law[1]) if law[1] else 0)) / 1000
            free = max(free, loop.time() + delay)
            await queue.put((free, piece))
    sender.cancel()


async def proxy(link, port, target, seed):
    chance = random.Random(seed)
    down, up = LINKS[link]

    async def on_client(reader, writer):
        writer.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", target)
        await asyncio.gather(carry(reader, far_writer, up, chance), carry(far_reader, writer, down, chance))

    return await asyncio.start_server(on_client, "127.0.0.1", port)


PULSE = """load-module module-native-protocol-unix socket={folder}/pulse auth-anonymous=1
load-module module-null-sink sink_name=four rate=48000 channels=4 channel_map=front-left,front-right,rear-left,rear-right
load-module module-remap-sink sink_name=pole0 master=four channels=2 master_channel_map=front-left,front-right """ \
    """channel_map=front-left,front-right remix=no
load-module module-remap-sink sink_name=pole1 master=four channels=2 master_channel_map=rear-left,rear-right """ \
    """channel_map=front-left,front-right remix=no
"""


def pulse_env(folder, **more):
    """A sound server of our own, with nothing of the user's."""
    return {**os.environ, "HOME": str(folder), "PULSE_RUNTIME_PATH": str(folder), "PULSE_STATE_PATH": str(folder),
            "XDG_RUNTIME_DIR": str(folder), "PULSE_SERVER": f"unix:{folder}/pulse", **more}


def write_mono(path, frames):
    with wave.open(str(path), "wb") as out:
        out.setparams((1, 2, 48000, 0, "NONE", ""))
        out.writeframes(frames.tobytes())


async def feed(fifo, seconds):
    """Noise up to some 3 kHz, as speech has it, at the pace of time."""
    rough = [random.randint(-20000, 20000) for _ in range(48000 + 12)]
    piece = array.array("h", (sum(rough[i // 2:i // 2 + 12]) // 12 for i in range(48000 * 2)))
    fd = await asyncio.to_thread(os.open, fifo, os.O_WRONLY)
    began = time.monotonic()
    for turn in range(int(seconds * 50)):
        at = turn % 49 * 960 * 2
        await asyncio.to_thread(os.write, fd, piece[at:at + 1920].tobytes())
        await asyncio.sleep(max(0, began + turn / 50 - time.monotonic()))
    os.close(fd)


async def start(*words, env=None, out=subprocess.DEVNULL):
    return await asyncio.create_subprocess_exec(*map(str, words), env=env, stdout=out, stderr=subprocess.DEVNULL)


async def snap_pair(pair, folder):
    """Both clients play to two halves of one sink of four channels, so to one crystal; its sound."""
    port, fifo, script, sound = free_port(), folder / "fifo", folder / "pulse.pa", folder / "four.raw"
    os.mkfifo(fifo)
    script.write_text(PULSE.format(folder=folder))
    pulse = await start("pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", "-F", script,
                        env=pulse_env(folder))
    server = await start(
        "snapserver", "-c", "/dev/null", f"--stream.source=pipe://{fifo}?name=noise&mode=read", "--stream.codec=opus",
        f"--stream.port={port}", "--http.enabled=false", "--tcp.enabled=false", f"--server.datadir={folder}")
    feeder = asyncio.create_task(feed(fifo, SNAP_S + 12))
    await asyncio.sleep(1.5)
    processes, gates = [server, pulse], []
    for number, link in enumerate(pair):
        gate = free_port()
        gates.append(await proxy(link, gate, port, number + 1))
        processes.insert(0, await start(
            "snapclient", "-h", "127.0.0.1", "-p", gate, "--hostID", f"pole{number}", "-i", number + 1, "--player",
            "pulse", "--mixer", "none", "--logsink", "null", env=pulse_env(folder, PULSE_SINK=f"pole{number}")))
    with sound.open("wb") as out:
        processes.insert(0, await start(
            "parec", "-d", "four.monitor", "--raw", "--channels=4", "--rate=48000", "--format=s16le", "--no-remix",
            "--channel-map=front-left,front-right,rear-left,rear-right", env=pulse_env(folder), out=out))
        await asyncio.sleep(SNAP_S)
    feeder.cancel()
    for process in processes:
        if process.returncode is None:
            process.send_signal(signal.SIGKILL)
        await process.wait()
    for gate in gates:
        gate.close()
    return sound.read_bytes()


def snapcast(pair):
    """p99 after the first seconds, the worst of those, and the share of broken windows."""
    with tempfile.TemporaryDirectory(prefix="loa-snap-") as name:
        folder, frames = Path(name), array.array("h")
        sound = asyncio.run(snap_pair(pair, folder))
        frames.frombytes(sound[:len(sound) // 8 * 8])
        if not any(frames[0::4]) or not any(frames[2::4]):
            return None
        for number in (0, 1):
            write_mono(folder / f"{number}.wav", frames[number * 2::4])
        found = poles("compare", folder / "0.wav", folder / "1.wav", 0, 0)
    windows = found.get("window", [])
    steady = sorted(abs(off) for off in windows[SETTLES_S:])
    if not steady:
        return None
    return {"p99": steady[min(len(steady) - 1, len(steady) * 99 // 100)], "broken": found["broken"],
            "first": max(abs(off) for off in windows[:SETTLES_S])}


def main():
    has_peer = all(map(shutil.which, ("snapserver", "snapclient", "pulseaudio", "parec")))
    for pair, (bar, goal) in PAIRS.items():
        name = "-".join(pair)
        ours = poles("steady", *pair, STEADY_S)
        start = poles("start", *pair)
        peer = snapcast(pair) if has_peer else None
        note = (f"p50 {ours['p50']:.2f}, worst {ours['max']:.2f} ms of {ours['windows']:.0f} windows of an hour; "
                f"broken {ours['broken']:.1%}")
        if peer:
            note += f"; Snapcast broken {peer['broken']:.0%}, on one crystal"
        say(f"steady-{name}", ours["p99"], "Snapcast", peer and peer["p99"], bar, goal, note)
        say(f"start-{name}", start["max"], "Snapcast", peer and peer["first"], bar, goal,
            "worst window of the first 20 s of 8 fresh starts: inside the bar from the first second")
    day = poles("day", "3g")
    say("breaks-3g", day["breaks"], None, None, 0, 0, f"a simulated day; {day['slewed']:.0f} single samples slewed", "")
    for link in ("fibre", "4g", "3g"):
        hold = poles("hold", link)
        say(f"hold-hour-{link}", hold["hour"], "free crystal of 18 ppm", 64.8, 10, 5,
            "worst of 16 seeds, after 6 h attached")
        say(f"hold-day-{link}", hold["day"], "free crystal of 18 ppm", 1555, 150, 150, "the same, 24 h")
    return 0


if __name__ == "__main__":
    sys.exit(main())
