"""Bulletins over the API and on the air: written, approved by a second person, changed by two at
once, scheduled, sent to communes, chosen or not, found again; and one that is followed from its
approval through a real device's plan to what the device says it played."""
import datetime
import json
import secrets
import unittest
from urllib.parse import quote

from house import Client, House, Refused
from opus import silence
from schema import Schemas
from test_fleet_api import add_strangers

TODAY = (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=7)).date()


def day(ahead):
    return (TODAY + datetime.timedelta(days=ahead)).isoformat()


class BulletinHouse(unittest.TestCase):
    """A province with three poles in two communes, and a sound."""

    @classmethod
    def setUpClass(cls):
        cls.house = House()
        cls.addClassCleanup(cls.house.close)
        add_strangers(cls.house.folder)
        cls.house.start()
        cls.admin = Client(cls.house)
        cls.admin.settle(cls.house.account("province_admin"))
        cls.schemas = Schemas(cls.admin.call("GET", "/openapi.json"))
        cls.province = cls.admin.get("/units")["items"][0]
        cls.communes = cls.admin.get(f"/units?parent={cls.province['id']}")["items"]
        cls.officer = Client(cls.house)
        cls.officer.settle(cls.house.account("commune_officer"))
        home = cls.officer.get("/me")["account"]["unit"]["id"]
        cls.commune = next(c for c in cls.communes if c["id"] == home)
        cls.other = next(c for c in cls.communes if c["id"] != home)
        cls.make_poles()
        path = f"/media?title={quote('Bản tin thử')}&language=vi&unit={cls.province['id']}"
        cls.sound = cls.admin.call("POST", path, silence(60), {"Content-Type": "audio/ogg"})["media"]

    @classmethod
    def make_poles(cls):
        waiting = [d["id"] for d in cls.admin.get("/devices/pending")["items"]]
        cls.devices = []
        for commune, device in zip((cls.commune, cls.other), waiting):
            village = cls.admin.get(f"/units?parent={commune['id']}")["items"][0]
            station = cls.admin.post("/stations", {"unit_id": commune["id"], "name": "Đài thử", "stage": "working"})
            cluster = cls.admin.post("/clusters", {
                "station_id": station["station"]["id"], "unit_id": village["id"], "name": "Cụm thử",
                "technology": "ip", "languages": ["vi"]})
            cls.admin.post(f"/devices/{device}/accept", {"cluster_id": cluster["cluster"]["id"], "name": "Loa thử"})
            cls.devices.append(device)

    def described(self, client, method, path, body=None):
        status, _, data = client.send(method, "/api/v1" + path, body)
        value = json.loads(data)
        self.assertLess(status, 400, value)
        self.assertEqual(self.schemas.answer_problems(method, "/api/v1" + path, status, value), [], path)
        return value

    def refused(self, status, call, *args):
        with self.assertRaises(Refused) as caught:
            call(*args)
        self.assertEqual(caught.exception.status, status, caught.exception.body)
        return caught.exception.body

    def body(self, **more):
        return {"title": "Lịch tiêm phòng", "category": "health", "class": "ordinary", "areas": [],
                "texts": [{"language": "vi", "channel": "sound", "text": "Sáng thứ bảy tiêm phòng cho trẻ em.",
                           "media": self.sound}], **more}

    def write(self, client=None, unit=None, **more):
        unit = unit or self.commune
        return self.described(client or self.officer, "POST", "/bulletins",
                              {"mark": secrets.token_hex(16), "unit_id": unit["id"], **self.body(**more)})

    def step(self, client, bulletin, step, **body):
        return self.described(client, "POST", f"/bulletins/{bulletin['id']}/{step}", body)

    def approved(self, writer=None, approver=None, **more):
        writer = writer or self.officer
        made = self.write(writer, **more)
        self.step(writer, made, "submit", revision=1)
        return self.step(approver or self.admin, made, "approve", revision=1)

    def province_bulletin(self, **more):
        """Written by an editor of the province, approved by its administrator."""
        editor = Client(self.house)
        editor.settle(self.house.account("editor"))
        return self.approved(editor, self.admin, unit=self.province, **more)


