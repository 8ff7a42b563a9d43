// Signing in and staying signed in: password, second factors, locks.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { accountMake, enrolTotp, fillSignIn, houseOpen, settled } from "./house.mjs";
import { totpCode } from "./totp.mjs";
import { say } from "./words.mjs";

let house;
before(async () => (house = await houseOpen()));
after(() => house.close());

const refused = /status of 4\d\d/;

/** An account that has a password of its own and no second factor yet. */
async function plainAccount() {
    const admin = await house.enter("province_admin");
    const account = await accountMake(admin);
    await admin.close();
    return account;
}

function button(page, key) {
    return page.getByRole("button", { name: say(key), exact: true });
}

test("sign in: a wrong password is refused with words and a code", async () => {
    const visitor = await house.visit({ expect: [refused] });
    await visitor.open("/");
    await fillSignIn(visitor.page, house.account("viewer").login, "khong dung dau");
    const alert = visitor.page.getByRole("alert");
    await alert.waitFor();
    assert.match(await alert.textContent(), /sign_in_failed/);
    assert.equal(await visitor.page.getByLabel(say("sign_in.password"), { exact: true }).inputValue(), "");
    await visitor.close();
});

test("sign in: the wanted address opens after the password", async () => {
    const account = await plainAccount();
    const visitor = await house.enterAs(account, { at: "/me" });
    assert.equal(new URL(visitor.page.url()).pathname, "/me");
    await visitor.page.getByRole("heading", { name: say("section.me") }).waitFor();
    assert.match(await visitor.page.title(), new RegExp(say("section.me")));
    await visitor.close();
});

test("sign in: a handed-out password must be replaced", async () => {
    const account = await plainAccount();
    const visitor = await house.visit({ expect: [refused] });
    const { page } = visitor;
    await visitor.open("/");
    await fillSignIn(page, account.login, account.password);
    await page.getByRole("heading", { name: say("must.password_title") }).waitFor();
    await page.getByLabel(say("password.current")).fill(account.password);
    await page.getByLabel(say("password.next"), { exact: true }).fill("mot cau rat dai de nho");
    await page.getByLabel(say("password.again")).fill("mot cau khac");
    await button(page, "password.go").click();
    await page.getByText(say("password.differs")).waitFor();
    await page.getByLabel(say("password.again")).fill("mot cau rat dai de nho");
    await button(page, "password.go").click();
    await page.locator(".shell").waitFor();
    await visitor.close();
});

test("sign in: an administrator must enrol a second factor and then use it", async () => {
    const admin = await house.enter("province_admin");
    const account = await accountMake(admin, { role: "province_admin" });
    await admin.close();
    const first = await house.enterAs(account);
    await first.close();
    assert.ok(account.secret, "the gate asked for a second factor");
    assert.ok(account.codes.length >= 4, "recovery codes were shown");

    const visitor = await house.visit({ expect: [refused] });
    const { page } = visitor;
    await visitor.open("/");
    await fillSignIn(page, account.login, account.password);
    const code = page.getByLabel(say("factor.totp"), { exact: true });
    await code.fill("000000");
    await button(page, "factor.go").click();
    await page.getByRole("alert").waitFor();
    await code.fill(totpCode(account.secret, 1));
    await button(page, "factor.go").click();
    await page.locator(".shell").waitFor();
    await visitor.close();
});

test("sign in: a recovery code works once", async () => {
    const account = await plainAccount();
    const owner = await house.enterAs(account, { at: "/me?tab=security" });
    await button(owner.page, "factors.add_totp").click();
    const { codes } = await enrolTotp(owner.page);
    await owner.close();
    for (const [turn, works] of [[0, true], [1, false]]) {
        const visitor = await house.visit({ expect: [refused] });
        const { page } = visitor;
        await visitor.open("/");
        await fillSignIn(page, account.login, account.password);
        await button(page, "factor.use_recovery").click();
        await page.getByLabel(say("factor.recovery"), { exact: true }).fill(codes[0]);
        await button(page, "factor.go").click();
        await (works ? page.locator(".shell") : page.getByRole("alert")).waitFor();
        assert.equal(await page.locator(".shell").isVisible(), works, `turn ${turn}`);
        await visitor.close();
    }
});

