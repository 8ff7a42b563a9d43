"""Bulletins over the API and on the air: written, approved by a second person, changed by two at
once, scheduled, sent to communes, chosen or not, found again; and one that is followed from its
approval through a real device's plan to what the device says it played."""
import datetime
import json
import secrets
import unittest
import xml.etree.ElementTree
from email.utils import parsedate_to_datetime
from urllib.parse import quote

from house import Client, House, Refused
from opus import silence
from schema import Schemas
from test_agent import Agent
from test_devices import FAST, Events
from test_fleet_api import add_strangers

VIETNAM = datetime.timezone(datetime.timedelta(hours=7))

TODAY = (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=7)).date()


def day(ahead):
    return (TODAY + datetime.timedelta(days=ahead)).isoformat()


class BulletinHouse(unittest.TestCase):
    """A province with three poles in two communes, and a sound."""

    @classmethod
    def setUpClass(cls):
        cls.house = House(settings=FAST)
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
        cls.clear_the_air()
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

    @classmethod
    def clear_the_air(cls):
        """What the demo planned is not what a test planned."""
        for line in cls.admin.get(f"/bulletins?unit={cls.commune['id']}&state=scheduled")["items"]:
            cls.admin.post(f"/bulletins/{line['id']}/withdraw", {"reason": "thử"})

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
        theirs = self.described(self.admin, "PUT", path, {"revision": 2, **self.body(title="Của cả hai")})
        self.assertEqual(theirs["revision"], 3)
        versions = self.described(self.officer, "GET", path + "/versions")["items"]
        self.assertEqual([v["revision"] for v in versions], [3, 2])
        self.assertEqual(self.described(self.officer, "GET", path + "/versions/2")["title"], "Của tôi")

    def test_a_page_that_saves_by_itself_makes_one_version_of_one_go(self):
        made = self.write()
        path = f"/bulletins/{made['id']}"
        for revision, title in ((1, "Một"), (2, "Hai"), (3, "Ba")):
            self.described(self.officer, "PUT", path, {"revision": revision, **self.body(title=title)})
        again = self.described(self.officer, "PUT", path, {"revision": 3, **self.body(title="Ba")})
        self.assertEqual(again["revision"], 4)
        self.assertEqual([v["revision"] for v in self.officer.get(path + "/versions")["items"]], [4])
        self.step(self.officer, made, "submit", revision=4)
        self.described(self.officer, "PUT", path, {"revision": 4, **self.body(title="Bốn")})
        self.assertEqual([v["revision"] for v in self.officer.get(path + "/versions")["items"]], [5, 4])

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


