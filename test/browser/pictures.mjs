// Takes the pictures of the README: the real server with the invented
// province, a real browser, the same people and the same work every time;
// only the hour is that of the run. Run it after a change of the console's face:
//
//     LOA_SERVER=build/debug/bin/loa-server node test/browser/pictures.mjs [studio]
//
// A word takes only the pictures of that room.
//
// Colours are reduced by ImageMagick where it is installed, so that a picture
// stays below its limit; without it a picture that is too big is refused.

import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import {
    DESKTOP,
    PHONE,
    accountMake,
    holdDown,
    houseOpen,
    poleStart,
    reformedCommune,
    settled,
    speakersStart,
    until,
} from "./house.mjs";
import { voiceSamples, voiceWrite } from "./voice.mjs";
import { say } from "./words.mjs";

const folder = path.join(path.dirname(fileURLToPath(import.meta.url)), "../../docs/pictures");
const BIGGEST = 200 * 1024;
const COLOURS = 128;

/** A picture twice as sharp on a phone, where it is small. */
async function take(visitor, name) {
    const { page } = visitor;
    await settled(page);
    await page.evaluate(() => document.fonts.ready);
    await page.evaluate(() => document.activeElement?.blur());
    await page.mouse.move(0, 0);
    const file = path.join(folder, `${name}.png`);
    await writeFile(file, await page.screenshot({ animations: "disabled", caret: "hide" }));
    await fewerColours(file);
    const { length } = await readFile(file);
    if (length > BIGGEST) {
        throw new Error(`${name}.png has ${length} bytes, more than ${BIGGEST}`);
    }
    console.log(`${name}.png ${(length / 1024).toFixed(0)} KiB`);
}

async function fewerColours(file) {
    const small = `${file}.small`;
    const how = ["+dither", "-colors", String(COLOURS), "-strip", "-define", "png:compression-level=9"];
    try {
        await promisify(execFile)("convert", [file, ...how, `png:${small}`]);
        await writeFile(file, await readFile(small));
    } catch (cause) {
        if (cause.code !== "ENOENT") {
            throw cause;
        }
    } finally {
        await rm(small, { force: true });
    }
}

/** A commune of several parts, one of them with a declared share. */
async function partedCommune(visitor) {
    const { root } = await reformedCommune(visitor);
    const { body } = await visitor.api("GET", `/units?parent=${root.id}&limit=200`);
    for (const unit of body.items) {
        const { body: card } = await visitor.api("GET", `/units/${unit.id}`);
        const shares = card.predecessors.filter((kin) => kin.relation === "part" && kin.share_declared);
        if (shares.length > 0 && card.predecessors.length >= 3) {
            return card.unit;
        }
    }
    throw new Error("the demo province has a commune with a declared share");
}

/** A few days of work, so that the log has something to tell. */
async function work(admin) {
    const { root, card } = await reformedCommune(admin);
    const account = await accountMake(admin, {
        login: "ha.thi.sen",
        name: "Hà Thị Sen",
        role: "commune_officer",
        unit_id: card.unit.id,
    });
    await admin.api("PATCH", `/accounts/${account.id}`, { phone: "0912 345 678", email: "sen@lamgiang.example" });
    await admin.api("POST", `/accounts/${account.id}/roles`, { role: "editor", unit_id: card.unit.id, from: null, to: null });
    await admin.api("PUT", "/settings/idle_lock", { value: 1200 });
    await admin.api("POST", "/reforms", {
        title: "Đổi tên sau lấy ý kiến nhân dân",
        decree: "15/NQ-HĐND",
        on: "2030-01-01",
        steps: [{ op: "rename", unit_id: card.unit.id, name: "Phường Đồi Sim Mới" }],
    });
    return { root, account };
}

const SPEAKERS = 20;
/** The trial of the demo comes back every two minutes. */
const TRIAL_MS = 150_000;

