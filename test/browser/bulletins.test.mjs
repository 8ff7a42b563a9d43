// A bulletin from a commune officer's phone to the loudspeaker: recorded with
// the browser's microphone, approved by a second person, scheduled, and heard
// in what a real agent played. Taps and time of it are counted and said.

import assert from "node:assert/strict";
import path from "node:path";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { after, before, test } from "node:test";
import { PHONE, accountMake, houseOpen, poleStart, settled, until } from "./house.mjs";
import { soundRead, voiceFound, voiceSamples, voiceWrite } from "./voice.mjs";
import { say } from "./words.mjs";

const VOICE_S = 8;
const TITLE = "Lịch tiêm phòng cho trẻ dưới 5 tuổi";
const TEXT = "Trạm y tế tiêm phòng cho trẻ dưới 5 tuổi vào 7 giờ 30 ngày thứ Bảy tại nhà văn hóa.";
/** The next whole minute that leaves time to fetch the sound, and the sound itself. */
const SOUNDING_MS = 240_000;

let house;
let folder;
let said;
let pole;
let officer;
before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "loa-voice-"));
    said = voiceSamples(VOICE_S);
    await voiceWrite(path.join(folder, "voice.wav"), said);
    house = await houseOpen({ microphone: path.join(folder, "voice.wav") });
    const admin = await house.enter("province_admin");
    pole = await poleStart(house, "LOA-DEMO-01");
    const { items } = await until(admin, "/devices?limit=1", (body) => body.items.length === 1, "the pole is accepted");
    const { body: card } = await admin.api("GET", `/units/${items[0].unit.id}`);
    const commune = [...card.ancestors, card.unit].find(({ tier }) => tier === "commune");
    // A pole may play at any hour of this test.
    await admin.api("PUT", `/rules?unit=${commune.id}`, { items: [], sounds: { opening: null, closing: null, filler: [] } });
    officer = await accountMake(admin, { role: "commune_officer", unit_id: commune.id, name: "Hà Thị Sen" });
    await admin.close();
});
after(async () => {
    await house.close();
    await rm(folder, { recursive: true, force: true });
});

/** What a hand does: taps and fields typed into, since the last look. */
async function countHands({ page }) {
    await page.addInitScript(() => {
        const kept = Number(sessionStorage.getItem("taps") ?? 0);
        window.taps = kept;
        addEventListener("pointerdown", () => sessionStorage.setItem("taps", String(++window.taps)), true);
    });
    await page.reload();
    await settled(page);
    return () => page.evaluate(() => window.taps);
}

async function recordFor(page, seconds) {
    await page.getByRole("button", { name: say("record.go") }).tap();
    const clock = page.locator(".record-time");
    await clock.waitFor();
    await page.waitForFunction((least) => {
        const [minutes, rest] = (document.querySelector(".record-time")?.textContent ?? "0:00").split(":").map(Number);
        return minutes * 60 + rest >= least;
    }, seconds);
    await page.getByRole("button", { name: say("record.stop") }).tap();
    await page.getByText(say("trim.hint")).waitFor();
}

async function typeInto(page, label, text) {
    const field = page.getByLabel(label, { exact: true });
    await field.tap();
    await field.fill(text);
}

/** Writes and records a bulletin and submits it; gives its number. */
async function submitBulletin(visitor, title) {
    const { page } = visitor;
    await page.getByRole("link", { name: say("bulletin.new") }).first().tap();
    await typeInto(page, say("bulletin.title"), title);
    await recordFor(page, VOICE_S + 2);
    await visitor.axe("the recording, before it is used");
    await page.getByRole("button", { name: say("record.use") }).tap();
    await typeInto(page, say("bulletin.transcript"), TEXT);
    const category = page.getByLabel(say("bulletin.category"));
    await category.tap();
    await category.selectOption({ index: 5 });
    await page.locator(".sound-player").waitFor();
    await page.locator(".save-saved").waitFor();
    await page.getByRole("button", { name: say("bulletin.submit"), exact: true }).tap();
    await page.waitForURL(/bulletins\/\d+$/);
    return Number(/\d+$/.exec(page.url())[0]);
}

/** The next minute that begins in a while, in the province's own time. */
function soon() {
    const at = new Date(Math.ceil((Date.now() + 40_000) / 60_000) * 60_000);
    return at.toLocaleTimeString("vi-VN", { timeZone: "Asia/Ho_Chi_Minh", hour: "2-digit", minute: "2-digit", hour12: false });
}

