// A programme as the form holds it, and as the server wants it.

import type { Programme, ProgrammeDraft, When } from "../../../shared/broadcast";
import { today } from "../words/format";

export function newDraft(unit: number, day: string | null): ProgrammeDraft {
    return {
        unit_id: unit,
        name: "",
        kind: "items",
        class: "ordinary",
        when: newWhen(day ?? today()),
        start: "05:30",
        place_ms: 0,
        gain_mb: 0,
        after_break: "resume",
        source: null,
        items: [],
        repeats: [],
        areas: [],
    };
}

function newWhen(from: string): When {
    return {
        cadence: "daily",
        every: 1,
        from,
        to: null,
        weekdays: [1, 2, 3, 4, 5, 6, 7],
        months: [],
        month_day: null,
        nth: null,
        holidays: "as_usual",
        added: [],
        removed: [],
    };
}

export function draftOf(programme: Programme): ProgrammeDraft {
    const { name, kind, when, start, place_ms, gain_mb, after_break, source, repeats, version } = programme;
    return {
        name,
        kind,
        class: programme.class,
        when,
        start: start.slice(0, 5),
        place_ms,
        gain_mb,
        after_break,
        source,
        repeats: repeats.map(({ days_after, start: at }) => ({ days_after, start: at.slice(0, 5) })),
        version,
        unit_id: programme.unit.id,
        areas: programme.areas.map(({ id }) => id),
        items: programme.items.map(({ on, position, language, media }) => ({ on, position, language, media })),
    };
}