/** Every pole of the demo stands: one real agent, whose sound can be heard, and pretended ones. */
async function polesStand(house, admin) {
    const real = await poleStart(house, "LOA-DEMO-01");
    await until(admin, "/devices/summary", ({ states }) => states.alive === 1, "the pole is alive");
    speakersStart(house, { devices: SPEAKERS });
    await until(admin, "/devices/summary", ({ states }) => states.alive === SPEAKERS, "every speaker is alive");
    const { body } = await admin.api("GET", "/devices?q=Nhà+văn+hóa");
    return { real, pole: body.items[0] };
}

async function fleetPictures(house) {
    const admin = await house.enter("province_admin");
    const { real, pole } = await polesStand(house, admin);
    await admin.open("/speakers?view=map");
    await admin.page.locator(".map-points").waitFor();
    await take(admin, "speakers-desktop");
    await playingPicture(house, admin, pole.id);
    await soundingPictures(house, admin, real, pole);
    await admin.close();
}

/** What sounds: planned, live, and in an emergency. */
async function soundingPictures(house, admin, real, pole) {
    await deskPicture(admin, pole);
    await livePicture(house);
    // One that cannot be reached: the count of an alarm must be honest about it.
    await real.end();
    await alarmPictures(house, admin);
}

async function airPictures(house) {
    const admin = await house.enter("province_admin");
    const { real, pole } = await polesStand(house, admin);
    await soundingPictures(house, admin, real, pole);
    await admin.close();
}

async function deskPicture(admin, pole) {
    const week = new Date(Date.now() + 7 * 86_400_000).toISOString().slice(0, 10);
    await admin.open(`/programmes?view=week&day=${week}&unit=${pole.unit.id}`);
    await admin.page.locator(".planner-block").first().waitFor();
    await admin.page.locator(".planner-head .day-quota").first().waitFor();
    await take(admin, "programmes-desktop");
}

/** Somebody speaks, and it is heard. */
async function livePicture(house) {
    const phone = await house.enter("province_admin", { size: PHONE, at: "/lives/new" });
    const { page } = phone;
    await page.getByLabel(say("live.title"), { exact: true }).fill("Họp dân tổ 3");
    await page.getByLabel(say("programmes.class"), { exact: true }).selectOption("priority");
    await page.getByRole("button", { name: say("live.to_desk") }).click();
    await page.getByRole("button", { name: say("live.open"), exact: true }).click();
    await page.locator(".talk:enabled").dispatchEvent("click");
    await page.waitForFunction(() => document.querySelector(".live-facts dd")?.textContent !== "–");
    await take(phone, "live-phone");
    await page.getByRole("button", { name: say("live.end"), exact: true }).click();
    await page.locator(".page-title .badge", { hasText: say("live_state.ended") }).waitFor();
    await phone.close();
}

/** A pole while it plays, with somebody who listens. */
async function playingPicture(house, admin, id) {
    const phone = await house.enter("province_admin", { size: PHONE, at: `/speakers/${id}` });
    const { page } = phone;
    await page.getByRole("button", { name: say("listen.go") }).click();
    const plays = ({ status }) => (status?.playing?.ms ?? 0) > 5_000;
    const { status } = await until(admin, `/devices/${id}`, plays, "the pole plays", TRIAL_MS);
    await page.locator(".now-title", { hasText: status.playing.title }).waitFor();
    await page.locator(".listen-heard").waitFor();
    await take(phone, "device-phone");
    await phone.close();
}

/** A prepared template for the whole province, up to its last page. */
async function lastPage(page) {
    await page.locator(".hazard", { hasText: say("hazard.flood") }).click();
    await page.locator(".areas-line input").first().check();
    await page.locator(".alarm-effect-first").waitFor();
    await page.getByRole("button", { name: say("compose.to_last"), exact: true }).click();
    await page.locator(".last .map-points").waitFor();
}

