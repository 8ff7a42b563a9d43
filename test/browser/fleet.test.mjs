// The fleet in the browser: the list, its filters and the map; a new box that
// is compared and accepted; one device, its plan and its sound.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { houseOpen, poleStart, settled, speakersStart, until } from "./house.mjs";
import { say } from "./words.mjs";

const SPEAKERS = 6;
let house;
before(async () => {
    house = await houseOpen();
    const admin = await house.enter("province_admin");
    speakersStart(house, { devices: SPEAKERS });
    await until(admin, "/devices/summary", ({ states }) => states.alive === SPEAKERS, "every speaker is alive");
    await admin.close();
});
after(() => house.close());

function rows(page) {
    return page.locator(".window-row a");
}

async function firstDevice(visitor) {
    const { body } = await visitor.api("GET", "/devices?limit=10");
    return body.items.find((line) => line.live === "alive");
}

test("fleet: the list shows every speaker and its counts are filters", async () => {
    const visitor = await house.enter("province_admin", { at: "/speakers" });
    const { page } = visitor;
    await rows(page).nth(SPEAKERS - 1).waitFor();
    await page.getByRole("button", { name: say("live.dead") }).click();
    await page.waitForURL(/state=dead/);
    await page.getByText(say("speakers.none"), { exact: true }).waitFor();
    await page.getByRole("button", { name: say("list.clear") }).click();
    await page.waitForURL((url) => !url.search.includes("state"));
    await rows(page).nth(SPEAKERS - 1).waitFor();
    await visitor.close();
});

test("fleet: filters stand in the address, and an address brings them back", async () => {
    const visitor = await house.enter("province_admin", { at: "/speakers" });
    const { page } = visitor;
    const { name } = await firstDevice(visitor);
    await page.getByLabel(say("speakers.q")).fill(name);
    await page.waitForURL(/q=/);
    await page.waitForFunction(() => document.querySelectorAll(".window-row a").length === 1);
    const address = page.url();
    await visitor.open("/");
    await page.goto(address);
    await settled(page);
    assert.equal(await page.getByLabel(say("speakers.q")).inputValue(), name);
    assert.equal(await rows(page).first().textContent(), name);
    const { body } = await visitor.api("GET", "/devices/summary");
    const commune = body.units.find(({ devices }) => devices > 0);
    await visitor.open("/speakers");
    await page.locator(".commune", { hasText: commune.name }).click();
    await page.waitForURL(new RegExp(`unit=${commune.id}`));
    await page.getByText(say("speakers.found", { n: commune.devices }), { exact: true }).waitFor();
    await visitor.close();
});

test("fleet: the map draws the points and leads to a speaker", async () => {
    const visitor = await house.enter("province_admin", { at: "/speakers?view=map" });
    const { page } = visitor;
    const canvas = page.locator(".map-points");
    await canvas.waitFor();
    await page.waitForFunction(() => {
        const paper = document.querySelector(".map-points");
        const { data } = paper.getContext("2d").getImageData(0, 0, paper.width, paper.height);
        return data.some((value) => value !== 0);
    });
    await visitor.axe("the map");
    await page.getByRole("button", { name: say("map.closer") }).click();
    await page.getByRole("button", { name: say("speakers.as_list") }).click();
    await rows(page).first().waitFor();
    await visitor.close();
});

test("fleet: a change of many says first how many it reaches", async () => {
    const visitor = await house.enter("province_admin", { at: "/speakers" });
    const { page } = visitor;
    await rows(page).nth(1).waitFor();
    for (const index of [0, 1]) {
        await page.locator(".fleet-choose input").nth(index).check();
    }
    await page.getByRole("button", { name: say("speakers.change_chosen", { n: 2 }) }).click();
    const dialog = page.getByRole("dialog", { name: say("batch.title") });
    await dialog.getByLabel(say("batch.volume"), { exact: true }).last().fill("65");
    await dialog.getByRole("button", { name: say("batch.preview") }).click();
    await dialog.getByRole("button", { name: say("batch.go", { n: 2 }) }).waitFor();
    await visitor.axe("the preview of a change of many");
    await dialog.getByRole("button", { name: say("batch.go", { n: 2 }) }).click();
    await dialog.waitFor({ state: "detached" });
    await page.getByText(say("batch.done", { n: 2 })).waitFor();
    await visitor.close();
});

test("fleet: chosen speakers become a group, and the group a filter", async () => {
    const visitor = await house.enter("province_admin", { at: "/speakers" });
    const { page } = visitor;
    await rows(page).nth(1).waitFor();
    await page.locator(".fleet-choose input").first().check();
    await page.getByRole("button", { name: say("groups.new") }).click();
    const dialog = page.getByRole("dialog", { name: say("groups.new") });
    await dialog.getByLabel(say("groups.name")).fill("Vùng ngập thử");
    await dialog.getByRole("button", { name: say("groups.make", { n: 1 }) }).click();
    await dialog.waitFor({ state: "detached" });
    await page.getByLabel(say("speakers.group"), { exact: true }).selectOption({ label: "Vùng ngập thử" });
    await page.waitForURL(/group=\d+/);
    await page.waitForFunction(() => document.querySelectorAll(".window-row a").length === 1);
    await visitor.close();
});

