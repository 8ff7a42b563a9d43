// Every word for people comes from here. The Vietnamese of the shell is part
// of the first load; another language is fetched when it is chosen, and the
// words of a room with its first page.
//
// A word may hold `{name}` for a value and `{n|one|many}` for a noun that
// follows a number; Vietnamese needs only the first.

import { signal } from "@preact/signals";
import type { Language } from "../../../shared/api";
import { remember, remembered } from "../state/store";
import { vi } from "./vi";
import type { viDesk } from "./vi_desk";
import type { viStudio } from "./vi_studio";

export type Key = keyof typeof vi | keyof typeof viDesk | keyof typeof viStudio;
type Words = Record<string, string>;

/** Rooms whose words come with their pages. */
const rooms = {
    desk: {
        vi: async (): Promise<Words> => (await import("./vi_desk")).viDesk,
        en: async (): Promise<Words> => (await import("./en_desk")).enDesk,
    },
    studio: {
        vi: async (): Promise<Words> => (await import("./vi_studio")).viStudio,
        en: async (): Promise<Words> => (await import("./en_studio")).enStudio,
    },
};

export type WordRoom = keyof typeof rooms;

const catalogues: Record<Language, Words> = { vi: { ...vi }, en: {} };
const asked = new Set<WordRoom>();
const fetched = new Set<string>();

export const language = signal<Language>("vi");

async function fetchOnce(name: string, into: Language, load: () => Promise<Words>): Promise<void> {
    if (!fetched.has(name)) {
        Object.assign(catalogues[into], await load());
        fetched.add(name);
    }
}

async function wordsOf(of: Language): Promise<void> {
    const parts = [...asked].map((room) => fetchOnce(`${room}.${of}`, of, rooms[room][of]));
    if (of === "en") {
        parts.push(fetchOnce("en", "en", async () => (await import("./en")).en));
    }
    await Promise.all(parts);
}

/** A chunk together with the words that it speaks with. */
export function withWords<T>(spoken: WordRoom | WordRoom[], load: () => Promise<T>): () => Promise<T> {
    return async () => {
        [spoken].flat().forEach((room) => asked.add(room));
        const [chunk] = await Promise.all([load(), wordsOf(language.peek())]);
        return chunk;
    };
}

export async function languageSet(next: Language): Promise<void> {
    await wordsOf(next);
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
    const text = catalogues[language.value][key] ?? catalogues.vi[key] ?? key;
    return fill(text, values);
}

/** The first of several groups that has a word for the code; else the code itself. */
export function tOneOf(groups: readonly string[], code: string): string {
    const group = groups.find((name) => `${name}.${code}` in catalogues.vi);
    return group === undefined ? code : t(`${group}.${code}` as Key);
}

/** For codes that the server may add before the console knows a word for them. */
export function tCode(prefix: "did" | "subject" | "setting" | "field" | "wrote" | "tongue", code: string): string {
    const key = `${prefix}.${code}`;
    return key in catalogues.vi ? t(key as Key) : code.replaceAll("_", " ");
}
