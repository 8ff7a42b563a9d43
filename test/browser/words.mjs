// The console's own catalogue, so that a better wording does not break a test.

import { readFileSync, readdirSync } from "node:fs";

function catalogue(language) {
    const folder = new URL("../../web/console/src/words/", import.meta.url);
    const names = readdirSync(folder).filter((name) => name === `${language}.ts` || name.startsWith(`${language}_`));
    const text = names.map((name) => readFileSync(new URL(name, folder), "utf8")).join("\n");
    const pairs = text.matchAll(/"([\w.]+)":\s*("(?:[^"\\]|\\.)*")/g);
    return new Map([...pairs].map(([, key, word]) => [key, JSON.parse(word)]));
}

const catalogues = { vi: catalogue("vi"), en: catalogue("en") };

export function isKey(text) {
    return catalogues.vi.has(text);
}

export function say(key, values = {}, language = "vi") {
    const text = catalogues[language].get(key);
    if (text === undefined) {
        throw new Error(`no word for ${key}`);
    }
    return text.replace(/\{(\w+)[^}]*\}/g, (_, name) => String(values[name] ?? ""));
}
