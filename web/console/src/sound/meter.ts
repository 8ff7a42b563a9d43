// How loud a microphone is, twenty times a second: for the bar that a speaker
// looks at, and for the waveform that he will see.

import { signal, type Signal } from "@preact/signals";

export interface Meter {
    /** 0 … 255, the peak of the last moment. */
    level: Signal<number>;
    onPeak: ((peak: number) => void) | null;
    close: () => void;
}

const FULL = 255;
const SAMPLES = 2048;

/** Loudness is heard as a logarithm: -60 dB is empty, 0 dB is full. */
export function shown(level: number): number {
    const db = 20 * Math.log10(Math.max(level, 1) / FULL);
    return Math.max(0, Math.min(1, 1 + db / 60));
}

export function meterOf(stream: MediaStream, everyMs: number): Meter {
    const context = new AudioContext();
    const analyser = context.createAnalyser();
    analyser.fftSize = SAMPLES;
    context.createMediaStreamSource(stream).connect(analyser);
    const samples = new Float32Array(SAMPLES);
    const meter: Meter = { level: signal(0), onPeak: null, close: () => undefined };
    const timer = setInterval(() => {
        analyser.getFloatTimeDomainData(samples);
        const peak = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
        meter.level.value = Math.min(FULL, Math.round(peak * FULL));
        meter.onPeak?.(meter.level.value);
    }, everyMs);
    meter.close = () => {
        clearInterval(timer);
        void context.close();
    };
    return meter;
}