class DownTest(BulletinHouse):
    """From the province down to communes, and into programmes."""

    def offer(self, bulletin, unit):
        listed = self.described(self.admin, "GET", f"/offers?unit={unit['id']}")["items"]
        return next(o for o in listed if o["bulletin"]["id"] == bulletin["id"])

    def planned(self, device=0, ahead=1):
        plan = self.described(self.admin, "GET", f"/devices/{self.devices[device]}/plan?day={day(ahead)}")
        return [item["bulletin"] for item in plan["items"] if item["bulletin"]]

    def test_a_commune_chooses_what_came_from_above(self):
        made = self.province_bulletin()
        sent = self.described(self.admin, "POST", f"/bulletins/{made['id']}/send", {"units": [self.province["id"]]})
        self.assertEqual((sent["offered"], sent["refused"]), (len(self.communes), 0))
        again = self.described(self.admin, "POST", f"/bulletins/{made['id']}/send", {"units": [self.commune["id"]]})
        self.assertEqual(again["already"], 1)
        self.assertEqual(self.planned(), [])
        offer = self.offer(made, self.commune)
        self.assertEqual((offer["state"], offer["from"]["id"]), ("waiting", self.province["id"]))
        taken = self.described(self.officer, "POST", f"/offers/{offer['id']}/take", {"on": day(1), "start": "06:20"})
        self.assertEqual((taken["state"], taken["full"]["state"]), ("taken", "scheduled"))
        self.assertEqual((self.planned(0), self.planned(1)), ([made["id"]], []))
        other = self.offer(made, self.other)
        said = self.described(self.admin, "POST", f"/offers/{other['id']}/decline", {"reason": "Đã có tin riêng"})
        self.assertEqual((said["state"], said["reason"]), ("declined", "Đã có tin riêng"))
        self.step(self.admin, made, "withdraw", reason="Có bản mới")
        self.assertEqual(self.planned(), [])
        self.assertEqual(self.offer(made, self.commune)["state"], "gone")
        self.refused(409, self.officer.post, f"/offers/{offer['id']}/take", {"on": day(1), "start": "06:20"})

    def test_priority_enters_and_the_commune_says_which_goes_first(self):
        ours = self.approved(**{"class": "priority", "title": "Tin ưu tiên của xã"})
        self.step(self.officer, ours, "schedule", on=day(1), start="07:30")
        theirs = self.province_bulletin(**{"class": "priority", "title": "Tin ưu tiên của tỉnh"})
        self.refused(400, self.admin.post, f"/bulletins/{theirs['id']}/send", {"units": [self.commune["id"]]})
        sent = self.described(self.admin, "POST", f"/bulletins/{theirs['id']}/send",
                              {"units": [self.commune["id"], self.other["id"]], "on": day(1), "start": "07:30"})
        self.assertEqual(sent["entered"], 2)
        self.assertEqual(self.planned(), [theirs["id"], ours["id"]])
        clash = next(c for c in self.officer.get(f"/clashes?unit={self.commune['id']}")["items"]
                     if ours["title"] in (c["first"]["name"], c["second"]["name"]))
        first = next(c for c in (clash["first"], clash["second"]) if c["name"] == ours["title"])
        self.officer.post(f"/clashes/{clash['id']}/order", {"first": first["id"]})
        self.assertEqual(self.planned(), [ours["id"], theirs["id"]])
        self.assertEqual(self.planned(1), [theirs["id"]])
        self.step(self.admin, theirs, "withdraw", reason="xong")
        self.step(self.admin, ours, "withdraw", reason="xong")

    def test_it_comes_last_in_a_programme_of_that_day(self):
        programme = self.officer.post("/programmes", {
            "unit_id": self.commune["id"], "name": "Tin xã", "start": "05:30",
            "when": {"cadence": "daily", "from": day(-1)}, "items": [{"media": self.sound, "language": "vi"}]})
        self.addCleanup(self.admin.call, "DELETE", f"/programmes/{programme['id']}")
        made = self.approved()
        placed = self.step(self.officer, made, "schedule", programme=programme["id"], on=day(2))
        self.assertEqual(placed["airings"][0]["programme"]["id"], programme["id"])
        plan = self.admin.get(f"/devices/{self.devices[0]}/plan?day={day(2)}")["items"]
        here = [item["bulletin"] for item in plan if item["programme"] and item["programme"]["id"] == programme["id"]]
        self.assertEqual(here, [None, made["id"]])
        self.assertEqual(self.planned(ahead=3), [])
        self.refused(400, self.officer.post, f"/bulletins/{made['id']}/schedule",
                     {"programme": programme["id"], "on": day(2)})
        self.officer.call("DELETE", f"/airings/{placed['airings'][0]['id']}")
        self.assertEqual(self.planned(ahead=2), [])
        self.assertEqual(self.officer.get(f"/bulletins/{made['id']}")["state"], "approved")

    def test_an_emergency_is_an_alarm_and_never_scheduled(self):
        made = self.approved(**{"class": "emergency", "title": "Lũ quét", "areas": [self.commune["id"]]})
        for path, body in (("schedule", {"on": day(1), "start": "06:00"}), ("send", {"units": [self.commune["id"]]})):
            self.assertEqual(self.refused(409, self.admin.post, f"/bulletins/{made['id']}/{path}", body)["error"]["code"],
                             "by_alarm")
        alarm = made["alarm"]
        self.assertEqual((alarm["unit_id"], alarm["areas"]), (self.commune["id"], [self.commune["id"]]))
        raised = self.admin.post("/alarms", {"mark": secrets.token_hex(16), "signal": "siren", "valid_s": 600,
                                             "preview": True, **alarm})
        self.assertEqual(raised["effect"]["devices"], 1)

    def test_what_cannot_be_scheduled_says_why(self):
        made = self.approved(valid_to=day(3) + "T00:00:00Z")
        for body, code in (({"on": day(-1), "start": "06:00"}, "in_the_past"),
                           ({"on": day(9), "start": "06:00"}, "not_valid_then"),
                           ({"on": day(1), "start": "06:00", "unit_id": self.other["id"]}, "outside"),
                           ({"on": day(1), "start": "06:00", "again": [day(1)]}, "not_in_order")):
            answer = self.refused(400, self.admin.post, f"/bulletins/{made['id']}/schedule", body)
            self.assertEqual(answer["error"]["fields"][0]["code"], code)
        draft = self.write()
        self.refused(409, self.officer.post, f"/bulletins/{draft['id']}/schedule", {"on": day(1), "start": "06:00"})
        silent = self.approved(texts=[{"language": "vi", "channel": "portal", "text": "Chỉ để đọc."}])
        body = {"on": day(1), "start": "06:00"}
        answer = self.refused(400, self.officer.post, f"/bulletins/{silent['id']}/schedule", body)
        self.assertEqual(answer["error"]["fields"][0]["code"], "no_sound")


