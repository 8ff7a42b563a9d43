// Calls about programmes, rules, what was played, alarms and drills.

import type { List } from "../../../shared/api";
import type {
    Alarm,
    AlarmAnswer,
    AlarmDraft,
    Clash,
    Clip,
    CoverageGroup,
    CoverageLine,
    DevicePlan,
    Holiday,
    Media,
    Occurrence,
    Play,
    PlaySummary,
    Programme,
    ProgrammeDraft,
    Rules,
} from "../../../shared/broadcast";
import type { Query } from "./client";
import { BASE, get, post, put, remove, withQuery } from "./client";

export const programmeList = (query: Query) => get<List<Programme>>("/programmes", query);
export const programmeRead = (id: number) => get<Programme>(`/programmes/${id}`);
export const programmeCreate = (draft: ProgrammeDraft) => post<Programme>("/programmes", draft);
export const programmeSave = (id: number, draft: ProgrammeDraft) =>
    put<Programme>(`/programmes/${id}`, draft);
export const programmeRemove = (id: number) => remove(`/programmes/${id}`);
export const programmeChoose = (id: number, unit_id: number, taken: boolean, start: string | null) =>
    post<Programme>(`/programmes/${id}/choice`, { unit_id, taken, start });
export const programmeDays = (unit: string | number | null, from: string, to: string) =>
    get<{ items: Occurrence[] }>("/programmes/days", { unit, from, to });
export const programmeIcsUrl = (unit: string | number | null) =>
    BASE + withQuery("/programme.ics", { unit });
export const devicePlan = (id: number, day: string) =>
    get<DevicePlan>(`/devices/${id}/plan`, { day });

export const ruleList = (unit: number) => get<Rules>("/rules", { unit });
export const rulesSave = (unit: number, rules: Rules) =>
    put<Rules>(withQuery("/rules", { unit }), rules);

export const holidayList = (unit: number) => get<{ items: Holiday[] }>("/holidays", { unit });
export const holidaysSave = (unit: number, items: Omit<Holiday, "unit">[]) =>
    put<{ items: Holiday[] }>(withQuery("/holidays", { unit }), { items });

export const clashList = (unit: string | null) => get<{ items: Clash[] }>("/clashes", { unit });
export const clashOrder = (id: string, first: number) =>
    post<Clash>(`/clashes/${id}/order`, { first });

export const mediaList = (query: Query) => get<List<Media>>("/media", query);
export const mediaUrl = (hash: string) => `${BASE}/media/${hash}`;

export const playList = (query: Query) => get<List<Play>>("/plays", query);
export const playSummary = (query: Query) => get<PlaySummary>("/plays/summary", query);

export type AlarmRoute = "/alarms" | "/drills" | "/all-stop";
export const alarmList = (query: Query) => get<List<Alarm>>("/alarms", query);
export const alarmRead = async (id: number) => (await get<{ alarm: Alarm }>(`/alarms/${id}`)).alarm;
export const alarmRaise = (route: AlarmRoute, draft: AlarmDraft) => post<AlarmAnswer>(route, draft);
export const alarmUpdate = (id: number, draft: AlarmDraft) =>
    post<AlarmAnswer>(`/alarms/${id}/update`, draft);
export const alarmConfirm = (id: number) => post<AlarmAnswer>(`/alarms/${id}/confirm`);
export const alarmCancel = (id: number, reason: string) =>
    post<AlarmAnswer>(`/alarms/${id}/cancel`, { reason });
export const stopRelease = (id: number, reason: string) =>
    post<AlarmAnswer>(`/all-stop/${id}/release`, { reason });
export const alarmCoverage = (id: number, group: CoverageGroup, after: string | null) =>
    get<List<CoverageLine>>(`/alarms/${id}/coverage`, { group, after });
export const clipList = (unit: number | null) => get<{ items: Clip[] }>("/clips", { unit });
export const clipPut = (clip: Omit<Clip, "unit" | "ms"> & { unit_id: number }) =>
    post<{ items: Clip[] }>("/clips", clip);
