"""Somebody speaks live: a page's microphone, an encoder of a studio, a radio; two real loudspeakers
play it into WAV files, the public listens, the recording is kept."""
import array
import collections
import contextlib
import http.server
import math
import os
import subprocess
import threading
import time
import unittest

import microphone
import patience
from house import SERVER, Client, House, Refused
from test_devices import FAST, Events
from test_loudspeaker import Loudspeaker
from test_tls import make_certificate


def strength(samples, hertz, rate=48000):
    """How much of them is that tone: 0 to 1 (Goertzel)."""
    if not samples:
        return 0
    turn = 2 * math.cos(2 * math.pi * hertz / rate)
    one = two = 0.0
    for sample in samples:
        one, two = sample + turn * one - two, one
    power = one * one + two * two - turn * one * two
    whole = sum(s * s for s in samples)
    return 0 if whole == 0 else 2 * power / (len(samples) * whole)


class Radio:
    """Two radios on loopback: an endless stream, and a list of segments."""

    def __init__(self, sound):
        self.asked = collections.Counter()
        self.stops = threading.Event()
        radio = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                radio.asked[self.path] += 1
                self.send_response(200)
                self.end_headers()
                radio.answer(self.path, self.wfile)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.sound = sound
        self.begun = time.monotonic()
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def answer(self, path, file):
        with contextlib.suppress(OSError):
            if path.endswith(".m3u8"):
                newest = int((time.monotonic() - self.begun) / 6) + 3
                file.write(f"#EXTM3U\n#EXT-X-TARGETDURATION:6\n#EXT-X-MEDIA-SEQUENCE:{newest - 2}\n".encode())
                file.write("".join(f"#EXTINF:6,\n{n}.ogg\n" for n in range(newest - 2, newest + 1)).encode())
            elif path.endswith(".ogg"):
                file.write(self.sound)
            while path == "/stream":
                file.write(self.sound)
                if self.stops.wait(5):
                    return

    def close(self):
        self.stops.set()
        self.server.shutdown()
        self.server.server_close()