class FindTest(BulletinHouse):
    def found(self, question, client=None):
        listed = self.described(client or self.officer, "GET", f"/bulletins?limit=200&q={quote(question)}")["items"]
        return {line["title"] for line in listed}

    def test_words_are_found_with_and_without_their_marks(self):
        titles = {"Lũ quét ở Đường Lâm", "Lu nước sạch", "Cảnh báo lụt"}
        for title in titles:
            self.write(title=title)
        self.assertEqual(self.found("lu") & titles, titles)
        self.assertEqual(self.found("lũ") & titles, {"Lũ quét ở Đường Lâm"})
        self.assertEqual(self.found("duong lam"), {"Lũ quét ở Đường Lâm"})
        self.assertEqual(self.found("ĐƯỜNG lu"), {"Lũ quét ở Đường Lâm"})
        self.assertEqual(self.found("dường"), set())

    def test_lists_are_filtered_and_go_on(self):
        made = [self.write(title=f"Số {n}", category="security") for n in range(5)]
        first = self.described(self.officer, "GET", f"/bulletins?unit={self.commune['id']}&category=security&limit=2")
        self.assertEqual([line["id"] for line in first["items"]], [made[4]["id"], made[3]["id"]])
        rest = self.described(self.officer, "GET", f"/bulletins?category=security&before={first['next']}")
        self.assertEqual([line["id"] for line in rest["items"]], [b["id"] for b in reversed(made[:3])])
        self.assertEqual(self.officer.get(f"/bulletins?unit={self.commune['id']}&state=on_air")["items"], [])
        self.refused(404, self.officer.get, f"/bulletins?unit={self.other['id']}")
        self.refused(400, self.officer.get, "/bulletins?state=loud")

    def test_what_was_said_before_is_shown(self):
        text = "Bà con chú ý: sáng thứ bảy trạm y tế xã tiêm phòng sởi cho trẻ từ chín tháng đến hai tuổi."
        made = self.write(title="Tiêm phòng sởi",
                          texts=[{"language": "vi", "channel": "portal", "text": text}])
        likes = self.described(self.officer, "POST", "/bulletins/similar",
                               {"title": "tin y tế", "text": text.replace("Bà con chú ý", "ba con chu y")})
        self.assertEqual(likes["items"][0]["bulletin"]["id"], made["id"])
        self.assertGreater(likes["items"][0]["likeness"], 80)

    def test_lists_that_are_data(self):
        kinds = self.described(self.officer, "GET", "/categories")["items"]
        self.assertIn("disaster", [kind["code"] for kind in kinds])
        self.refused(403, self.officer.call, "PUT", "/categories", {"items": kinds})
        more = [{key: k[key] for key in ("code", "name_vi", "name_en", "retired")} for k in kinds]
        more.append({"code": "market", "name_vi": "Chợ phiên", "name_en": "Market days"})
        changed = self.described(self.admin, "PUT", "/categories", {"items": more})["items"]
        self.assertEqual((changed[-1]["code"], len(changed)), ("market", len(kinds) + 1))
        body = {"unit_id": self.province["id"], "name": "Lịch tiêm", "title": "Tiêm phòng tháng …", "category": "health",
                "texts": [{"language": "vi", "channel": "sound", "text": "Trạm y tế xã thông báo …"}]}
        self.refused(404, self.officer.post, "/bulletin-templates", body)
        made = self.described(self.admin, "POST", "/bulletin-templates", body)
        seen = self.described(self.officer, "GET", f"/bulletin-templates?unit={self.commune['id']}")["items"]
        self.assertIn(made["id"], [template["id"] for template in seen])
        path = f"/bulletin-templates/{made['id']}"
        self.described(self.admin, "PUT", path, body | {"version": 1, "name": "Lịch tiêm phòng"})
        self.refused(409, self.admin.call, "PUT", path, body | {"version": 1})
        self.admin.call("DELETE", path)
        self.assertNotIn(made["id"], [t["id"] for t in self.admin.get("/bulletin-templates")["items"]])


