"""Ogg Opus files of silence, byte for byte (RFC 3533, RFC 7845): for what hands sounds in."""
import struct


def page_sum(page):
    value = 0
    for byte in page:
        value ^= byte << 24
        for _ in range(8):
            value = (value << 1 ^ 0x04C11DB7 if value & 0x80000000 else value << 1) & 0xFFFFFFFF
    return value


def page(flags, granule, sequence, packets, serial=7):
    lacing = b"".join(b"\xff" * (len(p) // 255) + bytes([len(p) % 255]) for p in packets)
    body = b"".join(packets)
    head = b"OggS" + struct.pack("<BBqIII", 0, flags, granule, serial, sequence, 0) + bytes([len(lacing)]) + lacing
    whole = head + body
    return whole[:22] + struct.pack("<I", page_sum(whole)) + whole[26:]


def silence(seconds, mark=b"", channels=1, pre_skip=312):
    """Packets of 60 ms without content, 50 to a page; `mark` makes files differ."""
    pages = [page(2, 0, 0, [b"OpusHead" + struct.pack("<BBHIhB", 1, channels, pre_skip, 48000, 0, 0)]),
             page(0, 0, 1, [b"OpusTags" + struct.pack("<I", len(mark)) + mark + struct.pack("<I", 0)])]
    samples = int(seconds * 48000) + pre_skip
    count = -(-samples // 2880)
    for first in range(0, count, 50):
        packets = [b"\x58"] * min(50, count - first)
        last = first + len(packets) >= count
        granule = samples if last else (first + len(packets)) * 2880
        pages.append(page(4 if last else 0, granule, len(pages), packets))
    return b"".join(pages)
