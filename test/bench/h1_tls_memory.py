#!/usr/bin/env python3
"""Memory of an idle TLS connection that has had one answer: how much the resident set of the server
grows for 10,000 of them, beside a bare OpenSSL server with the same settings. Only loopback."""

import json
import os
import resource
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

COUNT = 10000
ABOVE_FLOOR_KB = 13


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def resident_kb(pid):
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    raise SystemExit("no VmRSS")


def per_connection(command, port, client, count):
    """kB of growth for each connection; a few before the count, so that what is made once is there."""
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    holders = []

    def hold(number):
        holder = subprocess.Popen([client, "open", str(port), str(number)], stdin=subprocess.PIPE,
                                  stdout=subprocess.PIPE, text=True)
        holders.append(holder)
        if holder.stdout.readline() != "open\n":
            raise SystemExit("the connections could not be opened")

    try:
        if server.stdout.readline() != "ready\n":
            raise SystemExit(f"{command[0]} did not start")
        hold(100)
        before = resident_kb(server.pid)
        hold(count)
        return (resident_kb(server.pid) - before) / count
    finally:
        for process in holders + [server]:
            process.kill()
            process.wait()


def main():
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    count = min(COUNT, limit - 1000) if limit != resource.RLIM_INFINITY else COUNT
    bench = Path(os.environ["LOA_BUILD_DIR"]) / "bench"
    client = str(bench / "tls_idle")
    folder = tempfile.mkdtemp(prefix="loa-bench-")
    chain, key = f"{folder}/chain.pem", f"{folder}/key.pem"
    try:
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                        "-keyout", key, "-out", chain, "-subj", "/CN=localhost", "-days", "2"],
                       check=True, stderr=subprocess.DEVNULL)
        port = free_port()
        floor = per_connection([client, "floor", str(port), chain, key], port, client, count)
        port = free_port()
        ours = per_connection([str(bench / "http_server"), str(port), chain, key], port, client, count)
    finally:
        shutil.rmtree(folder)
    print(json.dumps({"name": "h1-tls-idle-memory", "value": round(ours, 2), "unit": "kB/connection",
                      "peer": "bare OpenSSL", "peer_value": round(floor, 2), "ratio": round(ours / floor, 3),
                      "goal": f"<= floor + {ABOVE_FLOOR_KB} kB", "met": ours <= floor + ABOVE_FLOOR_KB,
                      "note": f"{count} connections after one answer each; ours is {ours - floor:+.2f} kB from the floor"}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
