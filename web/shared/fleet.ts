// What the console and the server say to each other about stations, clusters
// and devices, as types. It mirrors the documented JSON API and nothing else.

import type { Day, Instant, Json, List, UnitRef } from "./api";

/** Live: green, amber (a beat is overdue), red (nothing is heard), never seen attached. */
export type DeviceLive = "alive" | "late" | "dead" | "never";
export type DeviceState = "pending" | "accepted" | "retired" | "replaced";
export type DeviceKind = "speaker" | "board" | "encoder";
export type DeviceSound = "none" | "item" | "filler" | "alarm" | "drill" | "stopped" | "test";
export type ClockState = "unsure" | "bounded" | "holding" | "sure";
export type DeviceLink = "unknown" | "fibre" | "wifi" | "4g" | "3g" | "2g";
export type Technology = "ip" | "fm" | "wired" | "encoder";

export type Fault =
    | "sink"
    | "no_sound"
    | "unexpected"
    | "supply"
    | "disk"
    | "clock"
    | "media"
    | "heat"
    | "budget"
    | "relay"
    | "store"
    | "dead"
    | "lies";

export type Stage =
    | "surveyed"
    | "outline_submitted"
    | "approved"
    | "building"
    | "accepted"
    | "working"
    | "degraded"
    | "broken"
    | "retired";

export interface NameRef {
    id: number;
    name: string;
}

export interface DeviceLine {
    id: number;
    name: string;
    kind: DeviceKind;
    state: DeviceState;
    live: DeviceLive;
    sound: DeviceSound;
    faults: Fault[];
    unit: UnitRef | null;
    cluster: NameRef | null;
    heard_at: Instant | null;
    volume: number | null;
    link: DeviceLink;
    signal_dbm: number | null;
}

export interface DevicePending {
    id: number;
    kind: DeviceKind;
    fingerprint: string;
    serial: string;
    model: string;
    program: string;
    address: string;
    attached: boolean;
    first_seen_at: Instant;
}

export interface DeviceList extends List<DeviceLine> {
    total: number;
}

export interface DeviceSummary {
    devices: number;
    states: Record<DeviceLive, number>;
    sounds: Partial<Record<DeviceSound, number>>;
    faults: Partial<Record<Fault, number>>;
    pending: number;
    units: (UnitRef & { devices: number; states: Record<DeviceLive, number>; faults: number })[];
}

/** One row a point, as arrays: 10,000 of them must stay small. */
export interface DeviceMap {
    units: NameRef[];
    /** id, latitude, longitude, state (0 alive, 1 late, 2 dead, 3 never), has faults (0, 1), place in `units`. */
    points: [number, number, number, number, number, number][];
    names: string[];
    without_place: number;
}

export interface DeviceStatus {
    at: Instant;
    sound: DeviceSound;
    playing: { title: string; since: Instant | null; ms: number | null } | null;
    next: { title: string; at: Instant | null } | null;
    clock: ClockState;
    clock_error_us: number | null;
    volume: number | null;
    level_mb: number | null;
    signal_dbm: number | null;
    supply_mv: number | null;
    temperature_mc: number | null;
    bytes_in: number;
    bytes_out: number;
    disk_free_kb: number | null;
    uptime_s: number | null;
    plan_until_s: number | null;
    media_missing: number;
    link: DeviceLink;
}

export interface DeviceSettings {
    volume: number;
    gain_cap_mb: number;
    delay_us: number;
    relay_lead_ms: number;
    relay_hold_ms: number;
    fade_ms: number;
    beat_ms: number;
    fetch_from_min: number;
    fetch_to_min: number;
    month_budget_kb: number;
    self_test_min: number;
    drill_gain_mb: number;
    chunk_rate: number;
}

