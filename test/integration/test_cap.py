"""Warnings of others come in as CAP and become what their source may become; ours go out signed. The
messages are in the shape of the standard's examples, the keys are made with openssl, and xmlsec's own
command line tool is not asked: what we sign is taken by a second server of ours that pins our certificate."""
import os
import threading
import unittest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pole
from house import Client, House, Refused
from pole import Pole
from test_devices import FAST, Events

CAP = "urn:oasis:names:tc:emergency:cap:1.2"


def message(identifier, status="Actual", kind="Alert", code="97203", references="", severity="Severe",
            sender="canhbao@kttv.example", sent="2026-01-05T08:00:00+07:00", extra=""):
    links = f"<references>{references}</references>" if references else ""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<alert xmlns="{CAP}">
<identifier>{identifier}</identifier><sender>{sender}</sender><sent>{sent}</sent><status>{status}</status>
<msgType>{kind}</msgType><scope>Public</scope>{links}
<info><language>vi-VN</language><category>Met</category><event>Lũ quét</event><urgency>Immediate</urgency>
<severity>{severity}</severity><certainty>Observed</certainty>
<headline>Lũ quét trên suối Mật</headline><description>Nước đang lên nhanh.</description>
<instruction>Bà con lên chỗ cao.</instruction>{extra}
<area><areaDesc>Ngàn Trúc</areaDesc><geocode><valueName>VN-DVHC</valueName><value>{code}</value></geocode></area>
</info></alert>"""


class Feeds(BaseHTTPRequestHandler):
    """Files by path, with entity tags, as a weather service would serve them."""
    files = {}
    asked = []

    def do_GET(self):
        body = self.files.get(self.path, "").encode()
        tag = f'"{hash(body) & 0xffffffff:x}"'
        self.asked.append((self.path, self.headers.get("If-None-Match")))
        same = self.headers.get("If-None-Match") == tag
        self.send_response(404 if not body else 304 if same else 200)
        self.send_header("ETag", tag)
        self.send_header("Content-Length", "0" if same else str(len(body)))
        self.end_headers()
        self.wfile.write(b"" if same else body)

    def log_message(self, *_):
        pass


class CapTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.house = House(settings={**FAST, "cap_private_addresses": "yes"}).start()
        cls.addClassCleanup(cls.house.close)
        cls.admin = Client(cls.house)
        cls.admin.settle(cls.house.account("province_admin"))
        cls.events = Events(cls.admin)
        cls.province = cls.admin.get("/units")["items"][0]["id"]
        cls.commune = next(u["id"] for u in cls.admin.get(f"/units?parent={cls.province}")["items"]
                           if u["code"] == "97203")
        cls.feeds = ThreadingHTTPServer(("127.0.0.1", 0), Feeds)
        threading.Thread(target=cls.feeds.serve_forever, daemon=True).start()
        cls.addClassCleanup(cls.feeds.server_close)
        cls.addClassCleanup(cls.feeds.shutdown)
        cls.second = Client(cls.house)
        cls.second.settle(cls.make_admin())

    @classmethod
    def make_admin(cls):
        made = cls.admin.post("/accounts", {"login": "duyet." + os.urandom(3).hex(), "name": "Người Duyệt",
                                            "unit_id": cls.province})
        cls.admin.post(f"/accounts/{made['account']['id']}/roles",
                       {"role": "province_admin", "unit_id": cls.province})
        return {"login": made["account"]["login"], "password": made["password"]}

    def setUp(self):
        self.addCleanup(self.end_everything)

    def end_everything(self):
        for path in ("/alarms?open=1", "/alarms?open=1&kind=drill"):
            for alarm in self.admin.get(path)["items"]:
                self.admin.post(f"/alarms/{alarm['id']}/cancel", {"reason": "test"})

    def source(self, **more):
        body = {"unit_id": self.province, "name": "Đài KTTV " + os.urandom(2).hex(), "policy": "ask",
                "code_names": ["VN-DVHC"]} | more
        return self.admin.post("/cap/sources", body)["source"]

    def hand_in(self, source, xml):
        status, _, data = self.admin.send("POST", f"/api/v1/cap/messages?source={source['id']}", xml.encode(),
                                          {"Content-Type": "application/cap+xml"})
        answer = __import__("json").loads(data)
        if status != 200:
            raise Refused(status, answer)
        return answer["message"]

    def use(self, one, client=None, **more):
        return (client or self.admin).post(f"/cap/messages/{one['id']}/use", {"mark": os.urandom(16).hex()} | more)

    def test_a_question_becomes_an_alarm_when_somebody_says_so(self):
        one = self.hand_in(self.source(), message("A-1"))
        self.assertEqual((one["state"], one["hazard"], one["type"]), ("waiting", "flood", "Alert"))
        self.assertEqual([unit["id"] for unit in one["units"]], [self.commune])
        seen = self.use(one, preview=True)
        self.assertIsNone(seen["alarm"])
        self.assertIn("loa", seen["effect"]["words"])
        used = self.use(one)
        self.assertEqual(used["message"]["state"], "used")
        self.assertEqual(used["alarm"]["hazard"], "flood")
        self.assertEqual([area["id"] for area in used["alarm"]["areas"]], [self.commune])
        self.assertIn("Nước đang lên nhanh.", used["alarm"]["text"])
        with self.assertRaises(Refused):
            self.use(one, client=self.second)

    def test_the_same_message_is_one(self):
        source = self.source()
        first, again = self.hand_in(source, message("B-1")), self.hand_in(source, message("B-1"))
        self.assertEqual(first["id"], again["id"])
        with self.assertRaises(Refused):
            self.hand_in(source, message("B-1", severity="Minor"))

    def test_an_update_and_a_cancel_find_what_they_refer_to(self):
        source = self.source()
        reference = "canhbao@kttv.example,C-1,2026-01-05T08:00:00+07:00"
        alarm = self.use(self.hand_in(source, message("C-1")))["alarm"]
        update = self.hand_in(source, message("C-2", kind="Update", references=reference,
                                              sent="2026-01-05T08:05:00+07:00"))
        self.assertEqual(len(update["refers_to"]), 1)
        newer = self.use(update)["alarm"]
        self.assertEqual((newer["root"], newer["version"]), (alarm["root"], 2))
        end = self.hand_in(source, message("C-3", kind="Cancel", references=reference))
        self.assertEqual(end["state"], "waiting")
        self.assertEqual(self.use(end)["alarm"]["state"], "cancelled")
        late = self.hand_in(source, message("C-4", kind="Cancel", references=reference))
        self.assertEqual((late["state"], late["reason_code"]), ("noted", "nothing_to_end"))

    def test_a_later_message_overtakes_one_that_waits(self):
        source = self.source()
        first = self.hand_in(source, message("D-1"))
        self.hand_in(source, message("D-2", kind="Update",
                                     references="canhbao@kttv.example,D-1,2026-01-05T08:00:00+07:00"))
        self.assertEqual(self.admin.get(f"/cap/messages/{first['id']}")["message"]["state"], "replaced")

    def test_an_exercise_is_a_drill_at_most(self):
        one = self.hand_in(self.source(), message("E-1", status="Exercise"))
        used = self.use(one)
        self.assertEqual(used["alarm"]["kind"], "drill")
        self.assertIn("diễn tập", used["alarm"]["text"])
        for status in ("Test", "System", "Draft"):
            noted = self.hand_in(self.source(), message("E-2", status=status))
            self.assertEqual(noted["state"], "noted")
            with self.assertRaises(Refused):
                self.use(noted)

    def test_what_is_not_ours_is_only_noted(self):
        one = self.hand_in(self.source(), message("F-1", code="01001"))
        self.assertEqual((one["state"], one["outside"]), ("noted", 1))

    def test_polygons_meet_the_communes_in_which_something_stands(self):
        device = Pole(self.house.port, claim="LOA-DEMO-01")
        self.addCleanup(device.close)
        device.attach()
        device.until(pole.STATE)
        points = self.events.until(lambda: self.admin.get("/devices/map")["points"])
        lat, lon = points[0][1], points[0][2]
        ring = [(-.01, -.01), (.01, -.01), (.01, .01), (-.01, .01), (-.01, -.01)]
        polygon = " ".join(f"{lat + y:.5f},{lon + x:.5f}" for y, x in ring)
        xml = message("P-1").replace("<geocode><valueName>VN-DVHC</valueName><value>97203</value></geocode>",
                                     f"<polygon>{polygon}</polygon><circle>10.0,105.0 5</circle>")
        one = self.hand_in(self.source(), xml)
        self.assertEqual(len(one["units"]), 1)
        self.assertIn(one["units"][0]["id"], device.path)
        self.assertEqual((len(one["polygons"]), len(one["circles"])), (1, 1))

    def test_hostile_messages_are_refused_and_not_kept(self):
        source = self.source(senders=["canhbao@kttv.example"])
        before = len(self.admin.get(f"/cap/messages?source={source['id']}")["items"])
        bombs = [
            "", "<", "<alert/>", "x" * 1000,
            message("G-1").replace("<alert ", "<!DOCTYPE alert [<!ENTITY a \"aaaa\">]><alert "),
            message("G-1").replace("cap:1.2", "cap:1.1"),
            message("G-1", sender="ai.do@kttv.example"),
            "<a>" * 400 + "</a>" * 400,
            message("G-1").replace("</alert>", "<Signature xmlns=\"http://www.w3.org/2000/09/xmldsig#\"/></alert>"),
        ]
        for bomb in bombs:
            with self.assertRaises(Refused, msg=bomb[:80]) as refusal:
                self.hand_in(source, bomb)
            self.assertLess(refusal.exception.status, 500)
        self.assertEqual(len(self.admin.get(f"/cap/messages?source={source['id']}")["items"]), before)

    def test_ours_go_out_signed_and_a_feed_lists_them(self):
        raised = self.admin.post("/alarms", {"mark": os.urandom(16).hex(), "unit_id": self.commune, "valid_s": 600,
                                             "clip": 1, "hazard": "flood", "title": "Lũ", "text": "Lên chỗ cao."})["alarm"]
        path = f"/cap/loa.{raised['mark']}.xml"
        xml = self.fetch_when_there(path)
        self.assertIn("<msgType>Alert</msgType>", xml)
        self.assertIn("<value>97203</value>", xml)
        self.admin.post(f"/alarms/{raised['id']}/cancel", {"reason": "hết lũ"})
        end = self.fetch_when_there(f"/cap/loa.{raised['mark']}.end.xml")
        self.assertIn("<msgType>Cancel</msgType>", end)
        self.assertIn(f"loa.{raised['mark']},", end)
        feed = self.public(f"/cap/{self.province}.atom")
        self.assertIn(path, feed)
        certificate = self.public("/cap/certificate.pem")
        source = self.source(certificates=certificate, must_sign=True)
        self.assertEqual(self.hand_in(source, xml)["signature"], "good")
        with self.assertRaises(Refused):
            self.hand_in(source, xml.replace("97203", "97103"))
        with self.assertRaises(Refused):
            self.hand_in(source, message("H-1"))

    def public(self, path):
        status, _, data = Client(self.house).send("GET", path)
        return data.decode() if status == 200 else ""

    def fetch_when_there(self, path):
        found = []
        self.events.until(lambda: found.append(self.public(path)) or found[-1] != "")
        return found[-1]

    def test_a_feed_is_polled_once_for_each_entry(self):
        Feeds.files["/1.xml"] = message("I-1")
        Feeds.files["/2.xml"] = "<broken"
        Feeds.files["/feed.atom"] = f"""<feed xmlns="http://www.w3.org/2005/Atom"><id>x</id>
