"""Programmes, rules, plans, plays, alarms and drills over the API: as a commune's officer, the
province and those who may only look use them, and what is refused."""
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


class BroadcastTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.house = House(settings={"alarm_second_devices": "3"})
        cls.addClassCleanup(cls.house.close)
        add_strangers(cls.house.folder)
        cls.house.start()
        cls.admin = Client(cls.house)
        cls.admin.settle(cls.house.account("province_admin"))
        cls.schemas = Schemas(cls.admin.call("GET", "/openapi.json"))
        cls.province = cls.admin.get("/units")["items"][0]
        cls.communes = cls.admin.get(f"/units?parent={cls.province['id']}")["items"]
        cls.commune = cls.communes[1]
        cls.make_poles()
        cls.sound = cls.hand_in(silence(60), "Bản tin thử", cls.province["id"])["media"]

    @classmethod
    def make_poles(cls):
        """Two poles in the second commune, the second one beside a school; one in another commune."""
        waiting = [d["id"] for d in cls.admin.get("/devices/pending")["items"]]
        cls.devices = cls.make_poles_in(cls.commune, waiting[:2])
        cls.make_poles_in(cls.communes[2], waiting[2:3])

    @classmethod
    def make_poles_in(cls, commune, waiting):
        village = cls.admin.get(f"/units?parent={commune['id']}")["items"][0]
        station = cls.admin.post("/stations", {"unit_id": commune["id"], "name": "Đài", "stage": "working"})
        for number, device in enumerate(waiting):
            cluster = cls.admin.post("/clusters", {
                "station_id": station["station"]["id"], "unit_id": village["id"], "name": f"Cụm {number}",
                "technology": "ip", "languages": ["vi"], "quiet_zone": number == 1})
            cls.admin.post(f"/devices/{device}/accept", {"cluster_id": cluster["cluster"]["id"], "name": f"Loa {number}"})
        return waiting

    @classmethod
    def hand_in(cls, data, title, unit, client=None):
        client = client or cls.admin
        path = f"/media?title={quote(title)}&language=vi&unit={unit}"
        return client.call("POST", path, data, {"Content-Type": "audio/ogg"})

    def client_of(self, role):
        client = Client(self.house)
        client.settle(self.house.account(role))
        return client

    def described(self, client, method, path, body=None):
        status, _, data = client.send(method, "/api/v1" + path, body)
        value = json.loads(data)
        self.assertLess(status, 400, value)
        self.assertEqual(self.schemas.answer_problems(method, "/api/v1" + path, status, value), [], path)
        return value

    def programme(self, **more):
        body = {"unit_id": self.commune["id"], "name": "Tin xã", "start": "05:30",
                "when": {"cadence": "daily", "from": day(-30)}, "items": [{"media": self.sound, "language": "vi"}]}
        body.update(more)
        made = self.described(self.admin, "POST", "/programmes", body)
        self.addCleanup(self.admin.call, "DELETE", f"/programmes/{made['id']}")
        return made

    def plan(self, device=0, ahead=1):
        return self.described(self.admin, "GET", f"/devices/{self.devices[device]}/plan?day={day(ahead)}")

    def sounding(self, device=0, ahead=1):
        return [item["programme"]["id"] for item in self.plan(device, ahead)["items"] if item["programme"]]

    def left_out(self, programme):
        return [note for note in self.plan()["notes"] if note["programme"]["id"] == programme["id"]]

    def refused(self, status, call, *args):
        with self.assertRaises(Refused) as caught:
            call(*args)
        self.assertEqual(caught.exception.status, status)
        return caught.exception.body["error"]

    # --- sounds

    def test_a_sound_is_kept_once_and_heard_again(self):
        data = silence(3, b"once")
        first = self.hand_in(data, "Một lần", self.commune["id"])
        self.assertEqual(first["ms"], 3000)
        self.assertEqual(self.hand_in(data, "Một lần", self.commune["id"])["id"], first["id"])
        status, headers, body = self.admin.send("GET", f"/api/v1/media/{first['media']}")
        self.assertEqual((status, headers["Content-Type"], body), (200, "audio/ogg", data))
        listed = self.described(self.admin, "GET", f"/media?unit={self.commune['id']}")
        self.assertIn(first["media"], [item["media"] for item in listed["items"]])

    def test_what_is_no_ogg_opus_is_refused_with_its_reason(self):
        whole = silence(2)
        flipped = whole[:90] + bytes([whole[90] ^ 1]) + whole[91:]
        for data, code in ((b"MThd" + bytes(100), "not_ogg"), (whole[:-5], "torn"), (flipped, "damaged"),
                           (whole + whole, "chained"), (silence(2, channels=3), "channels")):
            error = self.refused(400, self.hand_in, data, "Sai", self.commune["id"])
            self.assertEqual(error["fields"][0]["code"], code)

    def test_sounds_of_the_province_are_for_its_communes_only_to_use(self):
        officer = self.client_of("commune_officer")
        self.assertEqual(officer.send("GET", f"/api/v1/media/{self.sound}")[0], 200)
        self.refused(404, self.hand_in, silence(2), "Lạ", self.province["id"], officer)

    # --- programmes

    def test_a_programme_sounds_at_its_poles_and_changes(self):
        made = self.programme()
        self.assertEqual(made["version"], 1)
        self.assertIn(made["id"], self.sounding())
        body = {"name": "Tin xã", "start": "06:00", "version": 1, "when": {"cadence": "daily", "from": day(-30)},
                "items": [{"media": self.sound}]}
        changed = self.described(self.admin, "PUT", f"/programmes/{made['id']}", body)
        self.assertEqual((changed["version"], changed["start"]), (2, "06:00"))
        self.refused(409, self.admin.call, "PUT", f"/programmes/{made['id']}", body)

    def test_a_programme_that_cannot_be_is_refused(self):
        for more, name in (({"start": "25:00"}, "start"), ({"kind": "relay"}, "place_ms"),
                           ({"when": {"cadence": "weekly", "from": day(0)}}, "when"),
                           ({"areas": [self.communes[0]["id"]]}, "areas"),
                           ({"items": [{"media": "0" * 64}]}, "items"), ({"class": "emergency"}, "class")):
            body = {"unit_id": self.commune["id"], "name": "Sai", "start": "05:30",
                    "when": {"cadence": "daily", "from": day(0)}, **more}
            error = self.refused(400, self.admin.post, "/programmes", body)
            self.assertEqual(error["fields"][0]["name"], name)

    def test_an_offer_of_the_province_sounds_when_the_commune_takes_it(self):
        made = self.programme(unit_id=self.province["id"], name="Tin tỉnh")
        self.assertEqual([note["key"] for note in self.left_out(made)], ["not_chosen"])
        choice = {"unit_id": self.commune["id"], "taken": True, "start": "17:15"}
        self.described(self.admin, "POST", f"/programmes/{made['id']}/choice", choice)
        self.assertIn(made["id"], self.sounding())
        self.assertTrue(any("17:15" in note["message"] for note in self.plan()["notes"]))

    def test_colliding_priorities_go_in_the_order_that_the_commune_gives(self):
        province = self.programme(unit_id=self.province["id"], name="Tỉnh", **{"class": "priority"})
        commune = self.programme(name="Xã", **{"class": "priority"})
        clash = self.described(self.admin, "GET", f"/clashes?unit={self.commune['id']}")["items"][0]
        self.assertEqual((clash["first"]["id"], clash["decided"]), (province["id"], False))
        self.assertIn(clash, commune["clashes"])
        self.described(self.admin, "POST", f"/clashes/{clash['id']}/order", {"first": commune["id"]})
        clash = self.described(self.admin, "GET", f"/clashes?unit={self.commune['id']}")["items"][0]
        self.assertEqual((clash["first"]["id"], clash["decided"]), (commune["id"], True))

    def test_days_and_calendar_show_what_stands_in_them(self):
        made = self.programme(name="Chuyên mục; sức khỏe, đời sống", repeats=[{"days_after": 1, "start": "17:00"}],
                              when={"cadence": "weekly", "from": day(-30), "weekdays": [1, 4]})
        days = self.described(self.admin, "GET",
                              f"/programmes/days?unit={self.commune['id']}&from={day(0)}&to={day(7)}")["items"]
        mine = [item for item in days if item["programme"]["id"] == made["id"]]
        self.assertEqual([item["repeat"] for item in mine].count(True), 2)
        status, headers, data = self.admin.send("GET", f"/api/v1/programme.ics?unit={self.commune['id']}")
        text = data.decode().replace("\r\n ", "")
        self.assertEqual((status, headers["Content-Type"]), (200, "text/calendar; charset=utf-8"))
        self.assertIn("SUMMARY:Chuyên mục\\; sức khỏe\\, đời sống", text)
        self.assertIn("RRULE:FREQ=WEEKLY;BYDAY=MO,TH", text)

    # --- rules

    def test_rules_of_the_unit_and_of_those_above_hold(self):
        made = self.programme()
        rule = {"name": "Giờ phát", "from": day(0), "hours": [{"from": "05:00", "to": "05:30"}]}
        path = f"/rules?unit={self.commune['id']}"
        self.addCleanup(self.admin.call, "PUT", path, {"items": []})
        rules = self.described(self.admin, "PUT", path, {"items": [rule], "sounds": {"filler": [self.sound]}})
        self.assertEqual(rules["sounds"]["filler"], [self.sound])
        notes = self.left_out(made)
        self.assertEqual([note["key"] for note in notes], ["outside_hours"])
        self.assertIn("Giờ phát", notes[0]["message"])
        village = f"/rules?unit={self.admin.get('/units?parent=' + str(self.commune['id']))['items'][0]['id']}"
        self.assertTrue(self.described(self.admin, "GET", village)["items"][0]["inherited"])

    def test_a_quiet_zone_has_limits_of_its_own(self):
        self.programme(place_ms=0)
        rule = {"name": "Gần trường học", "from": day(0), "quiet_zone": True, "no_sound": True}
        path = f"/rules?unit={self.commune['id']}"
        self.addCleanup(self.admin.call, "PUT", path, {"items": []})
        self.admin.call("PUT", path, {"items": [rule]})
        self.assertTrue(self.plan(0)["items"])
        self.assertFalse(self.plan(1)["items"])

    def test_holidays_are_dated_data(self):
        made = self.programme(when={"cadence": "daily", "from": day(-1), "holidays": "skip"})
        known = self.described(self.admin, "GET", "/holidays")["items"]
        self.assertTrue(any("Tết" in item["name"] for item in known))
        items = [{"from": day(1), "to": day(2), "name": "Hội làng"}]
        path = f"/holidays?unit={self.commune['id']}"
        self.addCleanup(self.admin.call, "PUT", path, {"items": []})
        self.described(self.admin, "PUT", path, {"items": items})
        self.assertEqual([note["key"] for note in self.left_out(made)], ["holiday"])
        self.refused(403, self.client_of("commune_officer").call, "PUT", "/holidays", {"items": []})

    def test_a_past_day_shows_what_was_sent_and_not_what_would_be(self):
        made = self.programme()
        self.assertIn(made["id"], self.sounding(0, ahead=1))
        self.assertEqual((self.plan(0, ahead=-2)["items"], self.plan(0, ahead=-2)["notes"]), ([], []))

    # --- plays

    def test_what_no_log_speaks_of_is_not_reported(self):
        self.described(self.admin, "GET", f"/plays?unit={self.commune['id']}&day={day(0)}")
        summary = self.described(self.admin, "GET", f"/plays/summary?unit={self.province['id']}&by=unit")
        self.assertEqual(summary["total"]["played"], 0)
        self.refused(400, self.admin.get, "/plays?outcome=loud")

    # --- alarms

    def draft(self, **more):
        body = {"mark": secrets.token_hex(16), "unit_id": self.commune["id"], "title": "Lũ quét",
                "text": "Sơ tán ngay.\nLên đồi.", "signal": "siren", "valid_s": 600,
                "voices": [{"language": "vi", "media": self.sound}]}
        body.update(more)
        return body

    def test_a_preview_tells_what_it_would_do_and_does_nothing(self):
        before = self.admin.get("/alarms")["items"]
        answer = self.described(self.admin, "POST", "/alarms", self.draft(preview=True))
        self.assertEqual((answer["alarm"], answer["effect"]["devices"]), (None, 2))
        self.assertEqual((answer["effect"]["attached"], answer["effect"]["needs_approval"]), (0, False))
        self.assertEqual(self.admin.get("/alarms")["items"], before)

    def test_an_alarm_is_raised_once_updated_and_cancelled(self):
        body = self.draft()
        alarm = self.described(self.admin, "POST", "/alarms", body)["alarm"]
        self.assertEqual((alarm["state"], alarm["devices"], alarm["version"]), ("in_force", 2, 1))
        self.assertEqual(self.admin.post("/alarms", body)["alarm"]["id"], alarm["id"])
        cover = self.described(self.admin, "GET", f"/alarms/{alarm['id']}/coverage?group=unreachable")
        self.assertEqual((cover["counts"]["total"], cover["counts"]["unreachable"]), (2, 2))
        self.assertEqual([line["device"]["id"] for line in cover["items"]], sorted(self.devices))
        newer = self.described(self.admin, "POST", f"/alarms/{alarm['id']}/update", self.draft(text="Nước lên"))
        self.assertEqual((newer["alarm"]["version"], newer["alarm"]["replaces"]), (2, alarm["id"]))
        ended = self.described(self.admin, "POST", f"/alarms/{newer['alarm']['id']}/cancel", {"reason": "Nước rút"})
        self.assertEqual((ended["alarm"]["state"], ended["alarm"]["end_reason"]), ("cancelled", "Nước rút"))
        self.refused(409, self.admin.post, f"/alarms/{alarm['id']}/update", self.draft())

    def test_an_alarm_that_reaches_far_needs_a_second_person(self):
        far = self.draft(unit_id=self.province["id"])
        self.assertTrue(self.admin.post("/alarms", {**far, "preview": True})["effect"]["needs_approval"])
        alarm = self.described(self.admin, "POST", "/alarms", far)["alarm"]
        self.assertEqual((alarm["state"], alarm["sent_at"]), ("waiting", None))
        self.refused(403, self.admin.post, f"/alarms/{alarm['id']}/confirm")
        approver = self.client_of("approver")
        sent = self.described(approver, "POST", f"/alarms/{alarm['id']}/confirm", {})["alarm"]
        self.assertEqual(sent["state"], "in_force")
        self.assertNotEqual(sent["raised_by"]["id"], sent["approved_by"]["id"])

    def test_a_drill_is_another_thing(self):
        drill = self.described(self.admin, "POST", "/drills", self.draft(title="Diễn tập"))["alarm"]
        self.assertEqual(drill["kind"], "drill")
        self.assertNotIn(drill["id"], [a["id"] for a in self.admin.get("/alarms")["items"]])
        listed = self.described(self.admin, "GET", "/alarms?kind=drill&open=1")["items"]
        self.assertIn(drill["id"], [a["id"] for a in listed])
        self.refused(409, self.admin.post, "/alarms", self.draft(mark=drill["mark"]))
        self.admin.post(f"/alarms/{drill['id']}/cancel", {})

    def test_an_all_stop_is_one_step_and_is_released(self):
        stop = self.described(self.admin, "POST", "/all-stop", self.draft(voices=[]))["alarm"]
        self.assertEqual((stop["kind"], stop["state"]), ("stop", "in_force"))
        done = self.described(self.admin, "POST", f"/all-stop/{stop['id']}/release", {"reason": "Xong"})
        self.assertEqual(done["alarm"]["state"], "cancelled")
        alarm = self.admin.post("/alarms", self.draft())["alarm"]
        self.refused(404, self.admin.post, f"/all-stop/{alarm['id']}/release", {})
        self.admin.post(f"/alarms/{alarm['id']}/cancel", {})

    def test_who_may_only_look_raises_nothing(self):
        viewer = self.client_of("viewer")
        for path in ("/alarms", "/drills", "/all-stop"):
            self.refused(403, viewer.post, path, self.draft())
        alarm = self.admin.post("/alarms", self.draft())["alarm"]
        for step in ("confirm", "cancel"):
            self.assertIn(self.refused_status(viewer, f"/alarms/{alarm['id']}/{step}"), (403, 404))
        self.admin.post(f"/alarms/{alarm['id']}/cancel", {})

    def refused_status(self, client, path):
        with self.assertRaises(Refused) as caught:
            client.post(path, {})
        return caught.exception.status

    def test_clips_are_kept_for_the_day_without_a_network(self):
        clip = {"unit_id": self.province["id"], "number": 9, "language": "vi", "title": "Bão", "media": self.sound}
        items = self.described(self.admin, "POST", "/clips", clip)["items"]
        self.assertIn(9, [item["number"] for item in items])
        below = self.described(self.admin, "GET", f"/clips?unit={self.commune['id']}")["items"]
        self.assertIn(9, [item["number"] for item in below])

    def test_every_change_stands_in_the_audit_trail(self):
        made = self.programme(name="Ghi vết")
        alarm = self.admin.post("/alarms", self.draft())["alarm"]
        self.admin.post(f"/alarms/{alarm['id']}/cancel", {})
        actions = [line["action"] for line in self.admin.get("/audit?limit=50")["items"]]
        for action in ("programme_added", "alarm_raised", "alarm_sent", "alarm_cancelled"):
            self.assertIn(action, actions)
        self.assertTrue(made["id"])


if __name__ == "__main__":
    unittest.main()
