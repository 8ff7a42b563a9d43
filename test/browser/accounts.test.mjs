// Accounts in the browser: making, helping, stopping, filtering.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { accountMake, fillSignIn, houseOpen, settled } from "./house.mjs";
import { say } from "./words.mjs";

let house;
before(async () => (house = await houseOpen()));
after(() => house.close());

function button(page, key) {
    return page.getByRole("button", { name: say(key), exact: true });
}

test("accounts: one is created and its password is shown once", async () => {
    const visitor = await house.enter("province_admin", { at: "/accounts/new" });
    const { page } = visitor;
    await page.getByLabel(say("accounts.full_name")).fill("Lò Thị Thử");
    await page.getByLabel(say("sign_in.login")).fill("lo.thi.thu");
    await button(page, "account_new.go").click();
    const once = page.getByRole("dialog", { name: say("once.title") });
    const password = await once.locator(".secret-value").nth(1).textContent();
    assert.ok(password.length >= 12);
    await page.keyboard.press("Escape");
    assert.ok(await once.isVisible(), "Escape must not lose the password");
    await button(page, "once.go").click();
    await page.getByRole("heading", { level: 1, name: "Lò Thị Thử" }).waitFor();
    assert.equal(await page.getByText(password).count(), 0);
    await visitor.close();
});

test("accounts: a login that is taken is said at its field", async () => {
    const taken = house.account("viewer").login;
    const visitor = await house.enter("province_admin", { at: "/accounts/new", expect: [/status of 4/] });
    const { page } = visitor;
    await page.getByLabel(say("accounts.full_name")).fill("Người Thứ Hai");
    const login = page.getByLabel(say("sign_in.login"));
    await login.fill(taken);
    await button(page, "account_new.go").click();
    await page.locator(".field-error").waitFor();
    assert.equal(await login.getAttribute("aria-invalid"), "true");
    await visitor.close();
});

test("accounts: disabled, undone, disabled again: it cannot sign in", async () => {
    const admin = await house.enter("province_admin");
    const { page } = admin;
    const account = await accountMake(admin);
    await admin.open(`/accounts/${account.id}`);
    const disable = async () => {
        await button(page, "account.disable").click();
        await page.getByRole("dialog").getByRole("button", { name: say("account.disable") }).click();
        await page.getByText(say("account_state.disabled")).first().waitFor();
    };
    await disable();
    await button(page, "action.undo").click();
    await page.getByText(say("account_state.active")).first().waitFor();
    await disable();
    const other = await house.visit({ expect: [/status of 4/] });
    await other.open("/");
    await fillSignIn(other.page, account.login, account.password);
    await other.page.getByRole("alert").waitFor();
    assert.equal(await other.page.locator(".shell").count(), 0);
    await other.close();
    await admin.close();
});

test("accounts: a reset gives a new password and ends the old one", async () => {
    const admin = await house.enter("province_admin");
    const { page } = admin;
    const account = await accountMake(admin);
    await admin.open(`/accounts/${account.id}`);
    await button(page, "account.reset").click();
    await page.getByRole("dialog").getByRole("button", { name: say("account.reset") }).click();
    const once = page.getByRole("dialog", { name: say("once.title") });
    const password = await once.locator(".secret-value").nth(1).textContent();
    await button(page, "once.go").click();
    await admin.close();
    const other = await house.visit({ expect: [/status of 4/] });
    await other.open("/");
    await fillSignIn(other.page, account.login, account.password);
    await other.page.getByRole("alert").waitFor();
    await fillSignIn(other.page, account.login, password);
    await other.page.getByRole("heading", { name: say("must.password_title") }).waitFor();
    await other.close();
});

test("accounts: a role is given until a day, and withdrawn", async () => {
    const admin = await house.enter("province_admin");
    const { page } = admin;
    const account = await accountMake(admin);
    await admin.open(`/accounts/${account.id}?tab=roles`);
    await page.getByRole("combobox", { name: say("accounts.role"), exact: true }).selectOption("auditor");
    const last = page.getByLabel(say("grant.last"), { exact: false }).first();
    await last.fill("31/12/2099");
    await last.blur();
    await button(page, "grant.go").click();
    const line = page.getByRole("row").filter({ hasText: say("role.auditor") });
    await line.getByText("31/12/2099", { exact: false }).waitFor();
    await line.getByRole("button", { name: say("grant.revoke") }).click();
    await page.getByText(say("grant.revoked")).waitFor();
    await admin.close();
});

test("accounts: the filters live in the address and survive the way back", async () => {
    const admin = await house.enter("province_admin", { at: "/accounts" });
    const { page } = admin;
    await page.getByLabel(say("accounts.role"), { exact: true }).selectOption("viewer");
    await page.waitForURL(/role=viewer/);
    await settled(page);
    const { login } = house.account("viewer");
    const link = page.getByRole("rowheader").filter({ hasText: login }).getByRole("link");
    await link.click();
    await page.waitForURL(/\/accounts\/\d+/);
    await page.goBack();
    await page.waitForURL(/role=viewer/);
    assert.equal(await page.getByLabel(say("accounts.role"), { exact: true }).inputValue(), "viewer");
    await page.getByLabel(say("accounts.q")).fill("khong co ai ten nay");
    await page.getByText(say("accounts.none")).waitFor();
    await button(page, "list.clear").click();
    await link.waitFor();
    await admin.close();
});
