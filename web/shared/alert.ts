// What the console and the server say to each other about the making of
// emergencies: templates, delegations, who saw what, and CAP messages of
// others.

import type { Day, Instant, UnitRef } from "./api";
import type { AlarmKind, AlarmSignal, AlarmState, Hash } from "./broadcast";
import type { NameRef } from "./fleet";

export type Hazard = "flood" | "landslide" | "storm" | "fire" | "dam" | "epidemic" | "missing" | "drill" | "other";

export interface Said {
    title: string;
    text: string;
}

export interface TemplateVoice {
    media: Hash;
    ms: number;
}

export interface TemplateText {
    language: string;
    title: string;
    /** `{place}` is a blank. */
    text: string;
    /** The same without blanks: for when nobody has time. */
    short: string;
    cancel_title: string;
    cancel: string;
    correction_title: string;
    correction: string;
    voices?: Record<"short" | "cancel" | "correction", TemplateVoice | null>;
}

interface TemplateCommon {
    hazard: Hazard;
    name: string;
    signal: AlarmSignal;
    clip: number;
    times: number;
    pause_ms: number;
    again_s: number;
    valid_s: number;
    category: string;
    event: string;
    urgency: string;
    severity: string;
    certainty: string;
    response: string;
    texts: TemplateText[];
}

export interface AlarmTemplate extends TemplateCommon {
    id: number;
    unit: UnitRef | null;
    drill: boolean;
    blanks: { name: string; label: string }[];
}

export interface AlarmTemplateDraft extends TemplateCommon {
    /** 0: a new one. */
    id: number;
    unit_id: number;
}

export interface Delegation {
    id: number;
    unit: UnitRef;
    hazard: Hazard;
    account: NameRef;
    from: Day;
    to: Day;
    by: NameRef | null;
    revoked_at: Instant | null;
}

export interface DelegationDraft {
    unit_id: number;
    hazard: Hazard;
    account_id: number;
    from: Day;
    to: Day;
}

export type SeenWhat = "effect" | "confirm" | "coverage" | "report";

export interface Seen {
    what: SeenWhat;
    words: string;
    by: NameRef;
    at: Instant;
}

/* ---- CAP ---- */

export type CapPolicy = "draft" | "ask" | "automatic";
export type CapSeverity = "Extreme" | "Severe" | "Moderate" | "Minor" | "Unknown";
export type CapState = "draft" | "waiting" | "used" | "dismissed" | "noted" | "replaced" | "cancelled" | "expired";

export interface CapSourceDraft {
    unit_id: number;
    name: string;
    address: string;
    every_s: number;
    policy: CapPolicy;
    enabled: boolean;
    senders: string[];
    certificates: string;
    must_sign: boolean;
    severity_least: CapSeverity;
    language: string;
    codes: { name: string; value: string; unit_id: number }[];
    code_names: string[];
}

export interface CapSource extends Omit<CapSourceDraft, "unit_id"> {
    id: number;
    unit: UnitRef;
    polled_at: Instant | null;
    poll_error: string | null;
    waiting: number;
    keys: { subject: string; fingerprint: string; from: Instant; until: Instant }[];
    set_by: NameRef | null;
    confirmed_by: NameRef | null;
    confirmed_at: Instant | null;
    /** Automatic counts only so. */
    confirmed: boolean;
}

export interface CapInfo {
    language: string;
    event: string;
    headline: string | null;
    description: string | null;
    instruction: string | null;
    urgency: string;
    severity: string;
    certainty: string;
    category: string[];
    response: string[];
    expires: Instant | null;
    web: string | null;
    contact: string | null;
    areas: { name: string; polygons: [number, number][][]; circles: CapCircle[]; geocodes: { name: string; value: string }[] }[];
    resources: { name: string; mime: string; bytes: number | null; uri: string | null }[];
}

export interface CapCircle {
    lat: number;
    lon: number;
    km: number;
}

export interface CapMessage {
    id: number;
    source: NameRef;
    unit: UnitRef;
    identifier: string;
    sender: string;
    sent: Instant;
    status: "Actual" | "Exercise" | "System" | "Test" | "Draft";
    type: "Alert" | "Update" | "Cancel" | "Ack" | "Error";
    scope: "Public" | "Restricted" | "Private";
    state: CapState;
    note: string;
    signature: "good" | "none" | "unknown_key";
    event: string;
    hazard: Hazard;
    headline: string | null;
    description: string | null;
    instruction: string | null;
    language: string;
    urgency: string;
    severity: CapSeverity;
    certainty: string;
    category: string[];
    expires: Instant | null;
    units: UnitRef[];
    outside: number;
    polygons: [number, number][][];
    circles: CapCircle[];
    refers_to: number[];
    alarm: { id: number; state: AlarmState; kind: AlarmKind } | null;
    received_at: Instant;
    decided_by: NameRef | null;
    decided_at: Instant | null;
    infos?: CapInfo[];
}

export interface CapUse {
    mark: string;
    preview: boolean;
    title?: string;
    text?: string;
    signal?: AlarmSignal;
    clip?: number;
    valid_s?: number;
    areas?: number[];
}
