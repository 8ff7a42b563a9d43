// Warnings of others (CAP): a source is made and trusted step by step, a
// message is handed in and read, used by hand or left, and an exercise stays
// in the world of drills.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { clipMake, holdDown, houseOpen, PHONE, speakersStart, until } from "./house.mjs";
import { say } from "./words.mjs";

const SPEAKERS = 4;
const SOURCE = "Đài khí tượng thử"; // added by the first test; the invented province has others
const HEADLINE = "Lũ quét trên suối thử";
let house;
let code;
before(async () => {
    house = await houseOpen();
    const admin = await house.enter("province_admin");
    speakersStart(house, { devices: SPEAKERS });
    const { items } = await until(admin, "/devices?limit=10", (body) => body.items.length === SPEAKERS, "speakers are there");
    await until(admin, "/devices/summary", ({ states }) => states.alive === SPEAKERS, "every speaker is alive");
    await clipMake(admin);
    const { body } = await admin.api("GET", `/units/${items[0].unit.id}`);
    code = [...body.ancestors, body.unit].find(({ tier }) => tier === "commune").code;
    await admin.close();
});
after(() => house.close());

function messageOf(identifier, status = "Actual") {
    const sent = new Date(Date.now() - 60_000).toISOString().replace(/\.\d+Z$/, "-00:00");
    return `<?xml version="1.0" encoding="UTF-8"?>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
<identifier>${identifier}</identifier><sender>canhbao@kttv.example</sender><sent>${sent}</sent><status>${status}</status>
<msgType>Alert</msgType><scope>Public</scope>
<info><language>vi-VN</language><category>Met</category><event>Lũ quét</event><urgency>Immediate</urgency>
<severity>Severe</severity><certainty>Observed</certainty>
<headline>${HEADLINE}</headline><description>Nước đang lên nhanh.</description>
<instruction>Bà con lên chỗ cao.</instruction>
<area><areaDesc>Vùng thử</areaDesc><geocode><valueName>VN-DVHC</valueName><value>${code}</value></geocode></area>
</info></alert>`;
}

async function handIn(visitor, xml) {
    const { page } = visitor;
    await visitor.open("/warnings");
    await page.getByRole("button", { name: say("cap.send"), exact: true }).click();
    const dialog = page.getByRole("dialog", { name: say("cap.send") });
    await dialog.getByLabel(say("cap.source"), { exact: true }).selectOption({ label: SOURCE });
    await dialog.locator("input[type=file]").setInputFiles({ name: "tin.xml", mimeType: "text/xml", buffer: Buffer.from(xml) });
    await dialog.getByRole("button", { name: say("cap.send_go"), exact: true }).click();
    await page.waitForURL(/\/warnings\/\d+$/);
    await page.locator(".last-sentence").waitFor();
}

test("warnings: a source is added with what is done with its messages", async () => {
    const visitor = await house.enter("province_admin", { at: "/warnings/sources" });
    const { page } = visitor;
    await page.getByRole("button", { name: say("cap_sources.new") }).click();
    const form = page.getByRole("dialog", { name: say("cap_sources.new") });
    await form.getByLabel(say("cap_sources.name"), { exact: true }).fill(SOURCE);
    await form.getByLabel(say("cap_sources.codes"), { exact: false }).fill("VN-DVHC");
    await form.getByRole("radio", { name: say("cap_policy.ask") }).check();
    await visitor.axe("a source of warnings");
    await form.getByRole("button", { name: say("action.save") }).click();
    await form.waitFor({ state: "detached" });
    await page.getByText(SOURCE).first().waitFor();
    await visitor.axe("sources of warnings");
    await visitor.close();
});

test("warnings: a message is handed in, read, and used with the same last look", async () => {
    const visitor = await house.enter("province_admin");
    const { page } = visitor;
    await handIn(visitor, messageOf("THU-1"));
    const said = await page.locator("main").textContent();
    assert.ok(said.includes(HEADLINE) && said.includes("Bà con lên chỗ cao.") && said.includes(say("cap_signature.none")));
    assert.equal(await page.locator(".last-word").textContent(), say("alarm.last"));
    await page.locator(".map-points").waitFor();
    await visitor.axe("a warning");
    await holdDown(page, page.locator(".hold-button"));
    await page.waitForURL(/\/alarms\/\d+$/);
    await page.getByRole("heading", { level: 1, name: HEADLINE }).waitFor();
    await visitor.open("/warnings");
    await page.locator(".cap-line .badge", { hasText: say("cap_state.used") }).waitFor();
    await visitor.axe("the inbox of warnings");
    await visitor.close();
});

test("warnings: one that does not concern us is left with a reason", async () => {
    const visitor = await house.enter("province_admin", { size: PHONE });
    const { page } = visitor;
    await handIn(visitor, messageOf("THU-2"));
    await page.getByRole("button", { name: say("cap.dismiss"), exact: true }).click();
    await page.locator("dialog").getByRole("button", { name: say("cap.dismiss"), exact: true }).click();
    await page.locator(".page-title .badge", { hasText: say("cap_state.dismissed") }).waitFor();
    await visitor.close();
});

test("warnings: an exercise is shown as a drill and becomes nothing else", async () => {
    const visitor = await house.enter("province_admin");
    const { page } = visitor;
    await handIn(visitor, messageOf("THU-3", "Exercise"));
    await page.locator(".drill-band").waitFor();
    assert.equal(await page.locator(".last-word").textContent(), say("drill.last"));
    await holdDown(page, page.locator(".hold-button"));
    await page.waitForURL(/\/drills\/\d+$/);
    await page.locator(".drill-band").waitFor();
    await visitor.close();
});

test("warnings: what is no message is refused with a sentence, and nothing is kept", async () => {
    const visitor = await house.enter("province_admin", { at: "/warnings" });
    const { page } = visitor;
    visitor.expect.push(/cap\/messages/);
    await page.getByRole("button", { name: say("cap.send"), exact: true }).click();
    const dialog = page.getByRole("dialog", { name: say("cap.send") });
    const bomb = '<!DOCTYPE a [<!ENTITY b "bbbb">]><alert>&b;</alert>';
    await dialog.locator("input[type=file]").setInputFiles({ name: "tin.xml", mimeType: "text/xml", buffer: Buffer.from(bomb) });
    await dialog.getByRole("button", { name: say("cap.send_go"), exact: true }).click();
    await dialog.locator(".notice-danger").waitFor();
    await visitor.close();
});