test("bulletin: from a phone to the loudspeaker, and it is the same voice", async (context) => {
    const phone = await house.enterAs(officer, { size: PHONE, at: "/bulletins" });
    const taps = await countHands(phone);
    const began = Date.now();
    const id = await submitBulletin(phone, TITLE);
    const written = { taps: await taps(), seconds: (Date.now() - began) / 1000 };

    const second = await house.enter("approver", { size: PHONE, at: `/bulletins/${id}` });
    const approves = await countHands(second);
    await second.page.locator(".sound-turn").tap();
    await second.page.getByRole("button", { name: say("step.approve"), exact: true }).tap();
    await second.page.getByText(say("bulletin.approved"), { exact: true }).first().waitFor();
    const approvedAt = Date.now();
    const approved = { taps: await approves() };
    await second.close();

    const before = await taps();
    const start = Date.now();
    await phone.page.getByRole("button", { name: say("step.schedule") }).tap();
    await phone.page.getByLabel(say("schedule.own")).tap();
    await typeInto(phone.page, say("programmes.start"), soon());
    await phone.axe("scheduling");
    await phone.page.getByRole("button", { name: say("schedule.go"), exact: true }).tap();
    await phone.page.getByRole("heading", { name: say("airing.title"), exact: true }).waitFor();
    const planned = { taps: (await taps()) - before, seconds: (Date.now() - start) / 1000 };

    const air = await until(phone, `/bulletins/${id}/air`, ({ total }) => total.played === 1, "the pole played it", SOUNDING_MS);
    const { likeness, at } = voiceFound(said.subarray(0, said.length), await soundRead(pole.sound));
    context.diagnostic(
        `officer's week: ${written.taps} taps to write and record (${written.seconds.toFixed(0)} s, ${VOICE_S + 2} of them speaking), ` +
            `${approved.taps} to listen and approve, ${planned.taps} to schedule (${planned.seconds.toFixed(0)} s); ` +
            `approved to first sounding ${((new Date(air.first_sounded_at) - approvedAt) / 1000).toFixed(0)} s (next whole minute); ` +
            `likeness ${likeness.toFixed(3)} at ${at.toFixed(2)} s`,
    );
    assert.ok(likeness > 0.8, `what was heard is what was said: ${likeness}`);
    assert.ok(written.taps + approved.taps + planned.taps <= 20, "a bulletin is a matter of few taps");
    await phone.open(`/bulletins/${id}?tab=air`);
    await phone.page.locator(".plays-figure", { hasText: "100" }).waitFor();
    await phone.axe("what became of it");
    await phone.close();
});

test("recording: a tab that dies keeps what was said, and another sends it", async () => {
    const phone = await house.enterAs(officer, { size: PHONE, at: "/bulletins/new" });
    await typeInto(phone.page, say("bulletin.title"), "Bản thu dở");
    await phone.page.locator(".save-saved").waitFor();
    await phone.page.getByRole("button", { name: say("record.go") }).tap();
    await phone.page.waitForFunction(() => (document.querySelector(".record-time")?.textContent ?? "").includes("0:04"));
    await phone.page.close();
    const page = await phone.context.newPage();
    await page.goto("/bulletins");
    await settled(page);
    const kept = page.locator(".line", { hasText: "Bản thu dở" });
    await kept.getByRole("link").tap();
    await page.getByRole("button", { name: say("take.open") }).tap();
    await page.getByText(say("trim.hint")).waitFor();
    await page.getByRole("button", { name: say("record.use") }).tap();
    await page.locator(".sound-player").waitFor();
    await phone.close();
});

test("recording: without a connection it waits, and goes by itself when it is back", async () => {
    const phone = await house.enterAs(officer, { size: PHONE, at: "/bulletins/new", expect: [/ERR_INTERNET_DISCONNECTED/, /net::/] });
    const { page, context } = phone;
    await typeInto(page, say("bulletin.title"), "Thu khi mất mạng");
    await page.locator(".save-saved").waitFor();
    await context.setOffline(true);
    await recordFor(page, 3);
    await page.getByRole("button", { name: say("record.use") }).tap();
    await page.getByText(say("sending.away")).waitFor();
    await typeInto(page, say("bulletin.transcript"), "Viết khi không có mạng.");
    await page.locator(".save-away").waitFor();
    await phone.axe("writing without a connection");
    await context.setOffline(false);
    await page.locator(".sound-player").waitFor();
    await page.locator(".save-saved").waitFor();
    const id = Number(/bulletins\/(\d+)/.exec(page.url())[1]);
    const { body } = await phone.api("GET", `/bulletins/${id}`);
    assert.equal(body.texts[0].text, "Viết khi không có mạng.");
    assert.match(body.texts[0].media, /^[0-9a-f]{64}$/);
    await phone.close();
});

