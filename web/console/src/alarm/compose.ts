// What is being composed, apart from how it looks: a template with its blanks
// filled, what each language says and by which sound, and the draft that the
// server is asked about.

import type { AlarmTemplate, Said, TemplateText } from "../../../shared/alert";
import type { UnitRef } from "../../../shared/api";
import type { Alarm, AlarmDraft, Hash } from "../../../shared/broadcast";
import { account } from "../state/session";
import { markMake } from "./mark";

export interface Spoken {
    language: string;
    media: Hash | null;
    ms: number;
    /** What the sound says, as far as we know. */
    says: string;
    on: boolean;
}

export interface Composed {
    draft: AlarmDraft;
    areas: UnitRef[];
    template: AlarmTemplate | null;
    blanks: Record<string, string>;
    /** Somebody wrote the text by hand: blanks leave it alone. */
    byHand: boolean;
    spoken: Spoken[];
}

const BLANK = /\{(\w+)\}/g;
const FIRST_LANGUAGE = "vi";

export function filled(text: string, blanks: Record<string, string>): string {
    return text.replace(BLANK, (whole, name: string) => blanks[name]?.trim() || whole);
}

export function isWhole(text: string): boolean {
    return text.search(BLANK) === -1;
}

/** The text with its blanks filled, or the short one when a blank is empty. */
export function saidOf(text: TemplateText, blanks: Record<string, string>): string {
    const full = filled(text.text, blanks);
    return isWhole(full) && text.text !== "" ? full : text.short;
}

export function composeStart(kind: "alarm" | "drill", from: Alarm | null): Composed {
    return {
        draft: {
            mark: markMake(),
            unit_id: account.value?.unit.id ?? 0,
            areas: from?.areas.map(({ id }) => id) ?? [],
            title: from?.title ?? "",
            text: from?.text ?? "",
            signal: from?.signal ?? (kind === "drill" ? "chime" : "siren"),
            clip: from?.clip ?? 0,
            times: from?.times ?? 3,
            pause_ms: from?.pause_ms ?? 1500,
            again_s: from?.again_s ?? 0,
            gain_mb: from?.gain_mb ?? 0,
            start: null,
            valid_s: 3600,
            voices: [],
            preview: false,
            hazard: from?.hazard ?? (kind === "drill" ? "drill" : "other"),
            ...(from?.cancel ? { cancel: from.cancel } : {}),
            ...(from?.correction ? { correction: from.correction } : {}),
        },
        areas: from?.areas ?? [],
        template: null,
        blanks: {},
        byHand: from !== null,
        spoken: from?.voices.map(({ language, media, ms }) => ({ language, media, ms, says: from.text, on: true })) ?? [],
    };
}

export interface Seed {
    unit_id: number;
    title: string;
    text: string;
    areas: UnitRef[];
    voices: { language: string; media: Hash; ms: number }[];
}

/** An emergency bulletin that was approved becomes what is composed. */
export function composeSeed(was: Composed, seed: Seed): Composed {
    const { unit_id, title, text, areas, voices } = seed;
    return {
        ...was,
        areas,
        byHand: true,
        draft: { ...was.draft, unit_id, title, text },
        spoken: voices.map((voice) => ({ ...voice, says: text, on: true })),
    };
}

export function firstText(template: AlarmTemplate): TemplateText | undefined {
    return template.texts.find(({ language }) => language === FIRST_LANGUAGE) ?? template.texts[0];
}

export function composeFrom(was: Composed, template: AlarmTemplate): Composed {
    const { id: _id, texts, hazard, signal, clip, times, pause_ms, again_s, valid_s } = template;
    const text = firstText(template);
    const said = (title: string | undefined, words: string | undefined): Said => ({ title: title ?? "", text: words ?? "" });
    return {
        ...was,
        template,
        blanks: {},
        byHand: false,
        draft: {
            ...was.draft,
            hazard,
            signal,
            clip,
            times,
            pause_ms,
            again_s,
            valid_s,
            title: text?.title ?? template.name,
            text: text === undefined ? "" : saidOf(text, {}),
            cancel: said(text?.cancel_title, text?.cancel),
            correction: said(text?.correction_title, text?.correction),
        },
        spoken: texts.map(({ language, short, voices }) => ({
            language,
            media: voices?.short?.media ?? null,
            ms: voices?.short?.ms ?? 0,
            says: short,
            on: voices?.short != null,
        })),
    };
}

export function composeBlank(was: Composed, name: string, value: string): Composed {
    const blanks = { ...was.blanks, [name]: value };
    const text = was.template === null ? undefined : firstText(was.template);
    return { ...was, blanks, draft: text === undefined || was.byHand ? was.draft : { ...was.draft, text: saidOf(text, blanks) } };
}

/** What is sent: only sounds that are there and wanted. */
export function draftFrom({ draft, areas, spoken }: Composed): AlarmDraft {
    return {
        ...draft,
        title: draft.title.trim(),
        text: draft.text.trim(),
        areas: areas.map(({ id }) => id),
        voices: spoken.flatMap(({ language, media, on }) => (on && media !== null ? [{ language, media }] : [])),
    };
}

export type Lacks = "title" | "sound" | "area" | "blank";

export function lacksOf(composed: Composed): Lacks[] {
    const draft = draftFrom(composed);
    const lacks: Lacks[] = [];
    if (draft.title === "") {
        lacks.push("title");
    }
    if (draft.clip === 0 && draft.voices.length === 0) {
        lacks.push("sound");
    }
    if (draft.areas.length === 0) {
        lacks.push("area");
    }
    if (!isWhole(draft.text)) {
        lacks.push("blank");
    }
    return lacks;
}
