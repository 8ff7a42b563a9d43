"""Sounds on their way in: uploads in pieces, jobs that make media of files of every kind or of a text,
what is refused and how it is said, and that nothing is lost when the server is killed in the middle."""
import http.server
import json
import re
import signal
import stat
import subprocess
import tempfile
import threading
import unittest
from pathlib import Path

from house import Client, House, Refused
from schema import Schemas
from test_devices import Events

PIECE = 200_000
TEXT = "Kính thưa bà con, hôm nay trời mưa to, đề nghị bà con chú ý đề phòng lũ quét và sạt lở đất. "


def make(folder, name, *how):
    """A file made by ffmpeg of ten seconds of speech between silences."""
    path = Path(folder, name)
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-i", str(Path(folder, "speech.wav")), *how, str(path)], check=True)
    return path.read_bytes()


def loudness(data):
    """Integrated loudness and true peak of a sound, as ffmpeg measures them."""
    said = subprocess.run(["ffmpeg", "-hide_banner", "-i", "pipe:0", "-af", "ebur128=peak=true", "-f", "null", "-"],
                          input=data, capture_output=True, check=True).stderr.decode()
    summary = said[said.rindex("Summary:"):]
    return (float(re.search(r"I:\s+(-?[\d.]+) LUFS", summary)[1]),
            float(re.search(r"Peak:\s+(-?[\d.]+) dBFS", summary)[1]))


class SoundsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.files = cls.enterClassContext(tempfile.TemporaryDirectory())
        subprocess.run(["espeak-ng", "-v", "vi", "-w", f"{cls.files}/plain.wav", TEXT * 2], check=True)
        subprocess.run(["ffmpeg", "-v", "error", "-i", f"{cls.files}/plain.wav", "-af",
                        "volume=0.2,adelay=2000,apad=pad_dur=2", f"{cls.files}/speech.wav"], check=True)
        cls.house = House()
        cls.addClassCleanup(cls.house.close)
        cls.begin()
        cls.schemas = Schemas(cls.admin.call("GET", "/openapi.json"))
        cls.unit = cls.admin.get("/units")["items"][0]["id"]

    @classmethod
    def begin(cls):
        cls.house.start()
        cls.admin = Client(cls.house)
        cls.admin.settle(cls.house.account("province_admin"))
        cls.events = Events(cls.admin)

    def described(self, method, path, body=None):
        status, _, data = self.admin.send(method, "/api/v1" + path, body)
        value = json.loads(data)
        self.assertLess(status, 400, value)
        self.assertEqual(self.schemas.answer_problems(method, "/api/v1" + path, status, value), [], path)
        return value

    def refused(self, status, call, *args):
        with self.assertRaises(Refused) as caught:
            call(*args)
        self.assertEqual(caught.exception.status, status)
        return caught.exception.body["error"]

    def put(self, upload, offset, piece):
        return self.admin.call("PUT", f"/uploads/{upload}?offset={offset}", piece,
                               {"Content-Type": "application/octet-stream"})

    def upload(self, data, name="tin.wav"):
        made = self.described("POST", "/uploads", {"name": name, "bytes": len(data)})
        for at in range(0, len(data), PIECE):
            piece = data[at:at + PIECE]
            self.assertEqual(self.put(made["id"], at, piece)["offset"], at + len(piece))
        return made["id"]

    def ask(self, upload, **more):
        return self.described("POST", "/sounds", {"unit_id": self.unit, "title": "Bản tin", "language": "vi",
                                                  "upload": upload, **more})["id"]

    def ended(self, sound):
        def look():
            value = self.described("GET", f"/sounds/{sound}")
            return value if value["state"] in ("done", "failed", "cancelled") else None
        return self.events.until(look)

    def heard(self, sound):
        status, headers, data = self.admin.send("GET", f"/api/v1/media/{sound['media']}")
        self.assertEqual((status, headers["Content-Type"]), (200, "audio/ogg"))
        return data

    def made_of(self, data, **more):
        sound = self.ended(self.ask(self.upload(data), **more))
        self.assertEqual((sound["state"], sound["reason"]), ("done", None))
        return sound

    # --- what comes out

    def test_files_of_every_kind_become_equally_loud(self):
        for name, how in (("a.wav", ["-ar", "44100", "-ac", "2"]), ("a.mp3", ["-b:a", "64k"]), ("a.m4a", []),
                          ("a.ogg", ["-c:a", "libvorbis"]), ("a.flac", []), ("a.webm", ["-c:a", "libopus"]),
                          ("a.amr", ["-ar", "8000", "-ac", "1"]), ("b.wav", ["-c:a", "pcm_alaw", "-ar", "8000"])):
            with self.subTest(name=name, how=how):
                try:
                    data = make(self.files, name, *how)
                except subprocess.CalledProcessError:
                    continue  # this ffmpeg cannot write it
                sound = self.made_of(data)
                level, peak = loudness(self.heard(sound))
                self.assertAlmostEqual(level, -18, delta=1)
                self.assertLessEqual(peak, -0.5)
                self.assertAlmostEqual(sound["loudness_mb"] / 100, level, delta=1)
                self.assertGreater(sound["trimmed_head_ms"], 1500)
                self.assertEqual(len(sound["peaks"]), 400)

    def test_a_cut_takes_what_was_asked_for(self):
        data = make(self.files, "cut.wav")
        upload = self.upload(data)
        sound = self.ended(self.ask(upload, from_ms=3000, to_ms=6000, keep_silence=True, kbit=24))
        self.assertAlmostEqual(sound["ms"], 3000, delta=5)
        again = self.ended(self.ask(upload, from_ms=3000, to_ms=6000, keep_silence=True, kbit=24))
        self.assertEqual(again["media"], sound["media"])
        self.assertEqual(self.refused(400, self.ask_badly, upload)["fields"][0]["code"], "out_of_range")

    def ask_badly(self, upload):
        self.admin.post("/sounds", {"unit_id": self.unit, "title": "x", "upload": upload, "from_ms": 5, "to_ms": 4})

    def test_a_text_is_spoken(self):
        body = {"unit_id": self.unit, "title": "Tin đọc", "text": "UBND xã họp 7h30 ngày 12/7/2026.", "speed": 90}
        spoken = {}
        for voice in ("north", "central", "south"):
            sound = self.ended(self.described("POST", "/speech", {**body, "voice": voice})["id"])
            self.assertEqual(sound["state"], "done", sound)
            spoken[sound["media"]] = self.heard(sound)
        self.assertEqual(len(spoken), 3)
        self.assertEqual(self.refused(400, self.admin.post, "/speech", {**body, "voice": "x"})["fields"][0]["name"],
                         "voice")
        self.assertEqual(self.refused(400, self.admin.post, "/speech", {**body, "language": "mnw"})["fields"][0]["code"],
                         "not_a_spoken_language")

    def test_what_will_be_said_can_be_read_before(self):
        self.described("PUT", "/speech/words", {"unit_id": self.unit, "items": [{"word": "Loa", "reading": "lo a"}]})
        said = self.described("POST", "/speech/reading", {"unit_id": self.unit, "text": "Loa có 2 cụm"})
        self.assertEqual(said["reading"], "lo a có hai cụm")
        self.assertEqual([w["word"] for w in self.described("GET", f"/speech/words?unit={self.unit}")["items"]], ["Loa"])
        self.assertEqual(self.described("GET", "/speech/voices")["voice"], "north")

    # --- what is refused

    def test_what_is_no_sound_says_why(self):
        speech = make(self.files, "torn.mp4", "-c:a", "aac")
        picture = subprocess.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "color=red:size=32x32", "-frames:v", "1",
                                  "-f", "image2pipe", "-c:v", "png", "pipe:1"], capture_output=True, check=True).stdout
        silence = make(self.files, "silent.wav", "-af", "volume=0")
        playlist = b"#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n"
        wav = make(self.files, "long.wav")
        for name, data, reasons in (("words", b"Khong phai am thanh. " * 400, ("not_media", "damaged")),
                                    ("picture", picture, ("no_sound", "not_media")),
                                    ("silence", silence, ("silent",)), ("playlist", playlist, ("not_media", "no_sound")),
                                    ("torn", speech[:len(speech) // 2], ("not_media", "damaged", "no_sound")),
                                    ("half", make(self.files, "h.flac")[:60000], ("damaged",)),
                                    ("head", wav[:44], ("not_media", "no_sound", "damaged"))):
            with self.subTest(name):
                sound = self.ended(self.ask(self.upload(data)))
                self.assertEqual(sound["state"], "failed")
                self.assertIn(sound["reason"], reasons)
                self.assertRegex(sound["reason_text"], r"^\w.*\.$")

    def test_an_upload_goes_on_where_it_was_and_nowhere_else(self):
        data = make(self.files, "parts.wav")
        made = self.described("POST", "/uploads", {"name": "a.wav", "bytes": len(data)})
        self.put(made["id"], 0, data[:1000])
        self.refused(409, self.put, made["id"], 0, data[:1000])
        self.refused(409, self.put, made["id"], 2000, data[2000:3000])
        self.refused(400, self.put, made["id"], 1000, b"")
        self.refused(400, self.put, made["id"], 1000, data[1000:] + b"more")
        self.assertEqual(self.refused(400, self.admin.post, "/sounds", {
            "unit_id": self.unit, "title": "x", "upload": made["id"]})["fields"][0]["code"], "incomplete")
        self.assertEqual(self.described("GET", f"/uploads/{made['id']}")["offset"], 1000)
        self.admin.call("DELETE", f"/uploads/{made['id']}")
        self.refused(404, self.admin.get, f"/uploads/{made['id']}")

    def test_nobody_sees_the_uploads_of_another(self):
        officer = Client(self.house)
        officer.settle(self.house.account("commune_officer"))
        upload = self.upload(make(self.files, "own.wav"))
        self.refused(404, officer.get, f"/uploads/{upload}")
        sound = self.ask(upload)
        self.refused(404, officer.get, f"/sounds/{sound}")
        self.refused(404, officer.post, "/sounds", {"unit_id": self.unit, "title": "x", "upload": upload})
        viewer = Client(self.house)
        viewer.settle(self.house.account("viewer"))
        self.refused(403, viewer.post, "/speech", {"unit_id": self.unit, "title": "x", "text": "Xin chào"})

    def test_the_same_mark_is_the_same_job(self):
        body = {"unit_id": self.unit, "title": "Một", "text": "Một lần thôi", "mark": "0123456789abcdef"}
        first = self.described("POST", "/speech", body)
        self.assertEqual(self.described("POST", "/speech", body)["id"], first["id"])

    # --- what happens in between

    def long_upload(self):
        path = Path(self.files, "hour.mp3")
        if not path.exists():
            subprocess.run(["ffmpeg", "-v", "error", "-stream_loop", "200", "-i", f"{self.files}/plain.wav", "-b:a", "16k",
                            "-ac", "1", str(path)], check=True)
        return self.upload(path.read_bytes(), "hour.mp3")

    def until_working(self, sound):
        return self.events.until(lambda: self.described("GET", f"/sounds/{sound}")["state"] == "working")

    def test_a_cancelled_job_stops_its_child(self):
        sound = self.ask(self.long_upload())
        self.until_working(sound)
        self.admin.call("DELETE", f"/sounds/{sound}")
        self.assertEqual(self.ended(sound)["state"], "cancelled")
        self.admin.call("DELETE", f"/sounds/{sound}")  # has ended: nothing to do
        self.made_of(make(self.files, "after.wav"))

    def test_a_killed_server_goes_on_with_what_it_had_acknowledged(self):
        data = make(self.files, "kill.wav")
        half = self.described("POST", "/uploads", {"name": "half.wav", "bytes": len(data)})
        self.put(half["id"], 0, data[:100_000])
        sound = self.ask(self.long_upload(), to_ms=60_000)
        self.until_working(sound)
        self.house.stop(signal.SIGKILL)
        self.house.start()
        type(self).events = Events(self.admin)
        self.assertEqual(self.described("GET", f"/uploads/{half['id']}")["offset"], 100_000)
        self.put(half["id"], 100_000, data[100_000:100_000 + PIECE])
        self.assertEqual(self.ended(sound)["state"], "done")

    def spoken_by(self, engine, text):
        """How the job of a text ends on a server with this engine."""
        with House(settings={"speech_engine": engine}) as house:
            client = Client(house)
            client.settle(house.account("province_admin"))
            events = Events(client)
            unit = client.get("/units")["items"][0]["id"]
            asked = client.post("/speech", {"unit_id": unit, "title": "x", "text": text})["id"]
            return events.until(lambda: (lambda s: s if s["ended_at"] else None)(client.get(f"/sounds/{asked}")))

    def test_an_outside_engine_is_a_command(self):
        engine = Path(self.files, "engine")
        engine.write_text(f"#!/bin/sh\ncat >{self.files}/said\ncat {self.files}/plain.wav\n")
        engine.chmod(engine.stat().st_mode | stat.S_IXUSR)
        sound = self.spoken_by(f"command:{engine}", "Còn 5 ngày")
        self.assertEqual(sound["state"], "done", sound)
        self.assertEqual(Path(self.files, "said").read_text(), "Còn năm ngày")
        self.assertEqual(self.spoken_by("command:/bin/false", "Còn 5 ngày")["reason"], "engine")

    def test_an_outside_engine_is_a_service(self):
        asked, plain = [], Path(self.files, "plain.wav").read_bytes()

        class Service(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(200 if self.path == "/say" else 500)
                self.end_headers()
                self.wfile.write(plain)

            def log_message(self, *_):
                pass

        service = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Service)
        threading.Thread(target=service.serve_forever, daemon=True).start()
        self.addCleanup(service.server_close)
        self.addCleanup(service.shutdown)
        address = f"http://127.0.0.1:{service.server_port}"
        self.assertEqual(self.spoken_by(f"{address}/say", "Còn 5 ngày")["state"], "done")
        self.assertEqual(asked, [{"text": "Còn năm ngày", "voice": "north", "language": "vi", "speed": 100}])
        self.assertEqual(self.spoken_by(f"{address}/other", "Còn 5 ngày")["reason"], "engine")

    def test_a_file_that_breaks_the_reader_costs_only_itself(self):
        """Bytes of real files turned over: whatever becomes of each, the next good one is made."""
        sources = [make(self.files, "f.m4a"), make(self.files, "f.mp3"), make(self.files, "f.ogg", "-c:a", "libvorbis")]
        for number in range(6):
            data = bytearray(sources[number % len(sources)])
            for at in range(number * 7 + 11, len(data), 97 + number * 13):
                data[at] ^= (at * 31 + number) & 0xFF
            sound = self.ended(self.ask(self.upload(bytes(data))))
            self.assertIn(sound["state"], ("done", "failed"))
        self.made_of(make(self.files, "good.wav"))


if __name__ == "__main__":
    unittest.main()
