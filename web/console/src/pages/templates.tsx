// Templates, categories and the rule of the second person: what bulletins are
// made with, as data of the units.

import studioStyles from "../../styles/studio.css";
import { useState } from "preact/hooks";
import type { BulletinTemplate, Category } from "../../../shared/studio";
import { categoriesSave, categoryList, rulesOf, rulesPut, templateCreate, templateList, templateRemove, templateSave } from "../api/studio";
import { Badge } from "../parts/badge";
import { Button, IconButton } from "../parts/button";
import { ask, Dialog } from "../parts/dialog";
import { CheckField, SelectField, TextField } from "../parts/field";
import { Page, Panel } from "../parts/page";
import { sheetUse } from "../parts/sheet";
import { Empty, FormError, Show } from "../parts/states";
import { TextArea } from "../parts/text_area";
import { toastDone } from "../parts/toast";
import { topicTouch } from "../state/live";
import { useAct, useLoad } from "../state/load";
import { account, can } from "../state/session";
import { bulletinClasses } from "../studio/words";
import { t } from "../words";

sheetUse(studioStyles);

export default function Templates() {
    const unit = account.value?.unit.id ?? 0;
    return (
        <Page title={t("section.templates")} crumbs={[{ label: t("section.bulletins"), href: "/bulletins" }]} lead={t("templates.lead")}>
            <TemplateList unit={unit} />
            <Categories />
            <OnePerson unit={unit} />
        </Page>
    );
}

function TemplateList({ unit }: { unit: number }) {
    const list = useLoad(`templates|${unit}`, () => templateList(unit), ["bulletins"]);
    const [open, setOpen] = useState<BulletinTemplate | "new" | null>(null);
    const writes = can("bulletins_write");
    return (
        <Panel
            title={t("templates.title")}
            actions={
                writes && (
                    <Button small icon="plus" onClick={() => setOpen("new")}>
                        {t("templates.new")}
                    </Button>
                )
            }
        >
            <Show of={list}>
                {({ items }) =>
                    items.length === 0 ? (
                        <Empty picture="paper" title={t("templates.none")} />
                    ) : (
                        <ul class="lines">
                            {items.map((one) => (
                                <li key={one.id} class="line">
                                    <div class="line-body">
                                        <p>
                                            <b>{one.name}</b>
                                        </p>
                                        <p class="quiet">
                                            {[one.title, one.unit?.name].filter(Boolean).join(" · ")}
                                        </p>
                                    </div>
                                    {writes && one.unit?.id === unit && (
                                        <Button small icon="edit" onClick={() => setOpen(one)}>
                                            {t("action.edit")}
                                        </Button>
                                    )}
                                </li>
                            ))}
                        </ul>
                    )
                }
            </Show>
            {open !== null && (
                <TemplateForm
                    unit={unit}
                    template={open === "new" ? null : open}
                    onClose={() => setOpen(null)}
                    onDone={() => {
                        setOpen(null);
                        list.reload();
                    }}
                />
            )}
        </Panel>
    );
}

interface TemplateFormProps {
    unit: number;
    template: BulletinTemplate | null;
    onClose: () => void;
    onDone: () => void;
}

function TemplateForm({ unit, template, onClose, onDone }: TemplateFormProps) {
    const categories = useLoad("categories", categoryList);
    const [draft, setDraft] = useState({
        name: template?.name ?? "",
        title: template?.title ?? "",
        category: template?.category?.code ?? null,
        class: template?.class ?? ("ordinary" as const),
        text: template?.texts.find(({ channel }) => channel === "sound")?.text ?? "",
    });
    const act = useAct();
    const set = (change: Partial<typeof draft>) => setDraft((was) => ({ ...was, ...change }));
    const submit = () =>
        act.run(async () => {
            const { text, ...rest } = draft;
            const others = (template?.texts ?? [])
                .filter(({ language, channel }) => language !== "vi" || channel !== "sound")
                .map(({ language, channel, title, text: said }) => ({ language, channel, title, text: said }));
            const own = text.trim() === "" ? [] : [{ language: "vi", channel: "sound" as const, title: "", text: text.trim() }];
            const whole = { ...rest, name: rest.name.trim(), title: rest.title.trim(), texts: [...own, ...others] };
            await (template === null ? templateCreate({ ...whole, unit_id: unit }) : templateSave(template.id, { ...whole, version: template.version }));
            topicTouch("bulletins");
            toastDone(t("templates.saved"));
            onDone();
        });
    const remove = async () => {
        if (template && (await ask({ title: t("templates.remove_sure", { name: template.name }), yes: t("action.delete"), danger: true }))) {
            await act.run(async () => {
                await templateRemove(template.id);
                toastDone(t("templates.removed"));
                onDone();
            });
        }
    };
    return (
        <Dialog title={t(template === null ? "templates.new" : "templates.edit")} onClose={onClose}>
            <form
                class="stack"
                onSubmit={(event) => {
                    event.preventDefault();
                    void submit();
                }}
            >
                <TextField label={t("templates.name")} value={draft.name} onInput={(name) => set({ name })} error={act.error?.field("name")} required />
                <TextField label={t("bulletin.title")} value={draft.title} onInput={(title) => set({ title })} error={act.error?.field("title")} />
                <SelectField
                    label={t("bulletin.category")}
                    value={draft.category ?? ""}
                    options={[
                        { value: "", label: t("bulletin.category_none") },
                        ...(categories.data?.items ?? []).filter(({ retired }) => !retired).map(({ code, name }) => ({ value: code, label: name })),
                    ]}
                    onChange={(code) => set({ category: code || null })}
                />
                <SelectField
                    label={t("bulletin.class")}
                    value={draft.class}
                    options={bulletinClasses.map((value) => ({ value, label: t(`bulletin_class.${value}`) }))}
                    onChange={(value) => setDraft((was) => ({ ...was, class: value as typeof was.class }))}
                />
                <TextArea label={t("bulletin.transcript")} hint={t("templates.text_hint")} value={draft.text} rows={6} onInput={(text) => set({ text })} />
                <FormError error={act.error} shown={["name", "title"]} />
                <div class="dialog-foot">
                    {template !== null && (
                        <Button kind="quiet" icon="trash" busy={act.busy} onClick={() => void remove()}>
                            {t("action.delete")}
                        </Button>
                    )}
                    <Button onClick={onClose}>{t("action.cancel")}</Button>
                    <Button submit kind="primary" busy={act.busy} disabled={draft.name.trim() === ""}>
                        {t("action.save")}
                    </Button>
                </div>
            </form>
        </Dialog>
    );
}

