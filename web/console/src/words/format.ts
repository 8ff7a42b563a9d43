// Dates, numbers, sizes and sorting, as people here write them.

import type { Day, Instant } from "../../../shared/api";
import { language, t } from "./index";

function locale(): string {
    return language.value === "vi" ? "vi-VN" : "en-GB";
}

/** `2025-07-01` as 01/07/2025; a day has no time zone, so none is applied. */
export function day(value: Day | null): string {
    const match = /^(\d{4})-(\d{2})-(\d{2})/.exec(value ?? "");
    return match ? `${match[3]}/${match[2]}/${match[1]}` : "";
}

export function dayBefore(value: Day): Day {
    return dayShift(value, -1);
}

export function dayShift(value: Day, days: number): Day {
    const date = new Date(`${value}T00:00:00Z`);
    date.setUTCDate(date.getUTCDate() + days);
    return date.toISOString().slice(0, 10);
}

/** Today where the user sits, as a day. */
export function today(): Day {
    const now = new Date();
    const two = (n: number) => String(n).padStart(2, "0");
    return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

export function isDay(value: string | null): value is Day {
    return (
        value !== null &&
        /^\d{4}-\d{2}-\d{2}$/.test(value) &&
        !Number.isNaN(Date.parse(`${value}T00:00:00Z`))
    );
}

/** `from` inclusive, `to` exclusive: people read the last day that counts. */
export function span(from: Day | null, to: Day | null): string {
    if (from === null && to === null) {
        return t("time.always");
    }
    if (to === null) {
        return t("time.since", { day: day(from) });
    }
    const last = day(dayBefore(to));
    return from === null
        ? t("time.until", { day: last })
        : t("time.between", { from: day(from), to: last });
}

export function instant(value: Instant | null): string {
    if (value === null) {
        return "";
    }
    const at = new Date(value);
    const two = (n: number) => String(n).padStart(2, "0");
    // A no-break space: the hour and its day stay on one line.
    return `${two(at.getHours())}:${two(at.getMinutes())}\u00a0${two(at.getDate())}/${two(
        at.getMonth() + 1,
    )}/${at.getFullYear()}`;
}

export function instantExact(value: Instant): string {
    const at = new Date(value);
    return `${instant(value)}:${String(at.getSeconds()).padStart(2, "0")}`.replace(
        /^(\d\d:\d\d)(\s.*):(\d\d)$/,
        "$1:$3$2",
    );
}

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
    ["day", 86_400],
    ["hour", 3_600],
    ["minute", 60],
];

/** "3 giờ trước"; after a week the date itself says more. */
export function ago(value: Instant | null, now = Date.now()): string {
    if (value === null) {
        return t("time.never");
    }
    const seconds = (new Date(value).getTime() - now) / 1000;
    if (Math.abs(seconds) > 7 * 86_400) {
        return instant(value);
    }
    const format = new Intl.RelativeTimeFormat(locale(), { numeric: "auto" });
    for (const [unit, size] of STEPS) {
        if (Math.abs(seconds) >= size) {
            return format.format(Math.trunc(seconds / size), unit);
        }
    }
    return t("time.just_now");
}

/** The same words in the middle of a sentence. */
export function agoInside(value: Instant | null): string {
    const words = ago(value);
    return words.charAt(0).toLocaleLowerCase(locale()) + words.slice(1);
}

export function number(value: number): string {
    return value.toLocaleString(locale());
}

export function percent(value: number): string {
    return new Intl.NumberFormat(locale(), { style: "percent", maximumFractionDigits: 2 }).format(
        value,
    );
}

export function duration(seconds: number): string {
    const format = (n: number, unit: string) =>
        new Intl.NumberFormat(locale(), { style: "unit", unit, unitDisplay: "long" }).format(n);
    for (const [unit, size] of STEPS) {
        if (seconds >= size && seconds % size === 0) {
            return format(seconds / size, unit);
        }
    }
    return format(seconds, "second");
}

/** "45 ngày", "420 phút": the units that settings are counted in. */
export function counted(value: number, unit: string): string {
    const known = { d: "day", h: "hour", min: "minute", s: "second" }[unit];
    return known === undefined
        ? `${number(value)} ${unit}`
        : new Intl.NumberFormat(locale(), { style: "unit", unit: known, unitDisplay: "long" }).format(value);
}

/** Rough: how long something has been running. */
export function lasted(seconds: number): string {
    for (const [unit, size] of STEPS) {
        if (seconds >= size) {
            return duration(Math.floor(seconds / size) * size || Number(unit === "day"));
        }
    }
    return duration(Math.floor(seconds));
}

export function size(bytes: number): string {
    const units = ["byte", "kilobyte", "megabyte", "gigabyte"];
    let step = 0;
    let value = bytes;
    while (value >= 1024 && step < units.length - 1) {
        value /= 1024;
        step++;
    }
    return new Intl.NumberFormat(locale(), {
        style: "unit",
        unit: units[step] ?? "byte",
        maximumFractionDigits: 1,
    }).format(value);
}

/** Vietnamese order, whatever the language of the screen: names are Vietnamese. */
const collator = new Intl.Collator("vi", { numeric: true, sensitivity: "base" });

export function byName<T extends { name: string }>(items: readonly T[]): T[] {
    return [...items].sort((a, b) => collator.compare(a.name, b.name));
}