class DeskTest(BulletinHouse):
    """What planning needs: minutes left, somebody's calendar, a week once more."""

    def programme(self, **more):
        body = {"unit_id": self.commune["id"], "name": "Tin xã", "start": "05:30",
                "when": {"cadence": "daily", "from": day(0)}, "items": [{"media": self.sound, "language": "vi"}]}
        made = self.officer.post("/programmes", body | more)
        self.addCleanup(self.admin.send, "DELETE", f"/api/v1/programmes/{made['id']}")
        return made

    def test_minutes_are_counted_against_the_rules(self):
        self.programme(place_ms=660000)
        rule = {"name": "Nghị quyết 5", "from": day(0), "day_most_min": 15, "session_most_min": 12,
                "hours": [{"from": "05:00", "to": "07:00"}, {"from": "16:30", "to": "18:00"}]}
        unit = self.commune["id"]
        self.officer.call("PUT", f"/rules?unit={unit}", {"items": [rule]})
        self.addCleanup(self.officer.call, "PUT", f"/rules?unit={unit}", {"items": []})
        today, after = self.described(self.officer, "GET", f"/quota?unit={unit}&day={day(1)}&days=2")["items"]
        self.assertEqual((today["day"], after["day"], today["devices"]), (day(1), day(2), 1))
        self.assertEqual((today["day_most_ms"], today["session_most_ms"]), (900000, 720000))
        self.assertEqual((today["rule"], today["hours"][0]), ("Nghị quyết 5", {"from": "05:00", "to": "07:00"}))
        self.assertGreater(today["used_ms"], 0)
        self.assertEqual(sum(s["used_ms"] for s in today["sessions"]), today["used_ms"])
        nobody = self.described(self.admin, "GET", f"/quota?unit={self.communes[-1]['id']}")["items"]
        self.assertEqual((len(nobody), nobody[0]["devices"]), (7, 0))
        self.refused(404, self.officer.get, f"/quota?unit={self.other['id']}")
        self.refused(400, self.officer.get, "/quota?days=99")

    def calendar(self, text, dry=0, status=200):
        answer = self.officer.send("POST", f"/api/v1/programmes/import?unit={self.commune['id']}&dry={dry}",
                                   text.replace("\n", "\r\n").encode(), {"Content-Type": "text/calendar"})
        self.assertEqual(answer[0], status, answer[2])
        value = json.loads(answer[2])
        path = "/api/v1/programmes/import"
        self.assertEqual(self.schemas.answer_problems("POST", path, status, value), [] if status < 400 else value)
        return value

    def test_a_calendar_becomes_places_and_is_known_again(self):
        start = day(3).replace("-", "")
        text = ("BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//x//x//VI\n"
                f"BEGIN:VEVENT\nUID:a@x\nSUMMARY:Bản tin tuần\nDTSTART:{start}T053000\nDURATION:PT15M\n"
                "RRULE:FREQ=WEEKLY;INTERVAL=1;COUNT=4\nEND:VEVENT\n"
                f"BEGIN:VEVENT\nUID:b@x\nSUMMARY:Tiếp âm\nDTSTART:{start}T223000Z\nDTEND:{start}T224500Z\nEND:VEVENT\n"
                f"BEGIN:VEVENT\nUID:c@x\nSUMMARY:Lạ\nDTSTART;TZID=Europe/Paris:{start}T053000\nDURATION:PT15M\n"
                "END:VEVENT\nEND:VCALENDAR\n")
        tried = self.calendar(text, dry=1)
        self.assertEqual((tried["added"], tried["skipped"]), (2, 1))
        self.assertEqual(tried["items"][2]["code"], "time_zone")
        before = {p["name"] for p in self.officer.get(f"/programmes?unit={self.commune['id']}")["items"]}
        self.assertNotIn("Bản tin tuần", before)
        made = self.calendar(text)
        self.assertEqual(made["items"][0]["when"]["cadence"], "weekly")
        self.assertEqual((made["items"][0]["start"], made["items"][1]["start"]), ("05:30", "05:30"))
        self.assertEqual(made["items"][1]["when"]["from"], day(4))
        self.assertEqual(self.calendar(text)["same"], 2)
        again = self.calendar(text.replace("Bản tin tuần", "Bản tin thứ hai"))
        self.assertEqual((again["changed"], again["items"][0]["programme"]), (1, made["items"][0]["programme"]))
        for line in made["items"][:2]:
            self.admin.call("DELETE", f"/programmes/{line['programme']}")

    def test_what_is_no_calendar_is_refused(self):
        deep = "BEGIN:VCALENDAR\n" + "BEGIN:VEVENT\n" * 5000
        for text in ("", "hello", "BEGIN:VEVENT\nEND:VEVENT\n", deep):
            self.calendar_refused(text)

    def calendar_refused(self, text):
        status, _, data = self.officer.send("POST", f"/api/v1/programmes/import?unit={self.commune['id']}",
                                            text.encode() or b" ", {"Content-Type": "text/calendar"})
        self.assertEqual((status, json.loads(data)["error"]["fields"][0]["code"]), (400, "not_a_calendar"))

    def test_our_own_calendar_comes_back_as_it_went(self):
        made = self.programme(name="Chuyên mục", when={"cadence": "month_weekday", "from": day(0), "weekdays": [3],
                                                       "nth": -1}, place_ms=900000, items=[])
        status, _, data = self.officer.send("GET", f"/api/v1/programme.ics?unit={self.commune['id']}")
        self.assertEqual(status, 200)
        lines = {line["name"]: line for line in self.calendar(data.decode(), dry=1)["items"]}
        back = lines["Chuyên mục"]
        self.assertEqual((back["result"], back["start"], back["place_ms"]), ("added", "05:30", 900000))
        for key in ("cadence", "weekdays", "nth"):
            self.assertEqual(back["when"][key], made["when"][key])

    def test_a_week_comes_once_more(self):
        body = {"unit_id": self.commune["id"], "from": day(1), "to": day(8)}
        once = self.programme(name="Một lần", when={"cadence": "once", "from": day(2)})
        column = self.programme(name="Chuyên mục tuần", start="17:00", items=[
            {"media": self.sound, "language": "vi"}, {"media": self.sound, "language": "vi", "on": day(3)}])
        made = self.approved()
        self.step(self.officer, made, "schedule", programme=column["id"], on=day(4))
        short = self.approved(valid_to=day(6) + "T00:00:00Z")
        self.step(self.officer, short, "schedule", on=day(2), start="06:30")
        tried = self.described(self.officer, "POST", "/programmes/copy-week", body | {"dry": True})
        self.assertEqual((tried["copied"], tried["not_valid"]), (3, 1))
        done = self.described(self.officer, "POST", "/programmes/copy-week", body)
        self.assertEqual((done["copied"], done["not_valid"]), (3, 1))
        self.assertEqual(self.described(self.officer, "POST", "/programmes/copy-week", body)["there"], 3)
        days = self.officer.get(f"/programmes/days?unit={self.commune['id']}&from={day(8)}&to={day(15)}")["items"]
        self.assertIn(("Một lần", day(9)), [(d["programme"]["name"], d["day"]) for d in days])
        airings = self.officer.get(f"/bulletins/{made['id']}")["airings"]
        self.assertEqual([a["on"] for a in airings], [day(4), day(11)])
        self.assertEqual(once["when"]["from"], day(2))
        self.refused(400, self.officer.post, "/programmes/copy-week", body | {"to": day(3)})


