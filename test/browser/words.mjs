// The console's own catalogue, so that a better wording does not break a test.

import { readFileSync } from "node:fs";

function catalogue(language) {
    const file = new URL(`../../web/console/src/words/${language}.ts`, import.meta.url);
    const pairs = readFileSync(file, "utf8").matchAll(/"([\w.]+)":\s*("(?:[^"\\]|\\.)*")/g);
    return new Map([...pairs].map(([, key, text]) => [key, JSON.parse(text)]));
}

const catalogues = { vi: catalogue("vi"), en: catalogue("en") };

export function say(key, values = {}, language = "vi") {
    const text = catalogues[language].get(key);
    if (text === undefined) {
        throw new Error(`no word for ${key}`);
    }
    return text.replace(/\{(\w+)[^}]*\}/g, (_, name) => String(values[name] ?? ""));
}
