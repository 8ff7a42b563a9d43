// Hours and minutes of the day, and lengths of sound, as people here write
// them.

import { t } from "./index";

const two = (n: number) => String(n).padStart(2, "0");

/** `5:30`, `05:30` and `5h30` as minutes of the day; null when it is no time. */
export function minutesOf(text: string): number | null {
    const parts = /^(\d{1,2})\s*[:hg.]\s*(\d{2})$/.exec(text.trim());
    if (parts === null) {
        return null;
    }
    const [hours, minutes] = [Number(parts[1]), Number(parts[2])];
    return hours < 24 && minutes < 60 ? hours * 60 + minutes : null;
}

/** `9:15` and `9h15` as the server wants them; what is no time stays as it is. */
export function clockText(text: string): string {
    const minutes = minutesOf(text);
    return minutes === null ? text.trim() : clockOf(minutes);
}

export function clockOf(minutes: number): string {
    return `${two(Math.floor(minutes / 60) % 24)}:${two(minutes % 60)}`;
}

/** The time of day of an instant, in the reader's zone. */
export function timeOf(at: string | Date): string {
    const date = new Date(at);
    return `${two(date.getHours())}:${two(date.getMinutes())}`;
}

export function timeSeconds(at: string | Date): number {
    return new Date(at).getSeconds();
}

export function timeExact(at: string | Date): string {
    return `${timeOf(at)}:${two(timeSeconds(at))}`;
}

/** 95,000 as `1:35`: how long something sounds. */
export function lengthOf(ms: number): string {
    const seconds = Math.round(ms / 1000);
    const hours = Math.floor(seconds / 3600);
    const rest = `${Math.floor((seconds % 3600) / 60)}:${two(seconds % 60)}`;
    return hours === 0 ? rest : `${hours}:${rest.padStart(5, "0")}`;
}

/** `22 phút`, `40 giây`: how long, in a sentence. */
export function lengthWords(ms: number): string {
    const seconds = Math.round(ms / 1000);
    return seconds < 60
        ? t("length.seconds", { n: seconds })
        : seconds % 60 === 0 || seconds >= 600
          ? t("length.minutes", { n: Math.round(seconds / 60) })
          : t("length.both", { minutes: Math.floor(seconds / 60), seconds: seconds % 60 });
}
