"""Servers that send one message to thousands, each alone on processor 0, and the client of
fan_client.c on processor 1: ours, nchan in nginx, Mosquitto with MQTT 5, and the bare floor. The
peers run as their packages configure them; only addresses, certificates and the number of
connections are set."""

import contextlib
import os
import resource
import shutil
import socket
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

FILES = 20000
NGINX = """load_module /usr/lib/nginx/modules/ngx_nchan_module.so;
worker_processes 1; worker_rlimit_nofile {files}; daemon off; pid {d}/pid; error_log {d}/error.log crit;
events {{ worker_connections {files}; }}
http {{ access_log off; client_body_temp_path {d}/b; proxy_temp_path {d}/p; fastcgi_temp_path {d}/f;
uwsgi_temp_path {d}/u; scgi_temp_path {d}/s; keepalive_timeout 1h; keepalive_requests 1000000;
server {{ listen 127.0.0.1:{port} backlog=4096{ssl}; {certificate}
location = /sub {{ nchan_subscriber websocket; nchan_channel_id a; }}
location = /pub {{ nchan_publisher http; nchan_channel_id a; nchan_message_buffer_length 1; }} }} }}
"""
MOSQUITTO = """listener {port} 127.0.0.1
allow_anonymous true
persistence false
log_type error
max_connections -1
user root
{certificate}
"""


def missing(*tools):
    """Why it cannot be measured here, or None."""
    path = os.environ["PATH"] + ":/usr/sbin"
    for tool in tools:
        if not shutil.which(tool, path=path):
            return f"{tool} is not installed"
    if (os.cpu_count() or 1) < 2:
        return "this measurement needs two processors"
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    if hard != resource.RLIM_INFINITY and hard < FILES:
        return f"this measurement needs {FILES} descriptors"
    return None


def raise_limit():
    resource.setrlimit(resource.RLIMIT_NOFILE, (FILES, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))


def free_port():
    """Below the range of the clients' own ports."""
    for port in range(9200, 9900):
        with socket.socket() as s:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with contextlib.suppress(OSError):
                s.bind(("127.0.0.1", port))
                return port
    raise SystemExit("no free port")


def wait_for(port):
    end = time.monotonic() + 20
    while time.monotonic() < end:
        with socket.socket() as s:
            if s.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise SystemExit(f"nothing listens on port {port}")


@contextlib.contextmanager
def folder():
    path = Path(tempfile.mkdtemp(prefix="loa-bench-"))
    path.chmod(0o755)
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                    "-keyout", path / "key.pem", "-out", path / "chain.pem", "-days", "2", "-subj", "/CN=localhost",
                    "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"], check=True, capture_output=True)
    (path / "key.pem").chmod(0o644)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def bench(name):
    return str(Path(os.environ["LOA_BUILD_DIR"]) / "bench" / name)


def command(name, path, port, tls):
    """How this server is started, and how the client speaks to it."""
    pair = [str(path / "chain.pem"), str(path / "key.pem")] if tls else []
    if name == "loa":
        return [bench("http_server"), str(port), *pair], ["ws", "/ws", "/publish"]
    if name == "floor":
        return [bench("fan_floor"), str(port), *pair], ["raw", "/", "/"]
    if name == "nchan":
        certificate = f"ssl_certificate {pair[0]}; ssl_certificate_key {pair[1]}; ssl_protocols TLSv1.3;" if tls else ""
        (path / "nginx.conf").write_text(NGINX.format(d=path, port=port, files=FILES, ssl=" ssl" if tls else "",
                                                      certificate=certificate))
        return ["nginx", "-p", str(path), "-c", str(path / "nginx.conf")], ["ws", "/sub", "/pub"]
    certificate = f"certfile {pair[0]}\nkeyfile {pair[1]}\n" if tls else ""
    (path / "mosquitto.conf").write_text(MOSQUITTO.format(port=port, certificate=certificate))
    return ["mosquitto", "-c", str(path / "mosquitto.conf")], ["mqtt", "/", "/"]


def worker_of(process, name):
    """The process that does the work: nginx has a child for it."""
    if name != "nchan":
        return process.pid
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    return int(children[0])


def resident(pid):
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    return 0


class Busy:
    """Two loops that never rest on processor 0, one on processor 1."""

    def __enter__(self):
        self.loops = [subprocess.Popen(["taskset", "-c", cpu, "sh", "-c", "while :; do :; done"])
                      for cpu in ("0", "0", "1")]

    def __exit__(self, *_):
        for loop in self.loops:
            loop.kill()
            loop.wait()


def measure(name, count, rounds, tls=True, busy=False, nice=0):
    """Rounds in milliseconds, processor time for a delivery in us, kB of memory for a connection."""
    with folder() as path:
        port = free_port()
        words, (kind, subscribe, publish) = command(name, path, port, tls)
        env = {**os.environ, "PATH": os.environ["PATH"] + ":/usr/sbin"}
        server = subprocess.Popen(["taskset", "-c", "0", "nice", "-n", str(nice), *words], env=env,
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            wait_for(port)
            pid = worker_of(server, name)
            before = resident(pid)
            client = subprocess.Popen(["taskset", "-c", "1", bench("fan_client"), kind, str(port),
                                       "tls" if tls else "plain", str(count), str(rounds), str(pid), subscribe,
                                       publish], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            if client.stdout.readline() != "open\n":
                raise SystemExit(f"{name}: the client did not connect")
            memory = (resident(pid) - before) / count
            with Busy() if busy else contextlib.nullcontext():
                said = client.communicate("go\n", timeout=600)[0].split("\n")
            if client.returncode:
                raise SystemExit(f"{name}: the client failed")
        finally:
            server.terminate()
            server.wait()
    return [float(line) for line in said if line and line[0].isdigit()], float(said[-2].split()[1]), memory


def mean(values):
    return statistics.fmean(values)
