// What the console and the server say to each other, as types. This file
// mirrors the documented JSON API, version 1, and nothing else: no logic, so
// that a difference from the OpenAPI file is found by reading two lists.

export type Instant = string;
export type Day = string;
export type Language = "vi" | "en";

export type Right =
    | "self"
    | "about_read"
    | "metrics_read"
    | "units_read"
    | "units_write"
    | "reforms_write"
    | "imports_write"
    | "accounts_read"
    | "accounts_write"
    | "roles_grant"
    | "audit_read"
    | "audit_export"
    | "settings_read"
    | "settings_write"
    | "fleet_read"
    | "fleet_write"
    | "fleet_enrol"
    | "programmes_read"
    | "programmes_write"
    | "plays_read"
    | "alarms_read"
    | "alarms_write"
    | "drills_write"
    | "all_stop"
    | "bulletins_read"
    | "bulletins_write"
    | "bulletins_approve"
    | "live_speak"
    | "cap_read"
    | "cap_write"
    | "duty_write";

export interface List<T> {
    items: T[];
    next: string | null;
}

export interface FieldError {
    name: string;
    code: string;
    message: string;
}

export interface ErrorBody {
    error: { code: string; message: string; fields?: FieldError[] };
}

/* ---- session and my account ---- */

export interface UnitRef {
    id: number;
    name: string;
    kind?: UnitKind;
}

export interface RoleGrant {
    id: number;
    role: RoleName;
    unit: UnitRef;
    from: Day | null;
    to: Day | null;
}

export interface AccountSelf {
    id: number;
    login: string;
    name: string;
    unit: UnitRef;
    language: Language;
    email: string | null;
    phone: string | null;
    roles: RoleGrant[];
}

export type FactorKind = "totp" | "webauthn" | "recovery";
export type SessionState = "anonymous" | "second_factor" | "signed_in" | "locked";
export type Must = "change_password" | "enrol_second_factor";

export interface Session {
    state: SessionState;
    csrf: string | null;
    account: AccountSelf | null;
    factors: FactorKind[];
    must: Must[];
    idle_lock_s: number;
    expires_at: Instant | null;
    rights: Right[];
}

export interface Factor {
    id: number;
    kind: "totp" | "webauthn";
    name: string;
    added_at: Instant;
    used_at: Instant | null;
}

export interface Me {
    account: AccountSelf;
    factors: Factor[];
    recovery_left: number;
    second_factor_required: boolean;
    password_changed_at: Instant;
}

export interface MyChange {
    name?: string;
    language?: Language;
    email?: string | null;
    phone?: string | null;
}

export interface TotpOffer {
    id: number;
    secret: string;
    uri: string;
    qr_svg: string;
}

export interface RecoveryCodes {
    recovery_codes: string[] | null;
}

export interface KeyAsk {
    challenge: string;
    rp_id: string;
    timeout_ms: number;
    allow: { id: string }[];
}

export interface KeyAnswer {
    id: string;
    authenticator_data: string;
    client_data: string;
    signature: string;
}

export interface KeyOffer {
    challenge: string;
    rp: { id: string; name: string };
    user: { id: string; name: string; display_name: string };
    exclude: { id: string }[];
    algorithms: number[];
    timeout_ms: number;
}

export interface KeyEnrolment {
    name: string;
    attestation_object: string;
    client_data: string;
}

export interface SessionLine {
    id: number;
    current: boolean;
    created_at: Instant;
    seen_at: Instant;
    address: string;
    agent: string;
    state: string;
}

/* ---- units ---- */

export type Tier = "country" | "province" | "district" | "commune" | "village";

export type UnitKind =
    | "quoc_gia"
    | "tinh"
    | "thanh_pho_tw"
    | "quan"
    | "huyen"
    | "thi_xa"
    | "thanh_pho"
    | "xa"
    | "phuong"
    | "thi_tran"
    | "dac_khu"
    | "thon"
    | "ban"
    | "khoi_pho"
    | "to_dan_pho";

export interface UnitLine {
    id: number;
    code: string | null;
    name: string;
    kind: UnitKind;
    tier: Tier;
    parent_id: number | null;
    children: number;
    from: Day | null;
    to: Day | null;
}

export interface UnitFound extends UnitLine {
    path: string;
    matched_name: string;
}

export interface Epoch {
    on: Day;
    changes: number;
    title: string | null;
}

export interface Kin {
    unit: UnitLine;
    on: Day;
    relation: "whole" | "part";
    share: number | null;
    share_declared: boolean;
}

export interface Span {
    from: Day | null;
    to: Day | null;
}

export interface UnitCard {
    unit: UnitLine;
    exists: boolean;
    ancestors: UnitLine[];
    counts: Partial<Record<Tier, number>>;
    names: (Span & { name: string })[];
    codes: (Span & { code: string })[];
    kinds: (Span & { kind: UnitKind })[];
    parents: (Span & { unit: UnitRef })[];
    predecessors: Kin[];
    successors: Kin[];
}

export interface NewUnit {
    tier: Tier;
    kind: UnitKind;
    name: string;
    code: string | null;
    parent_id: number | null;
}

