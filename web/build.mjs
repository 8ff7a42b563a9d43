// Builds the console: bundles the TypeScript and the styles, writes the page
// that loads them, and a list of every file for the server to compile in.
//
// The result is a folder of finished files with their compressed twins, so
// the server never compresses at run time. The build fails when the first
// load grows over its budget: a cheap phone on 3G must stay usable.

import { build, context, transform } from "esbuild";
import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const here = path.dirname(fileURLToPath(import.meta.url));
const source = path.join(here, "console");
const out = path.resolve(here, process.env.LOA_WEB_OUT ?? "../build/web", "console");
const FIRST_LOAD_BUDGET = 60 * 1024;

const types = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".webmanifest": "application/manifest+json",
};

function options() {
    return {
        absWorkingDir: here,
        bundle: true,
        minify: true,
        sourcemap: false,
        metafile: true,
        target: ["es2022"],
        legalComments: "none",
        outdir: path.join(out, "assets"),
        entryNames: "[name].[hash]",
        assetNames: "[name].[hash]",
        chunkNames: "[name].[hash]",
        logLevel: "warning",
    };
}

/** Styles that a page brings along are text in its chunk, so that the first load does not pay for them. */
const stylesAsText = {
    name: "styles as text",
    setup(b) {
        b.onLoad({ filter: /\.css$/ }, async ({ path: file }) => {
            const { code } = await transform(await readFile(file, "utf8"), { loader: "css", minify: true });
            return { contents: code, loader: "text" };
        });
    },
};

/** The application, cut into one chunk for the shell and one per page. */
function appOptions() {
    return {
        ...options(),
        entryPoints: { app: "console/src/main.tsx" },
        format: "esm",
        splitting: true,
        jsx: "automatic",
        jsxImportSource: "preact",
        // What the sound thread runs is a file of its own, named by its address.
        loader: { ".worklet.js": "file" },
        plugins: [stylesAsText],
    };
}

/** Styles, and the few lines that must run before the first paint. */
function headOptions() {
    return {
        ...options(),
        entryPoints: { style: "console/styles/style.css", theme: "console/src/theme_first.ts" },
        format: "iife",
    };
}

function outputOf(metafile, entryPoint) {
    for (const [file, info] of Object.entries(metafile.outputs)) {
        if (info.entryPoint === entryPoint) {
            return { file: path.basename(file), info };
        }
    }
    throw new Error(`no output for ${entryPoint}`);
}

/** Every chunk the entry pulls in without being asked (static imports). */
function staticImports(metafile, file, seen = new Set()) {
    for (const [name, info] of Object.entries(metafile.outputs)) {
        if (path.basename(name) !== file) {
            continue;
        }
        for (const { path: imported, kind } of info.imports) {
            const base = path.basename(imported);
            if (kind === "import-statement" && !seen.has(base)) {
                seen.add(base);
                staticImports(metafile, base, seen);
            }
        }
    }
    return seen;
}

async function integrity(file) {
    const bytes = await readFile(path.join(out, "assets", file));
    return `sha384-${createHash("sha384").update(bytes).digest("base64")}`;
}

async function writePage(app, head) {
    const entry = outputOf(app.metafile, "console/src/main.tsx").file;
    const home = outputOf(app.metafile, "console/src/pages/home.tsx").file;
    const style = outputOf(head.metafile, "console/styles/style.css").file;
    const theme = outputOf(head.metafile, "console/src/theme_first.ts").file;
    const preload = [...staticImports(app.metafile, entry)];
    const page = (await readFile(path.join(source, "index.html"), "utf8"))
        .replace("{{theme}}", `/assets/${theme}`)
        .replace("{{theme_integrity}}", await integrity(theme))
        .replace("{{style}}", `/assets/${style}`)
        .replace("{{style_integrity}}", await integrity(style))
        .replace("{{entry}}", `/assets/${entry}`)
        .replace("{{entry_integrity}}", await integrity(entry))
        .replace(
            "{{preload}}",
            preload.map((file) => `<link rel="modulepreload" href="/assets/${file}">`).join("\n"),
        );
    await writeFile(path.join(out, "index.html"), page);
    const first = new Set([entry, style, theme, ...preload, home]);
    for (const file of staticImports(app.metafile, home)) {
        first.add(file);
    }
    return [...first].map((file) => `assets/${file}`).concat("index.html");
}

