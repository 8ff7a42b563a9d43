// Changes of many units at once: reforms and imports.

import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { after, before, test } from "node:test";
import { houseOpen, settled } from "./house.mjs";
import { say } from "./words.mjs";

let house;
before(async () => (house = await houseOpen()));
after(() => house.close());

function button(page, key) {
    return page.getByRole("button", { name: say(key), exact: true });
}

async function pick(field, unit) {
    await field.fill(unit.name);
    await field.page().getByRole("option").filter({ hasText: unit.name }).first().click();
}

/** Two communes of today, to be merged tomorrow. */
async function twoCommunes(visitor) {
    const { body: roots } = await visitor.api("GET", "/units");
    const root = roots.items[0];
    const { body } = await visitor.api("GET", `/units?parent=${root.id}&limit=200`);
    const communes = body.items.filter((unit) => unit.tier === "commune" && /^[\p{L} ]+$/u.test(unit.name));
    return { root, pair: communes.slice(-2) };
}

async function composeMerge(page, { root, pair }, name, on) {
    await page.getByLabel(say("reforms.name"), { exact: true }).fill("Sắp xếp thử");
    await page.getByLabel(say("reforms.decree"), { exact: true }).fill("01/NQ-HĐND");
    await page.getByLabel(say("reforms.on"), { exact: true }).fill(on);
    await page.getByLabel(say("reforms.on"), { exact: true }).blur();
    await pick(page.getByRole("combobox", { name: say("step.source", { n: 1 }), exact: true }), pair[0]);
    await pick(page.getByRole("combobox", { name: say("step.source", { n: 2 }), exact: true }), pair[1]);
    await page.getByLabel(say("units.name"), { exact: true }).fill(name);
    await pick(page.getByRole("combobox", { name: say("units.parent"), exact: true }), root);
}

test("reform: composed, previewed, applied and undone", async () => {
    const visitor = await house.enter("province_admin");
    const { page } = visitor;
    const communes = await twoCommunes(visitor);
    await visitor.open("/reforms/new");
    await button(page, "reform.save").click();
    await page.getByRole("alert").waitFor();
    await composeMerge(page, communes, "Xã Hợp Nhất", "01/01/2027");
    await button(page, "reform.save").click();
    await page.getByRole("heading", { level: 1, name: "Sắp xếp thử" }).waitFor();
    await settled(page);
    const figures = page.locator(".figures .figure");
    assert.deepEqual((await figures.allTextContents()).slice(0, 2), ["2", "1"], "two end, one begins");

    await button(page, "reform.apply").click();
    await page.getByRole("dialog").getByRole("button", { name: say("reform.apply") }).click();
    await page.getByText(say("reform.applied"), { exact: true }).first().waitFor();
    const found = await visitor.api("GET", `/units/search?q=${encodeURIComponent("hop nhat")}&at=2027-01-01`);
    assert.equal(found.body.items[0]?.name, "Xã Hợp Nhất");

    await button(page, "reform.undo").click();
    await page.getByRole("dialog").getByRole("button", { name: say("reform.undo") }).click();
    await page.getByText(say("reform_state.undone")).first().waitFor();
    const gone = await visitor.api("GET", `/units/search?q=${encodeURIComponent("hop nhat")}&at=2027-01-01`);
    assert.equal(gone.body.items.length, 0);
    await visitor.close();
});

test("reform: a draft is edited and deleted", async () => {
    const visitor = await house.enter("province_admin");
    const { page } = visitor;
    const communes = await twoCommunes(visitor);
    await visitor.open("/reforms/new");
    await composeMerge(page, communes, "Xã Dự Thảo", "01/02/2027");
    await button(page, "reform.save").click();
    await page.getByRole("link", { name: say("reform.edit") }).click();
    const name = page.getByLabel(say("units.name"), { exact: true });
    await name.waitFor();
    assert.equal(await name.inputValue(), "Xã Dự Thảo");
    assert.equal(await page.getByRole("combobox", { name: say("step.source", { n: 1 }), exact: true }).inputValue(), communes.pair[0].name);
    await name.fill("Xã Dự Thảo Hai");
    await button(page, "reform.save").click();
    await page.getByText("Xã Dự Thảo Hai").first().waitFor();
    await button(page, "action.delete").click();
    await page.getByRole("dialog").getByRole("button", { name: say("action.delete") }).click();
    await page.waitForURL("**/reforms");
    await visitor.close();
});