class LifeTest(BulletinHouse):
    def test_a_bulletin_is_made_once_whatever_the_line_does(self):
        body = {"mark": secrets.token_hex(16), "unit_id": self.commune["id"], **self.body()}
        first = self.described(self.officer, "POST", "/bulletins", body)
        again = self.described(self.officer, "POST", "/bulletins", body)
        self.assertEqual(first["id"], again["id"])
        self.assertEqual((first["state"], first["revision"]), ("draft", 1))
        self.assertEqual(first["texts"][0]["ms"], 60000)
        self.assertIn("submit", first["may"])
        self.refused(409, self.admin.post, "/bulletins", body | {"unit_id": self.other["id"]})

    def test_a_second_person_approves_what_was_read(self):
        made = self.write()
        self.step(self.officer, made, "submit", revision=1)
        answer = self.refused(403, self.officer.post, f"/bulletins/{made['id']}/approve", {"revision": 1})
        self.assertEqual(answer["error"]["code"], "second_person")
        self.assertNotIn("approve", self.officer.get(f"/bulletins/{made['id']}")["may"])
        changed = self.described(self.officer, "PUT", f"/bulletins/{made['id']}",
                                 {"revision": 1, **self.body(title="Đổi giờ tiêm")})
        self.assertEqual((changed["state"], changed["revision"]), ("submitted", 2))
        self.refused(409, self.admin.post, f"/bulletins/{made['id']}/approve", {"revision": 1})
        done = self.step(self.admin, made, "approve", revision=2)
        self.assertEqual((done["state"], done["approved_revision"], done["approved_alone"]), ("approved", 2, False))
        self.refused(409, self.officer.call, "PUT", f"/bulletins/{made['id']}", {"revision": 2, **self.body()})

    def test_one_person_is_enough_where_the_unit_above_says_so(self):
        rule = {"unit_id": self.commune["id"], "one_person": True}
        self.refused(403, self.officer.call, "PUT", "/bulletin-rules", rule)
        said = self.described(self.admin, "PUT", "/bulletin-rules", rule)
        self.addCleanup(self.admin.call, "PUT", "/bulletin-rules", rule | {"one_person": False})
        self.assertEqual((said["one_person"], said["set_by_unit"]["id"]), (True, self.commune["id"]))
        made = self.write()
        self.step(self.officer, made, "submit", revision=1)
        self.assertTrue(self.step(self.officer, made, "approve", revision=1)["approved_alone"])
        trail = self.admin.get(f"/audit?subject_kind=bulletin&subject_id={made['id']}")["items"]
        self.assertIn("bulletin_approved_alone", [line["action"] for line in trail])

    def test_of_two_who_save_at_once_nobody_loses_anything(self):
        made = self.write()
        path = f"/bulletins/{made['id']}"
        self.described(self.officer, "PUT", path, {"revision": 1, **self.body(title="Của tôi")})
        answer = self.refused(409, self.admin.call, "PUT", path, {"revision": 1, **self.body(title="Của anh")})
        self.assertEqual(answer["error"]["code"], "version")
        self.assertEqual((answer["theirs"]["title"], answer["theirs"]["revision"]), ("Của tôi", 2))
        versions = self.described(self.officer, "GET", path + "/versions")["items"]
        self.assertEqual([v["revision"] for v in versions], [2, 1])
        self.assertEqual(self.described(self.officer, "GET", path + "/versions/1")["title"], "Lịch tiêm phòng")

    def test_what_is_not_complete_is_not_submitted(self):
        spoken = {"language": "vi", "channel": "sound", "media": self.sound}
        for more, name in (({"texts": [spoken]}, "text"), ({"texts": []}, "texts"), ({"category": None}, "category"),
                           ({"texts": [{"language": "vi", "channel": "sound", "text": "Chữ"}]}, "media")):
            made = self.write(**more)
            answer = self.refused(400, self.officer.post, f"/bulletins/{made['id']}/submit", {"revision": 1})
            self.assertEqual((answer["error"]["fields"][0]["name"], answer["error"]["fields"][0]["code"]),
                             (name, "missing"))

    def test_it_comes_back_with_a_reason_and_goes_again(self):
        made = self.write()
        self.step(self.officer, made, "submit", revision=1)
        self.refused(400, self.admin.post, f"/bulletins/{made['id']}/return", {"reason": " "})
        back = self.step(self.admin, made, "return", reason="Sai giờ")
        self.assertEqual((back["state"], back["reason"]), ("returned", "Sai giờ"))
        self.described(self.officer, "PUT", f"/bulletins/{made['id']}", {"revision": 1, **self.body(title="Đúng giờ")})
        self.assertEqual(self.step(self.officer, made, "submit", revision=2)["state"], "submitted")
        copy = self.step(self.officer, made, "copy", mark=secrets.token_hex(16))
        self.assertEqual((copy["state"], copy["title"]), ("draft", "Đúng giờ"))
        gone = self.step(self.officer, made, "withdraw", reason="Thôi")
        self.assertEqual((gone["state"], gone["may"]), ("withdrawn", []))

    def test_what_cannot_be_is_refused_by_name(self):
        for more, name in (({"category": "quảng_cáo"}, "category"), ({"areas": [self.other["id"]]}, "areas"),
                           ({"class": "loud"}, "class"), ({"valid_to": "2026-02-30T00:00:00Z"}, "valid_to"),
                           ({"texts": [{"language": "vi", "channel": "sound", "media": "1" * 64}]}, "media"),
                           ({"texts": [{"language": "vi", "channel": "smoke"}]}, "channel"), ({"title": ""}, "title")):
            body = {"mark": secrets.token_hex(16), "unit_id": self.commune["id"], **self.body(), **more}
            self.assertEqual(self.refused(400, self.officer.post, "/bulletins", body)["error"]["fields"][0]["name"], name)

    def test_others_see_it_when_it_is_approved_and_for_them(self):
        made = self.write(self.admin, self.province)
        self.refused(404, self.officer.get, f"/bulletins/{made['id']}")
        seen = self.province_bulletin()
        self.assertEqual(self.officer.get(f"/bulletins/{seen['id']}")["state"], "approved")
        self.refused(404, self.officer.post, f"/bulletins/{made['id']}/submit", {"revision": 1})
        self.refused(404, self.officer.post, f"/bulletins/{seen['id']}/withdraw", {"reason": "không"})
