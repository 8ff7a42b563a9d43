// What the console and the server say to each other about programmes, what was
// played, alarms and drills, as types. It mirrors the documented JSON API.

import type { Day, Instant, UnitRef } from "./api";
import type { Hazard, Said } from "./alert";
import type { NameRef } from "./fleet";

export type ProgrammeKind = "items" | "relay" | "signal" | "silence";
export type ProgrammeClass = "ordinary" | "priority";
export type Cadence = "once" | "daily" | "weekly" | "month_day" | "month_weekday";
export type Holidays = "as_usual" | "skip" | "only";
export type AfterBreak = "resume" | "keep_time" | "end";

/** Hours and minutes of the civil day: `05:30`, with seconds where there are some. */
export type Clock = string;

/** A BLAKE2b-256 in hexadecimal: the name of a sound. */
export type Hash = string;

export interface Media {
    id: number;
    media: Hash;
    unit: UnitRef;
    title: string;
    language: string | null;
    ms: number;
    bytes: number;
    added_at: Instant;
}

export interface When {
    cadence: Cadence;
    every: number;
    from: Day;
    /** Exclusive; null is without an end. */
    to: Day | null;
    /** 1 is Monday, 7 Sunday. */
    weekdays: number[];
    months: number[];
    month_day: number | null;
    nth: number | null;
    holidays: Holidays;
    added: Day[];
    removed: Day[];
}

export interface ProgrammeItem {
    on: Day | null;
    position: number;
    language: string | null;
    media: Hash;
    title: string;
    ms: number;
}

export interface Repeat {
    days_after: number;
    start: Clock;
}

interface ProgrammeCommon {
    name: string;
    kind: ProgrammeKind;
    class: ProgrammeClass;
    when: When;
    start: Clock;
    /** 0: as long as its items. */
    place_ms: number;
    gain_mb: number;
    after_break: AfterBreak;
    source: string | null;
    repeats: Repeat[];
}

export interface Programme extends ProgrammeCommon {
    id: number;
    unit: UnitRef;
    version: number;
    items: ProgrammeItem[];
    areas: NameRef[];
    choice: { taken: boolean; start: Clock | null } | null;
    changed_at: Instant;
    /** Of one that was just written: with which priorities of others it collides. */
    clashes?: Clash[];
}

export interface ProgrammeDraft extends ProgrammeCommon {
    unit_id: number;
    version?: number;
    items: Omit<ProgrammeItem, "title" | "ms">[];
    areas: number[];
}

/** A time at which a programme stands in the days of a unit. */
export interface Occurrence {
    programme: NameRef;
    day: Day;
    at: Instant;
    ms: number;
    class: ProgrammeClass;
    kind: ProgrammeKind;
    unit: UnitRef;
    repeat: boolean;
    taken: boolean;
}

export interface Rule {
    id?: number;
    unit?: UnitRef;
    inherited?: boolean;
    name: string;
    from: Day;
    to: Day | null;
    weekdays: number[];
    quiet_zone: boolean;
    no_sound: boolean;
    hours: { from: Clock; to: Clock }[];
    session_most_min: number;
    day_most_min: number;
    gain_most_mb: number;
}

export interface Rules {
    items: Rule[];
    sounds: { opening: Hash | null; closing: Hash | null; filler: Hash[] };
}

export interface Holiday {
    from: Day;
    /** Exclusive. */
    to: Day;
    name: string;
    /** null: of the whole country. */
    unit: UnitRef | null;
}

export type PlayOutcome = "played" | "partly" | "not_played" | "not_reported";

export interface PlanEntry {
    id: string;
    at: Instant;
    ends_at: Instant;
    ms: number;
    kind: "media" | "silence" | "relay" | "signal";
    class: ProgrammeClass;
    title: string;
    programme: NameRef | null;
    outcome: PlayOutcome | null;
    reason: string | null;
    message: string | null;
}

/** Why something is otherwise than planned, as a whole sentence. */
export interface PlanNote {
    key: string;
    message: string;
    programme: NameRef | null;
    at: Instant | null;
    moved_to: Instant | null;
}

