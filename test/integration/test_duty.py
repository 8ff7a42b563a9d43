"""Who is told of what: the inbox, the roster, calls for an alarm with their escalation, pushes that a
browser can open, letters that a mail program can read, each once and none lost."""
import os
import subprocess
import time
import unittest
from pathlib import Path

import schema
from house import Client, House, Refused
from sinks import Browser, MailServer, PushService
from test_devices import Events


def make_certificate(folder):
    chain, key = Path(folder, "push.pem"), Path(folder, "push.key")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                    "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
                    "-keyout", key, "-out", chain], check=True, capture_output=True)
    return chain, key


def text(seconds):
    """An instant as the API writes it, so far from now."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + seconds))


class DutyTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.house = House()
        cls.addClassCleanup(cls.house.close)
        chain, key = make_certificate(cls.house.folder)
        cls.service = PushService(chain, key)
        cls.addClassCleanup(cls.service.close)
        cls.mail = MailServer()
        cls.addClassCleanup(cls.mail.close)
        cls.house.settings = {"push_ca_file": chain, "push_loopback": "yes", "push_contact": "mailto:loa@tinh.example",
                              "mail_server": cls.mail.url, "mail_from": "loa@tinh.example", "mail_tls": "no",
                              "public_address": "", "alarm_call_wait": "10", "alarm_second_devices": "0"}
        cls.house.start()
        cls.admin = Client(cls.house)
        cls.admin.settle(cls.house.account("province_admin"))
        cls.events = Events(cls.admin)
        cls.province = cls.admin.get("/units")["items"][0]["id"]
        for warning in cls.admin.get("/cap/messages?state=waiting")["items"]:  # of the demo
            cls.admin.post(f"/cap/messages/{warning['id']}/dismiss", {"reason": "test"})

    def person(self, role="approver", email=None, unit=None):
        login = "truc." + os.urandom(4).hex()
        unit = unit or self.province
        body = {"login": login, "name": "Trực " + login[-4:].upper(), "unit_id": unit}
        made = self.admin.post("/accounts", body | ({"email": email} if email else {}))
        self.admin.post(f"/accounts/{made['account']['id']}/roles", {"role": role, "unit_id": unit})
        client = Client(self.house)
        client.settle({"login": login, "password": made["password"]})
        client.id = made["account"]["id"]
        client.name = body["name"]
        return client

    def browser(self, client, name="phone"):
        browser = Browser(self.service, name)
        browser.id = client.post("/push/subscriptions", browser.subscription())["id"]
        return browser

    def on_duty(self, *people, unit=None):
        """People, each with a rank, from an hour ago on for two hours."""
        unit = unit or self.province
        today = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 6 * 3600))
        tomorrow = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 31 * 3600 + 86400))
        shifts = [{"account_id": client.id, "from": text(-3600), "to": text(7200), "rank": rank}
                  for client, rank in people]
        return self.admin.call("PUT", f"/duty?unit={unit}", {"from": today, "to": tomorrow, "shifts": shifts})

    def alarm(self, path="/alarms"):
        body = {"mark": os.urandom(16).hex(), "unit_id": self.province, "title": "Lũ quét suối Nậm Khắt",
                "text": "Đi lên chỗ cao.", "signal": "siren", "clip": 1, "valid_s": 600}
        made = self.admin.post(path, body)["alarm"]
        self.addCleanup(self.admin.post, f"/alarms/{made['id']}/cancel", {"reason": "thử"})
        return made

    def calls(self, alarm):
        return self.admin.get(f"/duty/calls?alarm={alarm['id']}")["items"]

    def test_answers_have_the_shape_that_was_promised(self):
        described = schema.Schemas(self.admin.get("/openapi.json"))
        for path in ("/inbox", "/duty", "/duty/reach", "/duty/calls", "/push/key", "/push/subscriptions", "/me/notices"):
            self.assertEqual(described.answer_problems("get", "/api/v1" + path, 200, self.admin.get(path)), [])

    def test_people_on_duty_are_called_and_the_next_when_nobody_looks(self):
        first, second = self.person(), self.person(email="hai@xa.example")
        phone, other = self.browser(first), self.browser(second)
        self.on_duty((first, 1), (second, 2))
        alarm = self.alarm()
        push = phone.next("the first on duty is called")
        self.assertEqual(push["message"]["title"], "CẢNH BÁO CHỜ DUYỆT: Lũ quét suối Nậm Khắt")
        self.assertEqual(push["message"]["link"], f"/alarms/{alarm['id']}")
        self.assertEqual((push["headers"]["Urgency"], push["message"]["urgent"]), ("high", True))
        self.assertEqual(push["vapid"]["claims"]["sub"], "mailto:loa@tinh.example")
        self.assertEqual(push["vapid"]["key"], first.get("/push/key")["key"])
        while other.next("the second, when the first does not look")["message"]["kind"] != "alarm_call":
            pass  # that something waits for approval is told to everybody who may
        letter = self.letter_to("hai@xa.example", "CẢNH BÁO CHỜ DUYỆT: Lũ quét suối Nậm Khắt")
        self.assertEqual(letter["importance"], "high")
        second.post(f"/duty/alarms/{alarm['id']}/seen")
        seen = {call["account"]["id"]: call["seen_at"] for call in self.calls(alarm)}
        self.assertIsNone(seen[first.id])
        self.assertIsNotNone(seen[second.id])

    def test_somebody_who_looked_ends_the_calling(self):
        first, second = self.person(), self.person()
        phone, other = self.browser(first), self.browser(second)
        self.on_duty((first, 1), (second, 2))
        alarm = self.alarm()
        phone.next("the first on duty is called")
        item = next(i for i in first.get("/inbox")["items"] if i["kind"] == "alarm_call")
        self.assertEqual((item["title"], item["urgent"]), (alarm["title"], True))
        first.post(f"/duty/calls/{item['id']}/seen")
        self.assertNotIn("alarm_call", [i["kind"] for i in first.get("/inbox")["items"]])
        # A later alarm calls the second at once when he has rank 1; nothing of the first one is before it.
        self.on_duty((second, 1))
        later = self.alarm()
        self.assertEqual(other.next("the later alarm")["message"]["link"], f"/alarms/{later['id']}")

    def test_without_a_roster_those_who_may_confirm_are_called(self):
        self.on_duty()
        someone = self.person()
        phone = self.browser(someone)
        steps = self.admin.get(f"/duty/reach?unit={self.province}")["steps"]
        self.assertEqual({p["by"] for step in steps for p in step["people"]}, {"right"})
        self.assertIn(someone.id, [p["account"]["id"] for p in steps[-1]["people"]])
        alarm = self.alarm("/drills")
        self.assertIn("DIỄN TẬP", phone.next("called by right")["message"]["title"])
        self.assertNotIn(self.admin.get("/session")["account"]["id"], [c["account"]["id"] for c in self.calls(alarm)])

    def test_a_browser_that_is_gone_goes_and_a_busy_service_is_asked_again(self):
        client = self.person()
        gone, phone = self.browser(client, "gone"), self.browser(client)
        del self.service.browsers[gone.path]
        self.service.answers = [410]
        client.call("DELETE", f"/push/subscriptions/{phone.id}")
        self.assertEqual(client.post("/push/test"), {"sent_to": 1})
        self.events.until(lambda: client.get("/push/subscriptions")["items"] == [])
        phone = self.browser(client)
        self.service.answers = [503]
        client.post("/push/test")
        self.assertEqual(phone.next("tried again after a refusal")["message"]["kind"], "test")
        self.assertEqual(self.service.faults, [])

    def test_strangers_addresses_are_refused(self):
        client = self.person()
        browser = Browser(self.service, "odd")
        for endpoint in ("http://push.example/x", "https://user@push.example/x", "ftp://push.example/x", "https://x"):
            with self.assertRaises(Refused) as refused:
                client.post("/push/subscriptions", browser.subscription(endpoint=endpoint))
            self.assertEqual(refused.exception.body["error"]["fields"][0]["name"], "endpoint")
        with self.assertRaises(Refused):
            client.post("/push/subscriptions", browser.subscription(p256dh="BAAA"))
        with self.assertRaises(Refused):
            client.call("DELETE", f"/push/subscriptions/{self.browser(self.person()).id}")

    def test_the_letter_of_the_day_says_what_waits_and_comes_once(self):
        reader = self.person(email="sang@tinh.example")
        alarm = self.alarm()
        choice = reader.get("/me/notices")
        self.assertTrue(choice["mail_configured"])
        body = {key: choice[key] for key in ("push", "mail", "digest", "quiet_from", "quiet_to", "muted")}
        reader.call("PUT", "/me/notices", body | {"digest_at": "00:00", "muted": ["fault"]})
        letter = self.letter_to("sang@tinh.example", "đang chờ anh/chị")
        plain = letter.get_body(("plain",)).get_content()
        html = letter.get_body(("html",)).get_content()
        for part in (plain, html):
            self.assertIn("Cảnh báo chờ người thứ hai", part)
            self.assertIn(alarm["title"], part)
        self.assertEqual(letter["auto-submitted"], "auto-generated")
        self.assertTrue(all(len(line) <= 78 for line in str(letter.as_bytes(), "ascii").splitlines()))

    def letter_to(self, address, words):
        while True:
            found = self.mail.next(f"a letter to {address} about {words}")
            if found["to"] == [address] and words in found["letter"]["subject"]:
                return found["letter"]

    def test_what_is_muted_is_not_pushed_and_calls_cannot_be(self):
        client = self.person()
        choice = client.get("/me/notices")
        body = {key: choice[key] for key in ("push", "mail", "digest", "digest_at", "quiet_from", "quiet_to")}
        with self.assertRaises(Refused):
            client.call("PUT", "/me/notices", body | {"muted": ["alarm_call"]})
        changed = client.call("PUT", "/me/notices", body | {"muted": ["alarm_waiting"], "quiet_from": "21:30",
                                                            "quiet_to": "05:30"})
        self.assertEqual((changed["muted"], changed["quiet_from"], changed["quiet_to"]),
                         (["alarm_waiting"], "21:30", "05:30"))

    def test_the_console_can_be_installed(self):
        """The worker at the root, so that it has the whole site; looked at anew each time."""
        for path, kind in (("/worker.js", "text/javascript"), ("/manifest.webmanifest", "application/manifest+json"),
                           ("/icon-192.png", "image/png"), ("/icon-512.png", "image/png")):
            status, headers, _ = self.admin.send("GET", path)
            self.assertEqual((status, headers["content-type"].split(";")[0]), (200, kind), path)
            self.assertEqual(headers["cache-control"], "no-cache")
            for rule in ("worker-src 'self'", "manifest-src 'self'", "connect-src 'self'"):
                self.assertIn(rule, headers["content-security-policy"])

    def test_only_who_may_plan_duty_plans_it(self):
        viewer = self.person(role="viewer")
        roster = self.on_duty((viewer, 1))
        self.assertEqual(roster["shifts"][0]["account"], {"id": viewer.id, "name": viewer.name})
        self.assertFalse(viewer.get(f"/duty?unit={self.province}")["may_write"])
        with self.assertRaises(Refused) as refused:
            viewer.call("PUT", f"/duty?unit={self.province}", {"from": "2026-01-01", "to": "2026-01-02", "shifts": []})
        self.assertEqual(refused.exception.status, 403)
        with self.assertRaises(Refused) as refused:
            self.admin.call("PUT", f"/duty?unit={self.province}", {"from": "2026-01-01", "to": "2026-01-02", "shifts": [
                {"account_id": viewer.id, "from": "2026-01-05T00:00:00Z", "to": "2026-01-05T08:00:00Z"}]})
        self.assertEqual(refused.exception.body["error"]["fields"][0]["name"], "shifts")


if __name__ == "__main__":
    unittest.main()
