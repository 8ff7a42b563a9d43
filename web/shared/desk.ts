// What the programme desk asks besides the programmes themselves: how much of
// the day is used, weeks copied, calendars read.

import type { Day, Instant, UnitRef } from "./api";
import type { Clock, When } from "./broadcast";
import type { NameRef } from "./fleet";

/** Of the pole group that has most on that day. */
export interface QuotaDay {
    day: Day;
    used_ms: number;
    day_most_ms: number | null;
    session_most_ms: number | null;
    rule: string | null;
    /** A rule keeps the whole day silent. */
    silent: boolean;
    /** Empty: the whole day. */
    hours: { from: Clock; to: Clock }[];
    sessions: { from: Instant; to: Instant; used_ms: number }[];
    devices: number;
}

export interface CalendarLine {
    uid: string;
    name: string;
    result: "added" | "changed" | "same" | "skipped";
    code: string | null;
    message: string | null;
    programme: number | null;
    start: Clock | null;
    when: When | null;
}

export interface CalendarRead {
    items: CalendarLine[];
    added: number;
    changed: number;
    same: number;
    skipped: number;
}

export interface WeekCopied {
    items: { programme: NameRef; from: Day; to: Day; result: "copied" | "there" }[];
    copied: number;
}

export interface WeekCopy {
    unit_id: number;
    from: Day;
    to: Day;
    dry: boolean;
}

export interface PoleGroup {
    id: number;
    name: string;
    unit: UnitRef;
}
