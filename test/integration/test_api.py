"""The API as its description says: every GET answers what is described, every right is asked for,
and one administrator's day from sign-in to audit."""
import json
import unittest
from concurrent.futures import ThreadPoolExecutor

from house import Client, House, Refused, totp
from patience import Patience
from schema import Schemas


class ApiTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.house = House().start()
        cls.addClassCleanup(cls.house.close)
        cls.admin = Client(cls.house)
        cls.admin.settle(cls.house.account("province_admin"))
        status, _, body = cls.admin.send("GET", "/api/v1/openapi.json")
        assert status == 200
        cls.schemas = Schemas(json.loads(body))

    def described(self, client, method, path, body=None):
        """Calls, and checks the answer against the description."""
        status, headers, data = client.send(method, "/api/v1" + path, body)
        value = json.loads(data) if data and headers.get("Content-Type") == "application/json" else None
        problems = self.schemas.answer_problems(method, "/api/v1" + path, status, value)
        self.assertEqual(problems, [], f"{method} {path} {status}")
        return status, value

    def first_unit(self):
        return self.admin.get("/units")["items"][0]

    def test_every_get_without_a_place_answers_as_described(self):
        paths = [p for p, ops in self.schemas.openapi["paths"].items() if "get" in ops and "{" not in p]
        self.assertGreater(len(paths), 12)
        for path in paths:
            if path.endswith("/events"):
                continue
            status, _ = self.described(self.admin, "GET", path.removeprefix("/api/v1"))
            self.assertEqual(status, 200, path)

    def test_every_route_but_the_public_ones_refuses_a_stranger(self):
        stranger = Client(self.house)
        for template, operations in self.schemas.openapi["paths"].items():
            for method, operation in operations.items():
                if operation["x-right"] == "public":
                    continue
                path = template.replace("{id}", "1").replace("{grant}", "1").replace("{key}", "language")
                status, _, data = stranger.send(method.upper(), path, b"{}" if method != "get" else None)
                self.assertEqual(status, 401, f"{method} {path}")
                self.assertEqual(json.loads(data)["error"]["code"], "signed_out")

    def test_a_session_is_told_from_anonymous_to_signed_in(self):
        client = Client(self.house)
        status, value = self.described(client, "GET", "/session")
        self.assertEqual((status, value["state"]), (200, "anonymous"))
        account = self.house.account("province_admin")
        session = client.sign_in(account["login"], account["password"])
        self.assertEqual(session["state"], "second_factor")
        self.assertIn("totp", session["factors"])
        self.assertIsNone(session["account"])
        with self.assertRaises(Refused) as refused:
            client.get("/units")
        self.assertEqual(refused.exception.status, 403)
        with self.assertRaises(Refused) as refused:
            client.post("/session/totp", {"code": "000000"})
        self.assertEqual(refused.exception.code, "sign_in_failed")
        session = client.take(client.post("/session/recovery", {"code": account["recovery"].pop()}))
        self.assertEqual(session["state"], "signed_in")
        client.call("DELETE", "/session")
        self.assertEqual(client.get("/session")["state"], "anonymous")

    def test_a_code_of_the_authenticator_works_once(self):
        account = dict(self.house.account("auditor"))
        client = Client(self.house)
        client.settle(account)
        if "totp" not in account:
            made = client.post("/me/totp")
            account["totp"] = made["secret"]
            client.post("/me/totp/confirm", {"id": made["id"], "code": totp(made["secret"])})
        again = Client(self.house)
        session = again.sign_in(account["login"], account["password"])
        self.assertEqual(session["state"], "second_factor")
        with self.assertRaises(Refused) as refused:  # the step that confirmed it is used up
            again.post("/session/totp", {"code": totp(account["totp"])})
        self.assertEqual(refused.exception.code, "sign_in_failed")
        self.house.account("auditor").update(account)

    def test_units_are_shown_as_of_a_day(self):
        province = self.first_unit()
        before = self.admin.get(f"/units?at=2025-06-30&parent={province['id']}")["items"]
        after = self.admin.get(f"/units?at=2025-07-01&parent={province['id']}")["items"]
        self.assertTrue(all(u["tier"] == "district" for u in before), before)
        self.assertTrue(all(u["tier"] == "commune" for u in after), after)
        status, card = self.described(self.admin, "GET", f"/units/{after[0]['id']}?at=2025-07-01")
        self.assertEqual(status, 200)
        self.assertTrue(card["exists"])
        self.assertTrue(card["predecessors"])
        epochs = [e["on"] for e in self.admin.get("/units/epochs")["items"]]
        self.assertIn("2025-07-01", epochs)
        self.assertEqual(epochs, sorted(epochs))

    def test_search_needs_no_diacritics(self):
        province = self.first_unit()
        name = self.admin.get(f"/units?parent={province['id']}")["items"][0]["name"]
        plain = name.lower().translate(str.maketrans("đ", "d"))
        import unicodedata
        plain = "".join(c for c in unicodedata.normalize("NFD", plain) if not unicodedata.combining(c))
        status, value = self.described(self.admin, "GET", "/units/search?q=" + plain.replace(" ", "%20"))
        self.assertEqual(status, 200)
        self.assertIn(name, [u["name"] for u in value["items"]])

    def test_an_account_lives_from_creation_to_disabling(self):
        commune = self.admin.get(f"/units?parent={self.first_unit()['id']}")["items"][0]
        fresh = {"login": "thu.hien", "name": "Lò Thị Thu Hiền <b>", "unit_id": commune["id"],
                 "roles": [{"role": "commune_officer"}]}
        status, made = self.described(self.admin, "POST", "/accounts", fresh)
        self.assertEqual(status, 201, made)
        number = made["account"]["id"]
        status, again = self.described(self.admin, "POST", "/accounts", fresh)
        self.assertEqual((status, again["error"]["fields"][0]["name"]), (409, "login"), again)
        officer = Client(self.house)
        officer.settle({"login": "thu.hien", "password": made["password"]})
        roots = officer.get("/units")["items"]
        self.assertEqual([u["id"] for u in roots], [commune["id"]])
        others = [u for u in self.admin.get(f"/units?parent={self.first_unit()['id']}")["items"]
                  if u["id"] != commune["id"]]
        with self.assertRaises(Refused) as refused:
            officer.get(f"/units/{others[0]['id']}")
        self.assertEqual(refused.exception.status, 404)
        with self.assertRaises(Refused) as refused:
            officer.get("/accounts")
        self.assertEqual(refused.exception.code, "forbidden")
        status, value = self.described(self.admin, "POST", f"/accounts/{number}/disable", {})
        self.assertEqual((status, value["account"]["state"]), (200, "disabled"))
        with self.assertRaises(Refused) as refused:
            officer.get("/me")
        self.assertEqual(refused.exception.code, "signed_out")
        status, value = self.described(self.admin, "GET", f"/accounts/{number}")
        actions = [line["action"] for line in value["history"]]
        self.assertIn("account_created", actions)
        self.assertIn("account_disabled", actions)

    def test_a_name_is_locked_after_five_wrong_passwords_and_unlocked_by_an_administrator(self):
        commune = self.admin.get(f"/units?parent={self.first_unit()['id']}")["items"][1]
        made = self.admin.post("/accounts", {"login": "bi.khoa", "name": "Bị Khóa", "unit_id": commune["id"]})
        client = Client(self.house)
        codes = []
        for _ in range(6):
            with self.assertRaises(Refused) as refused:
                client.sign_in("bi.khoa", "sai mật khẩu rồi")
            codes.append(refused.exception.code)
        self.assertEqual(codes[:4], ["sign_in_failed"] * 4)
        self.assertEqual(codes[5], "account_locked")
        with self.assertRaises(Refused) as refused:
            client.sign_in("bi.khoa", made["password"])
        self.assertEqual(refused.exception.status, 423)
        self.admin.post(f"/accounts/{made['account']['id']}/unlock")
        self.assertEqual(client.sign_in("bi.khoa", made["password"])["state"], "signed_in")

    def test_a_setting_changes_at_once_and_is_written_down(self):
        status, value = self.described(self.admin, "PUT", "/settings/inactive_days", {"value": 60})
        self.assertEqual((status, value["value"], value["source"]), (200, 60, "console"))
        status, value = self.described(self.admin, "PUT", "/settings/inactive_days", {"value": 0})
        self.assertEqual(status, 400)
        status, value = self.described(self.admin, "PUT", "/settings/listen", {"value": "0.0.0.0:1"})
        self.assertEqual(status, 400)
        status, value = self.described(self.admin, "DELETE", "/settings/inactive_days")
        self.assertEqual((status, value["value"]), (200, 45))
        lines = self.admin.get("/audit?action=setting_changed")["items"]
        self.assertEqual(lines[0]["before"], {"value": 60})
        self.assertEqual(lines[0]["after"], {"value": 45})

    def test_the_audit_chain_is_whole_after_many_at_once(self):
        def rename(n):
            client = Client(self.house)
            client.cookie, client.csrf = self.admin.cookie, self.admin.csrf
            client.call("PATCH", "/me", {"phone": f"02{n:08d}"})
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(rename, range(64)))
        status, verdict = self.described(self.admin, "GET", "/audit/verify")
        self.assertEqual(status, 200)
        self.assertTrue(verdict["ok"], verdict)
        _, headers, text = self.admin.send("GET", "/api/v1/audit/export?format=jsonl")
        self.assertEqual(len(text.decode().splitlines()), verdict["entries"])
        self.assertIn("attachment", headers["Content-Disposition"])
        self.assertEqual(self.admin.get("/audit?limit=1")["items"][0]["action"], "audit_exported")
        only = self.admin.send("GET", "/api/v1/audit/export?action=no_such_action")[2]
        self.assertEqual(only, b"")

    def test_errors_come_in_the_language_of_the_asker(self):
        for language, words in (("vi", "Không tìm thấy"), ("en", "Not found")):
            status, _, data = Client(self.house, language).send("GET", "/api/v1/nothing")
            error = json.loads(data)["error"]
            self.assertEqual((status, error["code"]), (404, "not_found"))
            self.assertIn(words, error["message"])

    def test_open_pages_are_told_what_changed(self):
        listener = Client(self.house)
        listener.cookie = self.admin.cookie
        wire = listener.connection()
        wire.request("GET", "/api/v1/events", headers={"Cookie": "loa_session=" + listener.cookie})
        answer = wire.getresponse()
        self.assertEqual(answer.status, 200)
        self.assertEqual(answer.headers["Content-Type"].split(";")[0], "text/event-stream")
        self.admin.call("PATCH", "/me", {"phone": "0912345678"})
        seen = b""
        patience = Patience("the topic accounts")
        while b'"topic":"accounts"' not in seen:
            patience.left()
            part = answer.read1(4096)
            self.assertTrue(part, "the stream ended")
            seen += part
        wire.close()


if __name__ == "__main__":
    unittest.main()
