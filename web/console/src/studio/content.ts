// What a person writes in a bulletin: made from what the server says, changed
// piece by piece, and compared with somebody else's.

import type { Bulletin, BulletinContent, BulletinTemplate, BulletinVersion, Channel } from "../../../shared/studio";

export type Text = BulletinContent["texts"][number];

/** Of the same text, so that a change of length alone is none. */
const ORDER: Channel[] = ["sound", "board", "portal"];

export function contentEmpty(unit: number): BulletinContent {
    return {
        title: "",
        category: null,
        class: "ordinary",
        areas: unit === 0 ? [] : [unit],
        valid_from: null,
        valid_to: null,
        sources: "",
        texts: [],
        attachments: [],
    };
}

export function contentOf(of: Bulletin | BulletinVersion): BulletinContent {
    return {
        title: of.title,
        category: of.category?.code ?? null,
        class: of.class,
        areas: of.areas.map(({ id }) => id),
        valid_from: of.valid_from,
        valid_to: of.valid_to,
        sources: of.sources ?? "",
        texts: inOrder(of.texts.map(({ language, channel, title, text, media }) => ({ language, channel, title, text, media }))),
        attachments: of.attachments.map(({ media, name }) => ({ media, name })),
    };
}

export function contentOfTemplate(template: BulletinTemplate, unit: number): BulletinContent {
    return {
        ...contentEmpty(unit),
        title: template.title,
        category: template.category?.code ?? null,
        class: template.class,
        texts: inOrder(template.texts.map(({ language, channel, title, text }) => ({ language, channel, title, text, media: null }))),
    };
}

function inOrder(texts: Text[]): Text[] {
    return [...texts].sort(
        (a, b) => a.language.localeCompare(b.language) || ORDER.indexOf(a.channel) - ORDER.indexOf(b.channel),
    );
}

export function textOf(content: BulletinContent, language: string, channel: Channel): Text {
    return (
        content.texts.find((text) => text.language === language && text.channel === channel) ?? {
            language,
            channel,
            title: "",
            text: "",
            media: null,
        }
    );
}

export function textSet(content: BulletinContent, next: Text): BulletinContent {
    const rest = content.texts.filter(({ language, channel }) => language !== next.language || channel !== next.channel);
    return { ...content, texts: inOrder([...rest, next]) };
}

export function textDrop(content: BulletinContent, language: string, channel: Channel | null): BulletinContent {
    return {
        ...content,
        texts: content.texts.filter((text) => text.language !== language || (channel !== null && text.channel !== channel)),
    };
}

/** Vietnamese first, then as they came. */
export function languagesOf(content: Pick<BulletinContent, "texts">): string[] {
    const found = [...new Set(content.texts.map(({ language }) => language))];
    return ["vi", ...found.filter((language) => language !== "vi")];
}

/** As the server wants it: a text that nothing was written in is none. */
export function contentClean(content: BulletinContent): BulletinContent {
    return {
        ...content,
        title: content.title.trim(),
        sources: content.sources.trim(),
        texts: content.texts
            .map((text) => ({ ...text, title: text.title.trim(), text: text.text.trim() }))
            .filter(({ title, text, media }) => title !== "" || text !== "" || media !== null),
    };
}

export function sameContent(a: BulletinContent, b: BulletinContent): boolean {
    return JSON.stringify(contentClean(a)) === JSON.stringify(contentClean(b));
}

export interface Lack {
    what: "title" | "category" | "texts" | "transcript" | "sound";
    language: string;
}

/** What has to be there before somebody can approve it. */
export function lacksOf(content: BulletinContent): Lack[] {
    const clean = contentClean(content);
    const lacks: Lack[] = [];
    if (clean.title === "") {
        lacks.push({ what: "title", language: "vi" });
    }
    if (clean.category === null) {
        lacks.push({ what: "category", language: "vi" });
    }
    if (clean.texts.length === 0) {
        lacks.push({ what: "texts", language: "vi" });
    }
    for (const text of clean.texts.filter(({ channel }) => channel === "sound")) {
        if (text.text === "") {
            lacks.push({ what: "transcript", language: text.language });
        }
        if (text.media === null) {
            lacks.push({ what: "sound", language: text.language });
        }
    }
    return lacks;
}
