// What stands on the timeline: times of programmes, or what one pole group
// will really play, brought into one shape.

import type { Clash, DevicePlan, Occurrence, PlanEntry } from "../../../shared/broadcast";
import type { Taken } from "./scale";

export interface Block extends Taken {
    key: string;
    name: string;
    tone: "ordinary" | "priority" | "other" | "left";
    clash: boolean;
    /** Of a programme's time: what can be done with it. */
    stands: Occurrence | null;
    /** Of a pole group's plan: what it says. */
    plays: PlanEntry | null;
}

const MINUTE_MS = 60_000;

export function minuteOf(at: string): number {
    const date = new Date(at);
    return date.getHours() * 60 + date.getMinutes() + date.getSeconds() / 60;
}

/** The civil day of an instant, where the reader sits. */
export function dayOf(at: string): string {
    const date = new Date(at);
    const two = (n: number) => String(n).padStart(2, "0");
    return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** Which programmes stand in each other's way, and on which day. */
export function clashingOf(clashes: readonly Clash[]): Set<string> {
    return new Set(clashes.flatMap(({ at, first, second }) => [first, second].map(({ id }) => `${id}|${dayOf(at)}`)));
}

export function blocksOf(items: readonly Occurrence[], clashing: ReadonlySet<string>): Block[] {
    return items.map((item) => ({
        key: `${item.programme.id}|${item.at}|${item.repeat}`,
        day: item.day,
        start: minuteOf(item.at),
        minutes: item.ms / MINUTE_MS,
        name: item.programme.name,
        tone: !item.taken ? "left" : item.class === "priority" ? "priority" : item.kind === "silence" ? "other" : "ordinary",
        clash: clashing.has(`${item.programme.id}|${item.day}`),
        stands: item,
        plays: null,
    }));
}

/** What stands side by side in one go is one block: an opening, its items, a closing. */
export function planBlocks(plans: readonly DevicePlan[]): Block[] {
    return plans.flatMap(({ day, items }) =>
        items.map((entry) => ({
            key: `${day}|${entry.id}`,
            day,
            start: minuteOf(entry.at),
            minutes: entry.ms / MINUTE_MS,
            name: entry.title,
            tone: entry.class === "priority" ? "priority" : entry.kind === "media" || entry.kind === "relay" ? "ordinary" : "other",
            clash: false,
            stands: null,
            plays: entry,
        })),
    );
}
