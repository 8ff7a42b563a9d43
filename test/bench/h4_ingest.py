#!/usr/bin/env python3
"""Ten minutes of speech (MP3) made ready to be played: decoded, mono at 48 kHz, brought to -18 LUFS with its
true peak under -1 dBTP, silence off both ends, Opus at 16 kbit/s. The peer is ffmpeg doing the same in the way
its manual gives: loudnorm measures in a first run, corrects in a second. Both in the same run, one thread."""

import json
import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

TIMES = 3
TARGET = "loudnorm=I=-18:TP=-1:LRA=20"
SILENCE = "silenceremove=start_periods=1:start_threshold=-50dB:start_silence=0.15,areverse," \
          "silenceremove=start_periods=1:start_threshold=-50dB:start_silence=0.3,areverse"
TEXT = "Kính thưa bà con, hôm nay trời mưa to, đề nghị bà con chú ý đề phòng lũ quét và sạt lở đất. " \
       "Ủy ban nhân dân xã thông báo lịch tiêm chủng và vệ sinh môi trường trong tuần này. "


def ffmpeg(*words):
    return subprocess.run(["ffmpeg", "-hide_banner", "-nostdin", "-y", "-threads", "1", *words], check=True,
                          capture_output=True).stderr.decode()


def make_source(folder):
    plain, source = folder / "plain.wav", folder / "speech.mp3"
    subprocess.run(["espeak-ng", "-v", "vi", "-w", str(plain), TEXT * 4], check=True)
    ffmpeg("-stream_loop", "-1", "-i", str(plain), "-t", "600", "-af", "volume=0.3,adelay=2000", "-b:a", "64k", "-ar",
           "44100", str(source))
    return source


def by_us(program, source, out):
    with open(source, "rb") as sound, open(out, "wb") as made, open(os.devnull, "w") as said:
        def pass_on():
            for number, file in ((13, sound), (14, made), (15, said)):
                os.dup2(file.fileno(), number)
            for number in (3, 4, 5):
                os.dup2(number + 10, number)
        subprocess.run([program, "--kbit", "16", "--loudness", "-18", "--true-peak", "-1"], check=True,
                       preexec_fn=pass_on, close_fds=False)


def by_ffmpeg(source, out):
    said = ffmpeg("-i", str(source), "-af", f"{SILENCE},{TARGET}:print_format=json", "-f", "null", "-")
    found = json.loads(said[said.rindex("{"):said.rindex("}") + 1])
    known = ":".join(f"measured_{key}={found['input_' + name]}" for key, name in
                     (("I", "i"), ("TP", "tp"), ("LRA", "lra"), ("thresh", "thresh")))
    ffmpeg("-i", str(source), "-af", f"{SILENCE},{TARGET}:{known}:offset={found['target_offset']}:linear=true", "-ar",
           "48000", "-ac", "1", "-c:a", "libopus", "-b:a", "16k", str(out))


def cost(work, *args):
    """CPU seconds of the children and seconds by the clock."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    work(*args)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, time.perf_counter() - began


def heard(path):
    said = ffmpeg("-i", str(path), "-af", "ebur128=peak=true", "-f", "null", "-")
    summary = said[said.rindex("Summary:"):]
    return (float(re.search(r"I:\s+(-?[\d.]+) LUFS", summary)[1]),
            float(re.search(r"Peak:\s+(-?[\d.]+) dBFS", summary)[1]))


def main():
    program = str(Path(os.environ.get("LOA_BUILD_DIR", "build/release")).resolve() / "bin/loa-ingest")
    ours, theirs = [], []
    with tempfile.TemporaryDirectory(prefix="loa-bench-") as name:
        folder = Path(name)
        source = make_source(folder)
        for _ in range(TIMES):
            ours.append(cost(by_us, program, source, folder / "ours.opus"))
            theirs.append(cost(by_ffmpeg, source, folder / "theirs.opus"))
        loud, peak = heard(folder / "ours.opus")
        their_loud, their_peak = heard(folder / "theirs.opus")
    cpu, their_cpu = (statistics.mean(each[0] for each in times) for times in (ours, theirs))
    clock = statistics.mean(each[1] for each in ours)
    print(json.dumps({"name": "h4-ingest", "value": cpu, "unit": "s CPU", "peer": "ffmpeg, loudnorm twice",
                      "peer_value": their_cpu, "ratio": cpu / their_cpu, "goal": "<= plain ffmpeg", "met": cpu <= their_cpu,
                      "note": f"600 s of MP3 in {clock:.1f} s ({600 / clock:.0f} times real time); {loud:.1f} LUFS "
                              f"{peak:.1f} dBTP, theirs {their_loud:.1f} LUFS {their_peak:.1f} dBTP"}), flush=True)
    print(json.dumps({"name": "h4-ingest-loudness", "value": abs(loud + 18), "unit": "LU off", "peer": "ffmpeg",
                      "peer_value": abs(their_loud + 18), "ratio": None, "goal": "<= 0.5", "met": abs(loud + 18) <= 0.5,
                      "note": "of what a device decodes"}), flush=True)


if __name__ == "__main__":
    sys.exit(main())
