// Programmes in the browser: the day and the week, a new programme, what a
// pole will play and why, the rules, and what was played.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { houseOpen, PHONE, settled, speakersStart, until } from "./house.mjs";
import { say } from "./words.mjs";

let house;
let device;
before(async () => {
    house = await houseOpen();
    const admin = await house.enter("province_admin");
    speakersStart(house, { devices: 2 });
    const { items } = await until(admin, "/devices?limit=10", (body) => body.items.length === 2, "two speakers are there");
    device = items[0];
    await admin.close();
});
after(() => house.close());

test("programmes: the week and the day show what stands in them, and how much is used", async () => {
    const visitor = await house.enter("province_admin", { at: "/programmes" });
    const { page } = visitor;
    await page.locator(".planner-block").first().waitFor();
    assert.equal(await page.locator(".planner-column").count(), 7);
    assert.equal(await page.locator(".planner-head .day-quota").count(), 7);
    await visitor.axe("the week");
    await page.getByRole("button", { name: say("programmes.as_day") }).click();
    await page.waitForURL(/view=day/);
    await page.locator(".planner-day").waitFor();
    await page.getByRole("button", { name: say("plan.day_after") }).click();
    await page.waitForURL(/day=\d{4}-\d\d-\d\d/);
    await settled(page);
    await visitor.close();
});

/** A programme of one day, a week ahead, so that nothing of it is past. */
async function onceMake(visitor, name, start) {
    const day = new Date(Date.now() + 7 * 86_400_000 + 7 * 3_600_000).toISOString().slice(0, 10);
    const next = new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);
    const { body: session } = await visitor.api("GET", "/session");
    const { body: media } = await visitor.api("GET", "/media?limit=1");
    const when = { cadence: "once", every: 1, from: day, to: next, weekdays: [1, 2, 3, 4, 5, 6, 7], months: [], month_day: null, nth: null, holidays: "as_usual", added: [], removed: [] };
    const items = [{ on: null, position: 0, language: "vi", media: media.items[0].media }];
    const { status, body } = await visitor.api("POST", "/programmes", { unit_id: session.account.unit.id, name, kind: "items", class: "priority", when, start, items });
    assert.equal(status, 201, JSON.stringify(body));
    return { id: body.id, day };
}

function startOf(visitor, id, start) {
    return until(visitor, `/programmes/${id}`, (body) => body.start.startsWith(start), `programme ${id} starts at ${start}`);
}

test("programmes: a block is dragged to another hour, and the move undone", async () => {
    const visitor = await house.enter("province_admin");
    const { page } = visitor;
    const { id, day } = await onceMake(visitor, "Tin kéo thả", "09:00");
    await visitor.open(`/programmes?day=${day}&view=day`);
    const block = page.locator(".planner-block button", { hasText: "Tin kéo thả" });
    const from = await block.boundingBox();
    const to = await page.locator(".planner-track").boundingBox();
    await page.mouse.move(from.x + 30, from.y + 5);
    await page.mouse.down();
    await page.mouse.move(from.x + 30, from.y + 45, { steps: 4 });
    await page.locator(".planner-ghost").waitFor();
    assert.ok(to.y < from.y);
    await page.mouse.up();
    const which = page.getByRole("dialog", { name: say("which.title", { name: "Tin kéo thả" }) });
    await visitor.axe("which days are moved");
    await which.getByRole("button", { name: say("card.move_go"), exact: true }).click();
    await which.waitFor({ state: "detached" });
    const moved = await until(visitor, `/programmes/${id}`, (body) => !body.start.startsWith("09:00"), "it was moved");
    assert.match(moved.start, /^09:[2-4]/);
    await page.getByRole("button", { name: say("action.undo") }).click();
    await startOf(visitor, id, "09:00");
    await visitor.close();
});

test("programmes: the keys move a block as the pointer does", async () => {
    const visitor = await house.enter("province_admin");
    const { page } = visitor;
    const { id, day } = await onceMake(visitor, "Tin bàn phím", "10:00");
    await visitor.open(`/programmes?day=${day}&view=day`);
    await page.locator(".planner-block button", { hasText: "Tin bàn phím" }).focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    await page.locator(".planner-ghost", { hasText: "10:10" }).waitFor();
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").getByRole("button", { name: say("card.move_go"), exact: true }).click();
    await startOf(visitor, id, "10:10");
    await visitor.close();
});

