// Before the microphone opens: to whom, how, and what sounds if the stream
// dies. Nothing goes out from this page.

import { useState } from "preact/hooks";
import alarmStyles from "../../styles/alarm.css";
import choiceStyles from "../../styles/choice.css";
import liveStyles from "../../styles/live.css";
import type { UnitRef } from "../../../shared/api";
import type { LiveClass, LiveDraft, LiveMode } from "../../../shared/live";
import { markMake } from "../alarm/mark";
import { mediaList } from "../api/broadcast";
import { liveBegin } from "../api/live";
import { AreaPicker } from "../parts/area_picker";
import { Button, LinkButton } from "../parts/button";
import { CheckField, SelectField, TextField } from "../parts/field";
import { Page, Panel } from "../parts/page";
import { sheetUse } from "../parts/sheet";
import { FormError } from "../parts/states";
import { topicTouch } from "../state/live";
import { useAct, useLoad } from "../state/load";
import { go } from "../state/router";
import { account } from "../state/session";
import { t } from "../words";
import { lengthOf } from "../words/clock";

sheetUse(alarmStyles);
sheetUse(liveStyles);
sheetUse(choiceStyles);

const MOST_MEDIA = 200;
const modes: LiveMode[] = ["talk", "continuous"];
const classes: LiveClass[] = ["ordinary", "priority"];

function draftNew(): LiveDraft {
    return {
        mark: markMake(),
        unit_id: account.value?.unit.id ?? 0,
        areas: [],
        title: "",
        mode: "talk",
        class: "ordinary",
        fallback: null,
        language: "vi",
        public: true,
        record: true,
    };
}

export default function LiveNew() {
    const mine = account.value?.unit;
    const [draft, setDraft] = useState(draftNew);
    const [areas, setAreas] = useState<UnitRef[]>(mine ? [{ id: mine.id, name: mine.name }] : []);
    const media = useLoad("live.media", () => mediaList({ limit: MOST_MEDIA }));
    const act = useAct();
    const set = (part: Partial<LiveDraft>) => setDraft((was) => ({ ...was, ...part }));
    const submit = () =>
        act.run(async () => {
            const live = await liveBegin({ ...draft, title: draft.title.trim(), areas: areas.map(({ id }) => id) });
            topicTouch("live");
            void go(`/lives/${live.id}`);
        });
    return (
        <Page title={t("live.new")} crumbs={[{ label: t("section.live"), href: "/lives" }]} lead={t("live.new_lead")}>
            <form
                class="alarm-form"
                onSubmit={(event) => {
                    event.preventDefault();
                    void submit();
                }}
            >
                <Panel title={t("live.what")}>
                    <div class="stack">
                        <FormError error={act.error} shown={["title", "areas"]} />
                        <TextField label={t("live.title")} hint={t("live.title_hint")} value={draft.title} onInput={(title) => set({ title })} error={act.error?.field("title")} required />
                        <Choice label={t("live.mode")} value={draft.mode} values={modes} word={(mode) => t(`live_mode.${mode}`)} hint={(mode) => t(`live_mode_hint.${mode}`)} onChange={(mode) => set({ mode })} />
                        <SelectField<LiveClass>
                            label={t("programmes.class")}
                            hint={t(`live_class.${draft.class}`)}
                            value={draft.class}
                            options={classes.map((value) => ({ value, label: t(`class.${value}`) }))}
                            onChange={(value) => set({ class: value })}
                        />
                        <SelectField
                            label={t("live.fallback")}
                            hint={t("live.fallback_hint")}
                            value={draft.fallback ?? ""}
                            options={[
                                { value: "", label: t("live.fallback_none") },
                                ...(media.data?.items ?? []).map((one) => ({ value: one.media, label: `${one.title} (${lengthOf(one.ms)})` })),
                            ]}
                            onChange={(value) => set({ fallback: value || null })}
                        />
                        <CheckField label={t("live.public")} hint={t("live.public_hint")} checked={draft.public} onChange={(yes) => set({ public: yes })} />
                        <CheckField label={t("live.record")} hint={t("live.record_hint")} checked={draft.record} onChange={(record) => set({ record })} />
                    </div>
                </Panel>
                <div class="stack">
                    <Panel title={t("alarm.where")}>
                        <AreaPicker label={t("alarm.areas")} value={areas} onChange={setAreas} error={act.error?.field("areas")} />
                    </Panel>
                    <div class="form-foot">
                        <Button submit kind="primary" icon="microphone" busy={act.busy} disabled={draft.title.trim() === "" || areas.length === 0}>
                            {t("live.to_desk")}
                        </Button>
                        <LinkButton href="/lives">{t("action.cancel")}</LinkButton>
                    </div>
                </div>
            </form>
        </Page>
    );
}

interface ChoiceProps<T extends string> {
    label: string;
    value: T;
    values: T[];
    word: (value: T) => string;
    hint: (value: T) => string;
    onChange: (value: T) => void;
}

function Choice<T extends string>({ label, value, values, word, hint, onChange }: ChoiceProps<T>) {
    return (
        <fieldset class="choice">
            <legend class="field-label">{label}</legend>
            {values.map((one) => (
                <label key={one} class="choice-one">
                    <input type="radio" name={label} checked={one === value} onChange={() => onChange(one)} />
                    <span>
                        <b>{word(one)}</b>
                        <span class="quiet">{hint(one)}</span>
                    </span>
                </label>
            ))}
        </fieldset>
    );
}
