// What the console and the server say to each other about what waits for a
// person, the duty roster and notices, as types.

import type { Day, Instant, List, UnitRef } from "./api";
import type { Clock } from "./broadcast";
import type { NameRef } from "./fleet";

export interface InboxItem {
    kind: string;
    id: string;
    unit: UnitRef | null;
    title: string;
    since: Instant;
    due: Instant | null;
    urgent: boolean;
    link: string;
}

export interface Inbox {
    total: number;
    counts: { kind: string; count: number }[];
    items: InboxItem[];
}

export interface Reached {
    push: boolean;
    mail: boolean;
}

export interface Shift {
    id: number;
    account: NameRef;
    phone: string | null;
    from: Instant;
    to: Instant;
    rank: number;
    note: string;
    reached: Reached;
}

export type ShiftDraft = Pick<Shift, "from" | "to" | "rank" | "note"> & { account_id: number };

export interface Roster {
    unit: UnitRef;
    may_write: boolean;
    from: Day;
    to: Day;
    shifts: Shift[];
    people: (NameRef & { unit: UnitRef })[];
}

export interface Reach {
    wait_s: number;
    mail: boolean;
    steps: {
        rank: number;
        people: { account: NameRef; unit: UnitRef; by: "shift" | "right"; reached: Reached }[];
    }[];
}

export interface Subscription {
    id: number;
    name: string;
    host: string;
    added_at: Instant;
    used_at: Instant | null;
    failed: boolean;
}

export interface NoticeWishes {
    push: boolean;
    mail: boolean;
    digest: boolean;
    digest_at: Clock;
    quiet_from: Clock | null;
    quiet_to: Clock | null;
    muted: string[];
}

export interface Notices extends NoticeWishes {
    kinds: string[];
    email: string | null;
    mail_configured: boolean;
}

export type Subscriptions = List<Subscription>;
