// A programme: what it plays, when, where. Whoever may only read sees the
// same form and no button.

import programmeStyles from "../../styles/programme.css";
import alarmStyles from "../../styles/alarm.css";
import plannerStyles from "../../styles/planner.css";
import { useState } from "preact/hooks";
import type { UnitRef } from "../../../shared/api";
import type { AfterBreak, ProgrammeClass, ProgrammeDraft, ProgrammeKind, When } from "../../../shared/broadcast";
import { programmeCreate, programmeRead, programmeRemove, programmeSave } from "../api/broadcast";
import { unitCard } from "../api/units";
import { AreaPicker } from "../parts/area_picker";
import { Button, LinkButton } from "../parts/button";
import { ask } from "../parts/dialog";
import { SelectField, TextField } from "../parts/field";
import { Page, Panel } from "../parts/page";
import { sheetUse } from "../parts/sheet";
import { FormError, Notice, Show } from "../parts/states";
import { toastDone } from "../parts/toast";
import { draftOf, newDraft } from "../programme/draft";
import { ItemsField } from "../programme/items_field";
import { QuotaLine } from "../programme/quota";
import { Repeats } from "../programme/repeats";
import { WhenFields } from "../programme/when_fields";
import { whenWords } from "../programme/when_words";
import type { PageProps } from "../shell/pages";
import { topicTouch } from "../state/live";
import { useAct, useLoad } from "../state/load";
import { go, here } from "../state/router";
import { account, can } from "../state/session";
import { unsavedDone, useUnsaved } from "../state/unsaved";
import { t } from "../words";
import { clockText, minutesOf } from "../words/clock";
import { isDay, today } from "../words/format";

sheetUse(programmeStyles);
sheetUse(alarmStyles);
sheetUse(plannerStyles);

interface Start {
    id: number | null;
    unit: UnitRef | null;
    areas: UnitRef[];
    draft: ProgrammeDraft;
    /** A unit above mine made it: I may read it. */
    above: boolean;
}

async function isAboveMe(unit: UnitRef): Promise<boolean> {
    const mine = account.value?.unit;
    if (mine === undefined || mine.id === unit.id) {
        return false;
    }
    const { ancestors } = await unitCard(mine.id, null);
    return ancestors.some(({ id }) => id === unit.id);
}

async function startOf(id: number | null, day: string | null): Promise<Start> {
    if (id === null) {
        const unit = account.value?.unit ?? null;
        return { id, unit, areas: [], draft: newDraft(unit?.id ?? 0, day), above: false };
    }
    const programme = await programmeRead(id);
    const above = await isAboveMe(programme.unit);
    return { id, unit: programme.unit, areas: programme.areas, draft: draftOf(programme), above };
}

export default function ProgrammeEdit({ params }: PageProps) {
    const id = params["id"] === undefined ? null : Number(params["id"]);
    const asked = here.value.query.get("day");
    const start = useLoad(`programme|${id}`, () => startOf(id, isDay(asked) ? asked : null), id === null ? [] : ["programmes"]);
    const { data } = start;
    return (
        <Page
            title={id === null ? t("programmes.new") : (data?.draft.name ?? t("section.programmes"))}
            crumbs={[{ label: t("section.programmes"), href: "/programmes" }]}
            {...(data && id !== null ? { lead: `${data.unit?.name ?? ""} · ${whenWords(data.draft.when)} · ${data.draft.start}` } : {})}
        >
            <Show of={start}>{(ready) => <ProgrammeForm key={ready.draft.version ?? 0} start={ready} />}</Show>
        </Page>
    );
}

const kinds: ProgrammeKind[] = ["items", "relay", "signal", "silence"];
const classes: ProgrammeClass[] = ["ordinary", "priority"];
const breaks: AfterBreak[] = ["resume", "keep_time", "end"];

