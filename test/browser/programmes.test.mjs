// Programmes in the browser: the day and the week, a new programme, what a
// pole will play and why, the rules, and what was played.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { houseOpen, settled, speakersStart, until } from "./house.mjs";
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

test("programmes: the day and the week show what stands in them", async () => {
    const visitor = await house.enter("province_admin", { at: "/programmes" });
    const { page } = visitor;
    await page.locator(".plan-line").first().waitFor();
    await page.getByRole("button", { name: say("programmes.as_week") }).click();
    await page.waitForURL(/view=week/);
    await page.locator(".week-block").first().waitFor();
    assert.equal(await page.locator(".week-day").count(), 7);
    await page.getByRole("button", { name: say("plan.day_after") }).click();
    await page.waitForURL(/day=\d{4}-\d\d-\d\d/);
    await settled(page);
    await visitor.axe("the week");
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
    const line = page.locator(".plan-line", { hasText: "Phổ biến pháp luật" });
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
