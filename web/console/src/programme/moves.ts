// Moving a programme: what its form would say afterwards. A programme that
// comes again and again moves on all its days, or only on one: then that day
// is taken out and a programme of one day stands in its place.

import type { Programme, ProgrammeDraft } from "../../../shared/broadcast";
import { clockOf } from "../words/clock";
import { dayShift } from "../words/format";
import { draftOf } from "./draft";

export interface Place {
    day: string;
    /** Minute of the day. */
    start: number;
    /** Length in minutes, when it was changed. */
    minutes: number | null;
}

export interface Stands extends Place {
    repeat: boolean;
}

const MINUTE_MS = 60_000;

function lengthened(draft: ProgrammeDraft, to: Place): ProgrammeDraft {
    return to.minutes === null ? draft : { ...draft, place_ms: Math.round(to.minutes * MINUTE_MS) };
}

/** On all its days. */
export function movedAlways(programme: Programme, from: Stands, to: Place): ProgrammeDraft {
    const draft = lengthened(draftOf(programme), to);
    const start = clockOf(to.start);
    if (from.repeat) {
        const was = clockOf(from.start);
        return { ...draft, repeats: draft.repeats.map((one) => (one.start === was ? { ...one, start } : one)) };
    }
    if (draft.when.cadence !== "once") {
        return { ...draft, start };
    }
    return { ...draft, start, when: { ...draft.when, from: to.day, to: dayShift(to.day, 1) } };
}

/** Only on that day: what stays of it, and what stands for itself. */
export function movedOnce(programme: Programme, from: Stands, to: Place): { rest: ProgrammeDraft; single: ProgrammeDraft } {
    const draft = draftOf(programme);
    return { rest: withoutDay(programme, from.day), single: lengthened(onceOf(draft, from.day, to), to) };
}

export function withoutDay(programme: Programme, day: string): ProgrammeDraft {
    const draft = draftOf(programme);
    const removed = [...new Set([...draft.when.removed, day])].sort();
    return { ...draft, when: { ...draft.when, removed } };
}

/** The same again on one day, with what it plays on the day it is taken from. */
export function onceOf(draft: ProgrammeDraft, from: string, to: Place): ProgrammeDraft {
    const own = draft.items.filter(({ on }) => on === from);
    const items = (own.length > 0 ? own : draft.items.filter(({ on }) => on === null)).map((item, position) => ({ ...item, on: null, position }));
    const { version: _version, ...rest } = draft;
    return {
        ...rest,
        start: clockOf(to.start),
        repeats: [],
        items,
        when: {
            cadence: "once",
            every: 1,
            from: to.day,
            to: dayShift(to.day, 1),
            weekdays: [1, 2, 3, 4, 5, 6, 7],
            months: [],
            month_day: null,
            nth: null,
            holidays: "as_usual",
            added: [],
            removed: [],
        },
    };
}