class LiveTest(unittest.TestCase):
    def setUp(self):
        self.house = House(settings=FAST | {"relay_hosts": "127.0.0.1"})
        self.addCleanup(self.house.close)
        chain, key = make_certificate(self.house.folder, "localhost")
        self.house.settings |= {"tls_certificate": chain, "tls_key": key}
        self.house.start()
        self.admin = Client(self.house)
        self.admin.settle(self.house.account("province_admin"))
        self.events = Events(self.admin)
        self.province = self.admin.get("/units")["items"][0]["id"]
        self.tone = microphone.tone()

    def speaker(self, claim):
        speaker = Loudspeaker(self.house, claim)
        self.addCleanup(speaker.close)
        speaker.start()
        return speaker

    def until_alive(self, count):
        self.events.until(lambda: sum(d["live"] == "alive" for d in self.admin.get("/devices")["items"]) == count)

    def begin(self, **more):
        body = {"mark": os.urandom(16).hex(), "unit_id": self.province, "title": "Họp dân", "mode": "continuous",
                "public": True, "record": True} | more
        return self.admin.post("/live", body)

    def mic(self, live):
        mic = microphone.Microphone(self.admin, live["id"], self.tone)
        self.addCleanup(mic.close)
        return mic

    def until_tone(self, speaker, hertz=440):
        """Until a whole half second of it has come."""
        wait = patience.Patience(f"half a second of {hertz} Hz")
        heard = array.array("h")
        while strength(heard[-24000:], hertz) < 0.9 or len(heard) < 24000:
            wait.left()
            heard.extend(speaker.heard())
            if speaker.process.poll() is not None:
                raise AssertionError("the agent ended")
            threading.Event().wait(0.1)

    def show(self, live):
        return self.admin.get(f"/live/{live['id']}")

    def test_speaks_to_two_loudspeakers_the_public_and_the_disk(self):
        speakers = [self.speaker("LOA-DEMO-01"), self.speaker("LOA-DEMO-02")]
        self.until_alive(2)
        live = self.begin()
        self.assertEqual(live["state"], "waiting")
        mic = self.mic(live)
        for speaker in speakers:
            self.until_tone(speaker)
        said = mic.until(lambda said: said["devices"] == 2 and said["level_mb"] > -2000)
        self.assertEqual(said["state"], "on_air")
        self.assertGreater(said["delay_ms"], 100)
        self.listens(live)
        self.assertEqual(self.show(live)["state"], "on_air")
        again = self.begin(mark=live["mark"])
        self.assertEqual(again["id"], live["id"])
        ended = self.admin.post(f"/live/{live['id']}/end")
        self.assertEqual((ended["state"], ended["reason"]), ("ended", "ended"))
        self.assertEqual(mic.until(lambda said: False), ("close", 4002))
        for speaker in speakers:
            speaker.until_silent()
        kept = self.events.until(lambda: self.show(live) if self.show(live)["recording"] else None)
        status, _, sound = self.admin.send("GET", f"/api/v1/media/{kept['recording']}")
        self.assertEqual((status, sound[:4]), (200, b"OggS"))
        self.assertGreater(kept["ms"], 1000)
        self.assertEqual(strength(self.decode(sound)[24000:48000], 440) > 0.9, True)

    def decode(self, sound):
        pcm = subprocess.run(["ffmpeg", "-v", "error", "-i", "pipe:0", "-f", "s16le", "-ac", "1", "-ar", "48000", "-"],
                             input=sound, capture_output=True, check=True, timeout=60).stdout
        return array.array("h", pcm)

    def listens(self, live):
        """Without signing in: Ogg for three seconds, and HLS as a player reads it."""
        stranger = Client(self.house)
        wire = stranger.connection()
        wire.request("GET", live["address"])
        answer = wire.getresponse()
        self.assertEqual((answer.status, answer.headers["Content-Type"]), (200, "audio/ogg"))
        sound = b""
        wait = patience.Patience("three pages of sound")
        while sound.count(b"OggS") < 5:
            wait.left()
            sound += answer.read1(4096)
        self.assertGreater(strength(self.decode(sound)[24000:48000], 440), 0.9)
        wire.close()
        self.reads_segments(live)

    def reads_segments(self, live):
        folder = live["hls"].rsplit("/", 1)[0]
        page = Client(self.house)
        wait = patience.Patience("two segments in the list")
        names = []
        while len(names) < 2:
            wait.left()
            _, _, text = page.send("GET", live["hls"])
            names = [line for line in text.decode().splitlines() if line.endswith(".m4s")]
        parts = [page.send("GET", f"{folder}/{name}") for name in ("init.mp4", *names[:2])]
        self.assertEqual([part[0] for part in parts], [200, 200, 200])
        self.assertGreater(strength(self.decode(b"".join(part[2] for part in parts))[24000:48000], 440), 0.9)

    def test_the_announcement_plays_when_the_stream_dies(self):
        speaker = self.speaker("LOA-DEMO-01")
        self.until_alive(1)
        bell = self.admin.call("POST", f"/media?unit={self.province}&title=Xin%20cho&language=vi", self.file(880),
                               {"Content-Type": "audio/ogg"})
        live = self.begin(fallback=bell["media"], record=False)
        mic = self.mic(live)
        self.until_tone(speaker)
        mic.close()
        self.events.until(lambda: self.show(live)["state"] == "lost")
        self.until_tone(speaker, 880)
        again = self.mic(live)
        self.until_tone(speaker)
        again.pause()
        again.until(lambda said: said["state"] == "paused")
        speaker.until_silent()

    def file(self, hertz):
        return subprocess.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", f"sine={hertz}:r=48000:d=6", "-af",
                               "volume=6dB", "-c:a", "libopus", "-b:a", "24k", "-f", "ogg", "-"], capture_output=True,
                              check=True, timeout=60).stdout

    def test_an_alarm_cuts_it_and_it_goes_on(self):
        speaker = self.speaker("LOA-DEMO-01")
        self.until_alive(1)
        self.mic(self.begin())
        self.until_tone(speaker)
        body = {"mark": os.urandom(16).hex(), "unit_id": self.province, "title": "Thử", "text": "Thử.",
                "signal": "siren", "clip": 1, "valid_s": 600, "again_s": 0}
        alarm = self.admin.post("/alarms", body)["alarm"]
        self.events.until(lambda: self.admin.get(f"/alarms/{alarm['id']}/coverage")["counts"]["sounding"] == 1)
        self.admin.post(f"/alarms/{alarm['id']}/cancel", {"reason": "xong"})
        self.until_tone(speaker)

    def test_an_encoder_of_a_studio_sends(self):
        speaker = self.speaker("LOA-DEMO-01")
        self.until_alive(1)
        source = self.admin.post("/live/sources", {"unit_id": self.province, "name": "dai-tinh", "kind": "encoder",
                                                   "title": "Đài tỉnh", "public": True})
        status, _, _ = Client(self.house).send("SOURCE", "/source/dai-tinh", None, {"Authorization": "Basic eDp5"})
        self.assertEqual(status, 401)
        encoder = self.encoder(source, ["-c:a", "libopus", "-b:a", "24k", "-f", "ogg"])
        self.until_tone(speaker, 440)
        live = next(x for x in self.admin.get("/live?state=open")["items"] if x["source"] == "icecast")
        self.assertEqual((live["source_name"], live["state"]), ("dai-tinh", "on_air"))
        encoder.kill()
        encoder.wait()
        self.events.until(lambda: self.show(live)["state"] == "lost")
        self.encoder(source, ["-c:a", "libmp3lame", "-b:a", "64k", "-f", "mp3", "-content_type", "audio/mpeg"])
        self.events.until(lambda: self.show(live)["state"] == "on_air")
        self.until_tone(speaker, 440)

    def encoder(self, source, how):
        address = f"icecast://source:{source['password']}@127.0.0.1:{self.house.port}/source/{source['name']}"
        tls = ["-tls", "1"]
        process = subprocess.Popen(["ffmpeg", "-v", "error", "-re", "-f", "lavfi", "-i", "sine=440:r=48000", "-af",
                                    "volume=6dB", *how, *tls, address])
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def test_a_radio_is_fetched_once_and_played(self):
        speaker = self.speaker("LOA-DEMO-01")
        self.until_alive(1)
        radio = Radio(self.file(440))
        self.addCleanup(radio.close)
        for kind in ("stream", "list.m3u8"):
            source = self.admin.post("/live/sources", {"unit_id": self.province, "name": f"vov-{kind[:4]}",
                                                       "kind": "relay", "title": "VOV", "public": True,
                                                       "address": f"{radio.address}/{kind}"})
            live = self.admin.post(f"/live/sources/{source['id']}/start")
            self.assertEqual(live["source"], "relay")
            self.until_tone(speaker)
            self.admin.post(f"/live/{live['id']}/end")
            speaker.until_silent()
        self.assertEqual(radio.asked["/stream"], 1)

    def test_a_radio_at_a_neighbour_is_not_asked(self):
        radio = Radio(b"secret")
        self.addCleanup(radio.close)
        fetch = os.path.join(os.path.dirname(SERVER), "loa-fetch")
        for allowed in ("", "192.0.2.1"):
            done = subprocess.run([fetch, radio.address + "/stream", allowed], capture_output=True, timeout=60)
            self.assertEqual((done.returncode, done.stdout), (1, b""))
        self.assertEqual(radio.asked, {})

    def test_a_stranger_is_not_let_in(self):
        live = self.begin()
        stranger = Client(self.house)
        path = f"/api/v1/live/{live['id']}/in"
        for client, origin, status in ((stranger, None, 401), (self.admin, "https://evil.example", 403)):
            refused = microphone.Socket(client, path, origin)
            self.addCleanup(refused.close)
            self.assertEqual(refused.status, status)
        with self.assertRaises(Refused):
            stranger.post("/live", {"mark": os.urandom(16).hex(), "unit_id": self.province, "title": "x"})
        mic = self.mic(live)
        mic.socket.send(b"nonsense")
        self.assertEqual(mic.until(lambda said: False), ("close", 4003))
        hidden = self.begin(public=False)
        self.assertEqual(stranger.send("GET", hidden["address"])[0], 404)


if __name__ == "__main__":
    unittest.main()
