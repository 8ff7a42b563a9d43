// Calls about the making of emergencies: templates, delegations, who saw what.

import type { AlarmTemplate, AlarmTemplateDraft, Delegation, DelegationDraft, Seen, SeenWhat } from "../../../shared/alert";
import type { AlarmAnswer } from "../../../shared/broadcast";
import { get, post, put, remove } from "./client";

export const alarmTemplates = (unit: number) => get<{ items: AlarmTemplate[] }>("/alarm-templates", { unit });
export const alarmTemplateSave = (draft: AlarmTemplateDraft) => put<{ items: AlarmTemplate[] }>("/alarm-templates", draft);
export const alarmTemplateRemove = (id: number) => remove(`/alarm-templates/${id}`);

export const delegationList = (unit: number) => get<{ items: Delegation[] }>("/alarm-delegations", { unit });
export const delegationSave = (draft: DelegationDraft) => put<{ items: Delegation[] }>("/alarm-delegations", draft);
export const delegationRevoke = (id: number) => remove(`/alarm-delegations/${id}`);

export const alarmSeen = (mark: string, what: SeenWhat, words: string) => post<void>("/alarms/seen", { mark, what, words });
export const alarmSeenList = (id: number) => get<{ items: Seen[] }>(`/alarms/${id}/seen`);
export const alarmCorrect = (id: number, mark: string) => post<AlarmAnswer>(`/alarms/${id}/correct`, { mark });
export const alarmCancelSaying = (id: number, reason: string, mark: string, say: boolean) =>
    post<AlarmAnswer>(`/alarms/${id}/cancel`, { reason, mark, say });
