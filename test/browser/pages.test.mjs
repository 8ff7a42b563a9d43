// Every page, in light and dark, on a phone and on a desktop: no barrier for
// anybody (axe), no fault in the console, no request to another host, nothing
// that runs over the edge of a phone.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { COLOURS, DESKTOP, PHONE, houseOpen, reformedCommune, speakersStart, until } from "./house.mjs";
import { isKey, say } from "./words.mjs";

let house;
let unit;
let reform;
let device;
let cluster;
let programme;
let bulletin;
before(async () => {
    house = await houseOpen();
    const admin = await house.enter("province_admin");
    speakersStart(house, { devices: 2 });
    const first = async (where) => (await until(admin, where, (body) => body.items.length > 0)).items[0];
    device = await first("/devices?limit=1");
    cluster = await first("/clusters?limit=1");
    programme = await first("/programmes?limit=1");
    const { card, root } = await reformedCommune(admin);
    unit = card;
    const media = await first("/media?limit=1");
    const written = await admin.api("POST", "/bulletins", {
        mark: "0123456789abcdef0123456789abcdef",
        unit_id: root.id,
        title: "Phòng cháy rừng mùa khô",
        class: "priority",
        texts: [
            { language: "vi", channel: "sound", title: "", text: "Không đốt nương khi có gió.", media: media.media },
            { language: "tyz", channel: "portal", title: "", text: "Không đốt nương khi có gió.", media: null },
        ],
    });
    bulletin = written.body;
    const { body } = await admin.api("POST", "/reforms", {
        title: "Bản thử",
        decree: "02/NQ-HĐND",
        on: "2028-01-01",
        steps: [{ op: "begin", into: { tier: "commune", kind: "xa", name: "Xã Mới Lập", parent_id: root.id } }],
    });
    reform = body.reform;
    await admin.close();
});
after(() => house.close());

function addresses() {
    return [
        "/",
        "/bulletins",
        "/bulletins/new",
        `/bulletins/${bulletin.id}`,
        `/bulletins/${bulletin.id}?tab=air`,
        `/bulletins/${bulletin.id}?tab=versions`,
        `/bulletins/${bulletin.id}/edit`,
        "/offers",
        "/templates",
        "/speech",
        "/duty",
        "/alarms",
        "/alarms/new",
        "/alarms/templates",
        "/warnings",
        "/warnings/sources",
        "/lives",
        "/lives/new",
        "/lives/sources",
        "/alarms/delegations",
        "/clips",
        "/drills",
        "/drills/new",
        "/programmes",
        "/programmes?view=day",
        "/programmes/new",
        `/programmes/${programme.id}`,
        "/programmes/preview",
        "/rules",
        "/plays",
        "/speakers",
        "/speakers?view=map",
        "/speakers/pending",
        "/speakers/traffic",
        "/speakers/add",
        `/speakers/${device.id}`,
        `/speakers/${device.id}?tab=plan`,
        `/speakers/${device.id}?tab=log`,
        `/speakers/${device.id}?tab=history`,
        `/speakers/${device.id}?tab=settings`,
        "/faults",
        "/stations",
        "/stations/new",
        `/stations/${cluster.station.id}`,
        `/clusters/new?station=${cluster.station.id}`,
        `/clusters/${cluster.id}`,
        "/units",
        "/units?q=xa",
        `/units/${unit.unit.id}`,
        `/units/${unit.predecessors[0].unit.id}`,
        "/units/new",
        `/units/${unit.unit.id}/change`,
        "/reforms",
        "/reforms/new",
        `/reforms/${reform.id}`,
        "/imports",
        "/imports/new",
        "/accounts",
        "/accounts/new",
        "/accounts/1",
        "/accounts/1?tab=roles",
        "/accounts/1?tab=sessions",
        "/accounts/1?tab=history",
        "/roles",
        "/audit",
        "/settings",
        "/about",
        "/me",
        "/me?tab=security",
        "/me?tab=sessions",
        "/me?tab=notices",
        "/khong-co",
    ];
}

