"""A real server in a folder of its own, and a client that speaks its API as a browser would.

Used by the black-box tests beside this file. Python's standard library only. Nothing sleeps: a
server is up when it has printed its address.
"""
import base64
import contextlib
import hashlib
import hmac
import http.client
import json
import os
import shutil
import signal
import socket
import ssl
import struct
import subprocess
import tempfile
import time
from pathlib import Path

import patience

ROOT = Path(__file__).resolve().parents[2]
SERVER = os.environ.get("LOA_SERVER", str(ROOT / "build/debug/bin/loa-server"))


class Refused(Exception):
    """An answer that is an error: status, code, and the whole body."""

    def __init__(self, status, body):
        self.status = status
        self.code = body.get("error", {}).get("code") if isinstance(body, dict) else None
        self.body = body
        super().__init__(f"{status} {self.code}: {body}")


def totp(secret, at=None):
    """The six digits of RFC 6238 for a base32 secret."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    step = struct.pack(">Q", int((at or time.time()) // 30))
    digest = hmac.new(key, step, hashlib.sha1).digest()
    at = digest[-1] & 15
    return "%06d" % ((struct.unpack(">I", digest[at:at + 4])[0] & 0x7FFFFFFF) % 1000000)


class House:
    """One server process. `settings` are key = value over the demo's own."""

    def __init__(self, settings=None, folder=None, demo=True):
        self.folder = folder or tempfile.mkdtemp(prefix="loa-test-")
        self.own_folder = folder is None
        self.settings = dict(settings or {})
        self.accounts = []
        self.process = None
        self.address = None
        self.clients = []
        if demo:
            self.accounts = self.command_json("demo")

    def arguments(self, *words):
        sets = [part for key, value in self.settings.items() for part in ("--set", f"{key}={value}")]
        return [SERVER, "--dir", self.folder, *sets, *words]

    def command(self, *words, check=True):
        return subprocess.run(self.arguments(*words), check=check, capture_output=True, text=True, timeout=120)

    def command_json(self, *words):
        lines = self.command("--json", *words).stdout.splitlines()
        return [json.loads(line) for line in lines if line.startswith("{")]

    def start(self, port=0):
        self.log = open(os.path.join(self.folder, "server.log"), "ab")
        if self.log.name not in patience.LOGS:
            patience.LOGS.append(self.log.name)
        self.process = subprocess.Popen(self.arguments("--listen", f"127.0.0.1:{port}"), stdout=subprocess.PIPE,
                                        stderr=self.log, text=True)
        with patience.killed_when_late(self.process):
            for line in self.process.stdout:
                if line.startswith("listening "):
                    self.address = line.split()[1]
                    return self
        raise RuntimeError("the server did not start: " + self.log_text()[-2000:])

    @property
    def port(self):
        return int(self.address.rsplit(":", 1)[1].rstrip("/"))

    def log_text(self):
        return Path(self.folder, "server.log").read_text(errors="replace")

    def stop(self, how=signal.SIGTERM):
        if self.process is None:
            return None
        self.process.send_signal(how)
        code = self.process.wait(timeout=60)
        self.forget_process()
        return code

    def forget_process(self):
        """After it has ended, by stop() or by itself."""
        self.process.stdout.close()
        self.log.close()
        self.process = None
        for client in self.clients:
            client.close()

    def close(self):
        try:
            self.stop(signal.SIGKILL)
        finally:
            with contextlib.suppress(ValueError):
                patience.LOGS.remove(os.path.join(self.folder, "server.log"))
            if self.own_folder:
                shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.close()

    def account(self, role):
        return next(a for a in self.accounts if a["role"] == role)

    def raw(self, data, timeout=30):
        """Sends bytes, returns all bytes until the server closes."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=timeout) as wire:
            wire.sendall(data)
            wire.shutdown(socket.SHUT_WR)
            parts = []
            while part := wire.recv(65536):
                parts.append(part)
            return b"".join(parts)


class Client:
    """One browser: keeps its cookie and CSRF token, asks in Vietnamese unless told otherwise."""

    def __init__(self, house, language="vi"):
        self.house = house
        self.language = language
        self.cookie = None
        self.csrf = None
        self.wire = None
        house.clients.append(self)

    def connection(self):
        if self.wire is None:
            if self.house.address.startswith("https"):
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
                context.check_hostname, context.verify_mode = False, ssl.CERT_NONE  # the test's own certificate
                self.wire = http.client.HTTPSConnection("127.0.0.1", self.house.port, timeout=60, context=context)
            else:
                self.wire = http.client.HTTPConnection("127.0.0.1", self.house.port, timeout=60)
        return self.wire

    def send(self, method, path, body=None, headers=None):
        """Returns status, headers, body bytes. A body that is not bytes goes as JSON."""
        head = {"Accept-Language": self.language}
        if self.cookie:
            head["Cookie"] = "loa_session=" + self.cookie
        if method not in ("GET", "HEAD"):
            head["Origin"] = self.house.address
            if self.csrf:
                head["Loa-Csrf"] = self.csrf
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body, ensure_ascii=False).encode()
            head["Content-Type"] = "application/json"
        head.update(headers or {})
        head = {name: value for name, value in head.items() if value is not None}
        try:
            self.connection().request(method, path, body, head)
            answer = self.connection().getresponse()
        except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
            self.wire.close()
            self.connection().request(method, path, body, head)
            answer = self.connection().getresponse()
        data = answer.read()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            self.cookie = cookie.split(";")[0].partition("=")[2] or None
        return answer.status, answer.headers, data

    def call(self, method, path, body=None, headers=None):
        """The JSON of the answer (None when empty); errors are raised as Refused."""
        status, _, data = self.send(method, "/api/v1" + path, body, headers)
        value = json.loads(data) if data else None
        if status >= 400:
            raise Refused(status, value)
        return value

    def get(self, path):
        return self.call("GET", path)

    def post(self, path, body=None, headers=None):
        return self.call("POST", path, {} if body is None else body, headers)

    def take(self, session):
        self.csrf = session["csrf"]
        return session

    def sign_in(self, login, password):
        return self.take(self.post("/session", {"login": login, "password": password}))

    def settle(self, account):
        """Signs in for the first time: new password, second factor where it is demanded."""
        session = self.sign_in(account["login"], account["password"])
        if "change_password" in session["must"]:
            new = "chim sáo hót trên nương chiều"
            self.call("POST", "/me/password", {"current": account["password"], "next": new})
            account["password"] = new
            session = self.take(self.get("/session"))
        if "enrol_second_factor" in session["must"]:
            made = self.post("/me/totp")
            account["totp"] = made["secret"]
            confirmed = self.post("/me/totp/confirm", {"id": made["id"], "code": totp(made["secret"])})
            account["recovery"] = confirmed["recovery_codes"]
            session = self.take(self.get("/session"))
        return session

    def close(self):
        if self.wire:
            self.wire.close()
            self.wire = None