async function copyPublic() {
    for (const name of await readdir(path.join(source, "public"))) {
        await writeFile(path.join(out, name), await readFile(path.join(source, "public", name)));
    }
}

/** The service worker carries the list of files it keeps, and their version. */
async function writeWorker() {
    const names = (await readdir(path.join(out, "assets"))).sort().map((name) => `/assets/${name}`);
    const page = await readFile(path.join(out, "index.html"));
    const version = createHash("sha256").update(page).update(names.join()).digest("hex").slice(0, 12);
    await build({
        absWorkingDir: here,
        bundle: true,
        minify: true,
        target: ["es2022"],
        format: "iife",
        entryPoints: ["console/src/worker.ts"],
        outfile: path.join(out, "worker.js"),
        define: { LOA_FILES: JSON.stringify(names), LOA_VERSION: JSON.stringify(version) },
        logLevel: "warning",
    });
}

async function listFiles(folder, prefix = "") {
    const found = [];
    for (const item of await readdir(folder, { withFileTypes: true })) {
        const name = prefix + item.name;
        if (item.isDirectory()) {
            found.push(...(await listFiles(path.join(folder, item.name), `${name}/`)));
        } else {
            found.push(name);
        }
    }
    return found.sort();
}

/** Writes .br and .gz beside each file and the list that the server reads. */
async function writeAssets() {
    const assets = [];
    const sizes = new Map();
    for (const file of await listFiles(out)) {
        const bytes = await readFile(path.join(out, file));
        const brotli = brotliCompressSync(bytes, {
            params: {
                [constants.BROTLI_PARAM_QUALITY]: 11,
                [constants.BROTLI_PARAM_LGWIN]: 22,
                [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
            },
        });
        await writeFile(path.join(out, `${file}.br`), brotli);
        await writeFile(path.join(out, `${file}.gz`), gzipSync(bytes, { level: 9 }));
        sizes.set(file, brotli.length);
        assets.push({
            path: file === "index.html" ? "/" : `/${file}`,
            file,
            type: types[path.extname(file)],
            immutable: file.startsWith("assets/"),
            fallback: file === "index.html",
            integrity: `sha384-${createHash("sha384").update(bytes).digest("base64")}`,
        });
    }
    await writeFile(path.join(out, "assets.json"), `${JSON.stringify(assets, null, 2)}\n`);
    return sizes;
}

function reportSizes(sizes, first) {
    const sum = first.reduce((total, file) => total + (sizes.get(file) ?? 0), 0);
    const all = [...sizes.values()].reduce((total, size) => total + size, 0);
    for (const file of first) {
        console.log(`  ${String(sizes.get(file)).padStart(6)}  ${file}`);
    }
    const kib = (bytes) => (bytes / 1024).toFixed(1);
    console.log(`first load ${kib(sum)} KiB brotli of ${kib(FIRST_LOAD_BUDGET)}; everything ${kib(all)} KiB`);
    if (sum > FIRST_LOAD_BUDGET) {
        throw new Error("the first load is over its budget");
    }
}

async function buildAll() {
    await rm(out, { recursive: true, force: true });
    await mkdir(out, { recursive: true });
    const [app, head] = await Promise.all([build(appOptions()), build(headOptions())]);
    await copyPublic();
    const first = await writePage(app, head);
    await writeWorker();
    const sizes = await writeAssets();
    reportSizes(sizes, first);
}

await buildAll();

if (process.argv.includes("--watch")) {
    const watcher = await context({
        ...appOptions(),
        write: false,
        plugins: [stylesAsText, { name: "again", setup: (b) => b.onEnd(() => buildAll().catch(console.error)) }],
    });
    await watcher.watch();
}
