// A house for browser tests: a real server with the invented province in a
// folder of its own, a real browser, and visitors in it. A visitor keeps a
// list of everything that must not happen (console errors, refused content,
// requests to another host) and fails the test when something did.
//
// LOA_SERVER names another server program, LOA_SIM another program of pretended
// speakers, LOA_AGENT another agent; LOA_SLOW_MS gives a slow machine more patience. Nothing here sleeps: everything waits for a condition.

import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { totpCode } from "./totp.mjs";
import { say } from "./words.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const require = createRequire(path.join(here, "../../web/package.json"));
const { chromium } = require("playwright-core");
const axePath = require.resolve("axe-core/axe.min.js");

const program = process.env.LOA_SERVER ?? path.join(here, "../../build/debug/bin/loa-server");
const speakers = process.env.LOA_SIM ?? path.join(path.dirname(program), "loa-sim");
const agent = process.env.LOA_AGENT ?? path.join(path.dirname(program), "loa-agent");
const PATIENCE_MS = Number(process.env.LOA_SLOW_MS ?? 15_000);
const BROWSER_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
];

/** The least that the settings allow: these tests are not about guessing passwords. */
const QUICK_PASSWORDS = ["--set", "password_memory=8388608", "--set", "password_passes=1"];

export const PHONE = { width: 390, height: 844 };
export const DESKTOP = { width: 1440, height: 900 };

/** Starts the server; resolves with its address once it says that it listens. */
async function serverStart(folder, settings) {
    const set = settings.flatMap((setting) => ["--set", setting]);
    const child = spawn(program, [...QUICK_PASSWORDS, ...set, "--dir", folder, "--listen", "127.0.0.1:0"], {
        stdio: ["ignore", "pipe", "pipe"],
    });
    const said = [];
    const address = await new Promise((resolve, reject) => {
        for (const stream of [child.stdout, child.stderr]) {
            createInterface({ input: stream }).on("line", (line) => {
                said.push(line);
                const found = /(https?):\/\/[\w.[\]:]+?:(\d+)/.exec(line);
                if (/listening/.test(line) && found) {
                    // A security key belongs to a name, never to a bare address.
                    resolve(`${found[1]}://localhost:${found[2]}`);
                }
            });
        }
        child.once("error", reject);
        child.once("exit", (code) => reject(new Error(`server ended with ${code}:\n${said.join("\n")}`)));
    });
    return { child, address };
}

async function demoAccounts(folder) {
    const { stdout } = await promisify(execFile)(program, [...QUICK_PASSWORDS, "demo", "--dir", folder, "--json"]);
    return stdout
        .split("\n")
        .filter((line) => line.startsWith("{"))
        .map((line) => JSON.parse(line));
}

/** A microphone that nobody speaks into but a file, over and over; without one it hums. */
function microphoneArguments(file) {
    const fake = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"];
    return file === null ? [] : [...fake, `--use-file-for-fake-audio-capture=${file}`];
}

/** `settings` are `key=value`, over those of the demo; `microphone` is a WAV file. */
export async function houseOpen({ settings = [], microphone = null } = {}) {
    const folder = await mkdtemp(path.join(tmpdir(), "loa-browser-"));
    const accounts = await demoAccounts(folder);
    const { child, address } = await serverStart(folder, settings);
    const browser = await chromium.launch({
        executablePath: process.env.LOA_CHROMIUM ?? "/usr/bin/chromium",
        args: [...BROWSER_ARGUMENTS, ...microphoneArguments(microphone)],
    });
    const house = { folder, accounts, address, browser, child, entered: new Map(), swarms: [] };
    house.close = async () => {
        await browser.close();
        for (const one of [...house.swarms, child]) {
            await programEnd(one);
        }
        await rm(folder, { recursive: true, force: true });
    };
    house.account = (role) => {
        const found = accounts.find((one) => one.role === role);
        assert.ok(found, `the demo province has a ${role}`);
        return found;
    };
    house.visit = (options) => visitorCreate(house, options);
    house.enter = (role, options) => visitorEnter(house, house.account(role), options);
    house.enterAs = (account, options) => visitorEnter(house, account, options);
    return house;
}

async function programEnd(child) {
    if (child.exitCode === null && child.signalCode === null) {
        const gone = new Promise((resolve) => child.once("exit", resolve));
        child.kill("SIGTERM");
        await gone;
    }
}

/**
 * Pretended speakers that speak the real protocol to the house. With the demo's claim codes they
 * are accepted by themselves; without them they wait for a person.
 */
export function speakersStart(house, { devices = 4, claim = "LOA-DEMO-", seed = 1 } = {}) {
    const url = `${house.address.replace(/^http/, "ws")}/device/v1`;
    const words = ["--url", url, "--insecure", "--devices", String(devices), "--seed", String(seed), "--ramp", "0"];
    const child = spawn(speakers, claim === null ? words : [...words, "--claim-prefix", claim], { stdio: "ignore" });
    house.swarms.push(child);
    return { end: () => programEnd(child) };
}

