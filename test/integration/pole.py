"""A device written from docs/protocol alone, with Python's standard library: it attaches, judges
orders, keeps a log and tells the time. Slow (its Ed25519 is the one of RFC 8032) and honest, unless
a test makes it lie. Only for a server on a loopback address without TLS: Python cannot bind the
proof to a TLS connection.
"""
import contextlib
import hashlib
import os
import socket
import struct
import time

from patience import Patience

# --- CBOR, the few kinds that the protocol has ----------------------------------------------------


def head(major, number):
    for size, code in ((None, None), (1, 24), (2, 25), (4, 26), (8, 27)):
        if size is None and number < 24:
            return bytes([major << 5 | number])
        if size is not None and number < 1 << (8 * size):
            return bytes([major << 5 | code]) + number.to_bytes(size, "big")
    raise ValueError(number)


def encode(value):
    if value is True or value is False:
        return bytes([0xF5 if value else 0xF4])
    if isinstance(value, int):
        return head(0, value) if value >= 0 else head(1, -1 - value)
    if isinstance(value, bytes):
        return head(2, len(value)) + value
    if isinstance(value, str):
        return head(3, len(value.encode())) + value.encode()
    if isinstance(value, list):
        return head(4, len(value)) + b"".join(map(encode, value))
    fields = {key: field for key, field in sorted(value.items())
              if field not in (0, b"", "", [], None) or field is True}
    return head(5, len(fields)) + b"".join(encode(key) + encode(field) for key, field in fields.items())


def decode(data, at=0):
    """The value, and where it ends."""
    major, small = data[at] >> 5, data[at] & 31
    at += 1
    if small >= 24:
        size = 1 << (small - 24)
        number, at = int.from_bytes(data[at:at + size], "big"), at + size
    else:
        number = small
    if major == 0:
        return number, at
    if major == 1:
        return -1 - number, at
    if major in (2, 3):
        text = data[at:at + number]
        return (text if major == 2 else text.decode()), at + number
    if major == 4:
        items = []
        for _ in range(number):
            item, at = decode(data, at)
            items.append(item)
        return items, at
    if major == 5:
        fields = {}
        for _ in range(number):
            key, at = decode(data, at)
            fields[key], at = decode(data, at)
        return fields, at
    return number == 21, at


# --- Ed25519 as RFC 8032 writes it ----------------------------------------------------------------

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P


def add(a, b):
    one, two = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    three, four = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = two - one, four - three, four + three, two + one
    return e * f % P, g * h % P, f * g % P, e * h % P


def multiply(number, point):
    total = (0, 1, 1, 0)
    while number:
        total = add(total, point) if number & 1 else total
        point, number = add(point, point), number >> 1
    return total


def recover_x(y, sign):
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if (x * x - square) % P:
        return None
    return P - x if x & 1 != sign else x


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE = (recover_x(BASE_Y, 0), BASE_Y, 1, recover_x(BASE_Y, 0) * BASE_Y % P)


