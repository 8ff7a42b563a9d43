// A voice for the fake microphone, and the question whether it was heard.
//
// The voice is no recording of anybody: syllables of a buzz with a pitch and
// formants, in a rhythm that no other sound has. It passes what a phone does
// to speech (noise suppression, Opus, levelling of loudness), so the rhythm is
// compared: the envelopes of both sounds, at the shift at which they fit best.

import { readFile, writeFile } from "node:fs/promises";

const RATE = 48_000;
const SYLLABLE_S = 0.22;
const FRAME_S = 0.02;

/** The same every time. */
function chance(seed) {
    let state = seed;
    return () => {
        state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
        return state / 2 ** 32;
    };
}

function syllable(out, begin, length, pitch, formant) {
    const count = Math.floor(length * RATE);
    for (let i = 0; i < count; i++) {
        const at = i / RATE;
        const shape = Math.sin((Math.PI * i) / count) ** 0.5;
        let sum = 0;
        for (let n = 1; n * pitch < 3_800; n++) {
            const away = (n * pitch - formant) / 500;
            sum += (Math.sin(2 * Math.PI * n * pitch * at) / n) * (0.25 + Math.exp(-away * away));
        }
        out[begin + i] = 0.28 * shape * sum;
    }
}

/** So many seconds of speech-like sound as samples. */
export function voiceSamples(seconds, seed = 7) {
    const out = new Float32Array(seconds * RATE);
    const next = chance(seed);
    for (let at = 0.4; at + SYLLABLE_S < seconds - 0.4; at += SYLLABLE_S) {
        if (next() < 0.62) {
            syllable(out, Math.floor(at * RATE), SYLLABLE_S * (0.6 + 0.4 * next()), 110 + 70 * next(), 500 + 1_500 * next());
        }
    }
    return out;
}

export async function voiceWrite(file, samples) {
    const bytes = Buffer.alloc(44 + samples.length * 2);
    bytes.write("RIFF", 0);
    bytes.writeUInt32LE(36 + samples.length * 2, 4);
    bytes.write("WAVEfmt ", 8);
    bytes.writeUInt32LE(16, 16);
    bytes.writeUInt16LE(1, 20);
    bytes.writeUInt16LE(1, 22);
    bytes.writeUInt32LE(RATE, 24);
    bytes.writeUInt32LE(RATE * 2, 28);
    bytes.writeUInt16LE(2, 32);
    bytes.writeUInt16LE(16, 34);
    bytes.write("data", 36);
    bytes.writeUInt32LE(samples.length * 2, 40);
    samples.forEach((sample, i) => bytes.writeInt16LE(Math.round(Math.max(-1, Math.min(1, sample)) * 32_767), 44 + i * 2));
    await writeFile(file, bytes);
}

/** What a loudspeaker played into its file: 16 bits, one channel. */
export async function soundRead(file) {
    const bytes = await readFile(file);
    const samples = new Float32Array(Math.max(0, (bytes.length - 44) >> 1));
    for (let i = 0; i < samples.length; i++) {
        samples[i] = bytes.readInt16LE(44 + i * 2) / 32_768;
    }
    return samples;
}

/** Loudness of each moment, as it is heard. */
function envelope(samples) {
    const step = FRAME_S * RATE;
    return Float32Array.from({ length: Math.floor(samples.length / step) }, (_, frame) => {
        let sum = 0;
        for (let i = frame * step; i < (frame + 1) * step; i++) {
            sum += samples[i] * samples[i];
        }
        return Math.sqrt(sum / step);
    });
}

function correlation(a, b, shift) {
    let [n, sa, sb, aa, bb, ab] = [0, 0, 0, 0, 0, 0];
    for (let i = 0; i < a.length; i++) {
        const [x, y] = [a[i], b[i + shift] ?? 0];
        n++;
        sa += x;
        sb += y;
        aa += x * x;
        bb += y * y;
        ab += x * y;
    }
    const spread = Math.sqrt((aa - (sa * sa) / n) * (bb - (sb * sb) / n));
    return spread === 0 ? 0 : (ab - (sa * sb) / n) / spread;
}

/** 0 … 1: how well `said` is found somewhere in `heard`, and after how many seconds. */
export function voiceFound(said, heard) {
    const [a, b] = [envelope(said), envelope(heard)];
    let best = { likeness: 0, at: 0 };
    for (let shift = 0; shift + a.length <= b.length + 5; shift++) {
        const likeness = correlation(a, b, shift);
        if (likeness > best.likeness) {
            best = { likeness, at: shift * FRAME_S };
        }
    }
    return best;
}
