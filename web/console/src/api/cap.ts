// Calls about CAP: whom we listen to, and what they said.

import type { CapMessage, CapSource, CapSourceDraft, CapUse } from "../../../shared/alert";
import type { List } from "../../../shared/api";
import type { AlarmAnswer } from "../../../shared/broadcast";
import type { Query } from "./client";
import { BASE, call, get, post, put, remove, withQuery } from "./client";

export const capSources = () => get<{ items: CapSource[] }>("/cap/sources");
export const capSourceCreate = (draft: CapSourceDraft) => post<{ source: CapSource }>("/cap/sources", draft);
export const capSourceSave = (id: number, draft: CapSourceDraft) => put<{ source: CapSource }>(`/cap/sources/${id}`, draft);
export const capSourceRemove = (id: number) => remove(`/cap/sources/${id}`);
export const capSourceConfirm = (id: number) => post<{ source: CapSource }>(`/cap/sources/${id}/confirm`);

export const capMessages = (query: Query) => get<List<CapMessage>>("/cap/messages", query);
export const capMessage = async (id: number) => (await get<{ message: CapMessage }>(`/cap/messages/${id}`)).message;
export const capXmlUrl = (id: number) => `${BASE}/cap/messages/${id}/xml`;
export const capSend = (source: number, file: Blob) =>
    call<{ message: CapMessage }>({ method: "POST", path: withQuery("/cap/messages", { source }), file, type: "application/cap+xml" });
export const capUse = (id: number, use: CapUse) => post<AlarmAnswer & { message: CapMessage }>(`/cap/messages/${id}/use`, use);
export const capDismiss = (id: number, reason: string) => post<{ message: CapMessage }>(`/cap/messages/${id}/dismiss`, { reason });
