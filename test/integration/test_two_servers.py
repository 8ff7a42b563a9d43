"""Two servers on one PostgreSQL: a change on one wakes the other, neither assumes it is alone, and
when one is killed in the middle of its work nothing that it acknowledged is lost."""
import os
import signal
import subprocess
import sys
import unittest
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from house import Client, House, Refused
from opus import silence
from patience import Patience
from sinks import MailServer
from test_devices import Events

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import postgres  # noqa: E402


class TwoServersTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        base = os.environ.get("LOA_TEST_PG") or cls.enterClassContext(postgres.Cluster())
        if base is None:
            raise unittest.SkipTest("PostgreSQL is not installed")
        cls.name = "two_" + uuid.uuid4().hex[:12]
        subprocess.run(["psql", "-qX", base, "-c", f"CREATE DATABASE {cls.name}"], check=True)
        settings = {"database": "postgresql", "postgresql": f"{base.replace('dbname=postgres', '')} dbname={cls.name}"}
        cls.mail = MailServer()
        cls.addClassCleanup(cls.mail.close)
        settings |= {"mail_server": cls.mail.url, "mail_from": "loa@tinh.example", "mail_tls": "no"}
        cls.first = House(settings=settings).start()
        cls.addClassCleanup(cls.first.close)
        cls.second = House(settings=settings, demo=False)
        cls.addClassCleanup(cls.second.close)
        # Both seal second factors with the same secret, as servers that share a database must.
        key = Path(cls.first.folder, "account.key").read_bytes()
        Path(cls.second.folder, "account.key").write_bytes(key)
        os.chmod(Path(cls.second.folder, "account.key"), 0o600)
        cls.second.accounts = cls.first.accounts
        cls.second.start()
        cls.admin = Client(cls.first)
        cls.admin.settle(cls.first.account("province_admin"))

    def other(self, house):
        client = Client(house)
        client.cookie, client.csrf = self.admin.cookie, self.admin.csrf
        return client

    def test_what_one_server_acknowledged_the_other_shows_at_once(self):
        there = self.other(self.second)
        for number in range(20):
            phone = f"03{number:08d}"
            self.admin.call("PATCH", "/me", {"phone": phone})
            self.assertEqual(there.get("/me")["account"]["phone"], phone)

    def test_an_upload_is_worked_on_where_its_bytes_are(self):
        unit = self.admin.get("/units")["items"][0]["id"]
        there, data = self.other(self.second), silence(2)
        events = Events(there)
        upload = self.admin.post("/uploads", {"name": "a.opus", "bytes": len(data)})["id"]
        raw = {"Content-Type": "application/octet-stream"}
        with self.assertRaises(Refused) as caught:
            there.call("PUT", f"/uploads/{upload}?offset=0", data, raw)
        self.assertEqual(caught.exception.status, 404)
        self.admin.call("PUT", f"/uploads/{upload}?offset=0", data, raw)
        sound = there.post("/sounds", {"unit_id": unit, "title": "x", "upload": upload})["id"]
        ended = events.until(lambda: (lambda s: s if s["ended_at"] else None)(there.get(f"/sounds/{sound}")))
        self.assertEqual(ended["reason"], "silent")  # it was found, and heard

    def test_a_changed_unit_is_changed_on_both(self):
        there = self.other(self.second)
        province = self.admin.get("/units")["items"][0]
        commune = there.get(f"/units?parent={province['id']}")["items"][0]
        self.admin.post(f"/units/{commune['id']}/changes", {"on": "2026-01-01", "name": "Xã Tên Mới"})
        self.assertEqual(there.get(f"/units/{commune['id']}?at=2026-01-01")["unit"]["name"], "Xã Tên Mới")

    def test_a_session_ended_on_one_is_ended_on_the_other(self):
        account = self.admin.post("/accounts", {"login": "hai.may", "name": "Hai Máy", "unit_id":
                                                self.admin.get("/units")["items"][0]["id"]})
        here = Client(self.first)
        here.sign_in("hai.may", account["password"])
        there = Client(self.second)
        there.cookie, there.csrf = here.cookie, here.csrf
        self.assertEqual(there.get("/session")["state"], "signed_in")
        self.admin.call("DELETE", f"/accounts/{account['account']['id']}/sessions")
        # The other server remembers until PostgreSQL's notification has reached it.
        states = (there.get("/session")["state"] for _ in range(2000))
        self.assertIn("anonymous", states)

    def test_open_pages_of_the_other_server_are_woken(self):
        listener = self.other(self.second)
        wire = listener.connection()
        wire.request("GET", "/api/v1/events", headers={"Cookie": "loa_session=" + listener.cookie})
        answer = wire.getresponse()
        self.assertEqual(answer.status, 200)
        self.admin.call("PATCH", "/me", {"phone": "0977777777"})
        seen = b""
        patience = Patience("the topic accounts")
        while b'"topic":"accounts"' not in seen:
            patience.left()
            part = answer.read1(4096)
            self.assertTrue(part, "the stream ended")
            seen += part
        listener.close()

    def test_the_letter_of_the_day_is_one_letter(self):
        province = self.admin.get("/units")["items"][0]["id"]
        readers = [f"thu{number}@tinh.example" for number in range(8)]
        for number, address in enumerate(readers):
            login = f"thu.{number}"
            made = self.admin.post("/accounts", {"login": login, "name": f"Thư {number}", "unit_id": province,
                                                 "email": address})
            self.admin.post(f"/accounts/{made['account']['id']}/roles", {"role": "approver", "unit_id": province})
            client = Client(self.first)
            client.settle({"login": login, "password": made["password"]})
            choice = client.get("/me/notices")
            body = {key: choice[key] for key in ("push", "mail", "digest", "quiet_from", "quiet_to", "muted")}
            client.call("PUT", "/me/notices", body | {"digest_at": "00:00"})
        self.admin.post("/alarms", {"mark": uuid.uuid4().hex, "unit_id": province, "title": "Lũ quét", "text": "Lên cao.",
                                    "signal": "siren", "clip": 1, "valid_s": 600})
        got = []
        while set(readers) - set(got):
            letter = self.mail.next(f"letters to {set(readers) - set(got)}")
            if "đang chờ" in letter["letter"]["subject"]:
                got += letter["to"]
        self.assertEqual(sorted(got), readers)

    def test_z_the_audit_chain_holds_when_both_write_and_one_is_killed(self):
        acknowledged = []

        def write(job):
            house, number = job
            client = self.other(house)
            for i in range(40):
                phone = f"{number:03d}{i:06d}"
                client.call("PATCH", "/me", {"phone": phone})
                acknowledged.append(phone)
                if len(acknowledged) == 60:
                    self.second.process.send_signal(signal.SIGKILL)

        jobs = [(self.first, 1), (self.first, 2), (self.second, 3), (self.second, 4)]
        with ThreadPoolExecutor(4) as pool:
            failures = [done.exception() for done in [pool.submit(write, job) for job in jobs]]
        self.second.process.wait(timeout=60)
        self.second.forget_process()
        self.assertEqual([f for f in failures[:2] if f is not None], [], "the living server failed")
        verdict = self.admin.get("/audit/verify")
        self.assertTrue(verdict["ok"], verdict)
        text = self.admin.send("GET", "/api/v1/audit/export?format=jsonl")[2].decode()
        self.assertEqual([p for p in acknowledged if p not in text], [])
        self.second.start()
        self.assertEqual(self.other(self.second).get("/session")["state"], "signed_in")


if __name__ == "__main__":
    unittest.main()
