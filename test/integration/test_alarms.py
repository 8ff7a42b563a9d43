"""From the button to the loudspeaker and back: an alarm raised by the API reaches those it concerns
and nobody else, is counted by what devices say of themselves, is cancelled, silenced, and a drill
never becomes one."""
import os
import unittest

import pole
from house import Client, House, Refused
from pole import Pole
from test_devices import FAST, Events

EMERGENCY, DRILL = 3, 4


class AlarmsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.house = House(settings=FAST).start()
        cls.addClassCleanup(cls.house.close)
        cls.admin = Client(cls.house)
        cls.admin.settle(cls.house.account("province_admin"))
        cls.events = Events(cls.admin)
        cls.province = cls.admin.get("/units")["items"][0]["id"]
        cls.poles = [cls.attach(number) for number in range(1, 5)]

    @classmethod
    def attach(cls, number):
        device = Pole(cls.house.port, claim=f"LOA-DEMO-{number:02d}")
        cls.addClassCleanup(device.close)
        device.attach()
        device.until(pole.STATE)
        return device

    def setUp(self):
        self.addCleanup(self.end_everything)

    def end_everything(self):
        for alarm in self.admin.get("/alarms?open=1")["items"]:
            self.admin.post(f"/alarms/{alarm['id']}/cancel", {"reason": "test"})

    def raise_it(self, path="/alarms", **more):
        body = {"mark": os.urandom(16).hex(), "unit_id": self.province, "title": "Lũ quét", "text": "Đi lên chỗ cao.",
                "signal": "siren", "clip": 1, "valid_s": 600} | more
        answer = self.admin.post(path, body)["alarm"]
        if answer["state"] == "waiting":
            second = Client(self.house)
            second.settle(self.second_admin())
            answer = second.post(f"/alarms/{answer['id']}/confirm")["alarm"]
        self.assertEqual(answer["state"], "in_force")
        return answer

    def second_admin(self):
        made = self.admin.post("/accounts", {"login": "duyet." + os.urandom(3).hex(), "name": "Người Duyệt",
                                             "unit_id": self.province})
        self.admin.post(f"/accounts/{made['account']['id']}/roles", {"role": "province_admin", "unit_id": self.province})
        return {"login": made["account"]["login"], "password": made["password"]}

    def hear(self, device, alarm):
        """The order of the alarm, as the device took it."""
        mark = bytes.fromhex(alarm["mark"])
        device.until_so(lambda: mark in device.orders or mark in device.refused)
        return device.orders.get(mark)

    def counts(self, alarm):
        return self.admin.get(f"/alarms/{alarm['id']}/coverage")["counts"]

    def test_it_reaches_all_and_is_counted_by_receipts(self):
        alarm = self.raise_it()
        self.assertEqual(self.counts(alarm)["sounding"], 0)  # nothing is counted that was only sent
        for device in self.poles:
            order = self.hear(device, alarm)
            self.assertEqual((order[2], order[3]), (pole.ALARM, EMERGENCY))
            device.send_log()
        self.events.until(lambda: self.counts(alarm)["sounding"] == len(self.poles))
        for device in self.poles:
            device.log(pole.SOUNDED, bytes.fromhex(alarm["mark"]))
            device.send_log()
        self.events.until(lambda: self.counts(alarm)["sounded"] == len(self.poles))

    def test_only_those_in_the_area_are_meant(self):
        here = self.poles[0]
        commune = next(unit for unit in here.path[1:] if unit in
                       [u["id"] for u in self.admin.get(f"/units?parent={self.province}")["items"]])
        outside = [device for device in self.poles if commune not in device.path]
        alarm = self.raise_it(areas=[commune])
        self.assertEqual(self.hear(here, alarm)[5], [commune])
        for device in outside:
            device.ask_time()  # whatever was sent before has come by now
            self.assertNotIn(bytes.fromhex(alarm["mark"]), device.orders)

    def test_cancelling_is_an_order_of_its_own(self):
        alarm = self.raise_it()
        device = self.poles[1]
        self.hear(device, alarm)
        self.admin.post(f"/alarms/{alarm['id']}/cancel", {"reason": "báo nhầm"})
        self.until_stop(device, bytes.fromhex(alarm["mark"]))
        self.assertEqual(self.admin.get(f"/alarms/{alarm['id']}")["alarm"]["state"], "cancelled")

    def until_stop(self, device, target):
        """Until an order silences this: an alarm by its id, or everything (no id)."""
        def silences(head):
            return head[2] == pole.STOP and pole.decode(head[11])[0].get(1, b"") == target
        device.until_so(lambda: any(silences(head) for head in device.orders.values()))

    def test_an_all_stop_silences_everything_until_it_is_released(self):
        stop = self.raise_it("/all-stop", title="Dừng tất cả", signal="none", clip=0, text="")
        device = self.poles[2]
        self.until_stop(device, b"")
        self.admin.post(f"/all-stop/{stop['id']}/release", {"reason": "xong"})
        device.until_so(lambda: any(head[2] == pole.RELEASE for head in device.orders.values()))

    def test_a_drill_has_a_class_and_a_key_of_its_own(self):
        drill = self.raise_it("/drills", title="Diễn tập")
        device = self.poles[3]
        order = self.hear(device, drill)
        self.assertEqual(order[3], DRILL)
        self.assertEqual(drill["kind"], "drill")
        kid = next(kid for kid, cert in device.certs.items() if cert[4] == 1 << DRILL)
        self.assertIn(kid, device.certs)

    def test_who_comes_late_is_given_what_is_in_force(self):
        device = self.poles[0]
        device.close()
        alarm = self.raise_it()
        device.attach()
        self.assertEqual(self.hear(device, alarm)[2], pole.ALARM)
        device.send_log()
        self.events.until(lambda: self.counts(alarm)["sounding"] >= 1)

    def test_the_same_mark_raises_once(self):
        mark = os.urandom(16).hex()
        first, second = self.raise_it(mark=mark), self.raise_it(mark=mark)
        self.assertEqual(first["id"], second["id"])

    def test_prepared_texts_come_with_their_cancel_and_correction(self):
        forms = self.admin.get(f"/alarm-templates?unit={self.province}")["items"]
        self.assertEqual(len(forms), 9)
        flood = next(form for form in forms if form["hazard"] == "flood")
        self.assertIn("place", [blank["name"] for blank in flood["blanks"]])
        self.assertEqual([text["language"] for text in flood["texts"]], ["vi", "en"])
        alarm = self.raise_it(hazard="flood", text=flood["texts"][0]["short"])
        self.assertEqual(alarm["correction"]["text"], flood["texts"][0]["correction"])
        fixed = self.admin.post(f"/alarms/{alarm['id']}/correct", {"mark": os.urandom(16).hex()})["alarm"]
        self.assertEqual((fixed["purpose"], fixed["version"], fixed["state"]), ("correction", 2, "in_force"))
        self.admin.post(f"/alarms/{fixed['id']}/cancel", {"reason": "hết", "say": True, "mark": os.urandom(16).hex()})
        self.assertEqual([a["purpose"] for a in self.admin.get("/alarms?open=1")["items"]], ["cancel"])

    def test_who_saw_what_is_kept(self):
        mark = os.urandom(16).hex()
        seen = {"mark": mark, "what": "effect", "words": "Phát ngay trên 4 loa."}
        self.assertIsNone(self.admin.post("/alarms/seen", seen))
        alarm = self.raise_it(mark=mark)
        items = self.admin.get(f"/alarms/{alarm['id']}/seen")["items"]
        self.assertEqual([(item["what"], item["words"]) for item in items], [("effect", seen["words"])])
        actions = [line["action"] for line in self.admin.get("/audit?limit=20")["items"]]
        self.assertIn("alarm_seen", actions)

    def test_the_effect_is_one_sentence_with_people(self):
        effect = self.admin.post("/alarms", {"mark": os.urandom(16).hex(), "unit_id": self.province, "valid_s": 60,
                                             "clip": 1, "preview": True})["effect"]
        self.assertGreater(effect["people"], 100000)
        self.assertIn("người", effect["words"])
        self.assertIn(f"{effect['devices']} loa", effect["words"])

    def test_who_may_not_raise_alarms_raises_none(self):
        viewer = Client(self.house)
        viewer.settle(self.house.account("viewer"))
        with self.assertRaises(Refused):
            viewer.post("/alarms", {"mark": os.urandom(16).hex(), "unit_id": self.province, "valid_s": 60})


