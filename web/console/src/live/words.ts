// Levels and states of live voice in words.

import type { Live } from "../../../shared/live";
import type { Tone } from "../parts/badge";
import { t } from "../words";
import { number } from "../words/format";

export const liveTones: Record<Live["state"], Tone> = {
    waiting: "calm",
    on_air: "bad",
    paused: "info",
    lost: "warn",
    ended: "calm",
};

const FLOOR_MB = -6_000;

/** Hundredths of dBFS as a share of the meter. */
export function shareOf(mb: number): number {
    return Math.min(1, Math.max(0, 1 - mb / FLOOR_MB));
}

/** An amplitude of 0 to 1 in hundredths of dBFS. */
export function millibel(amplitude: number): number {
    return amplitude <= 0 ? -9_600 : Math.max(-9_600, 2_000 * Math.log10(amplitude));
}

export function delayWords(ms: number): string {
    return t("live.seconds", { n: number(Math.round(ms / 100) / 10) });
}
