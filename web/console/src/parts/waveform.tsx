// How a sound looks: a bar for each moment, the part that was played in the
// colour of things that can be done. It says nothing to a screen reader; the
// length beside it does.

import { peaksFewer } from "../sound/decode";
import { shown } from "../sound/meter";

interface WaveformProps {
    peaks: readonly number[];
    /** 0 … 1: how much was played. */
    played?: number;
    /** 0 … 1: what is left after the cut. */
    from?: number;
    to?: number;
    /** Nothing is known of it yet. */
    quiet?: boolean;
}

const BARS = 120;

function pathOf(bars: readonly number[]): string {
    return bars
        .map((peak, x) => {
            const half = Math.max(1.5, shown(peak) * 48);
            return `M${x + 0.5} ${50 - half}V${50 + half}`;
        })
        .join("");
}

const percent = (share: number) => `${(share * 100).toFixed(2)}%`;

export function Waveform({ peaks, played = 0, from = 0, to = 1, quiet = false }: WaveformProps) {
    const bars = peaksFewer(peaks, BARS);
    const line = pathOf(bars);
    const box = `0 0 ${Math.max(1, bars.length)} 100`;
    return (
        <div class={`waveform${quiet ? " waveform-quiet" : ""}`} aria-hidden="true">
            <svg viewBox={box} preserveAspectRatio="none" focusable="false">
                <path d={line} />
            </svg>
            <svg
                class="waveform-in"
                viewBox={box}
                preserveAspectRatio="none"
                focusable="false"
                style={{ clipPath: `inset(0 ${percent(1 - to)} 0 ${percent(from)})` }}
            >
                <path d={line} />
            </svg>
            {played > 0 && <span class="waveform-at" style={{ left: percent(Math.min(1, played)) }} />}
        </div>
    );
}
