"""docs/protocol, read as a stranger would: its CDDL and its worked examples, with a CBOR reader and an
Ed25519 of this file alone. What a device written from the document would compute is computed here."""
import hashlib
import re
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CDDL = (ROOT / "docs/protocol/loa.cddl").read_text(encoding="utf-8")
PAGE = (ROOT / "docs/protocol/examples.md").read_text(encoding="utf-8")


# --- CBOR, the deterministic part of it that the protocol uses ------------------------------------

def read_head(data, at):
    major, low = data[at] >> 5, data[at] & 31
    if low < 24:
        return major, low, at + 1
    size = {24: 1, 25: 2, 26: 4, 27: 8}[low]
    value = int.from_bytes(data[at + 1:at + 1 + size], "big")
    if len(data) < at + 1 + size or value < (24 if size == 1 else 1 << 4 * size):
        raise ValueError("longer than it needs to be, or cut")
    return major, value, at + 1 + size


def read_item(data, at):
    major, value, at = read_head(data, at)
    if major == 0:
        return value, at
    if major == 1:
        return -1 - value, at
    if major in (2, 3):
        if len(data) < at + value:
            raise ValueError("cut")
        raw = data[at:at + value]
        return raw if major == 2 else raw.decode("utf-8"), at + value
    if major == 4:
        items = []
        for _ in range(value):
            item, at = read_item(data, at)
            items.append(item)
        return items, at
    if major == 5:
        return read_map(data, at, value)
    if major == 7 and value in (20, 21):
        return value == 21, at
    raise ValueError(f"major type {major} has no place here")


def read_map(data, at, count):
    pairs, before = {}, -1
    for _ in range(count):
        key, at = read_item(data, at)
        if not isinstance(key, int) or key <= before:
            raise ValueError("keys that do not ascend")
        before = key
        pairs[key], at = read_item(data, at)
    return pairs, at


def read_whole(data):
    item, end = read_item(data, 0)
    if end != len(data):
        raise ValueError("bytes behind the end")
    return item


def write_head(major, value):
    for low, size in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if value < 24:
            return bytes([major << 5 | value])
        if value < 1 << 8 * size:
            return bytes([major << 5 | low]) + value.to_bytes(size, "big")
    raise ValueError("too large")


def write_bytes(value):
    return write_head(2, len(value)) + value


# --- Ed25519, RFC 8032, only to verify -------------------------------------------------------------

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)


def recover_x(y, sign):
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P)
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - square) % P:
        return None
    return P - x if x & 1 != sign else x


def point_of(data):
    y = int.from_bytes(data, "little")
    x = recover_x(y & (1 << 255) - 1, y >> 255)
    return None if x is None else (x, y & (1 << 255) - 1, 1, x * (y & (1 << 255) - 1) % P)


def add(a, b):
    e, f = (a[1] - a[0]) * (b[1] - b[0]), (a[1] + a[0]) * (b[1] + b[0])
    g, h = 2 * a[3] * b[3] * D, 2 * a[2] * b[2]
    e, f, g, h = f - e, h - g, h + g, f + e
    return e * f % P, g * h % P, f * g % P, e * h % P


def multiply(scalar, point):
    total = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            total = add(total, point)
        point, scalar = add(point, point), scalar >> 1
    return total


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE = (recover_x(BASE_Y, 0), BASE_Y, 1, recover_x(BASE_Y, 0) * BASE_Y % P)