test("fleet: a new box is compared and accepted into a cluster", async () => {
    const visitor = await house.enter("province_admin");
    const { page } = visitor;
    const swarm = speakersStart(house, { devices: 1, claim: null, seed: 77 });
    const { items } = await until(visitor, "/devices/pending", (body) => body.items.length === 1, "one box waits");
    await visitor.open("/speakers/pending");
    assert.equal(await page.locator(".fingerprint code").getAttribute("aria-label"), items[0].fingerprint);
    await visitor.axe("boxes that wait");
    const accept = page.getByRole("button", { name: say("pending.accept") });
    assert.ok(await accept.isDisabled(), "nobody accepts without having compared");
    await page.getByLabel(say("pending.same")).check();
    const { body } = await visitor.api("GET", "/clusters?limit=50");
    const cluster = body.items.find(({ technology }) => technology === "ip");
    const picker = page.getByRole("combobox", { name: say("device.cluster") });
    await picker.fill(cluster.name);
    await page.getByRole("option").filter({ hasText: cluster.name }).first().click();
    await page.getByLabel(say("pending.name")).fill("Loa thử nghiệm");
    await accept.click();
    await page.getByText(say("pending.none"), { exact: true }).waitFor();
    await visitor.open("/speakers?q=Loa+thử+nghiệm");
    await rows(page).first().click();
    await page.getByRole("heading", { level: 1, name: "Loa thử nghiệm" }).waitFor();
    await page.locator(".badge", { hasText: say("live.alive") }).first().waitFor();
    await swarm.end();
    await visitor.close();
});

/** A stop and its release: what every device writes down and tells at once. */
async function writeSomething(visitor, id) {
    const { body: session } = await visitor.api("GET", "/session");
    const unit_id = session.account.unit.id;
    const { body } = await visitor.api("POST", "/all-stop", { mark: "0123456789abcdef".repeat(2), unit_id, valid_s: 600 });
    await until(visitor, `/devices/${id}/log`, ({ items }) => items.length > 0, "the device wrote something");
    await visitor.api("POST", `/all-stop/${body.alarm.id}/release`, { reason: "" });
}

test("device: its plan of the day, its log and its settings are at hand", async () => {
    const visitor = await house.enter("province_admin");
    const { page } = visitor;
    const { id, name } = await firstDevice(visitor);
    await writeSomething(visitor, id);
    await visitor.open(`/speakers/${id}`);
    await page.getByRole("heading", { level: 1, name }).waitFor();
    await page.getByRole("heading", { name: say("device.now") }).waitFor();
    await page.getByRole("tab", { name: say("device.tab_plan") }).click();
    await page.locator(".plan-line").first().waitFor();
    await page.getByRole("tab", { name: say("device.tab_log") }).click();
    await page.locator(".log-line").first().waitFor();
    await page.getByRole("tab", { name: say("device.tab_settings") }).click();
    const note = page.getByLabel(say("device_set.note"));
    await note.fill("Cột điện số 7");
    await page.getByRole("button", { name: say("action.save") }).click();
    await page.getByText(say("device.saved")).waitFor();
    await visitor.close();
});

test("device: the volume is set, and a test tone asks first", async () => {
    const visitor = await house.enter("province_admin");
    const { page } = visitor;
    const { id, name } = await firstDevice(visitor);
    await visitor.open(`/speakers/${id}`);
    const slider = page.getByRole("slider", { name: say("device.volume") });
    await slider.focus();
    await page.keyboard.press("ArrowLeft");
    await page.getByRole("button", { name: say("device.volume_set") }).click();
    await page.locator(".toast-good").first().waitFor();
    await page.getByRole("button", { name: say("act.test_tone") }).click();
    const question = page.getByRole("dialog", { name: say("act.test_tone_sure", { name }) });
    await question.getByRole("button", { name: say("act.test_tone") }).click();
    await page.getByText(say("act.sent", { what: say("act.test_tone") })).waitFor();
    await visitor.close();
});

test("device: listening plays what the pole plays, and says how late", async () => {
    const visitor = await house.enter("province_admin");
    const { page } = visitor;
    const pole = await poleStart(house, "LOA-DEMO-20");
    const { items } = await until(
        visitor,
        "/devices?q=Bản+Chợ&state=alive",
        (body) => body.items.length === 1,
        "the pole is alive",
    );
    await visitor.open(`/speakers/${items[0].id}`);
    await page.getByRole("button", { name: say("listen.go") }).click();
    await page.locator(".listen-heard").waitFor();
    assert.match(await page.locator(".listen-heard").textContent(), /\d/, "it says how many seconds");
    await page.getByRole("button", { name: say("listen.stop") }).click();
    await page.locator(".listen-heard").waitFor({ state: "detached" });
    await pole.end();
    await visitor.close();
});

test("stations: one is added with a cluster, and its life goes on", async () => {
    const visitor = await house.enter("province_admin", { at: "/stations/new" });
    const { page } = visitor;
    const name = "Đài truyền thanh thử nghiệm";
    await page.getByLabel(say("stations.name"), { exact: true }).fill(name);
    await page.getByLabel(say("stations.stage")).selectOption("accepted");
    await page.getByRole("button", { name: say("stations.new") }).click();
    await page.getByRole("heading", { level: 1, name }).waitFor();
    await page.getByRole("link", { name: say("cluster.new") }).click();
    await page.getByLabel(say("cluster.name"), { exact: true }).fill("Cụm đầu làng");
    await page.getByLabel(say("cluster.position"), { exact: false }).fill("21.4021, 106.3012");
    await page.getByRole("button", { name: say("action.save") }).click();
    await page.getByRole("link", { name: "Cụm đầu làng" }).waitFor();
    await page.getByRole("button", { name: say("stations.step") }).click();
    const dialog = page.getByRole("dialog", { name: say("stations.step") });
    await dialog.getByRole("button", { name: say("stations.step") }).click();
    await page.locator(".page-title .badge", { hasText: say("stage.working") }).waitFor();
    await visitor.close();
});