def compress(point):
    inverse = pow(point[2], P - 2, P)
    x, y = point[0] * inverse % P, point[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def decompress(data):
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    x = recover_x(y, sign)
    return None if x is None else (x, y, 1, x * y % P)


def sha512_number(data):
    return int.from_bytes(hashlib.sha512(data).digest(), "little") % L


class Key:
    def __init__(self, seed=None):
        digest = hashlib.sha512(seed or os.urandom(32)).digest()
        self.number = int.from_bytes(digest[:32], "little") & ((1 << 254) - 8) | 1 << 254
        self.prefix = digest[32:]
        self.public = compress(multiply(self.number, BASE))

    def sign(self, data):
        nonce = sha512_number(self.prefix + data)
        point = compress(multiply(nonce, BASE))
        return point + ((nonce + sha512_number(point + self.public + data) * self.number) % L).to_bytes(32, "little")


def verify(public, data, signature):
    a, r = decompress(public), decompress(signature[:32])
    number = int.from_bytes(signature[32:], "little")
    if a is None or r is None or number >= L:
        return False
    left = multiply(number, BASE)
    right = add(r, multiply(sha512_number(signature[:32] + public + data), a))
    return (left[0] * right[2] - right[0] * left[2]) % P == 0 and (left[1] * right[2] - right[1] * left[2]) % P == 0


def blake(*parts):
    return hashlib.blake2b(b"".join(parts), digest_size=32).digest()


def opened(use, cose, public):
    """The payload of a COSE_Sign1, or None when the key did not sign it for this use."""
    protected, _, payload, signature = decode(cose)[0]
    signed = encode(["Signature1", protected, use.encode(), payload])
    return payload if verify(public, signed, signature) else None


def kid_of(cose):
    return decode(decode(cose)[0][0])[0][4]


# --- messages -------------------------------------------------------------------------------------

HELLO, BYE, ATTACH, ATTACHED, ENROL, TRUST, ORDER, STATE, WANT, REPORT = range(1, 11)
TIME_ASK, TIME_TELL, BEAT, STATUS, LOG, LOG_KEPT, FETCH, OUTLINE, CHUNK, LATER, LISTEN, SOUND = range(11, 23)
PLACEMENT, SETTINGS, PLAN, CLIPS, ALARM, STOP, RELEASE, ACTION, RETIRE = range(1, 10)
RECEIVED, ACCEPTED, REFUSED, PLAYING, SOUNDED, STOPPED, PLAYED = 2, 3, 4, 6, 7, 8, 10


class Ended(Exception):
    """The server said goodbye, or closed."""

    def __init__(self, reason=None):
        self.reason = reason
        super().__init__(f"bye {reason}")


class Pole:
    """One device. State survives attach() again, as on a disk."""

    def __init__(self, port, claim="", seed=None):
        self.port = port
        self.claim = claim
        self.key = Key(seed)
        self.wire = None
        self.device = 0
        self.root = None
        self.certs = {}
        self.revoked = set()
        self.trust_version = 0
        self.state_version = 0
        self.path = []
        self.orders = {}
        self.refused = {}
        self.log_seq = 0
        self.log_head = blake(b"loa-log-1", self.key.public)
        self.entries = []
        self.said = []
        self.buffer = b""

    # -- WebSocket --

    def connect(self):
        self.close()
        self.wire = socket.create_connection(("127.0.0.1", self.port), timeout=60)
        self.wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.wire.sendall(f"GET /device/v1 HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nUpgrade: websocket\r\n"
                          "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: loa.1\r\n"
                          "Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n\r\n".encode())
        self.buffer = b""
        answer = b""
        while b"\r\n\r\n" not in answer:
            part = self.wire.recv(4096)
            if not part:
                raise Ended()
            answer += part
        answer, _, self.buffer = answer.partition(b"\r\n\r\n")
        if b" 101 " not in answer.split(b"\r\n")[0]:
            raise Ended()

    def close(self):
        if self.wire is not None:
            self.wire.close()
            self.wire = None

    def send_frame(self, opcode, data):
        size = len(data)
        length = bytes([0x80 | size]) if size < 126 else b"\xfe" + struct.pack(">H", size) if size < 65536 \
            else b"\xff" + struct.pack(">Q", size)
        self.wire.sendall(bytes([0x80 | opcode]) + length + bytes(4) + data)

    def take(self, count):
        while len(self.buffer) < count:
            try:
                part = self.wire.recv(65536)
            except ConnectionResetError:
                part = b""
            if not part:
                raise Ended()
            self.buffer += part
        data, self.buffer = self.buffer[:count], self.buffer[count:]
        return data

    def read_frame(self):
        first, size = self.take(2)
        if size == 126:
            size = struct.unpack(">H", self.take(2))[0]
        elif size == 127:
            size = struct.unpack(">Q", self.take(8))[0]
        return first & 15, self.take(size)

    # -- messages --

    def say(self, number, fields=None):
        self.send_frame(2, encode([number, fields or {}]))

    def hear(self, patience=None):
        """The next message, acted upon as an honest device does."""
        patience = patience or Patience("a message")
        while True:
            self.wire.settimeout(patience.left())
            opcode, data = self.read_frame()
            if opcode == 9:
                self.send_frame(10, data)
            elif opcode == 8:
                raise Ended()
            elif opcode == 2:
                break
        number, fields = decode(data)[0]
        self.said.append((number, fields))
        self.act(number, fields)
        return number, fields

    def until(self, number):
        """Hears on until such a message has come."""
        patience = Patience(f"message {number}; the last was {self.said[-1:]}")
        while True:
            heard, fields = self.hear(patience)
            if heard == number:
                return fields

    def until_so(self, look):
        """Hears on until it is as `look` says."""
        patience = Patience(look)
        while not look():
            self.hear(patience)

    def volume(self):
        """Of the newest settings."""
        settings = [head for head in self.orders.values() if head[2] == SETTINGS]
        return decode(max(settings, key=lambda head: head[10])[11])[0].get(1) if settings else None

    def act(self, number, fields):
        if number == BYE:
            raise Ended(fields.get(1))
        if number == ENROL:
            self.device = fields[1]
            self.root = self.root or fields[2]
        elif number == TRUST:
            self.take_trust(fields)
        elif number == ORDER:
            self.take_order(fields[1])
        elif number == STATE:
            self.state_version = fields[1]
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # a last word may still be there to be heard
                self.say(REPORT, {1: self.state_version, 2: self.trust_version})

    # -- attaching --

    def attach(self, **lies):
        self.connect()
        hello = self.until(HELLO)
        boot = os.urandom(16)
        key = lies.get("key", self.key)
        proof = key.sign(b"loa-attach-1" + hello[3] + bytes(32) + struct.pack(">Q", 1) + boot)
        self.say(ATTACH, {1: 1, 2: self.key.public, 3: proof, 4: boot, 5: lies.get("device", self.device), 6: 1,
                          7: "pole.py", 8: lies.get("serial", "PY-1"), 9: "python", 11: self.state_version,
                          12: self.trust_version, 13: self.log_seq, 14: self.log_head, 15: self.claim})
        return self.until(ATTACHED)

    # -- trust and orders --

    def take_trust(self, fields):
        revocations = opened("loa-revocations-1", fields[2], self.root)
        if revocations is None:
            return
        record = decode(revocations)[0]
        keys = record.get(3, b"")
        self.root = record.get(4, self.root)
        self.revoked = {keys[i:i + 8] for i in range(0, len(keys), 8)}
        self.certs = {}
        for cose in fields.get(3, []):
            payload = opened("loa-cert-1", cose, self.root)
            if payload is not None:
                cert = decode(payload)[0]
                self.certs[blake(cert[1])[:8]] = cert
        self.trust_version = fields[1]

    def judge(self, cose):
        """None, or the number of the reason why it is refused; and the order's head."""
        kid = kid_of(cose)
        head = decode(decode(cose)[0][2])[0]
        cert = self.certs.get(kid)
        if kid in self.revoked:
            return 4, head
        if cert is None:
            return 2, head
        if opened("loa-order-1", cose, cert[1]) is None:
            return 3, head
        now = int(time.time() * 1e6)
        path = decode(head[11])[0][3] if head[2] == PLACEMENT else self.path
        checks = ((head[4] != cert[2], 6), (cert[2] not in path, 7), (not set(head[5]) & set(path), 8),
                  (head.get(6) and self.device not in head[6], 8), (not cert[4] >> head[3] & 1, 9),
                  (not cert[5] >> head[2] & 1, 10), (head[9] <= now, 14))
        return next((reason for fails, reason in checks if fails), None), head

    def take_order(self, cose):
        reason, head = self.judge(cose)
        if reason is not None:
            self.refused[head[1]] = reason
            self.log(REFUSED, head[1], reason)
            return
        again = head[1] in self.orders
        self.orders[head[1]] = head
        if head[2] == PLACEMENT:
            self.path = decode(head[11])[0][3]
        if head[2] in (ALARM, STOP) and not again:
            self.log(RECEIVED, head[1])
        if not again:
            self.log(ACCEPTED, head[1])
        if head[2] == ALARM and not again:
            self.log(PLAYING, head[1])

    def alarms(self):
        return [head for head in self.orders.values() if head[2] == ALARM]

    # -- log --

    def log(self, kind, subject=b"", reason=0, at=None, ms=0):
        seq = self.log_seq + len(self.entries) + 1
        self.entries.append(encode({1: seq, 2: at or int(time.time() * 1e6), 3: kind, 4: subject, 5: reason, 6: 3,
                                    7: ms}))

    def log_piece(self, forge=False):
        """What was written since, as a log message; with forge an entry is changed after it was signed."""
        first, before, head = self.log_seq + 1, self.log_head, self.log_head
        for entry in self.entries:
            head = blake(head, entry)
        last = self.log_seq + len(self.entries)
        signature = self.key.sign(b"loa-log-1" + struct.pack(">QQ", self.device, last) + head)
        entries = list(self.entries)
        if forge:
            entries[0] = encode(decode(entries[0])[0] | {3: SOUNDED})
        if not forge:
            self.log_seq, self.log_head, self.entries = last, head, []
        return {1: first, 2: before, 3: entries, 4: signature}

    def send_log(self, forge=False):
        self.say(LOG, self.log_piece(forge))

    # -- the rest --

    def ask_time(self):
        """Offset of the server's clock and length of the way, in microseconds."""
        t1 = time.monotonic_ns() // 1000
        self.say(TIME_ASK, {1: t1})
        told = self.until(TIME_TELL)
        t4 = time.monotonic_ns() // 1000
        assert told[1] == t1 and told[3] >= told[2]
        return (told[2] - t1 + told[3] - t4) // 2, t4 - t1 - (told[3] - told[2])

    def fetch(self, media):
        """A whole medium, verified."""
        self.say(FETCH, {1: 1, 2: media, 4: 2**31})
        outline = self.until(OUTLINE)
        data = b""
        while len(data) < outline[2]:
            chunk = self.until(CHUNK)
            assert chunk.get(2, 0) == len(data)
            data += chunk[3]
        pieces = [blake(data[i:i + outline[3]]) for i in range(0, len(data), outline[3])]
        assert pieces == outline[4] and blake(data) == media
        return data
