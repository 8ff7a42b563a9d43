// Checks the house style of the web code: short files, a paragraph at the
// front, no `any`, no style attributes as text and no raw HTML (the content
// security policy would refuse them, and a name could become markup).

import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const web = path.join(path.dirname(fileURLToPath(import.meta.url)), "..");
const MOST_LINES = 300;
const LONG_BY_NATURE = new Set(["shared/api.ts", "shared/broadcast.ts", "shared/fleet.ts"]);
const WORDS = /^console\/src\/words\/(vi|en)(_\w+)?\.ts$/;
const BANNED = [
    [/\bany\b(?=\s*[;,)\]>=|])/, "the type any"],
    [/dangerouslySetInnerHTML|\.innerHTML\b|insertAdjacentHTML|document\.write/, "raw HTML"],
    [/style="/, "a style attribute"],
    [/\b(TODO|FIXME|XXX)\b/, "an unfinished note"],
    [/@ts-(ignore|nocheck|expect-error)/, "a silenced type error"],
    [/\bconsole\.(log|debug|info)/, "a forgotten log line"],
];
let problems = 0;

function filesBelow(folder) {
    return readdirSync(path.join(web, folder), { withFileTypes: true }).flatMap((item) => {
        const name = `${folder}/${item.name}`;
        return item.isDirectory() ? filesBelow(name) : /\.tsx?$/.test(item.name) ? [name] : [];
    });
}

function complain(file, line, what) {
    console.error(`${file}:${line}: ${what}`);
    problems++;
}

const files = [...filesBelow("console/src"), ...filesBelow("shared")];
for (const file of files) {
    const lines = readFileSync(path.join(web, file), "utf8").split("\n");
    if (!lines[0]?.startsWith("// ")) {
        complain(file, 1, "no paragraph at the front");
    }
    if (lines.length > MOST_LINES && !LONG_BY_NATURE.has(file) && !WORDS.test(file)) {
        complain(file, lines.length, `longer than ${MOST_LINES} lines`);
    }
    lines.forEach((text, index) => {
        for (const [pattern, what] of BANNED) {
            if (!text.trimStart().startsWith("//") && pattern.test(text)) {
                complain(file, index + 1, what);
            }
        }
    });
}
console.log(`style: ${files.length} files, ${problems} problems`);
process.exitCode = problems === 0 ? 0 : 1;