test("writing: two at once see both versions, and nothing is lost", async () => {
    const one = await house.enterAs(officer, { at: "/bulletins/new", expect: [/409/] });
    const { page } = one;
    await page.getByLabel(say("bulletin.title"), { exact: true }).fill("Họp thôn");
    await page.getByLabel(say("bulletin.transcript"), { exact: true }).fill("Họp thôn tối thứ Sáu.");
    await page.waitForURL(/bulletins\/\d+\/edit/);
    await page.locator(".save-saved").waitFor();
    const id = Number(/bulletins\/(\d+)/.exec(page.url())[1]);
    const other = await house.enter("province_admin");
    const { body: theirs } = await other.api("GET", `/bulletins/${id}`);
    const text = (said) => ({ language: "vi", channel: "sound", title: "", text: said, media: null });
    const put = await other.api("PUT", `/bulletins/${id}`, {
        revision: theirs.revision,
        title: "Họp thôn Bản Lau",
        texts: [text("Họp thôn tối thứ Bảy.")],
    });
    assert.equal(put.status, 200, JSON.stringify(put.body));
    await other.close();
    await page.getByLabel(say("bulletin.transcript"), { exact: true }).fill("Họp thôn tối Chủ nhật.");
    await page.getByRole("heading", { name: say("conflict.title") }).waitFor();
    await page.getByText("Họp thôn tối thứ Bảy.").waitFor();
    await page.getByText("Họp thôn tối Chủ nhật.").waitFor();
    await one.axe("two versions side by side");
    assert.ok(await page.getByRole("button", { name: say("conflict.save") }).isDisabled(), "a person chooses");
    await page.getByLabel(say("conflict.mine")).last().check();
    await page.getByRole("button", { name: say("conflict.save") }).click();
    await page.locator(".save-saved").waitFor();
    const { body: now } = await one.api("GET", `/bulletins/${id}`);
    assert.equal(now.title, "Họp thôn Bản Lau", "their title, which I did not touch");
    assert.equal(now.texts[0].text, "Họp thôn tối Chủ nhật.", "my text");
    await one.open(`/bulletins/${id}?tab=versions`);
    await page.locator(".changes").waitFor();
    await one.axe("the versions");
    await one.close();
});

test("writing: a page left open over a new version says so, and keeps the draft", async () => {
    const one = await house.enterAs(officer, { at: "/bulletins/new", expect: [/404/, /Failed to (fetch|load)/] });
    const { page } = one;
    await page.getByLabel(say("bulletin.title"), { exact: true }).fill("Viết qua lần nâng cấp");
    await page.waitForURL(/bulletins\/\d+\/edit/);
    // What a new version looks like from an old page: its parts are gone, the front page names others.
    await page.route(/\/assets\/.*\.js$/, (route) => route.fulfill({ status: 404, body: "" }));
    await page.route((url) => url.pathname === "/", (route) => route.fulfill({ body: '<script type="module" src="/assets/app.NEW.js"></script>' }));
    await page.locator(".rail").getByRole("link", { name: say("section.settings") }).or(page.locator(".rail").getByRole("link", { name: say("section.duty") })).first().click();
    await page.getByRole("alert").getByText(say("outdated.body")).waitFor();
    await page.unroute(/\/assets\/.*\.js$/);
    await page.unrouteAll();
    await page.getByRole("button", { name: say("outdated.reload") }).click();
    await settled(page);
    await one.open("/bulletins");
    await page.getByText("Viết qua lần nâng cấp").first().waitFor();
    await one.close();
});

test("writing: the machine shows how it will read, and reads", async () => {
    const phone = await house.enterAs(officer, { size: PHONE, at: "/bulletins/new" });
    const { page } = phone;
    await page.getByLabel(say("bulletin.title"), { exact: true }).fill("Máy đọc");
    await page.getByLabel(say("bulletin.transcript"), { exact: true }).fill("UBND xã họp lúc 7h30 ngày 12/7/2026.");
    await page.getByRole("button", { name: say("speech.go") }).tap();
    await page.locator(".reading-text", { hasText: "bảy giờ" }).waitFor();
    await phone.axe("text to speech");
    await page.getByRole("button", { name: say("speech.make") }).tap();
    await page.locator(".sound-player").waitFor();
    await phone.close();
});

