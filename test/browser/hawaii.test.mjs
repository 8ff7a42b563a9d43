// What went wrong in Hawaii on 13 January 2018, asked of the real pages: one
// person, a test and an alert that looked alike, a prompt that named nothing,
// and no way back prepared. Each rule is a test of its own.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { accountMake, clipMake, holdDown, houseOpen, PHONE, speakersStart, until } from "./house.mjs";
import { say } from "./words.mjs";

const SPEAKERS = 3;
const TEXT = "Nước lũ thử nghiệm đang lên. Bà con rời chỗ thấp ngay.";
let house;
let second;
before(async () => {
    house = await houseOpen({ settings: [`alarm_second_devices=${SPEAKERS}`] });
    const admin = await house.enter("province_admin");
    speakersStart(house, { devices: SPEAKERS });
    await until(admin, "/devices/summary", ({ states }) => states.alive === SPEAKERS, "every speaker is alive");
    await clipMake(admin);
    second = await accountMake(admin, { role: "approver", name: "Người Duyệt" });
    await admin.close();
});
after(() => house.close());

function button(where, key, values) {
    return where.getByRole("button", { name: say(key, values), exact: true });
}

/** From the first step to the last page; answers where it would sound. */
async function toLastPage(page, title) {
    await page.locator(".hazard").first().click();
    await page.getByLabel(say("alarm.clip"), { exact: true }).selectOption({ index: 1 });
    await page.getByLabel(say("alarm.title"), { exact: true }).fill(title);
    await page.getByLabel(say("alarm.text"), { exact: true }).fill(TEXT);
    await page.locator(".areas-line input").first().check();
    await page.locator(".alarm-effect-first").first().waitFor();
    await button(page, "compose.to_last").click();
    await page.locator(".last-sentence").waitFor();
    return page.locator(".last-areas").textContent();
}

/** Every request that could make something sound. */
function listen(page) {
    const asked = [];
    page.on("request", (request) => {
        const { pathname } = new URL(request.url());
        if (request.method() === "POST" && /^\/api\/v1\/(alarms|drills|all-stop|cap)/.test(pathname) && !pathname.endsWith("/seen")) {
            asked.push({ pathname, preview: request.postDataJSON()?.preview === true });
        }
    });
    return asked;
}

test("hawaii: the last prompt names the area, the number of speakers and every word", async () => {
    const visitor = await house.enter("province_admin", { at: "/alarms/new" });
    const { page } = visitor;
    const area = await toLastPage(page, "Lũ thử");
    const said = await page.locator(".last").textContent();
    assert.ok(area.length > 3 && said.includes(area), "the area by its name");
    assert.match(await page.locator(".last-sentence").textContent(), new RegExp(`\\b${SPEAKERS} loa`), "the number of speakers");
    assert.ok(said.includes(TEXT), "the whole text");
    assert.ok(said.includes(say("alarm.last")), "that it is real");
    await page.locator(".last .map-points").waitFor();
    await visitor.axe("the last page");
    await visitor.close();
});

test("hawaii: a press that slips sends nothing", async () => {
    const visitor = await house.enter("province_admin", { at: "/alarms/new", size: PHONE });
    const { page } = visitor;
    await toLastPage(page, "Không được gửi");
    const asked = listen(page);
    const send = button(page, "alarm.ask_second");
    await send.click();
    await page.getByText(say("hold.longer")).waitFor();
    await send.press("Enter");
    await page.getByText(say("hold.longer")).waitFor();
    assert.deepEqual(asked.filter(({ preview }) => !preview), [], "nothing was sent");
    const { body } = await visitor.api("GET", "/alarms");
    assert.ok(body.items.every(({ title }) => title !== "Không được gửi"));
    await visitor.close();
});

