// What the console and the server say to each other about bulletins and
// offers, as types. It mirrors the documented JSON API and nothing else.

import type { Day, Instant, UnitRef } from "./api";
import type { Clock, Hash } from "./broadcast";
import type { NameRef } from "./fleet";

export type BulletinClass = "ordinary" | "priority" | "emergency";
export type BulletinState =
    | "draft"
    | "submitted"
    | "returned"
    | "approved"
    | "offered"
    | "scheduled"
    | "on_air"
    | "done"
    | "withdrawn";
export type Channel = "sound" | "board" | "portal";
export type BulletinStep = "change" | "submit" | "approve" | "return" | "withdraw" | "schedule" | "send" | "copy";

export interface Category {
    code: string;
    name: string;
    name_vi: string;
    name_en: string;
    retired: boolean;
}

export interface BulletinText {
    language: string;
    channel: Channel;
    title: string;
    text: string;
    media: Hash | null;
    ms: number | null;
}

export interface Attachment {
    media: Hash;
    name: string;
}

/** What a person writes: the part of a bulletin that has versions. */
export interface BulletinContent {
    title: string;
    category: string | null;
    class: BulletinClass;
    areas: number[];
    valid_from: Instant | null;
    valid_to: Instant | null;
    sources: string;
    texts: Omit<BulletinText, "ms">[];
    attachments: Attachment[];
}

export interface Airing {
    id: number;
    unit: UnitRef;
    programme: NameRef | null;
    on: Day;
    at: Instant;
    ms: number;
    one_off: boolean;
}

interface Written {
    title: string;
    category: Pick<Category, "code" | "name"> | null;
    class: BulletinClass;
    areas: NameRef[];
    valid_from: Instant | null;
    valid_to: Instant | null;
    sources: string;
    texts: BulletinText[];
    attachments: Attachment[];
}

export interface Bulletin extends Written {
    id: number;
    mark: string;
    unit: UnitRef;
    state: BulletinState;
    revision: number;
    approved_revision: number | null;
    approved_alone: boolean;
    reason: string | null;
    written_by: NameRef | null;
    submitted_by: NameRef | null;
    approved_by: NameRef | null;
    submitted_at: Instant | null;
    approved_at: Instant | null;
    created_at: Instant;
    changed_at: Instant;
    first_at: Instant | null;
    last_at: Instant | null;
    airings: Airing[];
    may: BulletinStep[];
}

export interface BulletinLine {
    id: number;
    unit: UnitRef;
    title: string;
    category: Pick<Category, "code" | "name"> | null;
    class: BulletinClass;
    state: BulletinState;
    revision: number;
    languages: string[];
    channels: Channel[];
    ms: number | null;
    valid_from: Instant | null;
    valid_to: Instant | null;
    written_by: NameRef | null;
    changed_at: Instant;
    first_at: Instant | null;
    last_at: Instant | null;
}

export interface BulletinPage {
    items: BulletinLine[];
    next: number | null;
}

export interface VersionLine {
    revision: number;
    title: string;
    saved_by: NameRef | null;
    saved_at: Instant;
}

export interface BulletinVersion extends Written {
    revision: number;
    saved_by: NameRef | null;
    saved_at: Instant;
}

export type ScheduleAsk =
    | { programme: number; on: Day }
    | {
          unit_id: number;
          on: Day;
          start: Clock;
          again: Day[];
          repeats: { days_after: number; start: Clock }[];
          areas: number[];
      };

export interface SendAnswer {
    items: {
        unit: NameRef;
        result: "offered" | "entered" | "already" | "refused";
        code: string | null;
        message: string | null;
    }[];
    offered: number;
    entered: number;
    already: number;
    refused: number;
}

export interface AirCounts {
    planned: number;
    played: number;
    partly: number;
    not_played: number;
    not_reported: number;
    waiting: number;
    ms: number;
}

export interface AirResult {
    total: AirCounts;
    reasons: { reason: string; message: string; plays: number }[];
    first_sounded_at: Instant | null;
    items: (AirCounts & { unit: UnitRef })[];
}

export type OfferState = "waiting" | "taken" | "declined" | "entered" | "gone";

export interface Offer {
    id: number;
    bulletin: BulletinLine;
    unit: UnitRef;
    from: UnitRef;
    state: OfferState;
    sent_at: Instant;
    sent_by: NameRef | null;
    decided_at: Instant | null;
    decided_by: NameRef | null;
    reason: string | null;
    airing: Airing | null;
}

export interface BulletinTemplate {
    id: number;
    /** null: comes with the program. */
    unit: UnitRef | null;
    name: string;
    version: number;
    title: string;
    category: Pick<Category, "code" | "name"> | null;
    class: BulletinClass;
    texts: Omit<BulletinText, "media" | "ms">[];
}

export type TemplateDraft = Omit<BulletinTemplate, "id" | "unit" | "version" | "category"> & { category: string | null };

export interface BulletinRules {
    unit: UnitRef;
    one_person: boolean;
    set_by_unit: UnitRef | null;
}