function Categories() {
    const list = useLoad("categories", categoryList, ["bulletins"]);
    const [changing, setChanging] = useState(false);
    return (
        <Panel
            title={t("categories.title")}
            lead={t("categories.lead")}
            actions={
                can("settings_write") &&
                !changing && (
                    <Button small icon="edit" onClick={() => setChanging(true)}>
                        {t("categories.edit")}
                    </Button>
                )
            }
        >
            <Show of={list}>
                {({ items }) => (changing ? <CategoryForm items={items} onDone={() => setChanging(false)} /> : <CategoryNames items={items} />)}
            </Show>
        </Panel>
    );
}

function CategoryNames({ items }: { items: Category[] }) {
    return (
        <p class="badges">
            {items
                .filter(({ retired }) => !retired)
                .map(({ code, name }) => (
                    <Badge key={code}>{name}</Badge>
                ))}
        </p>
    );
}

function CategoryForm({ items, onDone }: { items: Category[]; onDone: () => void }) {
    const [rows, setRows] = useState(items.map(({ name: _, ...rest }) => rest));
    const act = useAct();
    const set = (at: number, change: Partial<(typeof rows)[number]>) => setRows(rows.map((row, index) => (index === at ? { ...row, ...change } : row)));
    const move = (at: number) => setRows(rows.map((row, index) => (index === at - 1 ? (rows[at] ?? row) : index === at ? (rows[at - 1] ?? row) : row)));
    const known = new Set(items.map(({ code }) => code));
    const submit = () =>
        act.run(async () => {
            await categoriesSave(rows.map((row) => ({ ...row, code: row.code.trim(), name_vi: row.name_vi.trim(), name_en: row.name_en.trim() })));
            topicTouch("bulletins");
            toastDone(t("categories.saved"));
            onDone();
        });
    return (
        <form
            class="stack"
            onSubmit={(event) => {
                event.preventDefault();
                void submit();
            }}
        >
            <ol class="category-rows">
                {rows.map((row, index) => (
                    <li key={index} class={`category-row${row.retired ? " category-retired" : ""}`}>
                        <TextField label={t("categories.vi")} value={row.name_vi} onInput={(name_vi) => set(index, { name_vi })} required />
                        <TextField label={t("categories.en")} value={row.name_en} onInput={(name_en) => set(index, { name_en })} required />
                        {known.has(row.code) ? (
                            <CheckField label={t("categories.retired")} checked={row.retired} onChange={(retired) => set(index, { retired })} />
                        ) : (
                            <TextField label={t("categories.code")} value={row.code} onInput={(code) => set(index, { code })} code required />
                        )}
                        <IconButton class="category-up" icon="right" label={t("categories.up", { name: row.name_vi })} disabled={index === 0} onClick={() => move(index)} />
                    </li>
                ))}
            </ol>
            <FormError error={act.error} />
            <div class="form-foot">
                <Button submit kind="primary" busy={act.busy}>
                    {t("action.save")}
                </Button>
                <Button icon="plus" onClick={() => setRows([...rows, { code: "", name_vi: "", name_en: "", retired: false }])}>
                    {t("categories.add")}
                </Button>
                <Button kind="quiet" onClick={onDone}>
                    {t("action.cancel")}
                </Button>
            </div>
        </form>
    );
}

function OnePerson({ unit }: { unit: number }) {
    const rules = useLoad(`bulletin.rules|${unit}`, () => rulesOf(unit), ["bulletins"]);
    const act = useAct();
    return (
        <Panel title={t("one_person.title")} lead={t("one_person.lead")}>
            <Show of={rules} lines={1}>
                {({ one_person, set_by_unit }) => (
                    <>
                        <p>
                            {t(one_person ? "one_person.yes" : "one_person.no")}
                            {set_by_unit && <span class="quiet"> · {t("one_person.set_by", { unit: set_by_unit.name })}</span>}
                        </p>
                        <FormError error={act.error} />
                        {can("bulletins_approve") && (
                            <div class="form-foot">
                                <Button
                                    small
                                    busy={act.busy}
                                    onClick={() =>
                                        void act.run(async () => {
                                            rules.set(await rulesPut(unit, !one_person));
                                            toastDone(t("one_person.saved"));
                                        })
                                    }
                                >
                                    {t(one_person ? "one_person.turn_off" : "one_person.turn_on")}
                                </Button>
                            </div>
                        )}
                    </>
                )}
            </Show>
        </Panel>
    );
}
