#!/usr/bin/env python3
"""A small cached page over keep-alive: our server and nginx, each alone on processor 0, wrk with 64
connections on processor 1. Rounds alternate, so that what disturbs the machine disturbs both; the
medians are compared. Only loopback is ever spoken to."""

import json
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROUNDS = 5
SECONDS = 3
PAGE = b"x" * 600
NGINX = """worker_processes 1; daemon off; pid {d}/pid; error_log {d}/error.log crit;
events {{ worker_connections 4096; }}
http {{ access_log off; keepalive_requests 1000000000; keepalive_timeout 1h; sendfile on; tcp_nopush on;
tcp_nodelay on; open_file_cache max=100; open_file_cache_valid 1h; types {{ text/html html; }}
client_body_temp_path {d}/b; proxy_temp_path {d}/p; fastcgi_temp_path {d}/f; uwsgi_temp_path {d}/u;
scgi_temp_path {d}/s; server {{ listen 127.0.0.1:{port} backlog=4096; root {d}/www; }} }}
"""


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def wait_for(port):
    end = time.monotonic() + 10
    while time.monotonic() < end:
        with socket.socket() as s:
            if s.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise SystemExit(f"nothing listens on port {port}")


def milliseconds(text):
    number, unit = re.fullmatch(r"([\d.]+)(us|ms|s)", text).groups()
    return float(number) * {"us": 0.001, "ms": 1, "s": 1000}[unit]


def load(port):
    out = subprocess.run(["taskset", "-c", "1", "wrk", "-t1", "-c64", f"-d{SECONDS}", "--latency",
                          f"http://127.0.0.1:{port}/index.html"], capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in out or "Socket errors" in out:
        raise SystemExit(f"errors under load:\n{out}")
    return (float(re.search(r"Requests/sec:\s*([\d.]+)", out)[1]),
            milliseconds(re.search(r"99%\s+(\S+)", out)[1]))


def main():
    for tool in ("wrk", "nginx", "taskset"):
        if not shutil.which(tool) and not Path("/usr/sbin", tool).exists():
            print(f"{tool} is not installed")
            return 77
    if (os.cpu_count() or 1) < 2:
        print("this measurement needs two processors")
        return 77
    server = Path(os.environ["LOA_BUILD_DIR"]) / "bench/http_server"
    folder = tempfile.mkdtemp(prefix="loa-bench-")
    ports = [free_port(), free_port()]
    os.chmod(folder, 0o755)  # nginx reads as another user
    Path(folder, "www").mkdir()
    Path(folder, "www/index.html").write_bytes(PAGE)
    Path(folder, "nginx.conf").write_text(NGINX.format(d=folder, port=ports[1]))
    started = [
        subprocess.Popen(["taskset", "-c", "0", str(server), str(ports[0])], stdout=subprocess.DEVNULL),
        subprocess.Popen(["taskset", "-c", "0", "nginx", "-p", folder, "-c", f"{folder}/nginx.conf"],
                         env={**os.environ, "PATH": os.environ["PATH"] + ":/usr/sbin"}),
    ]
    try:
        for port in ports:
            wait_for(port)
        runs = [[load(port) for port in ports] for _ in range(ROUNDS)]
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.wait()
        shutil.rmtree(folder)
    ours, peer = ([statistics.median(r[who][what] for r in runs) for what in (0, 1)] for who in (0, 1))
    note = f"wrk, 64 connections, {ROUNDS} rounds of {SECONDS} s in turn, medians; load {os.getloadavg()[0]:.1f}"
    for name, unit, index, goal, better in (("h1-http-cached-page", "requests/s", 0, 0.9, max),
                                            ("h1-http-p99", "ms", 1, 1.0, min)):
        ratio = ours[index] / peer[index]
        print(json.dumps({"name": name, "value": round(ours[index], 3), "unit": unit, "peer": "nginx",
                          "peer_value": round(peer[index], 3), "ratio": round(ratio, 3),
                          "goal": f"{'>=' if better is max else '<='} {goal} x nginx",
                          "met": ratio >= goal if better is max else ratio <= goal, "note": note}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