test("writing: begun without a connection, it is there after a reload and goes when it is back", async () => {
    const phone = await house.enterAs(officer, { size: PHONE, at: "/bulletins/new", worker: true, expect: [/ERR_INTERNET_DISCONNECTED/, /net::/] });
    const { page, context } = phone;
    await page.evaluate(() => navigator.serviceWorker.ready);
    await page.waitForFunction(async () => (await caches.keys()).length > 0 && (await (await caches.open((await caches.keys())[0])).keys()).length > 10);
    await context.setOffline(true);
    await page.goto("/bulletins/new");
    await page.getByLabel(say("bulletin.title"), { exact: true }).fill("Viết trên núi");
    await page.locator(".save-away").waitFor();
    await page.goto("/bulletins");
    await page.locator(".line", { hasText: "Viết trên núi" }).getByRole("link").tap();
    const title = page.getByLabel(say("bulletin.title"), { exact: true });
    await title.waitFor();
    assert.equal(await title.inputValue(), "Viết trên núi");
    await title.fill("Viết trên núi, thêm nữa");
    await context.setOffline(false);
    await page.locator(".save-saved").waitFor();
    const { body } = await phone.api("GET", "/bulletins?mine=1&limit=50");
    assert.ok(body.items.some((one) => one.title === "Viết trên núi, thêm nữa"));
    await phone.close();
});

test("offers: a commune hears what was sent down, and chooses", async () => {
    const editor = await house.enter("province_admin", { at: "/bulletins" });
    const { body: session } = await editor.api("GET", "/session");
    const { body: media } = await editor.api("GET", "/media?limit=1");
    const unit_id = session.account.unit.id;
    const bulletin = async (title) => {
        const { body } = await editor.api("POST", "/bulletins", {
            mark: [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join(""),
            unit_id,
            title,
            category: "policy",
            areas: [unit_id],
            texts: [{ language: "vi", channel: "sound", title: "", text: TEXT, media: media.items[0].media }],
        });
        await editor.api("POST", `/bulletins/${body.id}/submit`, { revision: body.revision });
        return body.id;
    };
    const [taken, left] = [await bulletin("Phòng cháy rừng"), await bulletin("Giao thông mùa mưa")];
    const approver = await house.enter("approver");
    for (const id of [taken, left]) {
        await approver.open(`/bulletins/${id}`);
        await approver.page.getByRole("button", { name: say("step.approve"), exact: true }).click();
        await approver.page.getByText(say("bulletin.approved"), { exact: true }).first().waitFor();
        await editor.open(`/bulletins/${id}`);
        await editor.page.getByRole("button", { name: say("step.send") }).click();
        await editor.page.locator(".areas-line input").first().check();
        await editor.page.getByRole("button", { name: say("send.go"), exact: true }).click();
        await editor.page.getByRole("heading", { name: say("send.result") }).waitFor();
        await editor.axe("what became of sending");
    }
    await approver.close();
    const phone = await house.enterAs(officer, { size: PHONE, at: "/offers" });
    const { page } = phone;
    const line = (title) => page.locator(".bulletin", { hasText: title });
    await line("Phòng cháy rừng").getByRole("button", { name: say("inbox_offers.read") }).tap();
    await page.getByRole("dialog").getByText(TEXT).waitFor();
    await phone.axe("what was sent down");
    await page.getByRole("dialog").getByRole("button", { name: say("action.close") }).first().tap();
    await line("Phòng cháy rừng").getByRole("button", { name: say("inbox_offers.take") }).tap();
    await page.locator(".place").first().waitFor();
    await page.getByRole("dialog").getByRole("button", { name: say("inbox_offers.take_go") }).tap();
    await page.getByText(say("inbox_offers.taken")).waitFor();
    await line("Giao thông mùa mưa").getByRole("button", { name: say("inbox_offers.decline") }).tap();
    await page.getByLabel(say("reason.label"), { exact: true }).fill("Xã đã có tin riêng.");
    await page.getByRole("dialog").getByRole("button", { name: say("reason.decline_go") }).tap();
    await page.getByText(say("inbox_offers.declined")).waitFor();
    await phone.close();
    await editor.close();
});
