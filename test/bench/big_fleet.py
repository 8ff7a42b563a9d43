"""A house with ten thousand devices and ten million lines of plays behind it: rows are put into the
database of a demo province before its server starts. For measurements only."""

import os
import sqlite3
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(os.environ["LOA_ROOT"]) / "test/integration"))
from house import Client, House  # noqa: E402

DEVICES = 10000
ROWS = 10_000_000
NOW = int(time.time() * 1e6)

CLUSTERS = """WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})
INSERT INTO clusters (station_id, unit_id, name, sort_key, search_key, technology, latitude, longitude,
    languages, power, quiet_zone, nearby, note, created_at_us)
SELECT {station}, (SELECT unit FROM places WHERE place = i % {places}), 'Cụm loa ' || i,
    CAST(printf('c%06d', i) AS BLOB), 'cum loa ' || i, 'ip', 21 + (i % 1000) / 1000.0, 105.5 + (i % 977) / 977.0,
    'vi', '', FALSE, '', '', {now} FROM n"""

DEVICES_SQL = """WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})
INSERT INTO devices (public_key, fingerprint, kind, state, cluster_id, name, sort_key, search_key, serial, model,
    program, abilities, address, sim_number, sim_operator, note, volume, gain_cap_mb, delay_us, relay_lead_ms,
    relay_hold_ms, fade_ms, beat_ms, fetch_from_min, fetch_to_min, month_budget_kb, self_test_min, drill_gain_mb,
    chunk_rate, settings_version, place_path, place_version, version, first_seen_at_us, accepted_at_us)
SELECT randomblob(32), 'BENCH-' || i, 1, 'accepted', {cluster} + (i + 1) / 2, 'Cột ' || i,
    CAST(printf('d%06d', i) AS BLOB), 'cot ' || i || ' sn-' || i, 'SN-' || i, 'Loa 50', 'loa-agent', 3, '192.0.2.1',
    '0912' || i, 'V', '', 70, 0, 0, 500, 2000, 50, 0, 0, 300, 500000, 0, 0, 0, 1,
    (SELECT path FROM places WHERE place = ((i + 1) / 2) % {places}), 1, 2, {now}, {now} FROM n"""

LINKS = """INSERT INTO device_links (device_id, server, attached_at_us, heard_at_us, lost_at_us, saved_at_us, status)
SELECT id, 1, {now}, {now}, NULL, {now}, x'' FROM devices WHERE state = 'accepted'"""

PLAYS = """WITH RECURSIVE n(i) AS (SELECT {begin} UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {end})
INSERT INTO plays (device_id, at_us, seq, item, outcome, reason, ms)
SELECT d.id, {now} - (n.i + 1) * 1200000000, n.i + 1, randomblob(16), 0, 0, 300000
FROM devices d CROSS JOIN n WHERE d.state = 'accepted' AND d.id BETWEEN {first} AND {last} ORDER BY d.id, 2"""


def paths_of(db, villages):
    """(path, village) as devices were told: units from the province down."""
    parent = dict(db.execute("SELECT unit_id, parent_id FROM unit_parents WHERE to_day = 2147483647"))
    above = {r[0] for r in db.execute("SELECT id FROM units WHERE tier = 'country'")}
    for village in villages:
        path, unit = [], village
        while unit is not None and unit not in above:
            path.insert(0, unit)
            unit = parent.get(unit)
        yield " ".join(map(str, path)), village


def fill(folder, rows=ROWS):
    db = sqlite3.connect(f"{folder}/loa.sqlite", isolation_level=None)
    db.execute("PRAGMA synchronous = OFF")
    db.execute("PRAGMA cache_size = -200000")
    villages = [r[0] for r in db.execute("SELECT id FROM units WHERE tier = 'village' AND to_day = 2147483647")]
    station = db.execute("SELECT MIN(id) FROM stations").fetchone()[0]
    before = db.execute("SELECT COALESCE(MAX(id), 0) FROM clusters").fetchone()[0]
    db.execute("CREATE TEMP TABLE places (place INTEGER PRIMARY KEY, unit INTEGER, path TEXT)")
    db.executemany("INSERT INTO places (place, unit) VALUES (?, ?)", list(enumerate(villages)))
    db.executemany("UPDATE places SET path = ? WHERE unit = ?", paths_of(db, villages))
    db.execute("BEGIN")
    db.execute(CLUSTERS.format(count=DEVICES // 2, station=station, places=len(villages), now=NOW))
    db.execute(DEVICES_SQL.format(count=DEVICES, cluster=before, places=len(villages), now=NOW))
    db.execute(LINKS.format(now=NOW))
    db.execute("UPDATE fleet_state SET version = version + 2")
    db.execute("COMMIT")
    least, most = db.execute("SELECT MIN(id), MAX(id) FROM devices WHERE state = 'accepted'").fetchone()
    for first in range(least, most + 1, 500):
        db.execute("BEGIN")
        db.execute(PLAYS.format(begin=0, end=rows // DEVICES, now=NOW, first=first, last=min(first + 499, most)))
        db.execute("COMMIT")
    kept = db.execute("SELECT COUNT(*) FROM plays").fetchone()[0]
    db.close()
    return kept


def open_house():
    """The house, not started yet, and how many plays it holds."""
    house = House()
    began = time.monotonic()
    kept = fill(house.folder)
    print(f"{kept:,} plays of {DEVICES:,} devices written in {time.monotonic() - began:.0f} s")
    return house, kept


def administrator(house):
    client = Client(house)
    client.settle(house.account("province_admin"))
    return client