/** A security key inside the browser, as DevTools offers it. */
async function keyInsert(visitor) {
    const wire = await visitor.context.newCDPSession(visitor.page);
    await wire.send("WebAuthn.enable");
    const { authenticatorId } = await wire.send("WebAuthn.addVirtualAuthenticator", {
        options: {
            protocol: "ctap2",
            transport: "usb",
            hasResidentKey: false,
            hasUserVerification: true,
            isUserVerified: true,
            automaticPresenceSimulation: true,
        },
    });
    return { wire, authenticatorId };
}

test("sign in: a security key is enrolled and used", async () => {
    const account = await plainAccount();
    // Chromium advises RS256 for old authenticators.
    const expect = [/pubKeyCredParams is missing/];
    const visitor = await house.enterAs(account, { at: "/me?tab=security", expect });
    const { page } = visitor;
    await keyInsert(visitor);
    await button(page, "factors.add_webauthn").click();
    await page.getByLabel(say("webauthn.name"), { exact: true }).fill("Khóa đen");
    await button(page, "webauthn.go").click();
    await page.locator(".recovery-codes").waitFor();
    await page.getByLabel(say("recovery.saved")).check();
    await button(page, "action.continue").click();
    await page.getByText("Khóa đen").first().waitFor();

    await page.getByRole("button", { name: say("action.sign_out") }).click();
    await fillSignIn(page, account.login, account.password);
    await button(page, "factor.webauthn").click();
    await page.locator(".shell").waitFor();
    await visitor.close();
});

test("sign in: five failures lock the account and say how to come back", async () => {
    const account = await plainAccount();
    const visitor = await house.visit({ expect: [refused] });
    const { page } = visitor;
    await visitor.open("/");
    for (let turn = 1; turn <= 5; turn++) {
        const answer = page.waitForResponse((response) => response.request().method() === "POST");
        await fillSignIn(page, account.login, `sai lan thu ${turn}`);
        await answer;
        await page.getByRole("alert").waitFor();
    }
    await fillSignIn(page, account.login, account.password);
    await page.getByRole("alert").filter({ hasText: "account_locked" }).waitFor();

    const admin = await house.enter("province_admin", { at: `/accounts/${account.id}` });
    await admin.page.getByRole("button", { name: say("account.unlock") }).click();
    await admin.page.getByText(say("account.done_unlock")).waitFor();
    await admin.close();
    await fillSignIn(page, account.login, account.password);
    await page.getByRole("heading", { name: say("must.password_title") }).waitFor();
    await visitor.close();
});

test("idle: the screen locks, keeps the work, and opens with the password", async () => {
    const account = await plainAccount();
    const visitor = await house.enterAs(account, { at: "/me", clock: true, expect: [refused] });
    const { page } = visitor;
    const phone = page.getByLabel(say("me.phone"));
    await phone.fill("0912 345 678");
    const { body } = await visitor.api("GET", "/session");
    await page.clock.fastForward(body.idle_lock_s * 1000 + 1000);
    const lock = page.getByRole("dialog", { name: say("lock.title") });
    await lock.waitFor();
    const password = lock.getByLabel(say("sign_in.password"), { exact: true });
    await password.fill("khong phai");
    await button(page, "lock.go").click();
    await lock.getByRole("alert").waitFor();
    await password.fill(account.password);
    await button(page, "lock.go").click();
    await lock.waitFor({ state: "detached" });
    assert.equal(await phone.inputValue(), "0912 345 678");
    await visitor.close();
});

