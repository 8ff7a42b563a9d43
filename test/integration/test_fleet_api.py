"""Stations, clusters, devices and faults over the API, as technicians and officers use them; who
may see and do what; and what strangers and fools send. Strangers are put into the database before
the server starts: what they say on the wire is tested elsewhere."""
import csv
import io
import json
import sqlite3
import unittest
import zipfile
from concurrent.futures import ThreadPoolExecutor

from house import Client, House, Refused
from schema import Schemas

STRANGERS = 8


def add_strangers(folder):
    with sqlite3.connect(f"{folder}/loa.sqlite") as db:
        names = [row[1] for row in db.execute("PRAGMA table_info(devices)")]
        version = db.execute("UPDATE fleet_state SET version = version + 1 RETURNING version").fetchone()[0]
        for i in range(STRANGERS):
            row = {name: 0 for name in names}
            row.update({name: "" for name in ("name", "search_key", "serial", "model", "program", "address",
                                              "sim_number", "sim_operator", "note", "place_path")})
            row.update(id=None, public_key=bytes([i + 1] * 32), fingerprint=f"AAAA-BBBB-{i:04d}", kind=1,
                       state="pending", sort_key=b"", volume=70, serial=f"TEST-{i}", model="Loa 50",
                       fetch_to_min=300, version=version, first_seen_at_us=1700000000000000 + i)
            row.update(dict.fromkeys(("cluster_id", "replaced_by", "accepted_at_us", "accepted_by", "ended_at_us",
                                      "claim_hash")))
            db.execute(f"INSERT INTO devices ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})",
                       list(row.values()))
    db.close()


class FleetTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.house = House()
        cls.addClassCleanup(cls.house.close)
        add_strangers(cls.house.folder)
        cls.house.start()
        cls.admin = Client(cls.house)
        cls.admin.settle(cls.house.account("province_admin"))
        cls.schemas = Schemas(cls.admin.call("GET", "/openapi.json"))
        province = cls.admin.get("/units")["items"][0]
        cls.communes = cls.admin.get(f"/units?parent={province['id']}")["items"]
        cls.commune = cls.communes[0]
        cls.villages = cls.admin.get(f"/units?parent={cls.commune['id']}")["items"]
        made = cls.admin.post("/stations", {"unit_id": cls.commune["id"], "name": "Đài thử", "stage": "working"})
        cls.station = made["station"]["id"]
        cls.cluster = cls.make_cluster("Cụm loa Nhà văn hóa")
        cls.waiting = sorted(d["id"] for d in cls.admin.get("/devices/pending")["items"])

    @classmethod
    def make_cluster(cls, name, **more):
        body = {"station_id": cls.station, "unit_id": cls.villages[0]["id"], "name": name, "technology": "ip",
                "latitude": 21.25, "longitude": 106.5, "languages": ["vi", "tyz"], **more}
        return cls.admin.post("/clusters", body)["cluster"]["id"]

    def described(self, client, method, path, body=None, headers=None):
        status, head, data = client.send(method, "/api/v1" + path, body, headers)
        value = json.loads(data) if data and head.get("Content-Type") == "application/json" else None
        problems = self.schemas.answer_problems(method, "/api/v1" + path, status, value)
        self.assertEqual(problems, [], f"{method} {path} {status}")
        return status, value

    def accept(self, cluster=None, name="Cột thử"):
        number = self.waiting.pop()
        status, card = self.described(self.admin, "POST", f"/devices/{number}/accept",
                                      {"cluster_id": cluster or self.cluster, "name": name})
        self.assertEqual(status, 200, card)
        return number

    def refused(self, status, field, method, path, body, client=None):
        found, value = self.described(client or self.admin, method, path, body)
        self.assertEqual(found, status, value)
        if field:
            self.assertEqual(value["error"]["fields"][0]["name"], field, value)

    def person(self, login, role, unit):
        made = self.admin.post("/accounts", {"login": login, "name": "Người Thử", "unit_id": unit["id"],
                                             "roles": [{"role": role}]})
        client = Client(self.house)
        client.settle({"login": login, "password": made["password"]})
        return client

    def test_a_station_lives_stage_by_stage(self):
        status, card = self.described(self.admin, "POST", "/stations", {
            "unit_id": self.commune["id"], "name": "Đài mới", "stage": "surveyed", "stage_day": "2024-03-01"})
        self.assertEqual(status, 201)
        path = f"/stations/{card['station']['id']}"
        for stage, on in (("outline_submitted", "2024-05-01"), ("surveyed", "2024-05-20"), ("approved", "2024-08-01"),
                          ("working", "2025-01-01"), ("broken", "2025-02-01"), ("working", "2025-02-03")):
            status, card = self.described(self.admin, "POST", path + "/stage",
                                          {"stage": stage, "on": on, "note": "ghi\nchú"})
            self.assertEqual((status, card["station"]["stage"]), (200, stage))
        self.assertEqual(len(card["steps"]), 7)
        self.refused(400, "on", "POST", path + "/stage", {"stage": "degraded", "on": "2024-01-01"})
        self.refused(400, "on", "POST", path + "/stage", {"stage": "degraded", "on": "2999-01-01"})
        self.refused(400, "stage", "POST", path + "/stage", {"stage": "surveyed"})
        self.refused(400, "stage", "POST", path + "/stage", {"stage": "exploded"})
        status, card = self.described(self.admin, "PATCH", path, {"name": "Đài đổi tên"})
        self.assertEqual(card["station"]["name"], "Đài đổi tên")
        found = self.admin.get("/stations?q=doi%20ten")["items"]
        self.assertEqual([s["name"] for s in found], ["Đài đổi tên"])

    def test_a_cluster_says_only_what_can_be(self):
        path = f"/clusters/{self.cluster}"
        for field, value in (("latitude", 91), ("villages", [self.communes[1]["id"]]), ("languages", ["tiếng Việt"]),
                             ("volume_cap", 101), ("technology", "magic"), ("photos", ["xyz"]), ("horns", -1),
                             ("name", " "), ("station_id", 99999)):
            body = {field: value} if field != "latitude" else {"latitude": value, "longitude": 1}
            self.refused(400, field, "PATCH", path, body)
        status, card = self.described(self.admin, "PATCH", path, {
            "villages": [v["id"] for v in self.villages[:2]], "horns": 4, "nearby": "Trường học <b>",
            "photos": ["ab" * 32], "latitude": None, "longitude": None})
        self.assertEqual(status, 200, card)
        self.assertIsNone(card["cluster"]["latitude"])
        self.assertEqual(card["cluster"]["photos"], ["ab" * 32])
        self.assertEqual(card["history"][0]["action"], "cluster_changed")
        self.admin.call("PATCH", path, {"latitude": 21.25, "longitude": 106.5})

    def test_a_device_from_stranger_to_retirement(self):
        number = self.accept()
        status, card = self.described(self.admin, "GET", f"/devices/{number}")
        self.assertEqual((card["device"]["state"], card["device"]["live"]), ("accepted", "never"))
        self.assertEqual(card["device"]["cluster"]["id"], self.cluster)
        status, card = self.described(self.admin, "PATCH", f"/devices/{number}", {
            "settings": {"volume": 55, "fetch_from_min": 60, "fetch_to_min": 240}, "sim_number": "0912345678"})
        self.assertEqual((status, card["device"]["settings"]["volume"]), (200, 55))
        self.refused(400, "volume", "PATCH", f"/devices/{number}", {"settings": {"volume": 101}})
        self.refused(400, "fetch_to_min", "PATCH", f"/devices/{number}", {"settings": {"fetch_from_min": 1}})
        self.refused(400, "root", "PATCH", f"/devices/{number}", {"root": True})
        self.described(self.admin, "POST", f"/devices/{number}/action", {"action": "test_tone"})
        self.refused(400, "action", "POST", f"/devices/{number}/action", {"action": "explode"})
        fresh = self.waiting.pop()
        status, card = self.described(self.admin, "POST", f"/devices/{number}/replace", {"by": fresh})
        self.assertEqual((card["device"]["id"], card["device"]["settings"]["volume"]), (fresh, 55))
        status, old = self.described(self.admin, "GET", f"/devices/{number}")
        self.assertEqual(old["device"]["replaced_by"]["id"], fresh)
        self.described(self.admin, "POST", f"/devices/{fresh}/retire", {})
        self.refused(409, None, "POST", f"/devices/{fresh}/retire", {})
        history = self.described(self.admin, "GET", f"/devices/{number}/history")[1]["items"]
        self.assertEqual([h["action"] for h in history],
                         ["device_replaced", "device_test_tone", "device_changed", "device_accepted"])
        self.assertEqual(self.described(self.admin, "GET", f"/devices/{number}/log")[1]["items"], [])

    def test_everybody_stays_in_their_own_units(self):
        number = self.accept(name="Cột của xã một")
        own = self.person("tho.mot", "technician", self.commune)
        other = self.person("tho.hai", "technician", self.communes[1])
        viewer = self.person("xem.thu", "viewer", self.commune)
        self.assertEqual(other.get("/devices?q=cua%20xa%20mot")["total"], 0)
        self.assertEqual(own.get("/devices?q=cua%20xa%20mot")["total"], 1)
        self.assertEqual(other.get("/devices/map")["points"], [])
        for method, path, body in (("GET", f"/devices/{number}", None), ("GET", f"/stations/{self.station}", None),
                                   ("PATCH", f"/clusters/{self.cluster}", {"note": "x"}),
                                   ("POST", f"/devices/{number}/action", {"action": "restart"}),
                                   ("POST", f"/devices/{number}/retire", {}),
                                   ("GET", f"/devices/{number}/listen", None)):
            self.refused(404, None, method, path, body, other)
        for method, path, body in (("PATCH", f"/devices/{number}", {"note": "x"}),
                                   ("POST", "/stations", {"unit_id": self.commune["id"], "name": "a", "stage": "working"}),
                                   ("GET", "/devices/pending", None),
                                   ("POST", f"/devices/{number}/action", {"action": "restart"})):
            self.refused(403, None, method, path, body, viewer)
        waiting = self.waiting[-1]
        self.refused(400, "cluster_id", "POST", f"/devices/{waiting}/accept", {"cluster_id": self.cluster}, other)
        self.refused(403, None, "POST", "/device-lists", b"serial,cluster\n", viewer)
        outcome = other.post("/devices/batch", {"ids": [number], "change": {"settings": {"volume": 1}}})
        self.assertEqual((outcome["devices"], outcome["skipped"]), (0, 1))
        self.assertEqual(other.get("/devices/summary")["devices"], 0)
        self.assertGreater(own.get("/devices/summary")["devices"], 0)
        status, _ = self.described(own, "PATCH", f"/devices/{number}", {"note": "của tôi"})
        self.assertEqual(status, 200)

    def test_a_batch_says_first_how_many(self):
        number = self.accept(name="Cột lô")
        group = self.described(self.admin, "POST", "/groups", {"name": "Vùng lô", "unit_id": self.commune["id"],
                                                               "kind": "zone", "devices": [number]})[1]["group"]
        change = {"settings": {"volume": 44}, "action": "self_test"}
        asked = {"preview": True, "filter": {"group": group["id"]}, "change": change}
        self.assertEqual(self.described(self.admin, "POST", "/devices/batch", asked)[1],
                         {"devices": 1, "units": 1, "skipped": 0, "next": None})
        self.assertNotEqual(self.admin.get(f"/devices/{number}")["device"]["settings"]["volume"], 44)
        self.admin.post("/devices/batch", {**asked, "preview": False})
        self.assertEqual(self.admin.get(f"/devices/{number}")["device"]["settings"]["volume"], 44)
        self.admin.post("/devices/batch", {"ids": [number, 99999], "change": {"group_drop": group["id"]}})
        self.assertEqual(self.admin.get(f"/devices/{number}")["device"]["groups"], [])
        for body in ({"change": change}, {"ids": [1], "filter": {}, "change": change}, {"ids": [], "change": change},
                     {"ids": [1], "change": {}}, {"ids": ["1"], "change": change}, {"ids": [0], "change": change},
                     {"filter": {"state": "sleepy"}, "change": change}, {"filter": {"where": 1}, "change": change}):
            self.refused(400, None, "POST", "/devices/batch", body)

    def test_a_list_is_kept_whole_or_not_at_all(self):
        text = f"serial,claim,cluster,name\nSN-1,K7Q2,{self.cluster},Cột chợ\n,,{self.cluster},\nSN-3,,9999,\n"
        status, report = self.described(self.admin, "POST", "/device-lists?name=L%C3%B4", text.encode(),
                                        {"Content-Type": "text/csv"})
        self.assertEqual((status, report["id"]), (201, None))
        self.assertEqual([p["code"] for p in report["problems"]], ["no_mark", "cluster_unknown"])
        status, report = self.described(self.admin, "POST", "/device-lists", text[:text.index("\n,,") + 1].encode(),
                                        {"Content-Type": "text/csv"})
        self.assertEqual((report["lines"], report["problems"]), (1, []))
        for bad in (b"\xff\xfe", b'serial,cluster\n"x', b""):
            status, _ = self.described(self.admin, "POST", "/device-lists", bad, {"Content-Type": "text/csv"})
            self.assertIn(status, (201, 400))

    def test_exports_hold_numbers_and_no_formulas(self):
        self.accept(name="=HYPERLINK(\"http://x\")")
        status, head, data = self.admin.send("GET", "/api/v1/devices/export?format=csv")
        self.assertEqual(status, 200)
        rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
        self.assertIn("'=HYPERLINK(\"http://x\")", [row[1] for row in rows])
        self.assertEqual({len(row) for row in rows}, {len(rows[0])})
        status, head, data = self.admin.send("GET", "/api/v1/devices/export?format=xlsx")
        self.assertIn("spreadsheetml", head["Content-Type"])
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            sheet = book.read("xl/worksheets/sheet1.xml").decode()
        self.assertIn("HYPERLINK", sheet)
        self.assertNotIn("<f>", sheet)
        self.assertIn("<v>21.25</v>", sheet)
        self.refused(400, "format", "GET", "/devices/export?format=exe", None)

    def test_lists_take_only_filters_that_mean_something(self):
        for query in ("state=sleepy", "fault=bored", "kind=toaster", "limit=0", "limit=501", "unit=x",
                      "after=-", "group=", "q=" + "a" * 300):
            status, _ = self.described(self.admin, "GET", "/devices?" + query)
            self.assertEqual(status, 200 if query == "group=" else 400, query)
        for path in ("/devices?pending=1", "/devices?state=ended", "/devices?fault=any", "/devices?state=never&limit=1",
                     "/faults?past=1&kind=dead", "/traffic?month=202611&limit=5",
                     "/faults/digest?unit=%d" % self.commune["id"],
                     "/devices/summary?unit=%d" % self.commune["id"],
                     "/clusters?technology=ip&station=%d" % self.station):
            self.assertEqual(self.described(self.admin, "GET", path)[0], 200, path)

    def test_two_people_cannot_accept_the_same_box(self):
        number = self.waiting.pop()
        second = Client(self.house)
        second.cookie, second.csrf = self.admin.cookie, self.admin.csrf
        body = {"cluster_id": self.cluster}
        with ThreadPoolExecutor(2) as pool:
            found = list(pool.map(lambda c: c.send("POST", f"/api/v1/devices/{number}/accept", body)[0],
                                  (self.admin, second)))
        self.assertEqual(sorted(found), [200, 409])


if __name__ == "__main__":
    unittest.main()
