// Every word for people comes from here. Vietnamese is part of the first
// load; another language is fetched when it is chosen.
//
// A word may hold `{name}` for a value and `{n|one|many}` for a noun that
// follows a number; Vietnamese needs only the first.

import { signal } from "@preact/signals";
import type { Language } from "../../../shared/api";
import { remember, remembered } from "../state/store";
import { vi } from "./vi";

export type Key = keyof typeof vi;
export type Catalogue = Record<Key, string>;

const catalogues: Partial<Record<Language, Catalogue>> = { vi };

export const language = signal<Language>("vi");

export async function languageSet(next: Language): Promise<void> {
    if (next === "en" && catalogues.en === undefined) {
        catalogues.en = (await import("./en")).en;
    }
    language.value = next;
    document.documentElement.lang = next;
    remember("language", next);
}

export async function languageStart(): Promise<void> {
    await languageSet(remembered("language") === "en" ? "en" : "vi");
}

const HOLE = /\{(\w+)(?:\|([^|}]*)\|([^}]*))?\}/g;

function fill(text: string, values: Record<string, string | number>): string {
    return text.replace(HOLE, (_, name: string, one?: string, many?: string) => {
        const value = values[name] ?? "";
        if (one === undefined || many === undefined) {
            return typeof value === "number" ? value.toLocaleString(language.value) : value;
        }
        const number = Number(value);
        return `${number.toLocaleString(language.value)} ${number === 1 ? one : many}`;
    });
}

export function t(key: Key, values: Record<string, string | number> = {}): string {
    const text = (catalogues[language.value] ?? vi)[key];
    return fill(text, values);
}

/** The first of several groups that has a word for the code; else the code itself. */
export function tOneOf(groups: readonly string[], code: string): string {
    const group = groups.find((name) => `${name}.${code}` in vi);
    return group === undefined ? code : t(`${group}.${code}` as Key);
}

/** For codes that the server may add before the console knows a word for them. */
export function tCode(prefix: "did" | "subject" | "setting" | "field" | "wrote", code: string): string {
    const key = `${prefix}.${code}`;
    return key in vi ? t(key as Key) : code.replaceAll("_", " ");
}
