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

/** How long was spoken, without the pauses. */
function spokenClock() {
    let before = 0;
    let since: number | null = performance.now();
    const ms = () => before + (since === null ? 0 : performance.now() - since);
    return {
        ms,
        runs: () => since !== null,
        stop: () => {
            before = ms();
            since = null;
        },
        go: () => {
            since = performance.now();
        },
    };
}

type SpokenClock = ReturnType<typeof spokenClock>;

/** The waveform so far, and what of it came since the last piece. */
function peaksOf(clock: SpokenClock) {
    const all = signal<number[]>([]);
    let fresh: number[] = [];
    return {
        all,
        add: (peak: number) => {
            // A sleeping tab is asked less often: the time between is filled.
            const missing = Math.floor(clock.ms() / PEAK_MS) - all.value.length;
            if (clock.runs() && missing > 0) {
                const more = Array<number>(missing).fill(peak);
                fresh.push(...more);
                all.value = [...all.value, ...more];
            }
        },
        takeFresh: () => {
            const mine = fresh;
            fresh = [];
            return mine;
        },
    };
}

function watchTrack(track: MediaStreamTrack | undefined, trouble: Signal<Trouble>, onGone: () => void): void {
    if (track) {
        track.onmute = () => (trouble.value = "muted");
        track.onunmute = () => (trouble.value = null);
        track.onended = () => {
            trouble.value = "gone";
            onGone();
        };
    }
}

export async function recordStart(begun: Take): Promise<Recorder> {
    const stream = await microphone();
    const take: Take = { ...begun, type: recordType(), state: "recording" };
    await takePut(take);
    void navigator.storage?.persist?.();
    const release = takeHold(take.mark);
    const sleep = await awake();
    const meter = meterOf(stream, PEAK_MS);
    const recorder = new MediaRecorder(stream, { mimeType: take.type, audioBitsPerSecond: BITS });
    const ms = signal(0);
    const paused = signal(false);
    const trouble = signal<Trouble>(null);
    const line = pieceLine(take, trouble);
    recorder.start(PIECE_MS);
    const clock = spokenClock();
    const peaks = peaksOf(clock);

    meter.onPeak = (peak) => {
        peaks.add(peak);
        ms.value = clock.ms();
    };
    recorder.ondataavailable = ({ data }) => {
        if (data.size > 0) {
            line.add(data, peaks.takeFresh());
            idleTouch();
        }
    };
    const finish = () => {
        if (recorder.state !== "inactive") {
            clock.stop();
            recorder.stop();
        }
    };
    const flush = () => recorder.state === "recording" && recorder.requestData();
    watchTrack(stream.getAudioTracks()[0], trouble, finish);
    addEventListener("pagehide", flush);
    const ended = new Promise<Take>((resolve, reject) => {
        recorder.onstop = () => {
            removeEventListener("pagehide", flush);
            meter.close();
            stream.getTracks().forEach((one) => one.stop());
            sleep();
            const whole: Take = { ...take, state: "kept", ms: Math.round(clock.ms()), bytes: line.bytes() };
            line.done()
                .then(() => takePut(whole))
                .then(() => resolve(whole), reject)
                .finally(release);
        };
    });
    const turn = (pause: boolean) => {
        paused.value = pause;
        if (pause) {
            clock.stop();
            recorder.requestData();
            recorder.pause();
        } else {
            clock.go();
            recorder.resume();
        }
    };
    return {
        take,
        level: meter.level,
        ms,
        peaks: peaks.all,
        paused,
        trouble,
        pause: () => turn(true),
        resume: () => turn(false),
        stop: () => {
            finish();
            return ended;
        },
        ended,
    };
}
