// Calls of the programme desk: quotas, a week copied, a calendar read.

import type { CalendarRead, QuotaDay, WeekCopied, WeekCopy } from "../../../shared/desk";
import { call, get, post, withQuery } from "./client";

export const quotaRead = (unit: string | number, day: string, days: number) =>
    get<{ items: QuotaDay[] }>("/quota", { unit, day, days });
export const weekCopy = (copy: WeekCopy) => post<WeekCopied>("/programmes/copy-week", copy);
export const calendarSend = (unit: number, dry: boolean, file: Blob) =>
    call<CalendarRead>({
        method: "POST",
        path: withQuery("/programmes/import", { unit, dry: dry ? 1 : null }),
        file,
        type: "text/calendar",
    });