function ProgrammeForm({ start }: { start: Start }) {
    const [draft, setDraft] = useState(start.draft);
    const [areas, setAreas] = useState(start.areas);
    const [minutes, setMinutes] = useState(start.draft.place_ms === 0 ? "" : String(start.draft.place_ms / 60_000));
    const act = useAct();
    const writes = can("programmes_write") && !start.above;
    const set = (change: Partial<ProgrammeDraft>) => setDraft((was) => ({ ...was, ...change }));
    const setWhen = (change: Partial<When>) => setDraft((was) => ({ ...was, when: { ...was.when, ...change } }));
    const timeWrong = minutesOf(draft.start) === null;
    useUnsaved(draft !== start.draft);
    const submit = () =>
        act.run(async () => {
            const whole = {
                ...draft,
                name: draft.name.trim(),
                start: clockText(draft.start),
                repeats: draft.repeats.map((repeat) => ({ ...repeat, start: clockText(repeat.start) })),
                place_ms: Math.round(Number(minutes.replace(",", ".")) * 60_000) || 0,
                areas: areas.map(({ id }) => id),
            };
            const { clashes = [] } = await (start.id === null ? programmeCreate(whole) : programmeSave(start.id, whole));
            unsavedDone();
            topicTouch("programmes");
            const [clash] = clashes;
            const other = clash === undefined ? null : clash.first.name === whole.name ? clash.second.name : clash.first.name;
            toastDone(other === null ? t("programmes.saved", { name: whole.name }) : t("programmes.saved_clash", { name: whole.name, other }));
            void go(`/programmes?day=${whole.when.from}`);
        });
    return (
        <form
            class="stack"
            onSubmit={(event) => {
                event.preventDefault();
                void submit();
            }}
        >
            {!writes && <Notice>{t("programmes.read_only", { unit: start.unit?.name ?? "" })}</Notice>}
            <fieldset class="stack" disabled={!writes}>
                <FormError error={act.error} shown={["name", "start", "source"]} />
                <Panel title={t("programmes.what")}>
                    <div class="stack">
                        <div class="form-grid">
                            <TextField label={t("programmes.name")} value={draft.name} onInput={(name) => set({ name })} error={act.error?.field("name")} required />
                            <SelectField<ProgrammeKind>
                                label={t("programmes.kind")}
                                value={draft.kind}
                                options={kinds.map((value) => ({ value, label: t(`programme_kind.${value}`) }))}
                                onChange={(kind) => set({ kind })}
                            />
                            <SelectField<ProgrammeClass>
                                label={t("programmes.class")}
                                hint={t(`class_hint.${draft.class}`)}
                                value={draft.class}
                                options={classes.map((value) => ({ value, label: t(`class.${value}`) }))}
                                onChange={(next) => set({ class: next })}
                            />
                            {draft.kind === "relay" && (
                                <TextField
                                    label={t("programmes.source")}
                                    hint={t("programmes.source_hint")}
                                    value={draft.source ?? ""}
                                    onInput={(source) => set({ source: source === "" ? null : source })}
                                    error={act.error?.field("source")}
                                    required
                                />
                            )}
                        </div>
                        {draft.kind !== "silence" && <ItemsField unit={draft.unit_id} items={draft.items} onChange={(items) => set({ items })} />}
                    </div>
                </Panel>
                <Panel title={t("programmes.when")}>
                    <div class="stack">
                        <div class="form-grid">
                            <TextField
                                label={t("programmes.start")}
                                value={draft.start}
                                onInput={(text) => set({ start: text })}
                                error={timeWrong ? t("form.not_a_time") : act.error?.field("start")}
                                required
                            />
                            <TextField label={t("programmes.minutes")} hint={t("programmes.minutes_hint")} inputMode="numeric" value={minutes} onInput={setMinutes} error={act.error?.field("place_ms")} />
                            <SelectField<AfterBreak>
                                label={t("programmes.after_break")}
                                value={draft.after_break}
                                options={breaks.map((value) => ({ value, label: t(`after_break.${value}`) }))}
                                onChange={(after_break) => set({ after_break })}
                            />
                        </div>
                        <QuotaLine unit={draft.unit_id} day={draft.when.from > today() ? draft.when.from : today()} />
                        <WhenFields when={draft.when} set={setWhen} error={act.error} />
                        <Repeats repeats={draft.repeats} onChange={(repeats) => set({ repeats })} />
                    </div>
                </Panel>
                <Panel title={t("programmes.where")} lead={t("programmes.where_lead", { unit: start.unit?.name ?? "" })}>
                    <AreaPicker label={t("alarm.areas")} value={areas} onChange={setAreas} error={act.error?.field("areas")} />
                </Panel>
            </fieldset>
            <div class="form-foot form-foot-stuck">
                {writes && (
                    <Button submit kind="primary" busy={act.busy} disabled={timeWrong || draft.name.trim() === ""}>
                        {t("action.save")}
                    </Button>
                )}
                <LinkButton href="/programmes">{t("action.cancel")}</LinkButton>
                {start.id !== null && writes && <Remove id={start.id} name={start.draft.name} />}
            </div>
        </form>
    );
}

function Remove({ id, name }: { id: number; name: string }) {
    const act = useAct();
    const remove = async () => {
        if (await ask({ title: t("programmes.remove_sure", { name }), body: t("programmes.remove_body"), yes: t("action.delete"), danger: true })) {
            await act.run(async () => {
                await programmeRemove(id);
                unsavedDone();
                topicTouch("programmes");
                toastDone(t("programmes.removed", { name }));
                void go("/programmes");
            });
        }
    };
    return (
        <Button kind="quiet" icon="trash" busy={act.busy} onClick={() => void remove()}>
            {t("action.delete")}
        </Button>
    );
}