class DelegationTest(unittest.TestCase):
    """Where every alarm needs a second person, one hazard is in the hands of one."""

    @classmethod
    def setUpClass(cls):
        cls.house = House(settings={**FAST, "alarm_second_devices": "0"}).start()
        cls.addClassCleanup(cls.house.close)
        cls.admin = Client(cls.house)
        cls.admin.settle(cls.house.account("province_admin"))
        cls.province = cls.admin.get("/units")["items"][0]["id"]
        made = cls.admin.post("/accounts", {"login": "truc.chay", "name": "Trực Cháy", "unit_id": cls.province})
        cls.id = made["account"]["id"]
        cls.admin.post(f"/accounts/{cls.id}/roles", {"role": "approver", "unit_id": cls.province})
        cls.officer = Client(cls.house)
        cls.officer.settle({"login": "truc.chay", "password": made["password"]})

    def delegate(self, client, account):
        return client.call("PUT", "/alarm-delegations", {"unit_id": self.province, "hazard": "fire", "account_id": account,
                                                         "from": "2026-01-01", "to": "2126-01-01"})["items"][0]

    def raise_it(self, hazard):
        return self.officer.post("/alarms", {"mark": os.urandom(16).hex(), "unit_id": self.province, "valid_s": 600,
                                             "clip": 4, "hazard": hazard, "title": "Cháy", "text": "Cháy chợ."})["alarm"]

    def test_a_named_hazard_in_the_hands_of_one_person_is_reported_to_all(self):
        self.assertEqual(self.raise_it("fire")["state"], "waiting")
        with self.assertRaises(Refused):
            self.delegate(self.officer, self.id)
        given = self.delegate(self.admin, self.id)
        alarm = self.raise_it("fire")
        self.assertEqual((alarm["state"], alarm["delegated"]), ("in_force", True))
        self.assertEqual(self.raise_it("flood")["state"], "waiting")
        self.assertEqual([a["id"] for a in self.admin.get("/alarms?report=1")["items"]], [alarm["id"]])
        self.assertIn("alarm_report", [item["kind"] for item in self.admin.get("/inbox")["items"]])
        self.assertEqual(self.officer.get("/alarms?report=1")["items"], [])
        self.admin.post("/alarms/seen", {"mark": alarm["mark"], "what": "report"})
        self.assertEqual(self.admin.get("/alarms?report=1")["items"], [])
        self.admin.call("DELETE", f"/alarm-delegations/{given['id']}")
        self.assertEqual(self.raise_it("fire")["state"], "waiting")
        self.assertIsNotNone(self.admin.get("/alarm-delegations")["items"][0]["revoked_at"])


if __name__ == "__main__":
    unittest.main()
