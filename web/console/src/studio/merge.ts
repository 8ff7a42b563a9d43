// Two people wrote at once. Part by part: what only one of them changed is
// his; where both did, a person chooses. Nothing is thrown away unseen.

import type { BulletinContent } from "../../../shared/studio";
import type { Text } from "./content";

export type PartName = Exclude<keyof BulletinContent, "texts"> | `text|${string}`;
export type Side = "mine" | "theirs";

export interface Part {
    name: PartName;
    mine: unknown;
    theirs: unknown;
    /** null: both changed it, a person must choose. */
    side: Side | null;
}

const fields = ["title", "category", "class", "areas", "valid_from", "valid_to", "sources", "attachments"] as const;

function keyOf({ language, channel }: Text): PartName {
    return `text|${language}|${channel}`;
}

function partsOf(content: BulletinContent): Map<PartName, unknown> {
    const parts = new Map<PartName, unknown>(fields.map((name) => [name, content[name]]));
    content.texts.forEach((text) => parts.set(keyOf(text), text));
    return parts;
}

const same = (a: unknown, b: unknown) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);

/** Only the parts in which the two differ. */
export function mergeParts(base: BulletinContent | null, mine: BulletinContent, theirs: BulletinContent): Part[] {
    const [was, own, other] = [partsOf(base ?? theirs), partsOf(mine), partsOf(theirs)];
    const names = [...new Set([...own.keys(), ...other.keys()])];
    return names
        .filter((name) => !same(own.get(name), other.get(name)))
        .map((name) => {
            const touched = { mine: !same(was.get(name), own.get(name)), theirs: !same(was.get(name), other.get(name)) };
            const side = touched.mine === touched.theirs ? null : touched.mine ? "mine" : "theirs";
            return { name, mine: own.get(name), theirs: other.get(name), side };
        });
}

export function merged(mine: BulletinContent, theirs: BulletinContent, parts: Part[]): BulletinContent {
    const taken = new Map(parts.map(({ name, side }) => [name, side]));
    const from = (name: PartName) => (taken.get(name) === "mine" ? mine : theirs);
    const texts = new Map([...theirs.texts, ...mine.texts].map((text) => [keyOf(text), text]));
    return {
        title: from("title").title,
        category: from("category").category,
        class: from("class").class,
        areas: from("areas").areas,
        valid_from: from("valid_from").valid_from,
        valid_to: from("valid_to").valid_to,
        sources: from("sources").sources,
        attachments: from("attachments").attachments,
        texts: [...texts.keys()].flatMap((name) => from(name).texts.filter((text) => keyOf(text) === name)),
    };
}