class PublicTest(BulletinHouse):
    def test_what_is_approved_is_news_for_anybody(self):
        text = {"language": "vi", "channel": "portal", "title": "Tiêm & phòng", "text": "Sáng <thứ bảy>."}
        self.approved(texts=[text, {"language": "vi", "channel": "sound", "text": "Nói.", "media": self.sound}])
        self.write(title="Bản nháp")
        theirs = self.province_bulletin(title="Tin của tỉnh")
        self.admin.post(f"/bulletins/{theirs['id']}/send", {"units": [self.commune["id"]]})
        stranger = Client(self.house)
        status, headers, data = stranger.send("GET", f"/feeds/{self.commune['id']}.json")
        self.assertEqual((status, headers["Content-Type"]), (200, "application/feed+json; charset=utf-8"))
        feed = json.loads(data)
        self.assertEqual(feed["items"][0]["title"], "Tiêm & phòng")
        self.assertNotIn("Tin của tỉnh", [item["title"] for item in feed["items"]])
        self.assertEqual((feed["title"], feed["items"][0]["content_text"]), (self.commune["name"], "Sáng <thứ bảy>."))
        offer = self.officer.get(f"/offers?unit={self.commune['id']}&state=waiting")["items"][0]
        self.officer.post(f"/offers/{offer['id']}/take", {"on": day(1), "start": "06:20"})
        status, _, data = stranger.send("GET", f"/feeds/{self.commune['id']}.rss")
        channel = xml.etree.ElementTree.fromstring(data)[0]
        titles = {item.findtext("title") for item in channel.findall("item")}
        self.assertEqual(status, 200)
        self.assertLessEqual({"Tiêm & phòng", "Tin của tỉnh"}, titles)
        self.assertNotIn("Bản nháp", titles)
        self.assertTrue(all(parsedate_to_datetime(item.findtext("pubDate")) for item in channel.findall("item")))
        for path in ("/feeds/99999999.rss", "/feeds/1.xml", "/feeds/x.json"):
            self.assertEqual(stranger.send("GET", path)[0], 404)

    def waiting(self, client):
        return [item["link"] for item in client.get("/inbox")["items"]]

    def test_what_waits_is_in_the_inbox(self):
        made = self.write()
        link = f"/bulletins/{made['id']}"
        self.step(self.officer, made, "submit", revision=1)
        self.assertIn(link, self.waiting(self.admin))
        self.assertNotIn(link, self.waiting(self.officer))
        self.step(self.admin, made, "return", reason="Sai giờ")
        self.assertIn(link, self.waiting(self.officer))