/** One real agent that plays into a file. */
export async function poleStart(house, claim) {
    const folder = await mkdtemp(path.join(house.folder, "pole-"));
    const config = path.join(folder, "agent.conf");
    const settings = {
        server: `${house.address.replace(/^http/, "ws")}/device/v1`,
        folder,
        claim,
        sink: "file",
        sink_file: path.join(folder, "sound.wav"),
        insecure: "yes",
    };
    await writeFile(config, Object.entries(settings).map(([key, value]) => `${key} = ${value}\n`).join(""));
    const child = spawn(agent, ["--config", config], { stdio: "ignore" });
    house.swarms.push(child);
    return { sound: settings.sink_file, end: () => programEnd(child) };
}

/** A clip that every speaker keeps, made of the first sound of the demo. */
export async function clipMake(admin, title = "Bản thử") {
    const { body: session } = await admin.api("GET", "/session");
    const { body: media } = await admin.api("GET", "/media?limit=1");
    const made = await admin.api("POST", "/clips", {
        unit_id: session.account.unit.id,
        number: 200,
        language: "vi",
        title,
        text: "Đây là bản thử.",
        signal: "siren",
        media: media.items[0].media,
    });
    assert.ok(made.status < 300, JSON.stringify(made.body));
}

/** Waits until the API says so: `test` gets the body and answers whether it will do. */
export async function until(visitor, where, test, what = where, patience = PATIENCE_MS * 2) {
    const end = Date.now() + patience;
    for (;;) {
        const { body } = await visitor.api("GET", where);
        if (test(body)) {
            return body;
        }
        assert.ok(Date.now() < end, `never happened: ${what}, but ${JSON.stringify(body).slice(0, 400)}`);
    }
}

/** Presses and does not let go until the button has gone with what it did. */
export async function holdDown(page, button) {
    const { x, y, width, height } = await boxOf(button);
    await page.mouse.move(x + width / 2, y + height / 2);
    await page.mouse.down();
    await button.waitFor({ state: "detached" });
    await page.mouse.up();
}

async function boxOf(button) {
    await button.scrollIntoViewIfNeeded();
    return button.boundingBox();
}

/** A browser window of its own: no cookie, no memory of another test. */
async function visitorCreate(house, options = {}) {
    const { size = DESKTOP, look = "light", worker = false, state, expect = [] } = options;
    const context = await house.browser.newContext({
        baseURL: house.address,
        viewport: size,
        isMobile: size.width < 600,
        hasTouch: size.width < 600,
        colorScheme: look,
        locale: "vi-VN",
        // The server's day and the browser's must be the same one.
        timezoneId: "Asia/Ho_Chi_Minh",
        reducedMotion: "reduce",
        ignoreHTTPSErrors: true,
        serviceWorkers: worker ? "allow" : "block",
        permissions: ["clipboard-read", "clipboard-write", "microphone"],
        ...(state ? { storageState: state } : {}),
    });
    context.setDefaultTimeout(PATIENCE_MS);
    const page = await context.newPage();
    const visitor = { house, context, page, faults: [], expect: [...expect] };
    watch(visitor);
    visitor.open = (where) => openPage(visitor, where);
    visitor.api = (method, where, body) => apiCall(page, method, where, body);
    visitor.axe = (what, rules) => axeCheck(page, what, rules);
    visitor.close = async () => {
        await context.close();
        assert.deepEqual(visitor.faults, [], "nothing went wrong in the browser");
    };
    return visitor;
}

function watch({ house, page, faults, expect }) {
    const host = new URL(house.address).host;
    // A refused password is a 401 in the browser's log, and quite all right.
    const own = /Service Worker registration blocked by Playwright/;
    const allowed = (text) => own.test(text) || expect.some((pattern) => pattern.test(text));
    page.on("console", (message) => {
        const text = `${message.text()} ${message.location().url ?? ""}`;
        if (["error", "warning"].includes(message.type()) && !allowed(text)) {
            faults.push(`${message.type()}: ${text}`);
        }
    });
    page.on("pageerror", (error) => faults.push(`page error: ${error.message}`));
    page.on("request", (request) => {
        const url = new URL(request.url());
        if (/^(https?|wss?):$/.test(url.protocol) && url.host !== host) {
            faults.push(`request to another host: ${request.url()}`);
        }
    });
    page.on("dialog", (dialog) => {
        faults.push(`browser dialog: ${dialog.message()}`);
        void dialog.dismiss();
    });
}

/** Opens a page and waits until it has what it wanted to show. */
async function openPage({ page }, where) {
    await page.goto(where);
    await settled(page);
}

export async function settled(page) {
    await page.locator("h1").first().waitFor();
    await page.waitForFunction(() => document.querySelector(".skeleton, [aria-busy=true]") === null);
}

