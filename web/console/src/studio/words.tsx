// Small words and marks of bulletins that several pages show.

import type { BulletinClass, BulletinState, Channel } from "../../../shared/studio";
import { Badge, type Tone } from "../parts/badge";
import { t, tOneOf } from "../words";
import { day, dayBefore, instant } from "../words/format";

const tones: Record<BulletinState, Tone> = {
    draft: "calm",
    submitted: "warn",
    returned: "bad",
    approved: "good",
    offered: "info",
    scheduled: "info",
    on_air: "good",
    done: "calm",
    withdrawn: "bad",
};

export const bulletinStates = Object.keys(tones) as BulletinState[];
export const bulletinClasses: BulletinClass[] = ["ordinary", "priority", "emergency"];
export const channels: Channel[] = ["sound", "board", "portal"];

export function StateBadge({ state }: { state: BulletinState }) {
    return <Badge tone={tones[state]}>{t(`bulletin_state.${state}`)}</Badge>;
}

/** Ordinary is what nobody has to be told. */
export function ClassBadge({ of }: { of: BulletinClass }) {
    return of === "ordinary" ? null : <Badge tone={of === "emergency" ? "bad" : "warn"}>{t(`bulletin_class.${of}`)}</Badge>;
}

/** Languages of the country that bulletins are recorded in, by their ISO 639 codes. */
export const tongues = ["vi", "tyz", "hmn", "blt", "ium", "mtq", "nut", "km", "cjm", "jra", "rad", "bdq", "yue", "en"];

export function tongueName(code: string): string {
    return tOneOf(["tongue"], code);
}

const local = (at: string) => {
    const date = new Date(at);
    const two = (n: number) => String(n).padStart(2, "0");
    return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
};

/** The day on which an instant falls, where the reader sits. */
export function dayOfInstant(at: string | null): string {
    return at === null ? "" : local(at);
}

/** Midnight at which a day begins, where the writer sits. */
export function instantOfDay(value: string, daysLater = 0): string | null {
    if (value === "") {
        return null;
    }
    const [year = 0, month = 1, date = 1] = value.split("-").map(Number);
    return new Date(year, month - 1, date + daysLater).toISOString().replace(/\.\d+Z$/, "Z");
}

export function validWords(from: string | null, to: string | null): string {
    if (from === null && to === null) {
        return t("bulletin.valid_always");
    }
    // An end at midnight is the end of the day before it.
    const last = to === null ? "" : new Date(to).getHours() === 0 ? day(dayBefore(local(to))) : instant(to);
    if (to === null) {
        return t("time.since", { day: day(dayOfInstant(from)) });
    }
    return from === null ? t("time.until", { day: last }) : t("time.between", { from: day(dayOfInstant(from)), to: last });
}