/** Both looks of an open page: what is on it, and what can be read on it. */
async function bothLooks(visitor, what) {
    await visitor.page.emulateMedia({ colorScheme: "light" });
    await visitor.axe(what);
    await visitor.page.emulateMedia({ colorScheme: "dark" });
    await visitor.axe(`${what}, dark`, COLOURS);
}

for (const [name, size] of [["phone", PHONE], ["desktop", DESKTOP]]) {
    test(`pages: on a ${name} they are open to everybody, light and dark`, async () => {
        const visitor = await house.enter("province_admin", { size });
        const { page } = visitor;
        for (const address of addresses()) {
            await visitor.open(address);
            assert.match(await page.title(), /Loa$/, address);
            assert.equal(await page.locator("h1").count(), 1, `one heading on ${address}`);
            const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
            assert.ok(over <= 0, `${address} runs ${over} px over the edge`);
            const keys = await page.evaluate(() => document.body.innerText.match(/\b[a-z]+(_[a-z]+)*\.[a-z]+_?[a-z_]*\b/g) ?? []);
            assert.deepEqual(keys.filter(isKey), [], `${address} shows a key instead of words`);
            await bothLooks(visitor, `${address} on a ${name}`);
        }
        await visitor.close();
    });

    test(`gate: on a ${name} it is open to everybody, light and dark`, async () => {
        const visitor = await house.visit({ size });
        await visitor.open("/");
        await bothLooks(visitor, `sign-in on a ${name}`);
        await visitor.close();
    });
}

test("pages: every one speaks English when its reader does", async () => {
    const visitor = await house.enter("province_admin");
    const { page } = visitor;
    await visitor.api("PATCH", "/me", { language: "en" });
    for (const address of addresses()) {
        await visitor.open(address);
        assert.equal(await page.locator("html").getAttribute("lang"), "en", address);
    }
    await visitor.api("PATCH", "/me", { language: "vi" });
    await visitor.close();
});

test("phone: the sheet leads to every page and closes by itself", async () => {
    const visitor = await house.enter("province_admin", { size: PHONE });
    const { page } = visitor;
    await page.getByRole("button", { name: say("nav.more"), exact: true }).click();
    const sheet = page.getByRole("dialog", { name: say("nav.all") });
    await sheet.waitFor();
    await visitor.axe("the sheet");
    await sheet.getByRole("link", { name: say("section.settings") }).click();
    await page.waitForURL("**/settings");
    await sheet.waitFor({ state: "detached" });
    await visitor.close();
});

test("dialogs: a question, and the lock, are open to everybody", async () => {
    const visitor = await house.enter("province_admin", { at: `/reforms/${reform.id}` });
    const { page } = visitor;
    await page.getByRole("button", { name: say("reform.apply"), exact: true }).click();
    await page.getByRole("dialog").waitFor();
    await visitor.axe("a question");
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await visitor.close();
});

test("keyboard: the skip link leads to the content, and focus goes to a new page", async () => {
    const visitor = await house.enter("province_admin");
    const { page } = visitor;
    await page.keyboard.press("Tab");
    await page.getByRole("link", { name: say("nav.skip") }).press("Enter");
    assert.equal(await page.evaluate(() => document.activeElement?.id), "main");
    await page.locator(".rail").getByRole("link", { name: say("section.settings") }).click();
    await page.getByRole("heading", { level: 1, name: say("section.settings") }).waitFor();
    await page.waitForFunction(() => document.activeElement?.tagName === "H1");
    await visitor.close();
});

test("addresses: an unknown one says so, and the console never leaves the page to do it", async () => {
    const visitor = await house.enter("viewer", { at: "/khong-co-trang-nay" });
    await visitor.page.getByText(say("missing.body")).waitFor();
    await visitor.close();
});