def verify(key, message, signature):
    a, r = point_of(key), point_of(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= ORDER:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % ORDER
    left, right = multiply(s, BASE), add(r, multiply(k, a))
    return not ((left[0] * right[2] - right[0] * left[2]) % P or (left[1] * right[2] - right[1] * left[2]) % P)


def blake2b(data):
    return hashlib.blake2b(data, digest_size=32).digest()


# --- the document ----------------------------------------------------------------------------------

def read_rules():
    """Records as {key: (must, type, name)}, and the messages as {number: record}."""
    records, messages = {}, {}
    for name, body in re.findall(r"^([\w-]+) = \{\n(.*?)^\}", CDDL, re.M | re.S):
        fields = re.findall(r"^  (\? )?(\d+) => (.+?),\s+; (\w+)", body, re.M)
        records[name] = {int(key): (not may, kind, field) for may, key, kind, field in fields}
    for number, name in re.findall(r"^[\w-]+-message = \[(\d+), ([\w-]+)\]$", CDDL, re.M):
        messages[int(number)] = name
    return records, messages


RECORDS, MESSAGES = read_rules()
SIMPLE = {"instant": lambda v: isinstance(v, int) and 1 <= v <= 253402300799999999,
          "whole": lambda v: isinstance(v, int) and v != 0 and -2**63 <= v < 2**63,
          "number": lambda v: isinstance(v, int) and 1 <= v < 2**63, "true": lambda v: v is True,
          "hash": lambda v: isinstance(v, bytes) and len(v) == 32, "id": lambda v: isinstance(v, bytes) and len(v) == 16,
          "signature": lambda v: isinstance(v, bytes) and len(v) == 64}


def fits(kind, value):
    listed = re.fullmatch(r"\[1\*(\d+) (.+)\]", kind)
    if listed:
        return isinstance(value, list) and 1 <= len(value) <= int(listed[1]) and all(fits(listed[2], v) for v in value)
    ranged = re.fullmatch(r"(\d+)\.\.(\d+)", kind)
    if ranged:
        return isinstance(value, int) and int(ranged[1]) <= value <= int(ranged[2])
    sized = re.fullmatch(r"(bstr|plain|lines) \.size \(1\.\.(\d+)\)", kind)
    if sized:
        raw = value if sized[1] == "bstr" else value.encode("utf-8")
        return isinstance(raw, bytes) and 1 <= len(raw) <= int(sized[2])
    return SIMPLE[kind](value) if kind in SIMPLE else is_record(kind, value)


def is_record(name, value):
    fields = RECORDS[name]
    whole = all(key in value for key, (must, _, _) in fields.items() if must)
    return whole and all(fits(fields[key][1], item) for key, item in value.items() if key in fields)


def named(name, value):
    """A record by the names of its fields."""
    return {RECORDS[name][key][2]: item for key, item in value.items()}


def read_examples():
    """(what, name, bytes) of each block of hex, in the order of the page."""
    for what, name, body in re.findall(r"^```hex (\S+) ?(.*?)\n(.*?)^```$", PAGE, re.M | re.S):
        yield what, name.replace("_", "-"), bytes.fromhex("".join(row.split("#")[0] for row in body.split("\n")))


EXAMPLES = list(read_examples())
KEYS = {name: bytes.fromhex(key) for name, key in re.findall(r"^\| ([^|]+) \| 32 × [^|]+\| `(\w{64})` \|", PAGE, re.M)}


def one(what, name=""):
    return next(data for kind, title, data in EXAMPLES if kind == what and title == name)


class ProtocolTest(unittest.TestCase):
    def test_every_record_and_message_of_the_cddl_has_an_example(self):
        shown = {name for what, name, _ in EXAMPLES if what in ("record", "message")}
        parts = {"plan-item", "voice", "clip", "protected-head"}
        self.assertEqual(set(RECORDS) - parts - shown, set())
        self.assertEqual(sorted(MESSAGES), list(range(1, len(MESSAGES) + 1)))

    def test_every_example_is_what_the_cddl_says(self):
        for what, name, data in EXAMPLES:
            with self.subTest(what=what, name=name):
                if what == "record":
                    self.assertTrue(is_record(name, read_whole(data)))
                elif what == "message":
                    number, body = read_whole(data)
                    self.assertEqual(MESSAGES[number], name)
                    self.assertTrue(is_record(name, body))

    def test_signatures_hold_for_their_use_and_no_other(self):
        signers = {"order": "commune, emergency", "cert": "root", "revocations": "root"}
        for use, signer in signers.items():
            protected, unprotected, payload, signature = read_whole(one("sign1", use))
            self.assertEqual(unprotected, {})
            self.assertEqual(read_whole(protected), {1: -8, 4: blake2b(KEYS[signer])[:8]})
            self.assertEqual(payload, one("record", use))
            for aad in signers:
                message = b"\x84\x6aSignature1" + write_bytes(protected)
                message += write_bytes(f"loa-{aad}-1".encode()) + write_bytes(payload)
                self.assertEqual(verify(KEYS[signer], message, signature), aad == use)

    def test_the_order_is_within_its_certificate(self):
        order, cert = named("order", read_whole(one("record", "order"))), named("cert", read_whole(one("record", "cert")))
        self.assertEqual(order["body"], one("record", "alarm"))
        self.assertEqual(order["issuer"], cert["unit"])
        self.assertEqual(cert["key"], KEYS["commune, emergency"])
        self.assertTrue(cert["classes"] >> order["order_class"] & 1 and cert["kinds"] >> order["kind"] & 1)
        self.assertEqual(read_whole(one("message", "order-sent")), [7, {1: one("sign1", "order")}])

    def test_the_proof_holds_for_its_facts(self):
        facts = b"loa-attach-1" + b"\x11" * 32 + b"\x22" * 32 + (1).to_bytes(8, "big") + b"\x33" * 16
        attach = named("attach", read_whole(one("message", "attach"))[1])
        self.assertEqual(attach["proof"], one("proof"))
        self.assertTrue(verify(attach["device_key"], facts, attach["proof"]))
        self.assertFalse(verify(attach["device_key"], facts + b"\x00", attach["proof"]))

    def test_the_fingerprint_is_that_of_the_key(self):
        letters = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
        bits = int.from_bytes(blake2b(KEYS["device"])[:20], "big")
        text = "".join(letters[bits >> 155 - 5 * i & 31] for i in range(32))
        self.assertIn("`" + "-".join(text[i:i + 4] for i in range(0, 32, 4)) + "`", PAGE)

    def test_the_log_is_chained_and_signed(self):
        log = named("log", read_whole(one("message", "log"))[1])
        head = blake2b(b"loa-log-1" + KEYS["device"])
        self.assertEqual([head, head], [one("head", "0"), log["before"]])
        for number, entry in enumerate(log["entries"], log["first"]):
            self.assertEqual(named("log-entry", read_whole(entry))["seq"], number)
            head = blake2b(head + entry)
            self.assertEqual(head, one("head", str(number)))
        signed = b"loa-log-1" + (7).to_bytes(8, "big") + number.to_bytes(8, "big") + head
        self.assertTrue(verify(KEYS["device"], signed, log["signature"]))

    def test_the_certificates_in_the_trust_message_are_the_roots(self):
        trust = named("trust", read_whole(one("message", "trust"))[1])
        self.assertEqual(trust["revocations"], one("sign1", "revocations"))
        self.assertEqual(trust["certs"][1], one("sign1", "cert"))
        for cose in trust["certs"]:
            protected, _, payload, signature = read_whole(cose)
            message = b"\x84\x6aSignature1" + write_bytes(protected) + write_bytes(b"loa-cert-1") + write_bytes(payload)
            self.assertTrue(is_record("cert", read_whole(payload)) and verify(KEYS["root"], message, signature))


if __name__ == "__main__":
    unittest.main()
