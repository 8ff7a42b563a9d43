"""A page with a microphone, written from the API's description alone: packets of Debian's libopus over
a WebSocket (RFC 6455), at the pace of speech. Python's standard library only."""
import base64
import contextlib
import ctypes
import ctypes.util
import json
import math
import os
import socket
import ssl
import struct
import threading
import time

import patience

RATE, FRAMES = 48000, 960


class Opus:
    """An encoder of packets of 20 ms, mono."""

    def __init__(self, bitrate=24000):
        self.library = ctypes.CDLL(ctypes.util.find_library("opus"))
        self.library.opus_encoder_create.restype = ctypes.c_void_p
        failed = ctypes.c_int()
        self.encoder = ctypes.c_void_p(self.library.opus_encoder_create(RATE, 1, 2048, ctypes.byref(failed)))
        assert failed.value == 0
        self.library.opus_encoder_ctl(self.encoder, 4002, ctypes.c_int32(bitrate))

    def encode(self, samples):
        pcm = (ctypes.c_int16 * FRAMES)(*samples)
        room = ctypes.create_string_buffer(400)
        size = self.library.opus_encode(self.encoder, pcm, FRAMES, room, 400)
        assert size > 1, size
        return room.raw[:size]


def tone(hertz=440, loud=12000, packets=50):
    """A second of it, as packets that may be sent again and again."""
    opus = Opus()
    wave = [[int(loud * math.sin(2 * math.pi * hertz * (n * FRAMES + i) / RATE)) for i in range(FRAMES)]
            for n in range(packets)]
    return [opus.encode(frame) for frame in wave]


def frame(stamp, packets):
    return struct.pack(">QB", stamp, len(packets)) + b"".join(struct.pack(">H", len(p)) + p for p in packets)


class Socket:
    """A WebSocket of a browser: masked frames, its own Origin, its cookie."""

    def __init__(self, client, path, origin=None):
        house = client.house
        self.wire = socket.create_connection(("127.0.0.1", house.port), timeout=30)
        if house.address.startswith("https"):
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE  # the test's own certificate
            self.wire = context.wrap_socket(self.wire)
        self.lock = threading.Lock()
        key = base64.b64encode(os.urandom(16)).decode()
        self.wire.sendall((f"GET {path} HTTP/1.1\r\nHost: {house.address.split('//')[1]}\r\nConnection: Upgrade\r\n"
                           f"Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n"
                           f"Origin: {house.address if origin is None else origin}\r\n"
                           f"Cookie: loa_session={client.cookie}\r\n\r\n").encode())
        self.file = self.wire.makefile("rb")
        self.status = int(self.file.readline().split()[1])
        while self.file.readline() not in (b"\r\n", b""):
            pass

    def send(self, payload, opcode=2):
        mask = os.urandom(4)
        size = len(payload)
        head = bytes([0x80 | opcode]) + (bytes([0x80 | size]) if size < 126 else struct.pack(">BH", 0xFE, size))
        with self.lock:
            self.wire.sendall(head + mask + bytes(b ^ mask[i % 4] for i, b in enumerate(payload)))

    def hear(self):
        """The next message: a dict for text, ("close", code) for the end."""
        first, size = self.file.read(2)
        if size == 126:
            size = struct.unpack(">H", self.file.read(2))[0]
        payload = self.file.read(size)
        if first & 15 == 9:
            self.send(payload, 10)
            return self.hear()
        if first & 15 == 8:
            return "close", struct.unpack(">H", payload[:2])[0]
        return json.loads(payload)

    def close(self):
        with contextlib.suppress(OSError):
            self.wire.shutdown(socket.SHUT_RDWR)
        self.wire.close()


class Microphone:
    """Sends a tone by the server's clock until it is told to stop."""

    def __init__(self, client, live, packets):
        self.socket = Socket(client, f"/api/v1/live/{live}/in")
        assert self.socket.status == 101, self.socket.status
        self.offset = self.ask_time()
        self.packets = packets
        self.stops = threading.Event()
        self.thread = threading.Thread(target=self.speak, daemon=True)
        self.thread.start()

    def ask_time(self):
        before = time.time_ns() // 1000
        self.socket.send(json.dumps({"t1": before}, separators=(",", ":")).encode(), 1)
        answer = self.socket.hear()
        while "t2" not in answer:
            answer = self.socket.hear()
        return answer["t2"] - (before + time.time_ns() // 1000) // 2

    def speak(self):
        begun = time.monotonic()
        stamp = time.time_ns() // 1000 + self.offset
        number = 0
        with contextlib.suppress(OSError):
            while not self.stops.wait(max(0, begun + (number + 1) * 0.02 - time.monotonic())):
                packet = self.packets[number % len(self.packets)]
                self.socket.send(frame(stamp + number * 20000, [packet]))
                number += 1

    def pause(self):
        self.stops.set()
        self.thread.join()
        self.socket.send(frame(time.time_ns() // 1000 + self.offset, []))

    def until(self, look):
        """What the server says of the live, once it is as wanted."""
        wait = patience.Patience(look)
        while True:
            wait.left()
            said = self.socket.hear()
            if not isinstance(said, dict) or ("state" in said and look(said)):
                return said

    def close(self):
        self.stops.set()
        self.thread.join()
        self.socket.close()