export interface Device {
    id: number;
    name: string;
    kind: DeviceKind;
    state: DeviceState;
    live: DeviceLive;
    fingerprint: string;
    serial: string;
    model: string;
    program: string;
    abilities: string[];
    address: string;
    sim_number: string;
    sim_operator: string;
    note: string;
    unit: UnitRef | null;
    station: NameRef | null;
    cluster: NameRef | null;
    groups: NameRef[];
    volume_cap: number | null;
    settings: DeviceSettings;
    replaced_by: NameRef | null;
    heard_at: Instant | null;
    first_seen_at: Instant;
    accepted_at: Instant | null;
    ended_at: Instant | null;
}

export interface DeviceCard {
    device: Device;
    status: DeviceStatus | null;
    faults: FaultLine[];
}

export interface DeviceChange {
    name?: string;
    cluster_id?: number;
    note?: string;
    sim_number?: string;
    sim_operator?: string;
    settings?: Partial<DeviceSettings>;
}

export type DeviceAction = "test_tone" | "restart" | "self_test" | "send_log";

export interface LogEntry {
    seq: number;
    at: Instant;
    kind: string;
    reason: string | null;
    /** The reason in the reader's words. */
    message: string | null;
    title: string | null;
    ms: number | null;
    value: number | null;
}

export interface HistoryEntry {
    at: Instant;
    by: string | null;
    action: string;
    before: { [key: string]: Json } | null;
    after: { [key: string]: Json } | null;
}

export interface FaultLine {
    id: number;
    device: NameRef;
    cluster: NameRef | null;
    unit: UnitRef | null;
    kind: Fault;
    since: Instant;
    until: Instant | null;
    detail: string;
    acknowledged_at: Instant | null;
    acknowledged_by: string | null;
}

export interface FaultDigest {
    faults: number;
    items: {
        kind: Fault;
        unit: UnitRef;
        count: number;
        acknowledged: number;
        devices: number;
        since: Instant;
        latest: Instant;
        device: NameRef | null;
    }[];
}

export interface Station {
    id: number;
    name: string;
    unit: UnitRef;
    stage: Stage;
    stage_day: Day;
    note: string;
    clusters: number;
    devices: number;
}

export interface StationCard {
    station: Station;
    steps: { stage: Stage; on: Day; note: string; by: string; at: Instant }[];
}

export interface Cluster {
    id: number;
    name: string;
    station: NameRef;
    unit: UnitRef;
    technology: Technology;
    latitude: number | null;
    longitude: number | null;
    villages: UnitRef[];
    languages: string[];
    power: string;
    amplifier_w: number | null;
    horns: number | null;
    standby_h: number | null;
    quiet_zone: boolean;
    volume_cap: number | null;
    nearby: string;
    note: string;
    retired_at: Instant | null;
    devices: number;
}

export interface ClusterDraft {
    name: string;
    station_id: number;
    unit_id: number;
    technology: Technology;
    latitude: number | null;
    longitude: number | null;
    villages: number[];
    languages: string[];
    power: string;
    amplifier_w: number | null;
    horns: number | null;
    standby_h: number | null;
    quiet_zone: boolean;
    volume_cap: number | null;
    nearby: string;
    note: string;
}

export interface DeviceGroup {
    id: number;
    name: string;
    kind: "group" | "zone";
    unit: UnitRef;
    devices: number;
}

/** Either the devices by id, or all that a filter finds. */
export interface DeviceBatch {
    preview: boolean;
    ids?: number[];
    filter?: { unit?: number; state?: string; fault?: string; group?: number; q?: string };
    change: { settings?: Partial<DeviceSettings>; action?: DeviceAction; group_add?: number; group_drop?: number };
}

export interface BatchOutcome {
    devices: number;
    units: number;
    skipped: number;
    next: number | null;
}

export interface TrafficLine {
    device: NameRef;
    unit: UnitRef;
    sim_number: string;
    sim_operator: string;
    bytes_in: number;
    bytes_out: number;
    budget_kb: number | null;
}

export interface TrafficMonth {
    /** 202611 */
    month: number;
    sims: number;
    over_budget: number;
    bytes_in: number;
    bytes_out: number;
    items: TrafficLine[];
}
