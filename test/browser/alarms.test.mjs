// Emergencies in the browser: what it would do is said before it is done, how
// far it has come counts up by receipts, everything is stopped in two
// presses, and a drill stays a drill.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { clipMake, holdDown, houseOpen, PHONE, speakersStart, until } from "./house.mjs";
import { say } from "./words.mjs";

const SPEAKERS = 5;
let house;
before(async () => {
    house = await houseOpen();
    const admin = await house.enter("province_admin");
    speakersStart(house, { devices: SPEAKERS });
    await until(admin, "/devices/summary", ({ states }) => states.alive === SPEAKERS, "every speaker is alive");
    await clipMake(admin);
    await admin.close();
});
after(() => house.close());

function button(where, key, values) {
    return where.getByRole("button", { name: say(key, values), exact: true });
}

/** Free words with a stored clip for the whole province, up to the last page. */
async function compose(page, title) {
    await page.locator(".hazard-free").click();
    await page.getByLabel(say("alarm.clip"), { exact: true }).selectOption({ index: 1 });
    await page.getByLabel(say("alarm.title"), { exact: true }).fill(title);
    await page.locator(".areas-line input").first().check();
    await page.locator(".alarm-effect-first").first().waitFor();
    await button(page, "compose.to_last").click();
    await page.locator(".last-sentence").waitFor();
}

async function end(page) {
    await button(page, "alarm.end").click();
    const question = page.getByRole("dialog", { name: say("alarm.end_sure") });
    await button(question, "alarm.end").click();
    await page.locator(".page-title .badge", { hasText: say("alarm_state.cancelled") }).waitFor();
}

test("alarms: what it would do is said first, then receipts count up, then it ends", async () => {
    const visitor = await house.enter("province_admin", { at: "/alarms/new" });
    const { page } = visitor;
    await compose(page, "Lũ quét thử nghiệm");
    const said = await page.locator(".last-sentence").textContent();
    assert.ok(said.includes(String(SPEAKERS)), `${said} names ${SPEAKERS} speakers`);
    await visitor.axe("the last look");
    await holdDown(page, button(page, "alarm.go", { n: SPEAKERS }));
    await page.waitForURL(/\/alarms\/\d+$/);
    await page.getByRole("heading", { level: 1, name: "Lũ quét thử nghiệm" }).waitFor();
    await page.waitForFunction(
        (all) => document.querySelector(".coverage-figure")?.textContent === `${all}/${all}`,
        SPEAKERS,
    );
    await visitor.axe("how far it has come");
    await page.locator(".coverage-group").first().click();
    await page.locator(".coverage-lines a").nth(SPEAKERS - 1).waitFor();
    await visitor.open("/");
    await page.locator(".on-air-alarm").click();
    await page.waitForURL(/\/alarms\/\d+$/);
    await end(page);
    await visitor.close();
});

test("alarms: a template's blank is filled, read aloud, and what is read is what is sent", async () => {
    const visitor = await house.enter("province_admin", { at: "/alarms/new" });
    const { page } = visitor;
    await visitor.axe("what it is");
    await page.locator(".hazard").first().click();
    await page.locator(".blanks input").first().waitFor();
    const blanks = await page.locator(".blanks input").all();
    for (const blank of blanks) {
        await blank.fill("suối Mật");
    }
    await page.getByText(say("compose.full_now")).waitFor();
    const text = await page.getByLabel(say("alarm.text"), { exact: true }).inputValue();
    assert.ok(text.includes("suối Mật") && !text.includes("{"));
    await page.getByRole("button", { name: say("tongues.read") }).click();
    await page.locator(".voice-row audio").first().waitFor({ timeout: 60_000 });
    assert.equal(await page.getByText(say("tongues.other")).count(), 0, "it says the text");
    await page.locator(".areas-line input").first().check();
    await page.locator(".alarm-effect-first").waitFor();
    await visitor.axe("words and area");
    await button(page, "compose.to_last").click();
    await page.locator(".heard audio").first().waitFor();
    assert.ok((await page.locator(".heard").textContent()).includes(text));
    await visitor.close();
});

test("alarms: everything is stopped in two presses from any page, and released", async () => {
    const visitor = await house.enter("province_admin", { at: "/settings", size: PHONE });
    const { page } = visitor;
    await page.locator(".stop-button:visible").click();
    const sure = page.locator("dialog");
    await button(sure, "stop.go").click();
    await page.waitForURL(/\/alarms\/\d+$/);
    await page.waitForFunction(
        (all) => document.querySelector(".coverage-figure")?.textContent === `${all}/${all}`,
        SPEAKERS,
    );
    await visitor.open("/units");
    await page.locator(".on-air-stop").click();
    await button(page, "stop.release").click();
    const question = page.getByRole("dialog", { name: say("stop.release_sure") });
    await button(question, "stop.release").click();
    await page.locator(".page-title .badge", { hasText: say("alarm_state.cancelled") }).waitFor();
    await visitor.close();
});

test("drills: a drill has its own page and colour, and no way to become real", async () => {
    const visitor = await house.enter("province_admin", { at: "/drills/new" });
    const { page } = visitor;
    const colour = (selector) => page.locator(selector).evaluate((one) => getComputedStyle(one).backgroundColor);
    await compose(page, "Diễn tập thử");
    await page.locator(".drill-band").waitFor();
    await visitor.axe("giving a drill");
    const drill = await colour(".last-word");
    await holdDown(page, button(page, "drill.go", { n: SPEAKERS }));
    await page.waitForURL(/\/drills\/\d+$/);
    const { pathname } = new URL(page.url());
    await page.locator(".on-air-drill, .drill-band").first().waitFor();
    await visitor.open(pathname.replace("drills", "alarms"));
    await page.waitForURL(`**${pathname}`);
    await page.locator(".drill-band").waitFor();
    await end(page);
    await visitor.open("/alarms/new");
    await compose(page, "Không gửi");
    assert.notEqual(await colour(".last-word"), drill, "an alarm has another colour");
    const { body } = await visitor.api("GET", "/alarms");
    const real = body.items.filter(({ kind, title }) => kind === "alarm" && title === "Diễn tập thử");
    assert.deepEqual(real, [], "the drill raised no alarm");
    await visitor.close();
});

test("alarms: whoever may not raise one sees them and has no button", async () => {
    const visitor = await house.enter("viewer", { at: "/alarms" });
    const { page } = visitor;
    assert.equal(await page.getByRole("link", { name: say("alarm.raise") }).count(), 0);
    assert.equal(await page.locator(".stop-button").count(), 0);
    await visitor.open("/alarms/new");
    await page.getByText(say("forbidden.body")).waitFor();
    await visitor.close();
});
