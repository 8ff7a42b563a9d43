// What the console and the server say to each other about sounds on their way
// in and about text that is read aloud, as types.

import type { UnitRef } from "./api";
import type { Hash } from "./broadcast";

export interface Upload {
    id: number;
    name: string;
    bytes: number;
    offset: number;
}

export type SoundState = "waiting" | "working" | "done" | "failed" | "cancelled";

export interface Sound {
    id: number;
    kind: "upload" | "speech";
    state: SoundState;
    progress: number;
    unit: UnitRef;
    title: string;
    language: string;
    media: Hash | null;
    ms: number | null;
    loudness_mb: number | null;
    trimmed_head_ms: number | null;
    trimmed_tail_ms: number | null;
    peaks: number[] | null;
    reason: string | null;
    reason_text: string | null;
}

export interface SoundCut {
    mark: string;
    unit_id: number;
    title: string;
    language: string;
    upload: number;
    from_ms: number;
    to_ms: number;
    partial: boolean;
}

export interface SpeechAsk {
    mark: string;
    unit_id: number;
    title: string;
    language: string;
    text: string;
    voice: string;
    speed: number;
}

export interface Voices {
    items: { name: string }[];
    voice: string;
    speed: number;
    outside: boolean;
}

export interface SpokenWord {
    word: string;
    reading: string;
    unit: UnitRef;
}
