// What happens once in the life of a speaker: it is replaced by another box,
// it is retired; and the list of all of them is taken along as a file.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { houseOpen, speakersStart, until } from "./house.mjs";
import { say } from "./words.mjs";

const SPEAKERS = 3;
let house;
before(async () => {
    house = await houseOpen();
    const admin = await house.enter("province_admin");
    speakersStart(house, { devices: SPEAKERS });
    await until(admin, "/devices/summary", ({ states }) => states.alive === SPEAKERS, "every speaker is alive");
    await admin.close();
});
after(() => house.close());

async function firstAlive(visitor) {
    const { body } = await visitor.api("GET", "/devices?limit=10");
    return body.items.find((line) => line.live === "alive");
}

test("life: a broken box is replaced, and the new one has its name and place", async () => {
    const visitor = await house.enter("province_admin");
    const { page } = visitor;
    const { id, name, cluster } = await firstAlive(visitor);
    const swarm = speakersStart(house, { devices: 1, claim: null, seed: 78 });
    const { items } = await until(visitor, "/devices/pending", (body) => body.items.length === 1, "one box waits");
    await visitor.open(`/speakers/${id}`);
    await page.getByRole("button", { name: say("act.replace") }).click();
    const dialog = page.getByRole("dialog", { name: say("act.replace") });
    await dialog.getByText(say("act.replace_body", { name })).waitFor();
    await visitor.axe("replacing a box");
    await dialog.getByRole("button", { name: say("act.replace") }).click();
    await page.waitForURL(new RegExp(`/speakers/${items[0].id}`));
    await page.getByRole("heading", { level: 1, name }).waitFor();
    const { body: fresh } = await visitor.api("GET", `/devices/${items[0].id}`);
    assert.equal(fresh.device.state, "accepted");
    assert.equal(fresh.device.cluster.id, cluster.id);
    const { body: old } = await visitor.api("GET", `/devices/${id}`);
    assert.deepEqual([old.device.state, old.device.replaced_by.id], ["replaced", items[0].id]);
    await swarm.end();
    await visitor.close();
});

test("life: retiring asks first, and then the speaker is no longer in the list", async () => {
    const visitor = await house.enter("province_admin");
    const { page } = visitor;
    const { id, name } = await firstAlive(visitor);
    await visitor.open(`/speakers/${id}`);
    const button = page.getByRole("button", { name: say("act.retire"), exact: true });
    await button.click();
    const question = page.getByRole("dialog", { name: say("act.retire_sure", { name }) });
    await question.getByRole("button", { name: say("action.cancel") }).click();
    await question.waitFor({ state: "detached" });
    const { body: still } = await visitor.api("GET", `/devices/${id}`);
    assert.equal(still.device.state, "accepted", "who says no has changed nothing");
    await button.click();
    await question.getByRole("button", { name: say("act.retire"), exact: true }).click();
    await page.getByText(say("act.retired")).waitFor();
    const { body } = await visitor.api("GET", `/devices/${id}`);
    assert.equal(body.device.state, "retired");
    const { body: list } = await visitor.api("GET", "/devices?limit=100");
    assert.ok(list.items.every((line) => line.id !== id));
    await visitor.close();
});

async function downloaded(page, label) {
    const [download] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("link", { name: label }).click(),
    ]);
    return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
}

test("life: the list is taken along as a table, as filtered", async () => {
    const visitor = await house.enter("province_admin");
    const { page } = visitor;
    const { name } = await firstAlive(visitor);
    await visitor.open(`/speakers?q=${encodeURIComponent(name)}`);
    await page.locator(".window-row a").first().waitFor();
    const csv = await downloaded(page, say("speakers.csv"));
    assert.match(csv.name, /\.csv$/);
    assert.ok(csv.bytes.toString().includes(name));
    const xlsx = await downloaded(page, say("speakers.excel"));
    assert.match(xlsx.name, /\.xlsx$/);
    assert.equal(xlsx.bytes.subarray(0, 2).toString(), "PK");
    await visitor.close();
});