test("hawaii: it takes two persons, and the cancel was ready before the send", async () => {
    const visitor = await house.enter("province_admin", { at: "/alarms/new" });
    const { page } = visitor;
    await toLastPage(page, "Lũ hai người");
    const ready = await page.locator(".prepared").textContent();
    assert.ok(ready.includes(say("prepared.cancel")) && ready.includes(say("prepared.correction")), "both ways back are there");
    assert.ok((await page.locator(".prepared-one p").allTextContents()).every((text) => text.trim() !== ""), "with their words");
    await holdDown(page, button(page, "alarm.ask_second"));
    await page.waitForURL(/\/alarms\/\d+$/);
    const where = new URL(page.url()).pathname;
    await page.locator(".last-effect").waitFor();
    assert.equal(await page.locator(".hold-button").count(), 0, "the first person has no button");
    visitor.expect.push(/403|409/);
    const { status } = await visitor.api("POST", `${where}/confirm`, {});
    assert.ok(status === 403 || status === 409, `the server refuses the first person as well: ${status}`);
    const before = await visitor.api("GET", where);
    assert.equal(before.body.alarm.coverage, null, "nothing was sent");

    const other = await house.enterAs(second, { at: where, size: PHONE });
    const seen = await other.page.locator(".last").textContent();
    assert.ok(seen.includes(TEXT) && seen.includes(say("alarm.last")), "the second person reads the same");
    assert.match(await other.page.locator(".last-sentence").textContent(), new RegExp(`\\b${SPEAKERS} loa`));
    await other.axe("the second person's page");
    await holdDown(other.page, button(other.page, "alarm.confirm", { n: SPEAKERS }));
    await page.waitForFunction((all) => document.querySelector(".coverage-figure")?.textContent === `${all}/${all}`, SPEAKERS);
    await wayBack(page);
    const report = await visitor.api("GET", `${where}/seen`);
    const what = report.body.items.map((one) => one.what);
    assert.ok(what.includes("effect") && what.includes("confirm"), `who saw what is written down: ${what}`);
    await other.close();
    await visitor.close();
});

/** The prepared correction, then the prepared end: two presses each. */
async function wayBack(page) {
    await button(page, "alarm.correct").click();
    await button(page.locator("dialog"), "alarm.correct_go").click();
    await page.waitForURL((url) => /\/alarms\/\d+$/.test(url.pathname));
    await page.locator(".page-title .badge", { hasText: say("alarm_state.in_force") }).waitFor();
    await button(page, "alarm.end").click();
    await button(page.locator("dialog"), "alarm.end").click();
    await page.locator(".page-title .badge", { hasText: say("alarm_state.cancelled") }).waitFor();
}

test("hawaii: a drill lives elsewhere and cannot reach the live path", async () => {
    const visitor = await house.enter("province_admin", { at: "/drills/new" });
    const { page } = visitor;
    const asked = listen(page);
    await toLastPage(page, "Diễn tập thử");
    assert.equal(await page.locator(".last-word").textContent(), say("drill.last"));
    assert.equal(await page.locator("main a[href^='/alarms'], main [href*='alarms/new']").count(), 0, "no way from here to the real one");
    await holdDown(page, page.locator(".hold-button"));
    await page.waitForURL(/\/drills\/\d+$/);
    const real = asked.filter(({ pathname }) => !pathname.startsWith("/api/v1/drills"));
    assert.deepEqual(real, [], "no request of the drill's pages goes to the live route");
    const id = Number(/\d+$/.exec(page.url()));
    const { body } = await visitor.api("GET", `/alarms/${id}`);
    assert.equal(body.alarm.kind, "drill");
    await page.locator(".drill-band").waitFor();
    await visitor.open(`/alarms/${id}`);
    await page.waitForURL(`**/drills/${id}`);
    await visitor.close();
});

test("hawaii: an update of a drill is a drill, whatever it is called", async () => {
    const visitor = await house.enter("province_admin", { at: "/drills" });
    const { body } = await visitor.api("GET", "/alarms?kind=drill");
    const [drill] = body.items;
    const { title, text, areas, signal, clip, times } = drill;
    visitor.expect.push(/400|403|409/);
    const made = await visitor.api("POST", `/alarms/${drill.id}/update`, {
        mark: "0123456789abcdef0123456789abcdef",
        unit_id: drill.unit.id,
        areas: areas.map((one) => one.id),
        title: `Thật: ${title}`,
        text,
        signal,
        clip,
        times,
        valid_s: 600,
        hazard: "flood",
    });
    assert.ok(made.status >= 400 || made.body.alarm.kind === "drill", JSON.stringify(made.body));
    const { body: after } = await visitor.api("GET", "/alarms");
    assert.ok(after.items.every((one) => one.kind !== "alarm" || !one.title.startsWith("Thật:")), "no alarm came of it");
    await visitor.close();
});

test("hawaii: everything is stopped in two presses, from wherever one is", async () => {
    const visitor = await house.enter("province_admin", { size: PHONE });
    const { page } = visitor;
    for (const where of ["/", "/alarms/new", "/drills/new", "/programmes", "/speakers", "/units", "/me", "/khong-co"]) {
        await visitor.open(where);
        await page.locator(".stop-button:visible").click();
        await button(page.locator("dialog"), "stop.go").waitFor();
        await page.keyboard.press("Escape");
    }
    await visitor.close();
});
