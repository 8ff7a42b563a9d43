"""What strangers send: the answer is a clear error with a code, nothing is half-done, and the
process stays up."""
import json
import unittest

from house import Client, House, Refused


class HostileTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.house = House().start()
        cls.addClassCleanup(cls.house.close)
        cls.admin = Client(cls.house)
        cls.admin.settle(cls.house.account("province_admin"))

    def tearDown(self):
        self.assertIsNone(self.house.process.poll(), "the server died")
        self.assertEqual(self.admin.get("/session")["state"], "signed_in")

    def code(self, method, path, body=None, headers=None, client=None):
        status, _, data = (client or self.admin).send(method, "/api/v1" + path, body, headers)
        value = json.loads(data) if data else {}
        return status, value.get("error", {}).get("code")

    def test_wrong_json_is_refused(self):
        for body, code in ((b"{", "bad_json"), (b"", "bad_json"), (b"[]", "invalid"), (b'{"name":1}', "invalid"),
                           (b'{"name":"a","name":"b"}', "bad_json"), (b'{"nam":"a"}', "unknown_field"),
                           (b'{"name":"\xff"}', "bad_utf8"), (b'{"name":"a\\u0000b"}', "bad_json"),
                           (b"[" * 5000, "bad_json"), (b'{"name":' + b"[" * 100 + b"]" * 100 + b"}", "bad_json"),
                           (b'{"name":"' + b"x" * 500 + b'"}', "invalid"), (b'{"language":"fr"}', "invalid")):
            status, got = self.code("PATCH", "/me", body)
            self.assertEqual((status, got), (400, code), body[:60])

    def test_a_body_that_is_too_big_is_refused(self):
        self.assertEqual(self.code("PATCH", "/me", b'{"name":"' + b"x" * (2 << 20) + b'"}')[0], 413)

    def test_another_sites_page_is_refused(self):
        self.assertEqual(self.code("PATCH", "/me", {"phone": "1"}, {"Origin": "http://evil.example"}), (403, "bad_origin"))
        self.assertEqual(self.code("PATCH", "/me", {"phone": "1"}, {"Origin": "null"}), (403, "bad_origin"))
        self.assertEqual(self.code("PATCH", "/me", {"phone": "1"},
                                   {"Origin": None, "Sec-Fetch-Site": "cross-site"}), (403, "bad_origin"))

    def test_a_change_without_the_sessions_token_is_refused(self):
        self.assertEqual(self.code("PATCH", "/me", {"phone": "1"}, {"Loa-Csrf": None}), (403, "bad_csrf"))
        self.assertEqual(self.code("PATCH", "/me", {"phone": "1"}, {"Loa-Csrf": "x" * 43}), (403, "bad_csrf"))

    def test_invented_cookies_are_strangers(self):
        for cookie in ("x", "A" * 43, "A" * 5000, "'; DROP TABLE sessions; --", "%00"):
            client = Client(self.house)
            client.cookie = cookie
            status, _, data = client.send("GET", "/api/v1/me")
            self.assertIn(status, (401, 431, 400), cookie[:20])

    def test_names_that_look_like_code_are_names(self):
        names = ["Robert'); DROP TABLE accounts;--", "<script>alert(1)</script>", "\"><img src=x>", "a\\b", "${7*7}",
                 "../../etc/passwd", "𝔘𝔫𝔦", "Ð\u0301"]
        for name in names:
            shown = self.admin.call("PATCH", "/me", {"name": name})["account"]["name"]
            import unicodedata
            self.assertEqual(unicodedata.normalize("NFC", shown), unicodedata.normalize("NFC", name))

    def test_wrong_places_and_parameters_are_refused(self):
        for path, status in (("/units/0", 404), ("/units/-1", 404), ("/units/999999999", 404), ("/units/1e3", 404),
                             ("/units/99999999999999999999", 404), ("/units?at=2025-02-30", 400), ("/units?parent=x", 400),
                             ("/units/search?q=%ff", 400), ("/accounts?limit=0", 400), ("/accounts?limit=1000", 400),
                             ("/accounts?role=king", 400), ("/audit?from=yesterday", 400), ("/audit/export?format=exe", 400),
                             ("/accounts?after=%00", 400)):
            self.assertEqual(self.code("GET", path)[0], status, path)

    def test_methods_that_a_path_does_not_know_are_named(self):
        status, headers, data = self.admin.send("PUT", "/api/v1/units", {})
        self.assertEqual((status, headers["Allow"]), (405, "GET, POST"))
        self.assertEqual(json.loads(data)["error"]["code"], "method")

    def test_malformed_requests_are_not_accepted(self):
        host = f"127.0.0.1:{self.house.port}".encode()
        requests = [
            b"GET / HTTP/1.1\r\n\r\n",
            b"GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n",
            b"GET / HTTP/1.1\r\nHost: " + host + b"\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            b"GET / HTTP/1.1\r\nHost: " + host + b"\r\n Content-Length: 5\r\n\r\nhello",
            b"GET / HTTP/1.1\r\nHost : " + host + b"\r\n\r\n",
            b"GET / HTTP/1.1\rHost: " + host + b"\r\r",
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
            b"GET " + b"/a" * 20000 + b" HTTP/1.1\r\nHost: " + host + b"\r\n\r\n",
            b"GET /../../etc/passwd HTTP/1.1\r\nHost: " + host + b"\r\n\r\n",
            b"GET /%2e%2e/etc/passwd HTTP/1.1\r\nHost: " + host + b"\r\n\r\n",
        ]
        for request in requests:
            answer = self.house.raw(request)
            self.assertFalse(answer.startswith(b"HTTP/1.1 2"), request[:60])

    def test_every_answer_carries_its_security_headers(self):
        for path in ("/", "/units/7", "/api/v1/session", "/api/v1/nothing", "/missing.js"):
            _, headers, _ = self.admin.send("GET", path)
            self.assertIn("default-src 'none'", headers["Content-Security-Policy"], path)
            self.assertEqual(headers["X-Content-Type-Options"], "nosniff")
            self.assertNotIn("Server", headers)
            self.assertNotIn("unsafe", headers["Content-Security-Policy"])

    def test_a_locked_session_stays_locked_however_often_it_asks(self):
        account = self.house.account("viewer")
        client = Client(self.house)
        client.settle(account)
        client.post("/session/lock")
        for _ in range(5):
            with self.assertRaises(Refused) as refused:
                client.get("/me")
            self.assertEqual(refused.exception.code, "session_locked")
        self.assertEqual(client.get("/session")["state"], "locked")
        client.take(client.post("/session/unlock", {"password": account["password"]}))
        self.assertEqual(client.get("/me")["account"]["login"], account["login"])

    def test_settings_are_not_for_who_administers_a_part(self):
        province = self.admin.get("/units")["items"][0]
        commune = self.admin.get(f"/units?parent={province['id']}")["items"][0]
        made = self.admin.post("/accounts", {"login": "quan.tri.xa", "name": "Quản trị phường", "unit_id": commune["id"],
                                             "roles": [{"role": "province_admin"}]})
        part = Client(self.house)
        part.settle({"login": "quan.tri.xa", "password": made["password"]})
        for method, path, body in (("GET", "/settings", None), ("PUT", "/settings/inactive_days", {"value": 99}),
                                   ("DELETE", "/settings/inactive_days", {})):
            self.assertEqual(self.code(method, path, body, client=part), (403, "forbidden"), path)
        lines = part.get("/audit")["items"]
        self.assertTrue(all(line["unit"] is None or line["unit"]["id"] != province["id"] or
                            line["subject_id"] == made["account"]["id"] for line in lines), lines)

    def test_a_strangers_upload_is_refused_before_it_is_taken(self):
        stranger = Client(self.house)
        big = b"x" * (8 << 20)
        self.assertEqual(self.code("POST", "/imports?kind=units", big, client=stranger)[0], 413)
        self.assertNotEqual(self.code("POST", "/imports?kind=units", big)[0], 413)

    def test_a_list_of_many_units_is_taken_whole(self):
        lines = ["code,name,kind,parent_code"] + [f"8{n:07d},Thôn thử {n},thon,97106" for n in range(6000)]
        province = self.admin.get("/units")["items"][0]
        code = self.admin.get(f"/units?parent={province['id']}")["items"][0]["code"]
        text = "\n".join(lines).replace("97106", code).encode()
        made = self.admin.post("/imports?kind=units&on=2026-01-01", text)
        self.assertEqual((made["state"], made["adds"]), ("checked", 6000), str(made)[:2000])
        self.assertEqual(self.admin.post(f"/imports/{made['id']}/apply")["state"], "applied")
        self.assertEqual(len(self.admin.get("/units/search?q=thon%20thu%205999")["items"]), 1)

    def test_an_unknown_name_looks_like_a_wrong_password(self):
        client = Client(self.house)
        with self.assertRaises(Refused) as refused:
            client.sign_in("khong.co.ai", "mật khẩu nào đó")
        self.assertEqual(refused.exception.code, "sign_in_failed")


if __name__ == "__main__":
    unittest.main()