async function apiCall(page, method, where, body) {
    return page.evaluate(
        async ({ method, where, body }) => {
            const session = await (await fetch("/api/v1/session")).json();
            const headers = { Accept: "application/json" };
            if (method !== "GET") {
                headers["Loa-Csrf"] = session.csrf ?? "";
            }
            if (body !== undefined) {
                headers["Content-Type"] = "application/json";
            }
            const answer = await fetch(`/api/v1${where}`, {
                method,
                headers,
                ...(body === undefined ? {} : { body: JSON.stringify(body) }),
            });
            const text = await answer.text();
            return { status: answer.status, body: text === "" ? null : JSON.parse(text) };
        },
        { method, where, body },
    );
}

export async function fillSignIn(page, login, password) {
    await page.getByLabel(say("sign_in.login")).fill(login);
    await page.getByLabel(say("sign_in.password"), { exact: true }).fill(password);
    await page.getByRole("button", { name: say("sign_in.go") }).click();
}

/** Adds an authenticator app on the open form; gives its secret and the codes. */
export async function enrolTotp(page) {
    const secret = (await page.locator(".secret-value").first().textContent()).trim();
    await page.getByLabel(say("factor.totp"), { exact: true }).fill(totpCode(secret));
    await page.getByRole("button", { name: say("totp.go") }).click();
    await page.locator(".recovery-codes").waitFor();
    const codes = await page.locator(".recovery-codes code").allTextContents();
    await page.getByLabel(say("recovery.saved")).check();
    await page.getByRole("button", { name: say("action.continue") }).click();
    return { secret, codes };
}

async function passGate(page, account) {
    await fillSignIn(page, account.login, account.password);
    const shell = page.locator(".shell");
    const fresh = page.getByRole("heading", { name: say("must.password_title") });
    const factor = page.getByRole("heading", { name: say("must.factor_title") });
    await shell.or(fresh).or(factor).first().waitFor();
    if (await fresh.isVisible()) {
        const next = `${account.password} moi hon`;
        await page.getByLabel(say("password.current")).fill(account.password);
        await page.getByLabel(say("password.next"), { exact: true }).fill(next);
        await page.getByLabel(say("password.again")).fill(next);
        await page.getByRole("button", { name: say("password.go") }).click();
        account.password = next;
        await shell.or(factor).first().waitFor();
    }
    if (await factor.isVisible()) {
        await page.getByRole("button", { name: say("factors.add_totp") }).click();
        Object.assign(account, await enrolTotp(page));
    }
    await shell.waitFor();
}

/** Signs in once per account; later visitors come with the same cookie. */
async function visitorEnter(house, account, options = {}) {
    if (!house.entered.has(account.login)) {
        const first = await visitorCreate(house);
        await first.open("/");
        await passGate(first.page, account);
        house.entered.set(account.login, await first.context.storageState());
        await first.close();
    }
    const visitor = await visitorCreate(house, { ...options, state: house.entered.get(account.login) });
    if (options.clock) {
        await visitor.page.clock.install();
    }
    await visitor.open(options.at ?? "/");
    return visitor;
}

/** A new account, made through the API by the administrator. */
export async function accountMake(admin, change = {}) {
    const { body: session } = await admin.api("GET", "/session");
    const unit_id = change.unit_id ?? session.account.unit.id;
    const login = change.login ?? `thu.${Math.random().toString(36).slice(2, 10)}`;
    const { status, body } = await admin.api("POST", "/accounts", {
        login,
        name: change.name ?? "Người Dùng Thử",
        unit_id,
        language: "vi",
        roles: [{ role: change.role ?? "viewer", unit_id }],
    });
    assert.equal(status, 201, JSON.stringify(body));
    return { id: body.account.id, login, password: body.password, role: change.role ?? "viewer" };
}

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** What a dark look can break that a light one does not. */
export const COLOURS = ["color-contrast", "link-in-text-block"];

async function axeCheck(page, what, rules) {
    if (!(await page.evaluate(() => "axe" in window))) {
        await page.evaluate(await readFile(axePath, "utf8"));
    }
    const { violations } = await page.evaluate(
        (runOnly) => window.axe.run(document, { runOnly, resultTypes: ["violations"] }),
        rules ? { type: "rule", values: rules } : { type: "tag", values: TAGS },
    );
    const said = violations.map(
        ({ id, nodes }) => `${id}: ${nodes.map((node) => `${node.target} ${node.failureSummary}`).join(" | ")}`,
    );
    assert.deepEqual(said, [], `accessibility of ${what}`);
}

/** The first commune that came out of the reform, with a card to look at. */
export async function reformedCommune(visitor) {
    const { body: roots } = await visitor.api("GET", "/units");
    const root = roots.items[0];
    const { body: children } = await visitor.api("GET", `/units?parent=${root.id}&limit=200`);
    for (const unit of children.items) {
        const { body: card } = await visitor.api("GET", `/units/${unit.id}`);
        if (card.predecessors.length >= 2) {
            return { root, card };
        }
    }
    throw new Error("the demo province has a commune with two predecessors");
}
