// What a commune decides about the programmes of others: which of two
// priorities that collide goes first, and whether an offer is played here.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { houseOpen, speakersStart, until } from "./house.mjs";
import { say } from "./words.mjs";

const DAY_MS = 86_400_000;
let house;
let commune;
before(async () => {
    house = await houseOpen();
    const admin = await house.enter("province_admin");
    speakersStart(house, { devices: 2 });
    await until(admin, "/devices?limit=10", (body) => body.items.length === 2, "two speakers are there");
    const { body: summary } = await admin.api("GET", "/devices/summary");
    commune = summary.units.find(({ devices }) => devices > 0);
    await admin.close();
});
after(() => house.close());

/** Once, a week ahead, so that nothing of it is past. */
async function onceMake(visitor, unit_id, name, kind) {
    const day = new Date(Date.now() + 7 * DAY_MS + 7 * 3_600_000).toISOString().slice(0, 10);
    const { body: media } = await visitor.api("GET", "/media?limit=1");
    const { status, body } = await visitor.api("POST", "/programmes", {
        unit_id,
        name,
        class: kind,
        start: "09:00",
        when: { cadence: "once", from: day },
        items: [{ media: media.items[0].media, language: "vi" }],
    });
    assert.equal(status, 201, JSON.stringify(body));
    return { ...body, day };
}

async function provinceOf(visitor) {
    const { body } = await visitor.api("GET", "/session");
    return body.account.unit.id;
}

test("choice: of two priorities at one time the commune says which goes first", async () => {
    const visitor = await house.enter("province_admin");
    const { page } = visitor;
    await onceMake(visitor, await provinceOf(visitor), "Tin tỉnh gấp", "priority");
    const own = await onceMake(visitor, commune.id, "Tin xã gấp", "priority");
    assert.deepEqual(own.clashes.map(({ decided }) => decided), [false], "who writes it is told");
    await visitor.open(`/programmes?unit=${commune.id}`);
    const first = page.getByRole("button", { name: say("clashes.first", { name: "Tin xã gấp" }) });
    await first.click();
    await page.locator(".toast-good").first().waitFor();
    await page.getByText(say("clashes.decided")).waitFor();
    assert.equal(await first.getAttribute("aria-pressed"), "true");
    await visitor.axe("programmes that collide");
    const { body } = await visitor.api("GET", `/clashes?unit=${commune.id}`);
    const clash = body.items.find(({ first: one, second }) => [one.id, second.id].includes(own.id));
    assert.deepEqual([clash.first.id, clash.decided], [own.id, true]);
    await visitor.close();
});

test("choice: an offer from above is taken at the commune's own time, or left", async () => {
    const admin = await house.enter("province_admin");
    const offer = await onceMake(admin, await provinceOf(admin), "Tin tỉnh mời", "ordinary");
    await admin.close();
    const visitor = await house.enter("commune_officer");
    const { page } = visitor;
    const at = `/programmes?unit=${commune.id}&day=${offer.day}&view=day`;
    const open = async () => {
        await visitor.open(at);
        await page.locator(".planner-block button", { hasText: "Tin tỉnh mời" }).click();
        return page.getByRole("dialog", { name: "Tin tỉnh mời" });
    };
    let card = await open();
    await card.getByText(say("programmes.not_taken")).first().waitFor();
    await card.getByLabel(say("offers.start")).fill("17:15");
    await card.getByRole("button", { name: say("offers.take") }).click();
    await card.waitFor({ state: "detached" });
    const next = new Date(Date.parse(offer.day) + DAY_MS).toISOString().slice(0, 10);
    const where = `/programmes/days?unit=${commune.id}&from=${offer.day}&to=${next}`;
    const mine = ({ items }) => items.find(({ programme }) => programme.id === offer.id);
    await until(visitor, where, (body) => mine(body)?.taken && mine(body).at.includes("T10:15"), "it is taken at 17:15");
    card = await open();
    await card.getByRole("button", { name: say("offers.leave") }).click();
    await card.waitFor({ state: "detached" });
    await until(visitor, where, (body) => mine(body)?.taken === false, "it is left");
    await visitor.close();
});
