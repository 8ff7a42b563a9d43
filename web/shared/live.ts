// What the console and the server say to each other about live voice: from a
// microphone in the browser, from studio encoders, from relays.

import type { Instant, UnitRef } from "./api";
import type { Hash } from "./broadcast";
import type { NameRef } from "./fleet";

export type LiveState = "waiting" | "on_air" | "paused" | "lost" | "ended";
export type LiveMode = "talk" | "continuous";
export type LiveClass = "ordinary" | "priority";

export interface Live {
    id: number;
    unit: UnitRef;
    areas: UnitRef[];
    title: string;
    mode: LiveMode;
    class: LiveClass;
    language: string;
    /** What sounds when the stream dies. */
    fallback: Hash | null;
    public: boolean;
    record: boolean;
    address: string;
    hls: string;
    state: LiveState;
    reason: string;
    reason_text: string | null;
    source: "browser" | "icecast" | "relay";
    source_name: string;
    by: NameRef | null;
    created_at: Instant;
    begun_at: Instant | null;
    ended_at: Instant | null;
    ms: number;
    devices: number;
    listeners: number;
    delay_ms: number;
    level_mb: number;
    peak_mb: number;
    recording: Hash | null;
}

export interface LiveDraft {
    mark: string;
    unit_id: number;
    areas: number[];
    title: string;
    mode: LiveMode;
    class: LiveClass;
    fallback: Hash | null;
    language: string;
    public: boolean;
    record: boolean;
}

/** Once a second, while it is sent. */
export interface LiveNews {
    state: LiveState;
    delay_ms: number;
    devices: number;
    listeners: number;
    level_mb: number;
    peak_mb: number;
    lost: number;
}

export interface LiveSource {
    id: number;
    unit: UnitRef;
    name: string;
    kind: "encoder" | "relay";
    title: string;
    areas: UnitRef[];
    class: LiveClass;
    language: string;
    fallback: Hash | null;
    public: boolean;
    record: boolean;
    address: string;
    live: number | null;
    created_at: Instant;
    /** Of an encoder, shown once. */
    password?: string;
}

export interface LiveSourceDraft {
    unit_id: number;
    name: string;
    kind: "encoder" | "relay";
    title: string;
    areas: number[];
    class: LiveClass;
    fallback: Hash | null;
    language: string;
    public: boolean;
    record: boolean;
    address: string;
}