test("programmes: on a phone a form moves it, and its sound is heard first", async () => {
    const visitor = await house.enter("province_admin", { size: PHONE });
    const { page } = visitor;
    const { id, day } = await onceMake(visitor, "Tin điện thoại", "14:00");
    await visitor.open(`/programmes?day=${day}`);
    await page.locator(".plan-press", { hasText: "Tin điện thoại" }).click();
    const card = page.getByRole("dialog", { name: "Tin điện thoại" });
    await card.locator(".hear-list button").first().click();
    await card.locator(".hear-now").waitFor();
    await visitor.axe("a programme's card");
    await card.getByLabel(say("programmes.start"), { exact: true }).fill("14:30");
    await card.getByRole("button", { name: say("card.move_go"), exact: true }).click();
    await startOf(visitor, id, "14:30");
    await visitor.close();
});

test("programmes: one day of many is moved, the others stay", async () => {
    const visitor = await house.enter("province_admin");
    const { page } = visitor;
    const { body } = await visitor.api("GET", "/programmes?limit=100");
    const daily = body.items.find(({ when }) => when.cadence === "daily" && when.removed.length === 0);
    const day = new Date(Date.now() + 8 * 86_400_000 + 7 * 3_600_000).toISOString().slice(0, 10);
    await visitor.open(`/programmes?day=${day}&view=day&unit=${daily.unit.id}`);
    await page.locator(".planner-block button", { hasText: daily.name }).first().click();
    const card = page.getByRole("dialog", { name: daily.name });
    await card.getByLabel(say("programmes.start"), { exact: true }).fill("15:05");
    await card.getByRole("button", { name: say("card.move_once"), exact: true }).click();
    await card.waitFor({ state: "detached" });
    const { body: rest } = await visitor.api("GET", `/programmes/${daily.id}`);
    assert.deepEqual(rest.when.removed, [day]);
    assert.equal(rest.start, daily.start);
    await page.locator(".planner-block button", { hasText: "15:05" }).waitFor();
    await page.getByRole("button", { name: say("action.undo") }).click();
    await until(visitor, `/programmes/${daily.id}`, ({ when }) => when.removed.length === 0, "the day is back");
    await visitor.close();
});

const CALENDAR = [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//test//vi",
    "BEGIN:VEVENT",
    "UID:hop-dan@test",
    "DTSTAMP:20260101T000000Z",
    "DTSTART;TZID=Asia/Ho_Chi_Minh:20270105T190000",
    "DURATION:PT20M",
    "SUMMARY:Họp dân",
    "END:VEVENT",
    "END:VCALENDAR",
    "",
].join("\r\n");

test("programmes: a calendar is looked at first and taken in then; a week is copied", async () => {
    const visitor = await house.enter("province_admin", { at: "/programmes?day=2027-01-05" });
    const { page } = visitor;
    const tool = async (key) => {
        await page.getByRole("button", { name: say("desk.tools") }).click();
        await page.getByRole("dialog").getByRole("button", { name: say(key) }).click();
        return page.getByRole("dialog", { name: say(key) });
    };
    const calendar = await tool("calendar.title");
    await calendar.locator("input[type=file]").setInputFiles({ name: "lich.ics", mimeType: "text/calendar", buffer: Buffer.from(CALENDAR) });
    await calendar.getByText("Họp dân").waitFor();
    await visitor.axe("a calendar that is read");
    await calendar.getByRole("button", { name: say("calendar.go", { n: 1 }) }).click();
    await calendar.waitFor({ state: "detached" });
    await page.locator(".planner-block button", { hasText: "Họp dân" }).waitFor();
    const copy = await tool("copy_week.title");
    await copy.getByRole("button", { name: say("copy_week.go", { n: 1 }) }).click();
    await page.waitForURL(/day=2027-01-11/);
    await page.locator(".planner-block button", { hasText: "Họp dân" }).waitFor();
    await visitor.close();
});

test("programmes: a pole group shows what will really sound, and why", async () => {
    const visitor = await house.enter("province_admin");
    const { page } = visitor;
    await visitor.open(`/programmes?group=${device.cluster.id}`);
    await page.locator(".planner-block").first().click();
    await page.getByRole("dialog").locator(".badges").waitFor();
    await visitor.axe("what a pole group plays");
    await visitor.close();
});

