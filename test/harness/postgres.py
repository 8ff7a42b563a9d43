"""A PostgreSQL cluster of our own for one run of the tests: in a temporary folder, on a socket in
it, without a port, without durability, gone at the end. Its server refuses to be root, so as root
it runs as the user `postgres` (or nobody)."""

import glob
import os
import pathlib
import pwd
import shutil
import signal
import subprocess
import tempfile
import time

SETTINGS = [
    "fsync=off", "synchronous_commit=off", "full_page_writes=off", "listen_addresses=",
    "shared_buffers=64MB", "max_connections=200", "log_min_messages=warning", "autovacuum=off",
]


def find_bin():
    found = shutil.which("initdb")
    if found:
        return pathlib.Path(found).resolve().parent
    folders = sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda f: int(f.split("/")[4]))
    return pathlib.Path(folders[-1]) if folders else None


def who():
    """The account that the cluster runs as when we are root; None otherwise."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    return None


class Cluster:
    """Use as `with Cluster() as conninfo`; conninfo is None where PostgreSQL is not installed."""

    def __init__(self):
        self.server = None
        self.folder = None

    def __enter__(self):
        programs = find_bin()
        if programs is None:
            return None
        user = who()
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="loa-pg-"))
        as_user = {}
        if user is not None:
            os.chown(self.folder, user.pw_uid, user.pw_gid)
            as_user = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        data = self.folder / "data"
        common = {"cwd": self.folder, "stdin": subprocess.DEVNULL, **as_user}
        subprocess.run(
            [programs / "initdb", "-D", data, "-U", "loa", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"],
            check=True, stdout=subprocess.DEVNULL, env={**os.environ, "TZ": "UTC"}, **common)
        arguments = [a for setting in SETTINGS for a in ("-c", setting)]
        with open(self.folder / "log", "wb") as log:
            self.server = subprocess.Popen(
                [programs / "postgres", "-D", data, "-k", self.folder, *arguments],
                stdout=log, stderr=log, start_new_session=True, **common)
        self.wait(programs)
        return f"host={self.folder} user=loa dbname=postgres"

    def wait(self, programs):
        for _ in range(300):
            ready = subprocess.run([programs / "pg_isready", "-q", "-h", self.folder, "-U", "loa"])
            if ready.returncode == 0:
                return
            if self.server.poll() is not None:
                break
            time.sleep(0.05)
        words = (self.folder / "log").read_text(errors="replace")
        self.__exit__()
        raise SystemExit(f"the throw-away PostgreSQL did not start:\n{words}")

    def __exit__(self, *_):
        if self.server is not None and self.server.poll() is None:
            self.server.send_signal(signal.SIGINT)  # fast shutdown
            try:
                self.server.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(self.server.pid, signal.SIGKILL)
                self.server.wait()
        if self.folder is not None:
            shutil.rmtree(self.folder, ignore_errors=True)
