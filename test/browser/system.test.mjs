// The audit log, the settings, and the console's own manners: language, look,
// offline, live refresh.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { accountMake, houseOpen, settled } from "./house.mjs";
import { say } from "./words.mjs";

let house;
before(async () => (house = await houseOpen()));
after(() => house.close());

function button(page, key, language = "vi") {
    return page.getByRole("button", { name: say(key, {}, language), exact: true });
}

test("audit: a change is listed with what it was and what it is", async () => {
    const admin = await house.enter("province_admin");
    const { page } = admin;
    const account = await accountMake(admin, { name: "Tên Trước" });
    await admin.api("PATCH", `/accounts/${account.id}`, { name: "Tên Sau" });
    await admin.open("/audit?subject_kind=account");
    const line = page.locator(".audit-line").filter({ hasText: say("did.account_changed") }).first();
    await line.locator("summary").click();
    await line.locator("del", { hasText: "Tên Trước" }).waitFor();
    await line.locator("ins", { hasText: "Tên Sau" }).waitFor();
    await admin.close();
});

test("audit: the chain is verified", async () => {
    const admin = await house.enter("province_admin", { at: "/audit" });
    await button(admin.page, "audit.verify").click();
    await admin.page.locator(".verify .notice-success").waitFor();
    await admin.close();
});

test("audit: the log is exported as a file", async () => {
    const admin = await house.enter("province_admin", { at: "/audit" });
    const coming = admin.page.waitForEvent("download");
    await admin.page.getByRole("link", { name: say("audit.export_jsonl") }).click();
    const download = await coming;
    assert.equal(await download.failure(), null);
    await admin.close();
});

test("settings: one is changed, refused out of range, and undone", async () => {
    const admin = await house.enter("province_admin", { at: "/settings?q=password_min_length", expect: [/status of 4/] });
    const { page } = admin;
    const line = page.locator("#setting-password_min_length");
    const was = await line.locator(".setting-now").textContent();
    await line.getByRole("button").first().click();
    const value = line.getByLabel(say("settings.value"));
    await value.fill("1");
    await line.getByRole("button", { name: say("action.save") }).click();
    await line.locator(".field-error").waitFor();
    await value.fill("14");
    await line.getByRole("button", { name: say("action.save") }).click();
    await line.locator(".setting-now", { hasText: "14" }).waitFor();
    await line.getByText(say("settings_source.console")).waitFor();
    await button(page, "action.undo").click();
    await line.locator(".setting-now", { hasText: was }).waitFor();
    await admin.close();
});

test("language: everything turns English and back", async () => {
    const viewer = await house.enter("viewer", { at: "/me" });
    const { page } = viewer;
    const turned = () => page.waitForResponse((answer) => answer.request().method() === "PATCH");
    let answer = turned();
    await page.locator(".rail").getByRole("button", { name: say("language.other") }).click();
    await answer;
    await page.getByRole("heading", { level: 1, name: say("section.me", {}, "en") }).waitFor();
    assert.equal(await page.locator("html").getAttribute("lang"), "en");
    await page.reload();
    await page.getByRole("heading", { level: 1, name: say("section.me", {}, "en") }).waitFor();
    answer = turned();
    await page.locator(".rail").getByRole("button", { name: say("language.other", {}, "en") }).click();
    await answer;
    await page.getByRole("heading", { level: 1, name: say("section.me") }).waitFor();
    await viewer.close();
});

test("look: dark by the device, light by choice, and the choice is kept", async () => {
    const viewer = await house.enter("viewer", { at: "/", look: "dark" });
    const { page } = viewer;
    const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    const dark = await ground();
    const light = page.locator(".rail").getByRole("button", { name: say("look.light") });
    await page.locator(".rail").getByRole("button", { name: say("look.system") }).click();
    await light.waitFor();
    assert.notEqual(await ground(), dark);
    await page.reload();
    await light.waitFor();
    assert.notEqual(await ground(), dark);
    await viewer.close();
});

test("live: what a colleague changes appears without a reload", async () => {
    const admin = await house.enter("province_admin", { at: "/accounts" });
    const colleague = await house.enter("province_admin");
    await admin.page.waitForFunction(() => performance.getEntriesByName(`${location.origin}/api/v1/events`) !== null);
    await accountMake(colleague, { name: "Vừa Mới Thêm" });
    await admin.page.getByText("Vừa Mới Thêm").waitFor();
    await colleague.close();
    await admin.close();
});

test("offline: said honestly, and over when the server is back", async () => {
    const viewer = await house.enter("viewer", { at: "/", expect: [/ERR_INTERNET_DISCONNECTED/, /net::/] });
    const { page, context } = viewer;
    await context.setOffline(true);
    const banner = page.locator(".offline");
    await banner.waitFor();
    await page.locator(".rail").getByRole("link", { name: say("section.units") }).click();
    await page.getByRole("alert").first().waitFor();
    await banner.getByRole("button", { name: say("state.retry") }).waitFor();
    await context.setOffline(false);
    await banner.waitFor({ state: "detached" });
    await page.getByRole("treeitem").first().waitFor();
    await viewer.close();
});

test("install: the browser finds all that it needs", async () => {
    const viewer = await house.enter("viewer", { at: "/", worker: true });
    const { page, context } = viewer;
    await page.evaluate(() => navigator.serviceWorker.ready);
    const wire = await context.newCDPSession(page);
    const { url, errors, data } = await wire.send("Page.getAppManifest");
    assert.match(url, /manifest/);
    assert.deepEqual(errors, []);
    const manifest = JSON.parse(data);
    for (const { src, type } of manifest.icons) {
        const answer = await page.request.get(src);
        assert.equal(answer.status(), 200, src);
        assert.equal(answer.headers()["content-type"], type, src);
    }
    const { installabilityErrors } = await wire.send("Page.getInstallabilityErrors");
    const kept = installabilityErrors.filter(({ errorId }) => errorId !== "in-incognito");
    assert.deepEqual(kept, []);
    await viewer.close();
});

test("offline: the kept shell opens without a connection", async () => {
    const viewer = await house.enter("viewer", { at: "/", worker: true, expect: [/ERR_INTERNET_DISCONNECTED/, /net::/] });
    const { page, context } = viewer;
    await page.evaluate(() => navigator.serviceWorker.ready);
    await page.waitForFunction(async () => {
        const names = await caches.keys();
        const cache = names[0] ? await caches.open(names[0]) : null;
        return cache !== null && (await cache.keys()).length > 10;
    });
    await page.goto("/units");
    await settled(page);
    const answers = await page.evaluate(async () => {
        const kept = await Promise.all((await caches.keys()).map(async (name) => (await caches.open(name)).keys()));
        return kept.flat().map(({ url }) => url).filter((url) => url.includes("/api/"));
    });
    assert.deepEqual(answers, [], "no answer of the API is kept");
    await page.reload();
    await settled(page);
    await context.setOffline(true);
    await page.reload();
    await page.getByText(say("state.offline")).first().waitFor();
    await context.setOffline(false);
    await page.locator(".shell").waitFor();
    await viewer.close();
});