test("idle: a locked session stays locked after a reload", async () => {
    const account = await plainAccount();
    const visitor = await house.enterAs(account, { at: "/me", expect: [refused] });
    const { page } = visitor;
    const locked = page.waitForResponse((response) => response.url().endsWith("/session/lock"));
    await page.getByRole("button", { name: say("action.lock") }).click();
    await locked;
    await page.reload();
    const lock = page.getByRole("dialog", { name: say("lock.title") });
    await lock.getByLabel(say("sign_in.password"), { exact: true }).fill(account.password);
    await button(page, "lock.go").click();
    await lock.waitFor({ state: "detached" });
    await settled(page);
    await page.getByRole("heading", { name: say("section.me") }).waitFor();
    await visitor.close();
});

test("idle: the windows of one browser lock and open together", async () => {
    const account = await plainAccount();
    const visitor = await house.enterAs(account, { at: "/me", expect: [refused] });
    const { page, context } = visitor;
    const other = await context.newPage();
    await other.goto("/units");
    await settled(other);
    const lockOf = (window) => window.getByRole("dialog", { name: say("lock.title") });
    await page.getByRole("button", { name: say("action.lock") }).click();
    await lockOf(page).waitFor();
    await lockOf(other).waitFor();
    await lockOf(other).getByLabel(say("sign_in.password"), { exact: true }).fill(account.password);
    await button(other, "lock.go").click();
    await lockOf(other).waitFor({ state: "detached" });
    await lockOf(page).waitFor({ state: "detached" });
    await visitor.close();
});

test("idle: what a page asks for by itself is no sign of life", async () => {
    const admin = await house.enter("province_admin", { at: "/accounts", clock: true });
    const { page } = admin;
    const asks = () => page.waitForRequest((request) => /\/accounts\?|\/accounts$/.test(request.url()));
    const marked = async (asked) => (await asked).headers()["loa-background"] === "1";
    const colleague = await house.enter("province_admin");
    await page.clock.fastForward(20_000);
    let asked = asks();
    await accountMake(colleague);
    assert.equal(await marked(asked), true, "after an event of the server");
    await page.mouse.move(200, 200);
    asked = asks();
    await page.getByLabel(say("accounts.q")).fill("thu");
    assert.equal(await marked(asked), false, "after a hand on the mouse");
    await colleague.close();
    await admin.close();
});

test("recovery codes: on paper stand the codes and nothing else", async () => {
    const account = await plainAccount();
    const visitor = await house.enterAs(account, { at: "/me?tab=security" });
    const { page } = visitor;
    await button(page, "factors.add_totp").click();
    const secret = (await page.locator(".secret-value").first().textContent()).trim();
    await page.getByLabel(say("factor.totp"), { exact: true }).fill(totpCode(secret));
    await button(page, "totp.go").click();
    await page.locator(".recovery-codes").waitFor();
    const asked = page.evaluate(() => new Promise((resolve) => (window.print = () => resolve(true))));
    await button(page, "recovery.print").click();
    assert.equal(await asked, true, "the button prints");
    await page.emulateMedia({ media: "print" });
    const codes = page.locator(".recovery-codes code");
    assert.ok((await codes.count()) >= 4);
    assert.ok(await codes.last().isVisible());
    assert.ok(await page.getByText(account.login).first().isVisible(), "whose codes these are");
    for (const unwanted of [page.locator(".rail"), page.locator("h1"), button(page, "action.continue")]) {
        assert.equal(await unwanted.isVisible(), false);
    }
    await page.emulateMedia({ media: null });
    await page.getByLabel(say("recovery.saved")).check();
    await button(page, "action.continue").click();
    await visitor.close();
});

test("sessions: another session can be ended", async () => {
    const account = await plainAccount();
    const one = await house.enterAs(account);
    const two = await house.visit({ expect: [refused] });
    await two.open("/");
    await fillSignIn(two.page, account.login, account.password);
    await two.page.locator(".shell").waitFor();
    await one.open("/me?tab=sessions");
    await one.page.getByRole("button", { name: say("sessions.end"), exact: true }).click();
    await one.page.getByText(say("sessions.ended")).waitFor();
    await two.page.goto("/me");
    await two.page.getByRole("heading", { name: say("sign_in.title") }).waitFor();
    await one.close();
    await two.close();
});
