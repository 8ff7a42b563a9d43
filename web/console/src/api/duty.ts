// Calls about what waits for a person, the duty roster and notices.

import type { Day } from "../../../shared/api";
import type { Inbox, Notices, NoticeWishes, Reach, Roster, ShiftDraft, Subscriptions } from "../../../shared/duty";
import { get, post, put, remove, withQuery } from "./client";

export const inboxRead = (limit: number) => get<Inbox>("/inbox", { limit });
export const rosterRead = (unit: number, from: Day, to: Day) => get<Roster>("/duty", { unit, from, to });
export const rosterSave = (unit: number, from: Day, to: Day, shifts: ShiftDraft[]) =>
    put<Roster>(withQuery("/duty", { unit }), { from, to, shifts });
export const reachRead = (unit: number) => get<Reach>("/duty/reach", { unit });
export const callsSeen = (alarm: number) => post<void>(`/duty/alarms/${alarm}/seen`);

export const pushKey = () => get<{ key: string }>("/push/key");
export const pushList = () => get<Subscriptions>("/push/subscriptions");
export const pushAdd = (subscription: { endpoint: string; p256dh: string; auth: string; name: string }) =>
    post<{ id: number }>("/push/subscriptions", subscription);
export const pushRemove = (id: number) => remove(`/push/subscriptions/${id}`);
export const pushTest = () => post<{ sent_to: number }>("/push/test");
export const noticesRead = () => get<Notices>("/me/notices");
export const noticesSave = (wishes: NoticeWishes) => put<Notices>("/me/notices", wishes);
