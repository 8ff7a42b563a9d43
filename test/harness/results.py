"""The memory of test runs: build/test-results.sqlite, so that "which tests became slow" is a query.

    select * from slow;           -- the view behind `make slow`
"""

import sqlite3
import subprocess
import time

SCHEMA = """
create table if not exists runs (
    id integer primary key, began_at text not null, revision text, build text not null,
    filter text, passed integer, failed integer, skipped integer, seconds real);
create table if not exists results (
    run_id integer not null references runs(id) on delete cascade,
    suite text not null, program text not null, name text not null,
    outcome text not null, seconds real not null, message text not null);
create index if not exists results_by_name on results (suite, program, name, run_id);
create view if not exists slow as
with numbered as (
    select r.suite, r.program, r.name, r.seconds,
           row_number() over (partition by r.suite, r.program, r.name order by r.run_id desc) as age
      from results r join runs on runs.id = r.run_id
     where r.outcome = 'passed')
select suite, program, name,
       avg(seconds) filter (where age <= 3) as now_s,
       avg(seconds) filter (where age > 3) as before_s
  from numbered group by suite, program, name
having count(*) > 5 and now_s > 2 * before_s and now_s > before_s + 0.1
 order by now_s - before_s desc;
"""
KEEP_RUNS = 300


def open_results(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    db = sqlite3.connect(path, timeout=30)
    db.execute("pragma foreign_keys = on")
    db.executescript(SCHEMA)
    return db


def revision(root):
    asked = subprocess.run(["git", "describe", "--always", "--dirty"], cwd=root, capture_output=True, text=True)
    return asked.stdout.strip() or None


def save(path, root, run, rows):
    """rows: (suite, program, Outcome)."""
    with open_results(path) as db:
        cursor = db.execute(
            "insert into runs (began_at, revision, build, filter, passed, failed, skipped, seconds)"
            " values (?, ?, ?, ?, ?, ?, ?, ?)",
            (time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(run["began"])), revision(root), run["build"],
             run["filter"], run["passed"], run["failed"], run["skipped"], run["seconds"]))
        db.executemany(
            "insert into results values (?, ?, ?, ?, ?, ?, ?)",
            [(cursor.lastrowid, suite, program, o.name, o.outcome, o.seconds, o.message[:4000])
             for suite, program, o in rows])
        db.execute("delete from runs where id <= ?", (cursor.lastrowid - KEEP_RUNS,))


def show_slow(path):
    with open_results(path) as db:
        rows = db.execute("select * from slow limit 30").fetchall()
    for suite, program, name, now_s, before_s in rows:
        print(f"{before_s:8.2f} s → {now_s:6.2f} s  {suite} {program}: {name}")
    if not rows:
        print("no test became slower (at least six runs of it are needed to say)")
