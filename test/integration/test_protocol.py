"""docs/protocol, read as a stranger would: its CDDL and its worked examples, with the CBOR and the Ed25519
of pole.py. What a device written from the document would compute is computed here."""
import re
import unittest
from pathlib import Path

from pole import blake, decode, encode, opened, verify

ROOT = Path(__file__).resolve().parents[2]
CDDL = (ROOT / "docs/protocol/loa.cddl").read_text(encoding="utf-8")
PAGE = (ROOT / "docs/protocol/examples.md").read_text(encoding="utf-8")


def read_whole(data):
    """One value, which must be all of it and in the one form that the protocol allows."""
    value, end = decode(data)
    if end != len(data) or encode(value) != data:
        raise ValueError("not deterministic, or bytes behind the end")
    return value


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
            protected, unprotected, payload, _ = read_whole(one("sign1", use))
            self.assertEqual(unprotected, {})
            self.assertEqual(read_whole(protected), {1: -8, 4: blake(KEYS[signer])[:8]})
            self.assertEqual(payload, one("record", use))
            for other in signers:
                found = opened(f"loa-{other}-1", one("sign1", use), KEYS[signer])
                self.assertEqual(found, payload if other == use else None)

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
        bits = int.from_bytes(blake(KEYS["device"])[:20], "big")
        text = "".join(letters[bits >> 155 - 5 * i & 31] for i in range(32))
        self.assertIn("`" + "-".join(text[i:i + 4] for i in range(0, 32, 4)) + "`", PAGE)

    def test_the_log_is_chained_and_signed(self):
        log = named("log", read_whole(one("message", "log"))[1])
        head = blake(b"loa-log-1" + KEYS["device"])
        self.assertEqual([head, head], [one("head", "0"), log["before"]])
        for number, entry in enumerate(log["entries"], log["first"]):
            self.assertEqual(named("log-entry", read_whole(entry))["seq"], number)
            head = blake(head + entry)
            self.assertEqual(head, one("head", str(number)))
        signed = b"loa-log-1" + (7).to_bytes(8, "big") + number.to_bytes(8, "big") + head
        self.assertTrue(verify(KEYS["device"], signed, log["signature"]))

    def test_the_certificates_in_the_trust_message_are_the_roots(self):
        trust = named("trust", read_whole(one("message", "trust"))[1])
        self.assertEqual(trust["revocations"], one("sign1", "revocations"))
        self.assertEqual(trust["certs"][1], one("sign1", "cert"))
        for cose in trust["certs"]:
            self.assertTrue(is_record("cert", read_whole(opened("loa-cert-1", cose, KEYS["root"]))))


if __name__ == "__main__":
    unittest.main()
