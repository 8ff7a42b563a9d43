// An alarm that reaches far waits for a second person: nothing sounds before,
// and the one who raised it is not that person.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { accountMake, clipMake, holdDown, houseOpen, speakersStart, until } from "./house.mjs";
import { say } from "./words.mjs";

const SPEAKERS = 3;
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

test("second person: an alarm that reaches far sounds when somebody else confirms it", async () => {
    const first = await house.enter("province_admin", { at: "/alarms/new" });
    const { page } = first;
    await page.locator(".hazard-free").click();
    await page.getByLabel(say("alarm.clip"), { exact: true }).selectOption({ index: 1 });
    await page.getByLabel(say("alarm.title"), { exact: true }).fill("Cháy rừng thử");
    await page.locator(".areas-line input").first().check();
    await page.getByText(say("effect.approval")).waitFor();
    await page.getByRole("button", { name: say("compose.to_last"), exact: true }).click();
    await holdDown(page, page.getByRole("button", { name: say("alarm.ask_second"), exact: true }));
    await page.waitForURL(/\/alarms\/\d+$/);
    const where = new URL(page.url()).pathname;
    await page.locator(".page-title .badge", { hasText: say("alarm_state.waiting") }).waitFor();
    assert.equal(await page.locator(".hold-button").count(), 0, "not by the same person");
    const { body } = await first.api("GET", where);
    assert.equal(body.alarm.coverage, null, "nothing was sent");

    const other = await house.enterAs(second);
    await other.page.locator(".on-air-waiting").click();
    await holdDown(other.page, other.page.getByRole("button", { name: say("alarm.confirm", { n: SPEAKERS }), exact: true }));
    await other.page.locator(".page-title .badge", { hasText: say("alarm_state.in_force") }).waitFor();
    await page.waitForFunction((all) => document.querySelector(".coverage-figure")?.textContent === `${all}/${all}`, SPEAKERS);
    await other.close();
    await first.close();
});
