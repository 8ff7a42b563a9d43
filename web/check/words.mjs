// Checks the words: both catalogues hold the same keys with the same holes,
// every key is used, every used key exists, and no word for people stands in
// the code itself instead of in a catalogue.

import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), "../console/src");
const SPOKEN_ATTRIBUTES = new Set(["aria-label", "title", "placeholder", "alt", "label", "hint", "lead", "caption"]);
const problems = [];

function filesBelow(folder) {
    return readdirSync(folder, { withFileTypes: true }).flatMap((item) => {
        const full = path.join(folder, item.name);
        return item.isDirectory() ? filesBelow(full) : /\.tsx?$/.test(item.name) ? [full] : [];
    });
}

function parse(file) {
    return ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true,
        file.endsWith("x") ? ts.ScriptKind.TSX : ts.ScriptKind.TS);
}

function catalogue(language) {
    const words = new Map();
    const walk = (node) => {
        if (ts.isPropertyAssignment(node) && ts.isStringLiteral(node.name)) {
            words.set(node.name.text, node.initializer.text);
        }
        ts.forEachChild(node, walk);
    };
    for (const name of readdirSync(path.join(root, "words"))) {
        if (name === `${language}.ts` || name.startsWith(`${language}_`)) {
            walk(parse(path.join(root, "words", name)));
        }
    }
    return words;
}

function holes(text) {
    return [...text.matchAll(/\{(\w+)/g)].map((match) => match[1]).sort().join();
}

function where(source, node) {
    const { line } = source.getLineAndCharacterOfPosition(node.getStart());
    return `${path.relative(root, source.fileName)}:${line + 1}`;
}

const vi = catalogue("vi");
const en = catalogue("en");
const used = new Set();

/** Every literal in the argument of t(): a ? "b" : "c" names two keys. */
function keysIn(node, found = []) {
    if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) {
        found.push(node.text);
    } else if (ts.isConditionalExpression(node)) {
        keysIn(node.whenTrue, found);
        keysIn(node.whenFalse, found);
    } else if (ts.isTemplateExpression(node)) {
        const pattern = [node.head.text, ...node.templateSpans.map((span) => span.literal.text)]
            .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
            .join("\\w+");
        const fits = [...vi.keys()].filter((key) => new RegExp(`^${pattern}$`).test(key));
        found.push(...(fits.length > 0 ? fits : [`${node.head.text}*`]));
    }
    return found;
}

function checkCall(source, node) {
    const name = node.expression.getText();
    if (name === "t" && node.arguments[0]) {
        for (const key of keysIn(node.arguments[0])) {
            used.add(key);
            if (!vi.has(key)) {
                problems.push(`${where(source, node)}: no word for "${key}"`);
            }
        }
    }
    if (name === "tOneOf" && node.arguments[0] && ts.isArrayLiteralExpression(node.arguments[0])) {
        for (const group of node.arguments[0].elements.filter(ts.isStringLiteral)) {
            [...vi.keys()].filter((key) => key.startsWith(`${group.text}.`)).forEach((key) => used.add(key));
        }
    }
    if (name === "tCode" && node.arguments[0] && ts.isStringLiteral(node.arguments[0])) {
        const prefix = `${node.arguments[0].text}.`;
        [...vi.keys()].filter((key) => key.startsWith(prefix)).forEach((key) => used.add(key));
    }
}

function checkSpoken(source, node) {
    if (ts.isJsxText(node) && /\p{L}/u.test(node.text)) {
        problems.push(`${where(source, node)}: words outside the catalogue: ${node.text.trim()}`);
    }
    if (
        ts.isJsxAttribute(node) &&
        SPOKEN_ATTRIBUTES.has(node.name.getText()) &&
        node.initializer &&
        ts.isStringLiteral(node.initializer) &&
        /\p{L}/u.test(node.initializer.text)
    ) {
        problems.push(`${where(source, node)}: words outside the catalogue: ${node.initializer.text}`);
    }
    const vietnamese = /[ăâđêôơưĂÂĐÊÔƠƯ\u0300-\u0323\u1ea0-\u1ef9]/;
    if (ts.isStringLiteral(node) && vietnamese.test(node.text)) {
        problems.push(`${where(source, node)}: Vietnamese outside the catalogue: ${node.text}`);
    }
}

for (const file of filesBelow(root)) {
    if (/words\/(vi|en)(_\w+)?\.ts$/.test(file)) {
        continue;
    }
    const source = parse(file);
    const walk = (node) => {
        if (ts.isCallExpression(node)) {
            checkCall(source, node);
        }
        checkSpoken(source, node);
        ts.forEachChild(node, walk);
    };
    walk(source);
}

for (const [key, text] of vi) {
    if (!en.has(key)) {
        problems.push(`en.ts lacks "${key}"`);
    } else if (holes(text) !== holes(en.get(key))) {
        problems.push(`"${key}" has other holes in en.ts than in vi.ts`);
    }
    if (!used.has(key)) {
        problems.push(`"${key}" is not used`);
    }
}
for (const key of en.keys()) {
    if (!vi.has(key)) {
        problems.push(`vi.ts lacks "${key}"`);
    }
}

problems.forEach((problem) => console.error(problem));
console.log(`words: ${vi.size} in two languages, ${problems.length} problems`);
process.exitCode = problems.length === 0 ? 0 : 1;
