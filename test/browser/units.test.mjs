// Units through time in the browser: the tree, the slider, search, the card,
// creating and changing.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { houseOpen, reformedCommune, settled } from "./house.mjs";
import { say } from "./words.mjs";

let house;
before(async () => (house = await houseOpen()));
after(() => house.close());

function row(page, name) {
    return page.getByRole("treeitem").filter({ hasText: name }).first();
}

function plain(text) {
    return text.normalize("NFD").replace(/\p{M}/gu, "").replace(/[đĐ]/g, "d").toLowerCase();
}

test("units: the tree is walked with the keyboard alone", async () => {
    const visitor = await house.enter("province_admin", { at: "/units" });
    const { page } = visitor;
    const items = page.getByRole("treeitem");
    await items.nth(1).waitFor();
    await items.first().focus();
    await page.keyboard.press("ArrowDown");
    const second = await items.nth(1).getAttribute("data-unit");
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute("data-unit"));
    assert.equal(await focused(), second);
    await page.keyboard.press("Home");
    await page.keyboard.press("ArrowLeft");
    await page.waitForFunction(() => document.querySelectorAll("[role=treeitem]").length === 1);
    assert.equal(await items.first().getAttribute("aria-expanded"), "false");
    await page.keyboard.press("ArrowRight");
    await items.nth(1).waitFor();
    await page.keyboard.press("End");
    const last = await focused();
    await page.keyboard.press("Enter");
    await page.waitForURL(`**/units/${last}`);
    assert.equal(await focused(), last, "choosing keeps the focus in the tree");
    await visitor.close();
});

test("units: the slider snaps to the days of change and lives in the address", async () => {
    const visitor = await house.enter("province_admin", { at: "/units" });
    const { page } = visitor;
    const { body } = await visitor.api("GET", "/units/epochs");
    assert.ok(body.items.length >= 2, "the demo province has lived through a reform");
    const slider = page.getByRole("slider", { name: say("slider.label") });
    await slider.focus();
    await page.keyboard.press("ArrowLeft");
    await page.waitForURL(/at=\d{4}-\d\d-\d\d/);
    const at = new URL(page.url()).searchParams.get("at");
    assert.ok(body.items.some((epoch) => epoch.on === at), `${at} is a day of change`);
    await settled(page);
    await page.getByRole("button", { name: say("slider.later") }).click();
    await page.waitForFunction(() => !location.search.includes("at="));
    await visitor.close();
});