async function alarmPictures(house, admin) {
    const light = await house.enter("province_admin", { at: "/alarms/new" });
    await lastPage(light.page);
    await take(light, "last-desktop");
    await light.close();
    const dark = await house.enter("province_admin", { look: "dark", at: "/alarms/new" });
    const { page } = dark;
    await lastPage(page);
    await holdDown(page, page.locator(".hold-button"));
    await page.locator(".coverage-figure").waitFor();
    const { body } = await admin.api("GET", "/alarms?open=1");
    const [alarm] = body.items;
    await until(admin, `/alarms/${alarm.id}`, (one) => one.alarm.coverage.heard >= SPEAKERS - 1, "nearly all have sounded");
    await page.waitForFunction((heard) => document.querySelector(".coverage-figure")?.textContent.startsWith(heard), String(SPEAKERS - 1));
    await page.locator(".toast .icon-button").click();
    await take(dark, "alarm-desktop-dark");
    const phone = await house.enter("province_admin", { size: PHONE, at: `/alarms/${alarm.id}` });
    await phone.page.locator(".coverage-figure").waitFor();
    await take(phone, "alarm-phone");
    await phone.close();
    await dark.close();
}

async function allPictures(house) {
    const gate = await house.visit({ size: PHONE });
    await gate.open("/");
    await take(gate, "signin-phone");
    await gate.close();

    const admin = await house.enter("province_admin");
    const unit = await partedCommune(admin);
    const { account } = await work(admin);
    await admin.open(`/units/${unit.id}`);
    await take(admin, "units-desktop");
    await admin.open(`/accounts/${account.id}?tab=roles`);
    await take(admin, "account-desktop");
    await admin.close();

    const phone = await house.enter("province_admin", { size: PHONE, at: `/units/${unit.id}` });
    await take(phone, "units-phone");
    await phone.close();

    const dark = await house.enter("province_admin", { size: DESKTOP, look: "dark", at: "/audit" });
    await dark.page.locator(".audit-line", { hasText: "Sửa tài khoản" }).locator("summary").click();
    await take(dark, "audit-desktop-dark");
    await dark.close();
    await fleetPictures(house);
}

const SPOKEN = [
    "Trạm y tế phường tổ chức tiêm phòng cho trẻ em dưới 5 tuổi",
    "vào 7 giờ 30 phút, thứ Bảy ngày 28 tháng 11,",
    "tại nhà văn hóa các tổ dân phố.",
    "",
    "Đề nghị các gia đình đưa trẻ đến đúng giờ, mang theo sổ tiêm chủng.",
].join("\n");

/** An officer records what he wrote; somebody else hears it and approves. */
async function studioPictures(house) {
    const officer = await house.enter("commune_officer", { size: PHONE, at: "/bulletins/new" });
    const { page } = officer;
    await page.getByLabel(say("bulletin.title"), { exact: true }).fill("Lịch tiêm phòng cho trẻ dưới 5 tuổi");
    await page.getByLabel(say("bulletin.category")).selectOption({ label: "Y tế, môi trường, an toàn thực phẩm" });
    await page.getByLabel(say("bulletin.transcript"), { exact: true }).fill(SPOKEN);
    await page.getByRole("button", { name: say("record.go") }).click();
    await page.waitForFunction(() => document.querySelector(".record-time")?.textContent?.includes("0:07"));
    await take(officer, "record-phone");
    await page.getByRole("button", { name: say("record.stop") }).click();
    await page.getByRole("button", { name: say("record.use") }).click();
    await page.locator(".sound-player").waitFor();
    await page.getByRole("button", { name: say("bulletin.submit"), exact: true }).click();
    await page.waitForURL(/bulletins\/\d+$/);
    const approver = await house.enter("approver", { size: PHONE, at: new URL(page.url()).pathname });
    await approver.page.locator(".waveform:not(.waveform-quiet)").waitFor();
    await take(approver, "approve-phone");
    await approver.close();
    await officer.close();
}

const rooms = { studio: studioPictures, air: airPictures };
const room = rooms[process.argv[2]] ?? (async (house) => {
    await allPictures(house);
    await studioPictures(house);
});

await mkdir(folder, { recursive: true });
const voice = path.join(await mkdtemp(path.join(tmpdir(), "loa-voice-")), "voice.wav");
await voiceWrite(voice, voiceSamples(8));
const house = await houseOpen({ microphone: voice });
try {
    await room(house);
} finally {
    await house.close();
    await rm(path.dirname(voice), { recursive: true });
}
