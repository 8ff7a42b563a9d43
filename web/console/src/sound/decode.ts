// A sound that is still in this browser, as numbers: to draw it and to listen
// to a part of it before it is sent.

/** Enough to judge speech by, and a third of the memory of the full rate. */
const RATE = 16_000;

/** Bigger ones are drawn by the server. */
export const DECODE_MOST_BYTES = 24 * 1024 * 1024;

export async function decode(blob: Blob): Promise<AudioBuffer> {
    const bytes = await blob.arrayBuffer();
    return new OfflineAudioContext(1, 1, RATE).decodeAudioData(bytes);
}

/** So many bars, each 0 … 255. */
export function peaksOf(sound: AudioBuffer, bars: number): number[] {
    const samples = sound.getChannelData(0);
    const step = Math.max(1, Math.floor(samples.length / bars));
    const peaks: number[] = [];
    for (let at = 0; at + step <= samples.length && peaks.length < bars; at += step) {
        let most = 0;
        for (let i = at; i < at + step; i++) {
            most = Math.max(most, Math.abs(samples[i] ?? 0));
        }
        peaks.push(Math.min(255, Math.round(most * 255)));
    }
    return peaks;
}

/** Fewer bars, each as high as the highest that it stands for. */
export function peaksFewer(peaks: readonly number[], bars: number): number[] {
    if (peaks.length <= bars) {
        return [...peaks];
    }
    return Array.from({ length: bars }, (_, bar) => {
        const from = Math.floor((bar * peaks.length) / bars);
        const to = Math.max(from + 1, Math.floor(((bar + 1) * peaks.length) / bars));
        return Math.max(...peaks.slice(from, to));
    });
}
