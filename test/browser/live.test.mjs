// Live voice from the browser's microphone to a loudspeaker: continuous and
// push-to-talk, the level and the delay that are shown, the end; and the sound
// that a real agent played meanwhile.

import assert from "node:assert/strict";
import path from "node:path";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { after, before, test } from "node:test";
import { houseOpen, PHONE, poleStart, settled, until } from "./house.mjs";
import { soundRead, voiceFound, voiceSamples, voiceWrite } from "./voice.mjs";
import { say } from "./words.mjs";

const VOICE_S = 6;
const HEARING_MS = 60_000;
/** Of the rhythm: noise suppression, Opus and levelling stand between. */
const LIKE = 0.8;

let house;
let folder;
let said;
let pole;
before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "loa-live-"));
    said = voiceSamples(VOICE_S);
    await voiceWrite(path.join(folder, "voice.wav"), said);
    house = await houseOpen({ microphone: path.join(folder, "voice.wav") });
    const admin = await house.enter("province_admin");
    pole = await poleStart(house, "LOA-DEMO-01");
    await until(admin, "/devices/summary", ({ states }) => states.alive === 1, "the pole is alive");
    await admin.close();
});
after(async () => {
    await house.close();
    await rm(folder, { recursive: true, force: true });
});

async function begin(visitor, title, mode) {
    const { page } = visitor;
    await page.getByLabel(say("live.title"), { exact: true }).fill(title);
    await page.getByRole("radio", { name: say(`live_mode.${mode}`) }).check();
    await page.getByLabel(say("programmes.class"), { exact: true }).selectOption("priority");
    await page.getByRole("button", { name: say("live.to_desk") }).click();
    await page.waitForURL(/\/lives\/\d+$/);
    await settled(page);
    return Number(/\d+$/.exec(page.url()));
}

/** Until the loudspeaker's file holds the voice; answers how well. */
async function heardIn(file, since) {
    const end = Date.now() + HEARING_MS;
    let best = { likeness: 0 };
    while (Date.now() < end && best.likeness < LIKE) {
        best = voiceFound(said, (await soundRead(file)).subarray(since));
    }
    return best;
}

test("live: what is said into the browser sounds at the pole, with level and delay shown", async () => {
    const visitor = await house.enter("province_admin", { at: "/lives/new", size: PHONE });
    const { page } = visitor;
    await visitor.axe("before the microphone");
    const id = await begin(visitor, "Họp dân thử", "continuous");
    const since = (await soundRead(pole.sound)).length;
    await page.getByRole("button", { name: say("live.open"), exact: true }).click();
    await page.getByText(say("live.speaking")).waitFor();
    await until(visitor, `/live/${id}`, ({ state, devices }) => state === "on_air" && devices === 1, "it is on the air at one speaker");
    await page.waitForFunction(() => document.querySelector(".live-facts dd")?.textContent !== "–");
    assert.match(await page.locator(".live-facts dd").first().textContent(), /^[\d.,]+ /, "the delay is said");
    await page.waitForFunction(() => document.querySelector(".mic-level").style.transform !== "scaleX(0)");
    await visitor.axe("at the microphone");
    const { likeness } = await heardIn(pole.sound, since);
    assert.ok(likeness >= LIKE, `the voice is in what the loudspeaker played: ${likeness.toFixed(2)}`);
    const { body } = await visitor.api("GET", `/live/${id}`);
    console.log(`live: likeness ${likeness.toFixed(2)}, delay shown ${body.delay_ms} ms`);
    await page.getByRole("button", { name: say("live.end"), exact: true }).click();
    await page.locator(".page-title .badge", { hasText: say("live_state.ended") }).waitFor();
    const ended = await until(visitor, `/live/${id}`, ({ recording }) => recording !== null, "the recording is kept");
    assert.equal(ended.state, "ended");
    await visitor.close();
});

test("live: push-to-talk is silent until it is held, with the finger and with the space bar", async () => {
    const visitor = await house.enter("province_admin", { at: "/lives/new" });
    const { page } = visitor;
    const id = await begin(visitor, "Nhấn để nói thử", "talk");
    await page.getByRole("button", { name: say("live.open"), exact: true }).click();
    await page.getByText(say("live.waiting_press")).waitFor();
    const talk = page.locator(".talk");
    const box = await talk.boundingBox();
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.down();
    await page.getByText(say("live.speaking")).waitFor();
    await until(visitor, `/live/${id}`, ({ state }) => state === "on_air", "held, it is on the air");
    await page.mouse.up();
    await page.getByText(say("live.waiting_press")).waitFor();
    await until(visitor, `/live/${id}`, ({ state }) => state === "paused", "let go, it pauses");
    await page.locator("h1").focus();
    await page.keyboard.down(" ");
    await page.getByText(say("live.speaking")).waitFor();
    await page.keyboard.up(" ");
    await page.getByText(say("live.waiting_press")).waitFor();
    await visitor.axe("push-to-talk");
    await leaves(page);
    await page.getByRole("button", { name: say("live.end"), exact: true }).click();
    await page.locator(".page-title .badge", { hasText: say("live_state.ended") }).waitFor();
    await visitor.close();
});

/** Nobody leaves with an open microphone by accident. */
async function leaves(page) {
    await page.locator(".rail-nav a[href='/units']").click();
    const question = page.getByRole("dialog", { name: say("live.leave") });
    await question.getByRole("button", { name: say("action.cancel") }).click();
    await question.waitFor({ state: "detached" });
    assert.match(page.url(), /\/lives\/\d+$/);
}

test("live: an encoder gets its password once, and a relay stands beside it", async () => {
    const visitor = await house.enter("province_admin", { at: "/lives/sources" });
    const { page } = visitor;
    await page.getByRole("button", { name: say("source_add.encoder") }).click();
    const form = page.getByRole("dialog", { name: say("source_add.encoder") });
    await form.getByLabel(say("live_sources.name"), { exact: true }).fill("Đài huyện thử");
    await form.getByRole("button", { name: say("action.save") }).click();
    const secret = page.getByRole("dialog", { name: say("live_sources.password_title") });
    await secret.locator(".secret-value").nth(1).waitFor();
    await visitor.axe("an encoder's password");
    await secret.getByRole("button", { name: say("action.continue") }).click();
    await page.getByText("/source/dai-huyen-thu").waitFor();
    await page.getByRole("button", { name: say("source_add.relay") }).click();
    const relay = page.getByRole("dialog", { name: say("source_add.relay") });
    await relay.getByLabel(say("live_sources.name"), { exact: true }).fill("Đài Tiếng nói thử");
    await relay.getByLabel(say("live_sources.address"), { exact: true }).fill("https://radio.example/stream.ogg");
    await relay.getByRole("button", { name: say("action.save") }).click();
    await page.getByText("https://radio.example/stream.ogg").waitFor();
    await visitor.axe("sources and relays");
    await visitor.open("/lives");
    await page.getByText("Họp dân thử").waitFor();
    await visitor.axe("what was live");
    await visitor.close();
});