test("units: the day before the reform shows the units of that day", async () => {
    const visitor = await house.enter("province_admin");
    const { page } = visitor;
    const { card } = await reformedCommune(visitor);
    const old = card.predecessors[0].unit;
    const on = card.predecessors[0].on;
    const before = new Date(Date.parse(`${on}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);
    await visitor.open(`/units/${old.id}?at=${before}`);
    await page.getByRole("heading", { level: 1, name: old.name }).waitFor();
    await row(page, old.name).waitFor();
    assert.equal(await page.locator(".notice-warning").count(), 0);
    await visitor.open(`/units/${old.id}`);
    await page.getByText(say("units.absent")).waitFor();
    await visitor.close();
});

test("units: an exact day can be typed as people write it", async () => {
    const visitor = await house.enter("province_admin", { at: "/units" });
    const { page } = visitor;
    const exact = page.getByLabel(say("slider.exact"));
    await exact.fill("30/6/2025");
    await exact.press("Enter");
    await page.waitForURL(/at=2025-06-30/);
    await page.getByText("30/06/2025").first().waitFor();
    await exact.fill("31/02/2025");
    await exact.blur();
    await page.getByText(say("form.not_a_day")).waitFor();
    await visitor.close();
});

test("units: search finds names without their marks, and former units", async () => {
    const visitor = await house.enter("province_admin");
    const { page } = visitor;
    const { card } = await reformedCommune(visitor);
    const old = card.predecessors.find((kin) => kin.unit.name !== card.unit.name)?.unit;
    await visitor.open("/units");
    const box = page.getByRole("searchbox", { name: say("units.search") });
    for (const name of [card.unit.name, old?.name].filter(Boolean)) {
        await box.fill(plain(name));
        const found = page.getByRole("list", { name: say("units.found") });
        await found.getByText(name, { exact: true }).first().waitFor();
    }
    assert.ok(new URL(page.url()).searchParams.get("q"), "the search is in the address");
    await box.fill("zzzz khong co");
    await page.getByText(say("units.none", { q: "zzzz khong co" })).waitFor();
    await visitor.close();
});

test("units: the card shows where a unit came from, and leads there", async () => {
    const visitor = await house.enter("province_admin");
    const { page } = visitor;
    const { card } = await reformedCommune(visitor);
    await visitor.open(`/units/${card.unit.id}`);
    const before = page.getByRole("list", { name: say("lineage.before") });
    assert.equal(await before.getByRole("listitem").count(), card.predecessors.length);
    const old = card.predecessors[0].unit;
    await before.getByRole("link").filter({ hasText: old.name }).first().click();
    await page.waitForURL(`**/units/${old.id}*`);
    await page.getByRole("heading", { level: 1, name: old.name }).waitFor();
    await page.getByRole("list", { name: say("lineage.after") }).waitFor();
    await page.goBack();
    await page.getByRole("heading", { level: 1, name: card.unit.name }).waitFor();
    await visitor.close();
});

test("units: a name that looks like HTML is shown as text", async () => {
    const name = 'Xã <b>Đậm</b> <img src=x onerror="alert(1)"> & Co';
    const visitor = await house.enter("province_admin");
    const { page } = visitor;
    const { root } = await reformedCommune(visitor);
    const made = await visitor.api("POST", "/units", {
        tier: "commune",
        kind: "xa",
        name,
        code: null,
        parent_id: root.id,
        from: "2026-01-01",
    });
    assert.equal(made.status, 201, JSON.stringify(made.body));
    await visitor.open(`/units/${made.body.unit.id}`);
    assert.equal(await page.getByRole("heading", { level: 1 }).textContent(), name);
    await row(page, name).waitFor();
    assert.equal(await page.locator("main img, main b").count(), 0);
    await visitor.close();
});

test("units: one is created below another and then renamed from a day on", async () => {
    const visitor = await house.enter("province_admin");
    const { page } = visitor;
    const { card } = await reformedCommune(visitor);
    await visitor.open(`/units/${card.unit.id}`);
    await page.getByRole("link", { name: say("units.new_below") }).click();
    await page.getByLabel(say("units.name"), { exact: false }).first().fill("Thôn Thử Nghiệm");
    await page.getByRole("button", { name: say("unit_new.go") }).click();
    await page.getByRole("heading", { level: 1, name: "Thôn Thử Nghiệm" }).waitFor();
    await page.getByRole("link", { name: say("units.change"), exact: true }).click();
    await page.getByLabel(say("units.name"), { exact: true }).fill("Thôn Đổi Tên");
    await page.getByRole("button", { name: say("unit_change.go") }).click();
    await page.getByRole("heading", { level: 1, name: "Thôn Đổi Tên" }).waitFor();
    await visitor.close();
});

test("units: leaving unsaved work asks first", async () => {
    const visitor = await house.enter("province_admin", { at: "/units/new" });
    const { page } = visitor;
    await page.getByLabel(say("units.name"), { exact: true }).fill("Xã Chưa Lưu");
    await page.getByRole("link", { name: say("section.home") }).first().click();
    const question = page.getByRole("dialog", { name: say("unsaved.title") });
    await question.getByRole("button", { name: say("action.cancel") }).click();
    assert.equal(new URL(page.url()).pathname, "/units/new");
    await page.getByRole("link", { name: say("section.home") }).first().click();
    await question.getByRole("button", { name: say("unsaved.leave") }).click();
    await page.waitForURL((url) => url.pathname === "/");
    await visitor.close();
});

test("scope: a commune officer sees the own commune and no other", async () => {
    const admin = await house.enter("province_admin");
    const officer = await house.enter("commune_officer", { expect: [/status of 40[34]/] });
    const { body: session } = await officer.api("GET", "/session");
    const own = session.account.unit;
    const { body: roots } = await admin.api("GET", "/units");
    const { body: children } = await admin.api("GET", `/units?parent=${roots.items[0].id}&limit=200`);
    const other = children.items.find((unit) => unit.id !== own.id && unit.tier === "commune");
    const { page } = officer;
    await officer.open("/units");
    await row(page, own.name).waitFor();
    assert.equal(await page.getByRole("treeitem").filter({ hasText: other.name }).count(), 0);
    await officer.open(`/units/${other.id}`);
    await page.getByRole("alert").waitFor();
    assert.equal(await page.getByText(other.name).count(), 0);
    await officer.open("/accounts");
    await page.getByText(say("forbidden.body")).waitFor();
    assert.equal(await page.getByRole("link", { name: say("section.audit") }).count(), 0);
    await officer.close();
    await admin.close();
});