test("programmes: a new one is written, and sounds at the pole on its day", async () => {
    const visitor = await house.enter("province_admin", { at: "/programmes/new" });
    const { page } = visitor;
    await page.getByLabel(say("programmes.name"), { exact: true }).fill("Phổ biến pháp luật");
    await page.getByLabel(say("programmes.class"), { exact: true }).selectOption("priority");
    await page.getByLabel(say("items.choose")).selectOption({ index: 1 });
    await page.getByRole("button", { name: say("items.add"), exact: true }).click();
    await page.getByLabel(say("programmes.start"), { exact: true }).fill("9:15");
    await visitor.axe("writing a programme");
    await page.getByRole("button", { name: say("action.save") }).click();
    await page.waitForURL(/\/programmes\?day=/);
    const line = page.locator(".planner-block", { hasText: "Phổ biến pháp luật" }).first();
    await line.waitFor();
    assert.match(await line.textContent(), /09:15/);
    const { body } = await visitor.api("GET", "/programmes?limit=100");
    const made = body.items.find(({ name }) => name === "Phổ biến pháp luật");
    assert.equal(made.class, "priority");
    const tomorrow = new Date(Date.now() + 86_400_000 + 7 * 3_600_000).toISOString().slice(0, 10);
    await visitor.open(`/programmes/preview?device=${device.id}&day=${tomorrow}`);
    await page.locator(".plan-line", { hasText: "09:15" }).waitFor();
    await visitor.axe("what a pole plays");
    await visitor.close();
});

test("programmes: a time that is none is said at its field", async () => {
    const visitor = await house.enter("province_admin", { at: "/programmes/new" });
    const { page } = visitor;
    await page.getByLabel(say("programmes.name"), { exact: true }).fill("Sai giờ");
    await page.getByLabel(say("programmes.start"), { exact: true }).fill("25:00");
    await page.getByText(say("form.not_a_time")).waitFor();
    assert.ok(await page.getByRole("button", { name: say("action.save") }).isDisabled());
    await visitor.close();
});

test("rules: one is added and can be read as a sentence", async () => {
    const visitor = await house.enter("province_admin", { at: "/rules" });
    const { page } = visitor;
    await page.getByRole("button", { name: say("rules.new") }).click();
    const dialog = page.getByRole("dialog", { name: say("rules.new") });
    await dialog.getByLabel(say("rules.name"), { exact: true }).fill("Quyết định 12/QĐ-UBND");
    await dialog.getByLabel(say("rules.session")).fill("60");
    await visitor.axe("a rule");
    await dialog.getByRole("button", { name: say("action.save") }).click();
    await dialog.waitFor({ state: "detached" });
    await page.getByText(say("rule.session", { n: 60 })).waitFor();
    await visitor.close();
});

test("rules: holidays and signals are data of the unit", async () => {
    const visitor = await house.enter("province_admin", { at: "/rules" });
    const { page } = visitor;
    await page.getByLabel(say("days_off.name"), { exact: true }).fill("Ngày hội thử nghiệm");
    await page.locator(".day-off").getByRole("button", { name: say("items.add"), exact: true }).click();
    await page.locator(".line", { hasText: "Ngày hội thử nghiệm" }).waitFor();
    const opening = page.getByLabel(say("sounds.opening"), { exact: true });
    await opening.locator("option").nth(1).waitFor({ state: "attached" });
    await opening.selectOption({ index: 1 });
    await page.getByText(say("sounds.saved")).waitFor();
    await page.getByRole("button", { name: say("days_off.remove", { name: "Ngày hội thử nghiệm" }) }).click();
    await page.locator(".line", { hasText: "Ngày hội thử nghiệm" }).waitFor({ state: "detached" });
    await visitor.close();
});

test("plays: the filters stand in the address", async () => {
    const visitor = await house.enter("province_admin", { at: "/plays" });
    const { page } = visitor;
    await page.getByLabel(say("plays.outcome")).selectOption("not_played");
    await page.waitForURL(/outcome=not_played/);
    await settled(page);
    await page.reload();
    await settled(page);
    assert.equal(await page.getByLabel(say("plays.outcome")).inputValue(), "not_played");
    await visitor.close();
});
