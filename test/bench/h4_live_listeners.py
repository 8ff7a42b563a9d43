#!/usr/bin/env python3
"""Row 14: 5,000 people listen to a live programme of 24 kbit/s: processor time of the server against
Debian's icecast2 in the same run, fed by the same encoder (ffmpeg), heard by the same client, each
alone on processor 0, the client on processor 1. And no gap: nobody waits longer than three seconds for
the next bytes, and nobody is cut."""

import asyncio
import contextlib
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = Path(os.environ.get("LOA_BUILD_DIR", ROOT / "build/release"))
os.environ.setdefault("LOA_SERVER", str(BUILD / "bin/loa-server"))
sys.path.insert(0, str(ROOT / "test/integration"))

import h3_sync
from house import Client, House
from test_devices import FAST

COUNT = int(os.environ.get("LOA_LISTENERS", "5000"))
SECONDS = 30
GAP_S = 3
TICKS = os.sysconf("SC_CLK_TCK")

ICECAST = """<icecast><limits><clients>{clients}</clients><sources>2</sources><queue-size>524288</queue-size>
<burst-size>8192</burst-size></limits><authentication><source-password>pw</source-password>
<admin-user>a</admin-user><admin-password>pw</admin-password></authentication><hostname>localhost</hostname>
<listen-socket><port>{port}</port><bind-address>127.0.0.1</bind-address></listen-socket>
<paths><basedir>{folder}</basedir><logdir>{folder}</logdir><webroot>{folder}</webroot><adminroot>{folder}</adminroot>
</paths><logging><accesslog>-</accesslog><errorlog>error.log</errorlog><loglevel>1</loglevel></logging></icecast>"""


def cpu_of(pid):
    words = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(words[11]) + int(words[12])) / TICKS


def pin(pid, processor):
    with contextlib.suppress(OSError):
        os.sched_setaffinity(pid, {processor})


def feed(address):
    return subprocess.Popen(["ffmpeg", "-v", "error", "-re", "-f", "lavfi", "-i", "sine=440:r=48000", "-c:a", "libopus",
                             "-b:a", "24k", "-vbr", "off", "-page_duration", "200000", "-f", "ogg", "-content_type",
                             "audio/ogg", address])


class Listener(asyncio.Protocol):
    """Counts what comes and how long nothing came."""

    ended = 0
    started = 0

    def __init__(self, request):
        self.request, self.bytes, self.last, self.gap = request, 0, None, 0.0

    def connection_made(self, transport):
        self.transport = transport
        transport.write(self.request)

    def data_received(self, data):
        now = time.monotonic()
        if self.last is None:
            Listener.started += 1
        else:
            self.gap = max(self.gap, now - self.last)
        self.last, self.bytes = now, self.bytes + len(data)

    def connection_lost(self, _):
        Listener.ended += 1


async def listen(port, path, pid):
    loop = asyncio.get_running_loop()
    request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nUser-Agent: bench\r\n\r\n".encode()
    listeners = []
    Listener.started = Listener.ended = 0
    for _ in range(COUNT):
        listeners.append((await loop.create_connection(lambda: Listener(request), "127.0.0.1", port))[1])
    for _ in range(60):
        if Listener.started == COUNT:
            break
        await asyncio.sleep(0.5)
    for one in listeners:
        one.bytes, one.gap, one.last = 0, 0.0, time.monotonic()
    before, begun = cpu_of(pid), time.monotonic()
    await asyncio.sleep(SECONDS)
    spent = (cpu_of(pid) - before) / (time.monotonic() - begun)
    least = min(one.bytes for one in listeners) * 8 / SECONDS / 1000
    gap = max(max(one.gap, time.monotonic() - one.last) for one in listeners)
    cut, started = Listener.ended, Listener.started
    for one in listeners:
        one.transport.abort()
    return {"cpu": spent * 100, "kbit": least, "gap": gap, "cut": cut, "started": started}


def ours():
    settings = FAST | {"connections_most": COUNT + 500, "connections_per_address": COUNT + 500}
    with House(settings=settings) as house:
        admin = Client(house)
        admin.settle(house.account("province_admin"))
        province = admin.get("/units")["items"][0]["id"]
        source = admin.post("/live/sources", {"unit_id": province, "name": "radio", "kind": "encoder", "title": "Đài",
                                              "public": True})
        encoder = feed(f"icecast://source:{source['password']}@127.0.0.1:{house.port}/source/radio")
        live = None
        for _ in range(100):
            found = [x for x in admin.get("/live?state=open")["items"] if x["state"] == "on_air"]
            if found:
                live = found[0]
                break
            time.sleep(0.2)
        pin(house.process.pid, 0)
        try:
            return asyncio.run(listen(house.port, live["address"], house.process.pid))
        finally:
            encoder.kill()


def icecast():
    with tempfile.TemporaryDirectory(prefix="loa-icecast-") as name:
        port = h3_sync.free_port()
        os.chmod(name, 0o777)
        config = Path(name, "icecast.xml")
        config.write_text(ICECAST.format(port=port, folder=name, clients=COUNT + 100))
        words = ["icecast2", "-c", str(config)]
        if os.geteuid() == 0:
            words = ["setpriv", "--reuid", "nobody", "--regid", "nogroup", "--clear-groups", *words]
        server = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(1)
        encoder = feed(f"icecast://source:pw@127.0.0.1:{port}/radio")
        time.sleep(2)
        pin(server.pid, 0)
        try:
            return asyncio.run(listen(port, "/radio", server.pid))
        finally:
            encoder.kill()
            server.kill()
            server.wait()


def main():
    if shutil.which("icecast2") is None or shutil.which("ffmpeg") is None:
        print("icecast2 and ffmpeg are needed")
        sys.exit(77)
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    if limit < COUNT + 200:
        print(f"only {limit} files may be open")
        sys.exit(77)
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
    pin(0, 1)
    mine, peer = ours(), icecast()
    whole = mine["gap"] < GAP_S and mine["cut"] == 0 and mine["started"] == COUNT
    print(json.dumps({
        "name": "h4-live-listeners", "value": round(mine["cpu"], 2), "unit": "% of a processor", "peer": "icecast2",
        "peer_value": round(peer["cpu"], 2), "ratio": round(mine["cpu"] / max(peer["cpu"], 0.01), 3),
        "goal": f"<= icecast2, no gap over {GAP_S} s", "met": mine["cpu"] <= peer["cpu"] and whole,
        "note": f"{mine['started']} of {COUNT} listeners, at least {mine['kbit']:.1f} kbit/s each, longest wait "
                f"{mine['gap']:.2f} s, {mine['cut']} cut; icecast2: {peer['started']}, {peer['kbit']:.1f} kbit/s, "
                f"{peer['gap']:.2f} s, {peer['cut']}"}), flush=True)


if __name__ == "__main__":
    main()