export interface UnitChange {
    on: Day;
    name?: string;
    code?: string;
    kind?: UnitKind;
    parent_id?: number;
    ends?: true;
}

/* ---- reforms and imports ---- */

export interface Reform {
    id: number;
    title: string;
    decree: string;
    on: Day;
    state: "draft" | "applied" | "undone";
    created_by: string | null;
    created_at: Instant;
    applied_by: string | null;
    applied_at: Instant | null;
    can_undo: boolean;
    why_not_undo: string | null;
}

/** 1 is the whole; "2/5" and 0.4 are a part; absent is a part that nobody declared. */
export interface StepSource {
    unit_id: number;
    share?: number | string | null;
    /** What no other step takes. */
    rest?: true;
}

export type Step =
    | { op: "merge"; from: StepSource[]; into: NewUnit }
    | { op: "merge"; from: StepSource[]; unit_id: number }
    | { op: "rename"; unit_id: number; name: string }
    | { op: "recode"; unit_id: number; code: string }
    | { op: "rekind"; unit_id: number; kind: UnitKind }
    | { op: "move"; unit_id: number; parent_id: number }
    | { op: "end"; unit_id: number }
    | { op: "begin"; into: NewUnit };

export interface Preview {
    ends: number;
    begins: number;
    renames: number;
    moves: number;
    parts: number;
    problems: { step: number; code: string; message: string; severity: "error" | "warning" }[];
    lines: { kind: string; text: string }[];
}

export interface ReformCard {
    reform: Reform;
    steps: Step[];
    preview: Preview;
}

export interface ReformDraft {
    title: string;
    decree: string;
    on: Day;
    steps: Step[];
}

export type ImportKind = "units_before" | "units_after" | "lineage" | "units";

export interface Import {
    id: number;
    kind: ImportKind;
    filename: string;
    on: Day;
    state: "checked" | "refused" | "applied" | "discarded";
    lines: number;
    adds: number;
    keeps: number;
    changes: number;
    ends: number;
    unresolved: number;
    errors: { line: number; column: string | null; code: string; message: string }[];
    notes: { line: number; message: string }[];
    created_at: Instant;
}

/* ---- accounts and roles ---- */

export type RoleName =
    | "province_admin"
    | "editor"
    | "approver"
    | "commune_officer"
    | "technician"
    | "report_approver"
    | "auditor"
    | "viewer";

export type AccountState = "active" | "locked" | "disabled" | "inactive";

export interface Account {
    id: number;
    login: string;
    name: string;
    unit: UnitRef;
    state: AccountState;
    language: Language;
    email: string | null;
    phone: string | null;
    roles: RoleGrant[];
    created_at: Instant;
    last_seen_at: Instant | null;
    second_factor: boolean;
    must_change_password: boolean;
}

export interface NewGrant {
    role: RoleName;
    unit_id: number;
    from: Day | null;
    to: Day | null;
}

export interface NewAccount {
    login: string;
    name: string;
    unit_id: number;
    language: Language;
    email?: string;
    phone?: string;
    roles: { role: RoleName; unit_id?: number; from?: Day; to?: Day }[];
}

export interface AccountChange {
    name?: string;
    unit_id?: number;
    language?: Language;
    email?: string | null;
    phone?: string | null;
}

export interface AccountCard {
    account: Account;
    sessions?: SessionLine[];
    history?: AuditLine[];
}

export interface Roles {
    items: { role: RoleName; title: string; about: string; rights: Right[] }[];
    rights: { right: Right; title: string }[];
}

/* ---- audit, settings, about ---- */

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

export interface AuditLine {
    seq: number;
    at: Instant;
    account: { id: number; name: string; login: string } | null;
    unit: UnitRef | null;
    action: string;
    subject_kind: string;
    subject_id: number | null;
    subject_name: string | null;
    address: string | null;
    before: { [key: string]: Json } | null;
    after: { [key: string]: Json } | null;
    hash: string;
}

export interface AuditProof {
    ok: boolean;
    entries: number;
    head: string;
    broken_at: number | null;
}

export type SettingValue = string | number | boolean;

export interface Setting {
    key: string;
    section: string;
    type: "int" | "bool" | "text" | "seconds" | "bytes" | "choice";
    value: SettingValue;
    default: SettingValue;
    min: number | null;
    max: number | null;
    choices: string[] | null;
    unit: string | null;
    title: string;
    help: string;
    source: "default" | "file" | "console";
    live: boolean;
}

export interface About {
    name: string;
    version: string;
    commit: string;
    built_at: Instant;
    database: { kind: string; version: string };
    uptime_s: number;
    province: UnitRef | null;
    licence: string;
    components: { name: string; version: string; licence: string }[];
}

export type Topic =
    | "units"
    | "accounts"
    | "audit"
    | "settings"
    | "session"
    | "stations"
    | "devices"
    | "presence"
    | "faults"
    | "programmes"
    | "orders"
    | "alarms"
    | "coverage"
    | "plays"
    | "bulletins"
    | "sounds"
    | "inbox"
    | "live"
    | "cap";
