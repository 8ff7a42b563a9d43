// Calls about live voice and its sources.

import type { List } from "../../../shared/api";
import type { Live, LiveDraft, LiveSource, LiveSourceDraft } from "../../../shared/live";
import type { Query } from "./client";
import { BASE, get, post, remove } from "./client";

export const liveList = (query: Query) => get<List<Live>>("/live", query);
export const liveRead = (id: number) => get<Live>(`/live/${id}`);
export const liveBegin = (draft: LiveDraft) => post<Live>("/live", draft);
export const liveEnd = (id: number) => post<Live>(`/live/${id}/end`);
export const liveSocketUrl = (id: number) => `${location.origin.replace(/^http/, "ws")}${BASE}/live/${id}/in`;

export const liveSources = (unit: number | null) => get<List<LiveSource>>("/live/sources", { unit });
export const liveSourceCreate = (draft: LiveSourceDraft) => post<LiveSource>("/live/sources", draft);
export const liveSourceRemove = (id: number) => remove(`/live/sources/${id}`);
export const liveSourceStart = (id: number) => post<Live>(`/live/sources/${id}/start`);