<entry><id>1</id><updated>2026-01-05T01:00:00Z</updated><link type="application/cap+xml" href="1.xml"/></entry>
<entry><id>2</id><updated>2026-01-05T01:00:00Z</updated><link href="/2.xml"/></entry></feed>"""
        address = f"http://127.0.0.1:{self.feeds.server_port}/feed.atom"
        source = self.source(address=address, every_s=15)
        self.events.until(lambda: len(self.admin.get(f"/cap/messages?source={source['id']}")["items"]) == 1)
        self.events.until(lambda: self.source_now(source)["poll_error"])
        self.assertEqual([path for path, _ in Feeds.asked].count("/1.xml"), 1)

    def source_now(self, source):
        return next(s for s in self.admin.get("/cap/sources")["items"] if s["id"] == source["id"])

    def test_automatic_needs_two_people_and_a_signature(self):
        certificate = self.public("/cap/certificate.pem")
        with self.assertRaises(Refused):
            self.source(policy="automatic")
        source = self.source(policy="automatic", certificates=certificate, must_sign=True)
        with self.assertRaises(Refused):
            self.admin.post(f"/cap/sources/{source['id']}/confirm")
        self.assertTrue(self.second.post(f"/cap/sources/{source['id']}/confirm")["source"]["confirmed"])
        mark = os.urandom(16).hex()
        raised = self.admin.post("/alarms", {"mark": mark, "unit_id": self.commune, "valid_s": 600, "clip": 1,
                                             "hazard": "storm", "title": "Bão", "text": "Ở trong nhà."})["alarm"]
        self.assertEqual(raised["state"], "in_force")
        one = self.hand_in(source, self.fetch_when_there(f"/cap/loa.{mark}.xml"))
        self.events.until(lambda: self.message_now(one)["state"] == "used")
        made = self.admin.get(f"/alarms/{self.message_now(one)['alarm']['id']}")["alarm"]
        self.assertEqual(made["source"]["id"], source["id"])
        self.assertEqual(made["kind"], "alarm")

    def message_now(self, one):
        return self.admin.get(f"/cap/messages/{one['id']}")["message"]

    def test_who_may_only_look_uses_nothing(self):
        one = self.hand_in(self.source(), message("K-1"))
        viewer = Client(self.house)
        viewer.settle(self.house.account("viewer"))
        with self.assertRaises(Refused):
            viewer.post(f"/cap/messages/{one['id']}/use", {"mark": os.urandom(16).hex()})


if __name__ == "__main__":
    unittest.main()
