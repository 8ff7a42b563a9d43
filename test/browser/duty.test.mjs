// What waits for a person, who is on duty, and what reaches a phone in a
// pocket.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { PHONE, houseOpen, settled, until } from "./house.mjs";
import { say } from "./words.mjs";

let house;
let bulletin;
let media;
before(async () => {
    house = await houseOpen();
    const admin = await house.enter("province_admin");
    media = (await admin.api("GET", "/media?limit=1")).body.items[0].media;
    await admin.close();
    const writer = await house.enter("commune_officer");
    const { body: session } = await writer.api("GET", "/session");
    const { body } = await writer.api("POST", "/bulletins", {
        mark: "00112233445566778899aabbccddeeff",
        unit_id: session.account.unit.id,
        title: "Họp phụ huynh đầu năm",
        category: "policy",
        areas: [session.account.unit.id],
        texts: [{ language: "vi", channel: "sound", title: "", text: "Mời phụ huynh đến họp.", media }],
    });
    await writer.api("POST", `/bulletins/${body.id}/submit`, { revision: body.revision });
    bulletin = body;
    await writer.close();
});
after(() => house.close());

test("inbox: what waits stands first, and leads to where it is done", async () => {
    const phone = await house.enter("approver", { size: PHONE, at: "/" });
    const { page } = phone;
    const panel = page.locator("section.panel").first();
    await panel.getByRole("heading", { name: say("home.waits") }).waitFor();
    await panel.getByRole("link", { name: bulletin.title }).tap();
    await page.waitForURL(`**/bulletins/${bulletin.id}`);
    await page.getByRole("button", { name: say("step.approve"), exact: true }).tap();
    await page.getByText(say("bulletin.approved"), { exact: true }).first().waitFor();
    await phone.open("/");
    await page.getByRole("link", { name: bulletin.title }).waitFor({ state: "detached" });
    await phone.close();
});

test("inbox: a returned bulletin comes back with its reason", async () => {
    const writer = await house.enter("commune_officer", { at: "/bulletins/new" });
    const { page } = writer;
    await page.getByLabel(say("bulletin.title"), { exact: true }).fill("Tin cần sửa");
    await page.getByLabel(say("bulletin.category")).selectOption({ index: 2 });
    await page.getByRole("button", { name: say("bulletin.submit"), exact: true }).click();
    await page.getByText(say("lack.lead")).waitFor();
    await writer.axe("what is lacking");
    await page.getByRole("button", { name: say("bulletin.add_portal") }).click();
    await page.getByLabel(say("bulletin.own_text"), { exact: true }).fill("Bài chỉ có trên cổng.");
    await page.getByRole("button", { name: say("bulletin.submit"), exact: true }).click();
    await page.waitForURL(/bulletins\/\d+$/);
    const id = Number(/\d+$/.exec(page.url())[0]);
    const approver = await house.enter("approver", { at: `/bulletins/${id}` });
    await approver.page.getByRole("button", { name: say("step.return"), exact: true }).click();
    await approver.page.getByRole("button", { name: say("reason_usual.wording") }).click();
    await approver.axe("a reason");
    await approver.page.getByRole("dialog").getByRole("button", { name: say("reason.return_go") }).click();
    await approver.page.getByText(say("bulletin.returned")).waitFor();
    await approver.close();
    await page.getByText(say("reason_usual.wording")).waitFor();
    await writer.open(`/bulletins/${id}/edit`);
    await page.getByText(say("reason_usual.wording")).waitFor();
    await writer.close();
});

