// Records the microphone. Every second a piece goes into the browser's
// database, so that a lost connection, a locked screen or a closed tab costs
// at most the last second.

import { signal, type Signal } from "@preact/signals";
import { idleTouch } from "../state/idle";
import { meterOf } from "./meter";
import { PEAK_MS, pieceAdd, takeHold, takePut, type Take } from "./takes";

/** In the order of how well the server's reader likes them. */
const TYPES = ["audio/webm;codecs=opus", "audio/ogg;codecs=opus", "audio/mp4"];
const PIECE_MS = 1_000;
const BITS = 64_000;

export type Trouble = "muted" | "gone" | "storage" | null;

export interface Recorder {
    take: Take;
    level: Signal<number>;
    ms: Signal<number>;
    peaks: Signal<number[]>;
    paused: Signal<boolean>;
    trouble: Signal<Trouble>;
    pause: () => void;
    resume: () => void;
    /** The whole take, safely kept. */
    stop: () => Promise<Take>;
    /** Resolves when the recording ended, whoever ended it. */
    ended: Promise<Take>;
}

export function canRecord(): boolean {
    return typeof MediaRecorder !== "undefined" && navigator.mediaDevices !== undefined;
}

export function recordType(): string {
    return TYPES.find((type) => MediaRecorder.isTypeSupported(type)) ?? "";
}

/** The house levels loudness itself; a phone's own gain would pump. */
export function microphone(): Promise<MediaStream> {
    return navigator.mediaDevices.getUserMedia({
        audio: { channelCount: 1, echoCancellation: false, autoGainControl: false, noiseSuppression: true },
    });
}

/** The screen stays on while somebody speaks, where the browser lets us. */
async function awake(): Promise<() => void> {
    try {
        const lock = await navigator.wakeLock.request("screen");
        return () => void lock.release();
    } catch {
        return () => undefined;
    }
}

/** Waits in a line: pieces are kept in the order in which they came. */
function pieceLine(take: Take, trouble: Signal<Trouble>) {
    let n = 0;
    let bytes = 0;
    let line: Promise<unknown> = Promise.resolve();
    return {
        bytes: () => bytes,
        add: (blob: Blob, peaks: number[]) => {
            const piece = { mark: take.mark, n: n++, blob, peaks };
            bytes += blob.size;
            line = line.then(() => pieceAdd(piece)).catch(() => (trouble.value = "storage"));
        },
        done: () => line,
    };
}

export async function recordStart(begun: Take): Promise<Recorder> {
    const stream = await microphone();
    const type = recordType();
    const take: Take = { ...begun, type, state: "recording" };
    await takePut(take);
    void navigator.storage?.persist?.();
    const release = takeHold(take.mark);
    const sleep = await awake();
    const meter = meterOf(stream, PEAK_MS);
    const recorder = new MediaRecorder(stream, { mimeType: type, audioBitsPerSecond: BITS });
    const ms = signal(0);
    const peaks = signal<number[]>([]);
    const paused = signal(false);
    const trouble = signal<Trouble>(null);
    const line = pieceLine(take, trouble);
    let fresh: number[] = [];
    let sounded = 0;
    let since = performance.now();
    const now = () => sounded + (paused.value ? 0 : performance.now() - since);

    meter.onPeak = (peak) => {
        if (paused.value || recorder.state === "inactive") {
            return;
        }
        ms.value = now();
        // A sleeping tab is asked less often: the time between is filled.
        const missing = Math.floor(ms.value / PEAK_MS) - peaks.value.length;
        if (missing > 0) {
            const more = Array<number>(missing).fill(peak);
            fresh.push(...more);
            peaks.value = [...peaks.value, ...more];
        }
    };
    recorder.ondataavailable = ({ data }) => {
        if (data.size > 0) {
            line.add(data, fresh);
            fresh = [];
            idleTouch();
        }
    };
    const track = stream.getAudioTracks()[0];
    if (track) {
        track.onmute = () => (trouble.value = "muted");
        track.onunmute = () => (trouble.value = null);
        track.onended = () => {
            trouble.value = "gone";
            finish();
        };
    }
    const finish = () => {
        if (recorder.state !== "inactive") {
            sounded = now();
            paused.value = true;
            recorder.stop();
        }
    };
    const flush = () => recorder.state === "recording" && recorder.requestData();
    addEventListener("pagehide", flush);
    const ended = new Promise<Take>((resolve, reject) => {
        recorder.onstop = () => {
            removeEventListener("pagehide", flush);
            meter.close();
            stream.getTracks().forEach((one) => one.stop());
            sleep();
            const whole: Take = { ...take, state: "kept", ms: Math.round(sounded), bytes: line.bytes() };
            line.done()
                .then(() => takePut(whole))
                .then(() => resolve(whole), reject)
                .finally(release);
        };
    });
    recorder.start(PIECE_MS);
    since = performance.now();
    return {
        take,
        level: meter.level,
        ms,
        peaks,
        paused,
        trouble,
        pause: () => {
            sounded = now();
            paused.value = true;
            recorder.pause();
        },
        resume: () => {
            since = performance.now();
            paused.value = false;
            recorder.resume();
        },
        stop: () => {
            finish();
            return ended;
        },
        ended,
    };
}