class AirTest(unittest.TestCase):
    """A bulletin, from its approval to the pole that played it."""

    def setUp(self):
        self.house = House(settings=FAST).start()
        self.addCleanup(self.house.close)
        self.admin = Client(self.house)
        self.admin.settle(self.house.account("province_admin"))
        self.editor = Client(self.house)
        self.editor.settle(self.house.account("editor"))
        self.events = Events(self.admin)
        self.schemas = Schemas(self.admin.call("GET", "/openapi.json"))
        for programme in self.admin.get("/programmes")["items"]:
            self.admin.call("DELETE", f"/programmes/{programme['id']}")

    def approved(self, unit):
        sound = min(self.admin.get("/media")["items"], key=lambda item: item["ms"])
        made = self.editor.post("/bulletins", {
            "mark": secrets.token_hex(16), "unit_id": unit, "title": "Tin mới", "category": "notice",
            "class": "priority", "areas": [],
            "texts": [{"language": "vi", "channel": "sound", "text": "Tin mới.", "media": sound["media"]}]})
        self.editor.post(f"/bulletins/{made['id']}/submit", {"revision": 1})
        return self.admin.post(f"/bulletins/{made['id']}/approve", {"revision": 1})["id"]

    def schedule(self, bulletin):
        """Every ten seconds from now on, so that no slow machine misses all of them."""
        first = datetime.datetime.now(VIETNAM) + datetime.timedelta(seconds=10)
        first = first.replace(second=first.second // 10 * 10, microsecond=0)
        times = [first + datetime.timedelta(seconds=10 * n) for n in range(1, 60)]
        return self.admin.post(f"/bulletins/{bulletin}/schedule", {
            "on": first.date().isoformat(), "start": first.strftime("%H:%M:%S"),
            "repeats": [{"days_after": (time.date() - first.date()).days, "start": time.strftime("%H:%M:%S")}
                        for time in times]})

    def sound(self, device):
        status = self.admin.get(f"/devices/{device}")["status"]
        return status and status["sound"]

    def air(self, bulletin):
        value = self.admin.get(f"/bulletins/{bulletin}/air")
        self.assertEqual(self.schemas.answer_problems("GET", f"/api/v1/bulletins/{bulletin}/air", 200, value), [])
        return value

    def test_what_was_approved_is_played_and_told(self):
        agent = Agent(self.house, "LOA-DEMO-03")
        self.addCleanup(agent.close)
        agent.start()
        device = self.events.until(lambda: next((d for d in self.admin.get("/devices")["items"]
                                                 if d["live"] == "alive"), None))
        bulletin = self.approved(self.admin.get("/units")["items"][0]["id"])
        self.assertEqual(self.air(bulletin)["total"]["planned"], 0)
        self.assertIn(self.schedule(bulletin)["state"], ("scheduled", "on_air"))
        plan = self.admin.get(f"/devices/{device['id']}/plan")["items"]
        self.assertIn(bulletin, [item["bulletin"] for item in plan])
        self.events.until(lambda: self.sound(device["id"]) == "item")
        air = self.events.until(lambda: self.air(bulletin) if self.air(bulletin)["total"]["played"] else None)
        self.assertGreater(air["total"]["planned"], air["total"]["played"])
        self.assertIsNotNone(air["first_sounded_at"])
        self.assertEqual(len(air["items"]), 1)
        self.assertEqual(self.admin.get(f"/bulletins/{bulletin}")["state"], "on_air")
        self.admin.post(f"/bulletins/{bulletin}/withdraw", {"reason": "xong"})
        now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        plan = self.admin.get(f"/devices/{device['id']}/plan")["items"]  # what is past stays as it was sent
        self.assertNotIn(bulletin, [item["bulletin"] for item in plan if item["at"] > now])
        self.assertEqual(agent.stop(), 0)


if __name__ == "__main__":
    unittest.main()
