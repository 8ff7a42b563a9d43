"""Where letters end in a test: a push service that a browser of the test has subscribed to, and a
mail server. Both are threads of the test on free loopback ports. Written from the RFCs alone (8188,
8291, 8292, 5321), with Python's standard library: what this can open, a browser can.
"""
import base64
import email
import email.policy
import hashlib
import hmac
import http.server
import json
import os
import queue
import socketserver
import ssl
import threading

WAIT = 60  # seconds until a test says what is missing

# --- P-256 ----------------------------------------------------------------------------------------

P = 0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF
N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
G = (0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
     0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5)


def add(one, other):
    if one is None or other is None:
        return one or other
    if one[0] == other[0]:
        if (one[1] + other[1]) % P == 0:
            return None
        slope = (3 * one[0] * one[0] - 3) * pow(2 * one[1], -1, P)
    else:
        slope = (other[1] - one[1]) * pow(other[0] - one[0], -1, P)
    x = (slope * slope - one[0] - other[0]) % P
    return x, (slope * (one[0] - x) - one[1]) % P


def multiply(number, point):
    result = None
    while number:
        if number & 1:
            result = add(result, point)
        point, number = add(point, point), number >> 1
    return result


def point_bytes(point):
    return b"\x04" + point[0].to_bytes(32, "big") + point[1].to_bytes(32, "big")


def point_of(data):
    assert len(data) == 65 and data[0] == 4
    return int.from_bytes(data[1:33], "big"), int.from_bytes(data[33:], "big")


def verifies(public, message, signature):
    """ECDSA with SHA-256, r and s of 32 bytes each."""
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    digest = int.from_bytes(hashlib.sha256(message).digest(), "big")
    w = pow(s, -1, N)
    point = add(multiply(digest * w % N, G), multiply(r * w % N, point_of(public)))
    return len(signature) == 64 and point is not None and point[0] % N == r


# --- AES-128-GCM ----------------------------------------------------------------------------------


def double(byte):
    return (byte << 1 ^ (0x1B if byte & 0x80 else 0)) & 0xFF


def make_sbox():
    box, p, q = [0] * 256, 1, 1
    while True:
        p = p ^ double(p)
        q ^= q << 1
        q ^= q << 2
        q ^= q << 4
        q &= 0xFF
        q ^= 0x09 if q & 0x80 else 0
        x = q ^ (q << 1 | q >> 7) ^ (q << 2 | q >> 6) ^ (q << 3 | q >> 5) ^ (q << 4 | q >> 4)
        box[p] = (x ^ 0x63) & 0xFF
        if p == 1:
            break
    box[0] = 0x63
    return box


SBOX = make_sbox()


def expand_key(key):
    words, round_constant = [list(key[i:i + 4]) for i in range(0, 16, 4)], 1
    for i in range(4, 44):
        word = list(words[i - 1])
        if i % 4 == 0:
            word = [SBOX[byte] for byte in word[1:] + word[:1]]
            word[0] ^= round_constant
            round_constant = double(round_constant)
        words.append([a ^ b for a, b in zip(words[i - 4], word)])
    return [sum(words[i:i + 4], []) for i in range(0, 44, 4)]


def mix(column):
    a, b, c, d = column
    return [double(a) ^ double(b) ^ b ^ c ^ d, a ^ double(b) ^ double(c) ^ c ^ d,
            a ^ b ^ double(c) ^ double(d) ^ d, double(a) ^ a ^ b ^ c ^ double(d)]


def encrypt_block(keys, block):
    state = [a ^ b for a, b in zip(block, keys[0])]
    for number in range(1, 11):
        state = [SBOX[byte] for byte in state]
        state = [state[(i + 4 * (i % 4)) % 16] for i in range(16)]
        if number < 10:
            state = sum((mix(state[i:i + 4]) for i in range(0, 16, 4)), [])
        state = [a ^ b for a, b in zip(state, keys[number])]
    return bytes(state)


def gf_multiply(x, y):
    z = 0
    for bit in range(127, -1, -1):
        z ^= x if y >> bit & 1 else 0
        x = x >> 1 ^ (0xE1 << 120 if x & 1 else 0)
    return z