test("reform: a warning lets it be applied, an error does not", async () => {
    const visitor = await house.enter("province_admin");
    const { page } = visitor;
    const { root, pair } = await twoCommunes(visitor);
    const draft = async (from) => {
        const into = { tier: "commune", kind: "xa", name: "Xã Một Phần", parent_id: root.id };
        const made = await visitor.api("POST", "/reforms", {
            title: "Tách thử",
            decree: "03/NQ-HĐND",
            on: "2027-03-01",
            steps: [{ op: "merge", from, into }],
        });
        assert.equal(made.status, 201, JSON.stringify(made.body));
        await visitor.open(`/reforms/${made.body.reform.id}`);
        return made.body.preview.problems;
    };
    const gentle = await draft([{ unit_id: pair[0].id, share: 1 }, { unit_id: pair[1].id }]);
    assert.deepEqual(gentle.map((problem) => problem.severity), ["warning"]);
    await page.getByText(say("preview.warnings")).waitFor();
    assert.ok(await button(page, "reform.apply").isEnabled());
    const hard = await draft([{ unit_id: pair[0].id, share: 1 }, { unit_id: pair[0].id, rest: true }]);
    assert.ok(hard.some((problem) => problem.severity === "error"));
    await page.getByText(say("preview.problems")).waitFor();
    assert.ok(await button(page, "reform.apply").isDisabled());
    await visitor.close();
});

test("import: a list of villages is checked, then taken", async () => {
    const visitor = await house.enter("province_admin", { at: "/imports/new" });
    const { page } = visitor;
    const { pair } = await twoCommunes(visitor);
    const file = path.join(house.folder, "thon.csv");
    await writeFile(file, `Mã,Tên,Loại,Mã cấp trên\nT900001,Thôn Nhập Thử,Thôn,${pair[0].code}\n`);
    await page.getByLabel(say("imports.kind"), { exact: true }).selectOption("units");
    await page.getByLabel(say("import_new.choose"), { exact: false }).setInputFiles(file);
    await button(page, "import_new.go").click();
    await page.getByText(say("import.checked")).waitFor();
    await button(page, "import.apply").click();
    await page.getByText(say("import_state.applied"), { exact: true }).waitFor();
    const found = await visitor.api("GET", `/units/search?q=${encodeURIComponent("nhap thu")}`);
    assert.equal(found.body.items[0]?.name, "Thôn Nhập Thử");
    await visitor.close();
});

test("import: a wrong line is shown with its number and nothing changes", async () => {
    const visitor = await house.enter("province_admin", { at: "/imports/new" });
    const { page } = visitor;
    const file = path.join(house.folder, "danh-muc.csv");
    const head = "Tên,Mã,Cấp,Tỉnh / Thành Phố,Mã tỉnh";
    await writeFile(
        file,
        `${head}\nXã Một,30001,Xã,Tỉnh Mẫu,96\nXã Hai,XXX,Xã,Tỉnh Mẫu,96\nXã Ba,30003\n`,
    );
    await button(page, "import_new.go").click();
    await page.getByText(say("import_new.missing")).waitFor();
    await page.getByLabel(say("import_new.choose"), { exact: false }).setInputFiles(file);
    await button(page, "import_new.go").click();
    await page.waitForURL(/\/imports\/\d+$/);
    await settled(page);
    await page.getByText(say("import_state.refused")).first().waitFor();
    const lines = await page.locator(".table tbody tr").evaluateAll((rows) =>
        rows.map((row) => row.querySelector("th")?.innerText),
    );
    assert.ok(lines.includes("3") && lines.includes("4"), `wrong lines: ${lines}`);
    assert.equal(await button(page, "import.apply").count(), 0);
    await visitor.close();
});
