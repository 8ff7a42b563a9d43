#!/usr/bin/env python3
"""The status page of 10,000 devices after 10 million stored rows: what the page asks for when it
opens (counts, first lines, digest of faults), and the map with all points, through the real server
over loopback, client and JSON included. Beside it the question that a server without the fleet in
memory asks its database, the latest row of each device, on the same rows."""

import json
import sqlite3
import statistics
import sys
import time

from big_fleet import DEVICES, administrator, open_house

TIMES = 200
PAGE = ("/devices/summary", "/devices?limit=50", "/faults/digest")
LATEST = """SELECT p.device_id, p.item, p.at_us FROM plays p
JOIN (SELECT device_id, MAX(at_us) AS at_us FROM plays GROUP BY device_id) l
    ON l.device_id = p.device_id AND l.at_us = p.at_us"""


def took(client, paths):
    began = time.perf_counter()
    size = 0
    for path in paths:
        status, _, data = client.send("GET", "/api/v1" + path)
        size += len(data)
        if status != 200:
            raise SystemExit(f"{path}: {status} {data[:200]}")
    return (time.perf_counter() - began) * 1000, size


def measure(client, paths):
    times = [took(client, paths)[0] for _ in range(TIMES)]
    return statistics.mean(times), sorted(times)[int(TIMES * 0.99)], took(client, paths)[1]


def peer(folder):
    """Milliseconds of the latest row of each device, the best of three."""
    db = sqlite3.connect(f"file:{folder}/loa.sqlite?mode=ro", uri=True)
    best = None
    for _ in range(3):
        began = time.perf_counter()
        if len(db.execute(LATEST).fetchall()) < DEVICES:
            raise SystemExit("the peer found too few rows")
        spent = (time.perf_counter() - began) * 1000
        best = spent if best is None else min(best, spent)
    db.close()
    return best


def row(name, value, peer_value, limit, goal, note):
    print(json.dumps({"name": name, "value": value, "unit": "ms", "peer": "SQLite, latest row of each device",
                      "peer_value": peer_value, "ratio": value / peer_value, "goal": goal, "met": value <= limit,
                      "note": note}), flush=True)


def main():
    house, kept = open_house()
    try:
        house.start()
        client = administrator(house)
        if client.get("/devices?limit=1")["total"] != DEVICES:
            raise SystemExit("not all devices are there")
        page = measure(client, PAGE)
        shown = measure(client, ("/devices/map",))
        found = measure(client, ("/devices?limit=50&q=sn-77&state=late",))
        other = peer(house.folder)
        row("h3-status-page", page[0], other, 5, "<= 20 ms, goal 5",
            f"three requests, p99 {page[1]:.1f} ms, {page[2] // 1024} KiB, after {kept:,} rows; "
            f"a search with a filter {found[0]:.1f} ms")
        row("h3-status-map", shown[0], other, 20, "<= 20 ms",
            f"{DEVICES:,} points in {shown[2] // 1024} KiB, p99 {shown[1]:.1f} ms")
    finally:
        house.close()


if __name__ == "__main__":
    sys.exit(main())