def gcm_open(key, nonce, sealed):
    keys = expand_key(key)
    data, tag = sealed[:-16], sealed[-16:]
    h = int.from_bytes(encrypt_block(keys, bytes(16)), "big")
    sum_of = 0
    padded = data + bytes(-len(data) % 16) + (0).to_bytes(8, "big") + (8 * len(data)).to_bytes(8, "big")
    for i in range(0, len(padded), 16):
        sum_of = gf_multiply(sum_of ^ int.from_bytes(padded[i:i + 16], "big"), h)
    first = encrypt_block(keys, nonce + (1).to_bytes(4, "big"))
    assert (sum_of ^ int.from_bytes(first, "big")).to_bytes(16, "big") == tag, "the seal is broken"
    plain = b""
    for i in range(0, len(data), 16):
        pad = encrypt_block(keys, nonce + (2 + i // 16).to_bytes(4, "big"))
        plain += bytes(a ^ b for a, b in zip(data[i:i + 16], pad))
    return plain


# --- a browser that subscribed --------------------------------------------------------------------


def to_text(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def to_bytes(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def hkdf(salt, material, info, size):
    mixed = hmac.new(salt, material, hashlib.sha256).digest()
    return hmac.new(mixed, info + b"\x01", hashlib.sha256).digest()[:size]


class Browser:
    """Keys of one subscription, at an address of the push service."""

    def __init__(self, service, name):
        self.private = int.from_bytes(os.urandom(31), "big") + 1
        self.public = point_bytes(multiply(self.private, G))
        self.auth = os.urandom(16)
        self.path = "/push/" + name + "-" + os.urandom(6).hex()
        self.service = service
        self.received = queue.Queue()
        service.browsers[self.path] = self

    def subscription(self, **more):
        return {"endpoint": self.service.origin + self.path, "p256dh": to_text(self.public),
                "auth": to_text(self.auth), "name": "Chrome · Android"} | more

    def open(self, body):
        """RFC 8291: what the server said, as the service worker gets it."""
        salt, size, id_size = body[:16], int.from_bytes(body[16:20], "big"), body[20]
        sender, sealed = body[21:21 + id_size], body[21 + id_size:]
        assert id_size == 65 and len(sealed) <= size
        secret = multiply(self.private, point_of(sender))[0].to_bytes(32, "big")
        material = hkdf(self.auth, secret, b"WebPush: info\x00" + self.public + sender, 32)
        plain = gcm_open(hkdf(salt, material, b"Content-Encoding: aes128gcm\x00", 16),
                         hkdf(salt, material, b"Content-Encoding: nonce\x00", 12), sealed)
        text = plain.rstrip(b"\x00")
        assert text[-1] == 2, "not the last record"
        return json.loads(text[:-1])

    def next(self, missing):
        """The next push but for those that only say how much waits: the demo's desks are never empty."""
        try:
            while (push := self.received.get(timeout=WAIT))["message"]["kind"] == "inbox":
                pass
            return push
        except queue.Empty:
            raise AssertionError(f"no push came: {missing}; the service saw {self.service.seen}") from None


class PushService:
    """https on loopback. `answers` says how the next requests are answered; 201 when it is empty."""

    def __init__(self, chain, key):
        self.browsers = {}
        self.answers = []
        self.seen = []
        self.faults = []
        handler = type("Handler", (PushHandler,), {"service": self})
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(chain, key)
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.origin = f"https://localhost:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def check(self, handler):
        """RFC 8292: who speaks, to whom, until when."""
        scheme, _, rest = handler.headers["authorization"].partition(" ")
        fields = dict(part.strip().split("=", 1) for part in rest.split(","))
        head, claims, signature = fields["t"].split(".")
        assert scheme == "vapid" and json.loads(to_bytes(head)) == {"typ": "JWT", "alg": "ES256"}
        assert verifies(to_bytes(fields["k"]), f"{head}.{claims}".encode(), to_bytes(signature))
        said = json.loads(to_bytes(claims))
        assert said["aud"] == self.origin, said
        return {"key": fields["k"], "claims": said}


class PushHandler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    service = None

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        status = self.service.answers.pop(0) if self.service.answers else 201
        browser = self.service.browsers.get(self.path)
        self.service.seen.append((self.path, status))
        try:
            said = self.service.check(self)
            if status == 201:
                assert self.headers["content-encoding"] == "aes128gcm"
                browser.received.put({"message": browser.open(body), "headers": dict(self.headers), "vapid": said})
        except Exception as fault:  # of the server under test: the test reads it
            self.service.faults.append(repr(fault))
            status = 400
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


# --- a mail server --------------------------------------------------------------------------------


class MailServer:
    """SMTP without TLS, as a relay on the same machine speaks it. `refusals` answers the next RCPT."""

    def __init__(self):
        self.letters = queue.Queue()
        self.refusals = []
        handler = type("Handler", (MailHandler,), {"service": self})
        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler)
        self.server.daemon_threads = True
        self.url = f"smtp://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def next(self, missing):
        try:
            return self.letters.get(timeout=WAIT)
        except queue.Empty:
            raise AssertionError(f"no letter came: {missing}") from None


class MailHandler(socketserver.StreamRequestHandler):
    service = None

    def say(self, line):
        self.wfile.write(line.encode() + b"\r\n")

    def take_data(self, sender, receivers):
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b"..") else line)
        letter = email.message_from_bytes(b"".join(lines), policy=email.policy.default)
        self.service.letters.put({"from": sender, "to": receivers, "letter": letter, "bytes": b"".join(lines)})
        self.say("250 taken")

    def handle(self):
        sender, receivers = None, []
        self.say("220 sink")
        while line := self.rfile.readline():
            word = line.decode().strip().split(" ")[0].upper()
            if word == "EHLO":
                self.say("250-sink")
                self.say("250 8BITMIME")
            elif word == "MAIL":
                sender, receivers = line.decode().strip(), []
                self.say("250 ok")
            elif word == "RCPT":
                refusal = self.service.refusals.pop(0) if self.service.refusals else None
                receivers.append(line.decode().partition("<")[2].partition(">")[0])
                self.say(refusal or "250 ok")
            elif word == "DATA":
                self.say("354 go on")
                self.take_data(sender, receivers)
            elif word == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")