test("duty: a week is filled, and says who is called now", async () => {
    const admin = await house.enter("province_admin", { at: "/duty" });
    const { page } = admin;
    await page.locator(".roster-day").first().waitFor();
    const shifts = (more) => page.waitForFunction((n) => document.querySelectorAll(".shift").length === n, before + more);
    const before = await page.locator(".shift").count(); // the invented province has a roster of its own
    await page.locator(".roster-day").first().getByRole("button", { name: say("duty.add") }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel(say("duty.hours"), { exact: true }).selectOption("whole");
    await dialog.getByLabel(say("duty.whole_week")).check();
    await admin.axe("a shift");
    await dialog.getByRole("button", { name: say("duty.add_go"), exact: true }).click();
    await shifts(7);
    await admin.axe("the roster");
    const { body } = await admin.api("GET", "/session");
    const { body: roster } = await admin.api("GET", `/duty?unit=${body.account.unit.id}`);
    assert.equal(roster.shifts.length, before + 7);
    await page.locator(".shift .icon-button").first().click();
    await shifts(6);
    await admin.close();
});

test("notices: wishes are kept, and quiet hours are times", async () => {
    const admin = await house.enter("province_admin", { at: "/me?tab=notices" });
    const { page } = admin;
    await page.getByLabel(say("notices.quiet"), { exact: true }).check();
    await page.getByLabel(say("notices.quiet_from"), { exact: true }).fill("22h15");
    await page.getByLabel(say("waits.fault"), { exact: true }).uncheck();
    await admin.axe("notices");
    await page.getByRole("button", { name: say("action.save") }).click();
    await page.getByText(say("notices.saved"), { exact: true }).waitFor();
    const { body } = await admin.api("GET", "/me/notices");
    assert.equal(body.quiet_from, "22:15");
    assert.deepEqual(body.muted, ["fault"]);
    await admin.close();
});

/** What the browser knows of a service worker, by the protocol of its tools. */
async function workerOf(context, page) {
    const wire = await context.newCDPSession(page);
    const found = new Promise((resolve) => {
        wire.on("ServiceWorker.workerRegistrationUpdated", ({ registrations }) => {
            if (registrations[0]) {
                resolve(registrations[0].registrationId);
            }
        });
    });
    await wire.send("ServiceWorker.enable");
    return { wire, registrationId: await found };
}

/** The first notification that the worker shows. */
async function shownBy(page) {
    const end = Date.now() + 15_000;
    for (;;) {
        const shown = await page.evaluate(async () => {
            const registration = await navigator.serviceWorker.ready;
            const [first] = await registration.getNotifications();
            return first ? { title: first.title, body: first.body, tag: first.tag, link: first.data.link } : null;
        });
        if (shown !== null) {
            return shown;
        }
        assert.ok(Date.now() < end, "a notification is shown");
    }
}

test("push: what the server sends is shown while no hand is on the phone", async () => {
    const phone = await house.enter("approver", { size: PHONE, at: "/", worker: true });
    const { page, context } = phone;
    await context.grantPermissions(["notifications"]);
    await page.evaluate(() => navigator.serviceWorker.ready);
    const { wire, registrationId } = await workerOf(context, page);
    const pushed = { kind: "alarm_call", tag: "alarm-12", title: "CẢNH BÁO: Lũ lên nhanh", body: "Bạn đang trực.", link: "/alarms", urgent: true, at: "2026-11-25T07:00:00Z" };
    await wire.send("ServiceWorker.deliverPushMessage", { origin: house.address, registrationId, data: JSON.stringify(pushed) });
    assert.deepEqual(await shownBy(page), { title: pushed.title, body: pushed.body, tag: pushed.tag, link: pushed.link });
    await phone.close();
});

test("sounds: a file is taken, cut, and can be cancelled", async () => {
    const writer = await house.enter("commune_officer", { at: "/bulletins/new" });
    const { page } = writer;
    await page.getByLabel(say("bulletin.title"), { exact: true }).fill("Tin từ tệp");
    const bytes = await (await writer.context.request.get(`/api/v1/media/${media}`)).body();
    await page.locator(".sound-way input").setInputFiles({ name: "tin.opus", mimeType: "audio/ogg", buffer: bytes });
    await page.getByLabel(say("trim.to")).fill("3000");
    await page.getByRole("button", { name: say("record.use") }).click();
    await page.locator(".sound-player").waitFor();
    await page.waitForURL(/bulletins\/\d+\/edit/);
    await page.locator(".save-saved").waitFor();
    const id = Number(/bulletins\/(\d+)/.exec(page.url())[1]);
    const cut = await until(writer, `/bulletins/${id}`, ({ texts }) => texts?.[0]?.ms > 0, "the sound is a part of the bulletin");
    assert.ok(cut.texts[0].ms <= 3_100, `cut to three seconds, but ${cut.texts[0].ms}`);
    await page.locator(".sound-way input").setInputFiles({ name: "hong.mp3", mimeType: "audio/mpeg", buffer: Buffer.from("không phải âm thanh") });
    await page.getByRole("button", { name: say("record.use") }).click();
    await page.getByText(say("take.still_kept")).waitFor();
    await writer.axe("a sound that the server refused");
    await page.locator(".notice-danger").getByRole("button", { name: say("action.delete") }).click();
    await page.getByText(say("take.still_kept")).waitFor({ state: "detached" });
    await settled(page);
    await writer.close();
});
