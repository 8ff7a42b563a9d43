// How a device is, in one mark and one word. The marks differ in shape, not
// in colour alone.

import type { DeviceLive, DeviceSound, Fault } from "../../../shared/fleet";
import type { Tone } from "../parts/badge";
import { Badge } from "../parts/badge";
import { t } from "../words";

export const lives: DeviceLive[] = ["alive", "late", "dead", "never"];

export const faults: Fault[] = [
    "dead",
    "lies",
    "no_sound",
    "unexpected",
    "sink",
    "supply",
    "media",
    "clock",
    "disk",
    "heat",
    "budget",
    "relay",
    "store",
];

export const liveTones: Record<DeviceLive, Tone> = {
    alive: "good",
    late: "warn",
    dead: "bad",
    never: "calm",
};

/** Faults that make a pole useless or dangerous stand out from those that wait for a technician. */
const grave = new Set<Fault>(["dead", "lies", "no_sound", "unexpected", "sink"]);

const shapes: Record<DeviceLive, string> = {
    alive: "M8 2.5a5.500 5.500 0 1 1 0 11 5.500 5.500 0 0 1 0-11z",
    late: "M8 2l6.500 11.500h-13z",
    dead: "M3 3h10v10H3z",
    never: "M8 4a4 4 0 1 1 0 8 4 4 0 0 1 0-8z",
};

export function LiveMark({ live }: { live: DeviceLive }) {
    return (
        <svg class={`live live-${live}`} viewBox="0 0 16 16" aria-hidden="true" focusable="false">
            <path d={shapes[live]} />
        </svg>
    );
}

export function LiveBadge({ live }: { live: DeviceLive }) {
    return (
        <Badge tone={liveTones[live]}>
            <LiveMark live={live} />
            {t(`live.${live}`)}
        </Badge>
    );
}

export function FaultBadges({ of, most = 99 }: { of: Fault[]; most?: number }) {
    if (of.length === 0) {
        return null;
    }
    return (
        <span class="badges">
            {of.slice(0, most).map((fault) => (
                <Badge key={fault} tone={faultTone(fault)}>
                    {t(`fault.${fault}`)}
                </Badge>
            ))}
            {of.length > most && <Badge>{`+${of.length - most}`}</Badge>}
        </span>
    );
}

export function faultTone(fault: Fault): Tone {
    return grave.has(fault) ? "bad" : "warn";
}

export function soundWords(sound: DeviceSound): string {
    return t(`sound.${sound}`);
}