export interface DevicePlan {
    day: Day;
    items: PlanEntry[];
    notes: PlanNote[];
}

export interface Clash {
    id: string;
    unit: UnitRef;
    at: Instant;
    first: NameRef;
    second: NameRef;
    decided: boolean;
}

export interface Play {
    device: NameRef;
    at: Instant;
    programme: NameRef | null;
    title: string;
    outcome: PlayOutcome;
    reason: string | null;
    message: string | null;
    ms: number;
    planned_ms: number;
}

export interface PlayCounts {
    planned: number;
    played: number;
    partly: number;
    not_played: number;
    not_reported: number;
    ms: number;
}

export interface PlaySummary {
    total: PlayCounts;
    reasons: { reason: string; message: string; plays: number }[];
    items: (PlayCounts & { day?: Day; programme?: NameRef; unit?: UnitRef })[];
}

export type AlarmKind = "alarm" | "drill" | "stop";
export type AlarmState = "waiting" | "in_force" | "replaced" | "cancelled" | "expired" | "refused";
export type AlarmSignal = "none" | "chime" | "siren" | "wail";
export type CoverageGroup =
    | "heard"
    | "sounding"
    | "sounded"
    | "waiting"
    | "received"
    | "accepted"
    | "ended"
    | "refused"
    | "unreachable";

export interface Coverage {
    total: number;
    heard: number;
    waiting: number;
    received: number;
    accepted: number;
    sounding: number;
    sounded: number;
    ended: number;
    refused: number;
    unreachable: number;
    refusals: { reason: string; message: string; devices: number }[];
}

export interface AlarmDraft {
    /** 32 hexadecimal digits made by the page: a second press raises nothing twice. */
    mark: string;
    unit_id: number;
    areas: number[];
    title: string;
    text: string;
    signal: AlarmSignal;
    clip: number;
    times: number;
    pause_ms: number;
    again_s: number;
    gain_mb: number;
    start: Instant | null;
    valid_s: number;
    voices: { language: string; media: Hash }[];
    preview: boolean;
    hazard?: Hazard;
    /** What is said when it ends, and when it was wrong: prepared before anything is sent. */
    cancel?: Said;
    correction?: Said;
}

export interface AlarmEffect {
    devices: number;
    attached: number | null;
    communes: number;
    sounding_ms: number;
    needs_approval: boolean;
    boards: number;
    people: number;
    people_known: boolean;
    reason: "devices" | "people" | null;
    /** A delegation lets this person send alone. */
    delegated: boolean;
    /** The whole of it as one sentence. */
    words: string;
}

export interface AlarmAnswer {
    alarm: Alarm | null;
    effect: AlarmEffect | null;
}

export interface Alarm {
    id: number;
    mark: string;
    kind: AlarmKind;
    unit: UnitRef;
    version: number;
    root: number;
    replaces: number | null;
    state: AlarmState;
    title: string;
    text: string;
    signal: AlarmSignal;
    clip: number;
    times: number;
    pause_ms: number;
    again_s: number;
    gain_mb: number;
    start: Instant | null;
    expires_at: Instant | null;
    areas: NameRef[];
    voices: { language: string; media: Hash; ms: number }[];
    devices: number;
    units: number;
    raised_by: NameRef | null;
    raised_at: Instant;
    approved_by: NameRef | null;
    approved_at: Instant | null;
    sent_at: Instant | null;
    ended_at: Instant | null;
    end_reason: string | null;
    coverage: Coverage | null;
    hazard: Hazard;
    purpose: "alarm" | "correction" | "cancel";
    cancel: Said | null;
    correction: Said | null;
    delegated: boolean;
    people: number;
    source: NameRef | null;
    /** The name of our own CAP message. */
    cap: string | null;
}

export interface CoverageLine {
    device: NameRef;
    unit: UnitRef | null;
    state: string;
    reason: string | null;
    message: string | null;
    times: number;
    at: Instant | null;
}

export interface Clip {
    unit: UnitRef;
    number: number;
    language: string;
    title: string;
    text: string;
    signal: AlarmSignal;
    media: Hash;
    ms: number;
}
