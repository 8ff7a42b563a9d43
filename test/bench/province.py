"""The real server on processor 0 over TLS, with a province of pretended devices (loa-sim) on
processor 1 that are known to it by a preloaded list, and two people who may raise an alarm."""

import contextlib
import http.client
import json
import os
import signal
import ssl
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "integration"))
import house  # noqa: E402

PATIENCE = 300
IDLE_S = 20


LIST_LINES = 5000  # of one preloaded list, at most


class Console(house.Client):
    """A person at the console, over TLS. The server hangs up on who is silent for long."""

    used = 0.0

    def connection(self):
        if time.monotonic() - self.used > IDLE_S:
            self.close()
        self.used = time.monotonic()
        if self.wire is None:
            self.wire = http.client.HTTPSConnection("127.0.0.1", self.house.port, timeout=120,
                                                    context=ssl._create_unverified_context())
        return self.wire

    def send(self, method, path, body=None, headers=None):
        origin = {"Origin": f"https://127.0.0.1:{self.house.port}"} if method not in ("GET", "HEAD") else {}
        return super().send(method, path, body, {**origin, **(headers or {})})


class Province(house.House):
    def __init__(self, path, port, devices, cpu="0"):
        self.cpu = cpu
        self.devices = devices
        self.port_wanted = port
        self.chain = str(path / "chain.pem")
        super().__init__({"tls_certificate": self.chain, "tls_key": str(path / "key.pem"),
                          "connections_per_address": 20000, "connections_most": 19900, "devices_most": 19900,
                          "strangers_most": 20000, "log_level": "warn"}, folder=str(path / "house"))

    def arguments(self, *words):
        words = [f"127.0.0.1:{self.port_wanted}" if word == "127.0.0.1:0" else word for word in words]
        return ["taskset", "-c", self.cpu, *super().arguments(*words)]

    def people(self):
        """Who raises, and who confirms."""
        raiser = Console(self)
        raiser.settle(self.account("province_admin"))
        unit = raiser.get("/units")["items"][0]["id"]
        made = raiser.post("/accounts", {"login": "nguoi.duyet", "name": "Người Duyệt", "unit_id": unit})
        raiser.post(f"/accounts/{made['account']['id']}/roles", {"role": "province_admin", "unit_id": unit})
        confirmer = Console(self)
        confirmer.settle({"login": made["account"]["login"], "password": made["password"]})
        self.unit = unit
        return raiser, confirmer

    def preload(self, raiser):
        clusters = [c for c in raiser.get("/clusters")["items"] if c["technology"] == "ip"]
        lines = [f"SIM-{n:02d},{clusters[n % len(clusters)]['id']},Loa {n}" for n in range(1, self.devices + 1)]
        for at in range(0, len(lines), LIST_LINES):
            text = "\n".join(["claim,cluster,name", *lines[at:at + LIST_LINES], ""])
            raiser.call("POST", "/device-lists", text.encode(), {"Content-Type": "text/csv"})

    def resident(self):
        text = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(text.split("VmRSS:")[1].split()[0])


class Sim:
    """loa-sim, asked for its figures."""

    running = []

    def __init__(self, province, link="none", ramp=None, more=(), cpu="1"):
        program = Path(os.environ["LOA_BUILD_DIR"]) / "bin/loa-sim"
        words = [str(program), "--url", f"wss://127.0.0.1:{province.port}/device/v1", "--ca", province.chain,
                 "--devices", str(province.devices), "--claim-prefix", "SIM-", "--link", link, "--report", "json",
                 "--state-dir", str(Path(province.folder) / "sim"), *more]
        if ramp is not None:
            words += ["--ramp", str(ramp)]
        self.process = subprocess.Popen(["taskset", "-c", cpu, *words], stdout=subprocess.PIPE, text=True)
        Sim.running.append(self.process)
        if "ready" not in self.process.stdout.readline():
            raise SystemExit("loa-sim did not begin")

    def figures(self):
        self.process.send_signal(signal.SIGUSR1)
        return json.loads(self.process.stdout.readline())

    def reset(self):
        self.process.send_signal(signal.SIGUSR2)
        time.sleep(0.1)

    def until(self, ready, patience=PATIENCE, every=0.5):
        end = time.monotonic() + patience
        while time.monotonic() < end:
            figures = self.figures()
            if os.environ.get("SHOW"):
                print({k: v for k, v in figures.items() if k != "orders"}, flush=True)
            if ready(figures):
                return figures
            time.sleep(every)
        raise SystemExit(f"waited in vain: {json.dumps(figures)[:2000]}")

    def stop(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        self.process.wait(timeout=60)
        self.process.stdout.close()


def raise_alarm(province, people, path="/alarms", **more):
    """The alarm, and when its second person confirmed it (UTC, us)."""
    raiser, confirmer = people
    body = {"mark": os.urandom(16).hex(), "unit_id": province.unit, "title": "Lũ quét", "text": "Đi lên chỗ cao.",
            "signal": "siren", "clip": 1, "valid_s": 3600, **more}
    begun = time.time()
    alarm = raiser.post(path, body)["alarm"]
    if alarm["state"] == "waiting":
        begun = time.time()
        alarm = confirmer.post(f"/alarms/{alarm['id']}/confirm")["alarm"]
    return alarm, begun * 1e6


def order_of(figures, mark):
    """What the devices say of this order; None while nobody has read it."""
    return next((order for order in figures["orders"] if order["id"] == mark), None)


@contextlib.contextmanager
def sims():
    """None of them outlives this."""
    try:
        yield
    finally:
        for process in Sim.running:
            if process.poll() is None:
                process.kill()
                process.wait()
