// Writing a template: the words of each language with their short form, the
// ending and the correction; signal and validity.

import { useState } from "preact/hooks";
import type { AlarmTemplate, AlarmTemplateDraft, Hazard, TemplateText } from "../../../shared/alert";
import type { AlarmSignal } from "../../../shared/broadcast";
import { alarmTemplateSave } from "../api/alert";
import { clipList } from "../api/broadcast";
import { Button } from "../parts/button";
import { Dialog } from "../parts/dialog";
import { SelectField, TextField } from "../parts/field";
import { FormError } from "../parts/states";
import { TextArea } from "../parts/text_area";
import { toastDone } from "../parts/toast";
import { topicTouch } from "../state/live";
import { useAct, useLoad } from "../state/load";
import { t, tCode } from "../words";
import { lengthOf } from "../words/clock";
import { isWhole } from "./compose";
import { signals } from "./signals";

const hazards: Hazard[] = ["flood", "landslide", "storm", "fire", "dam", "epidemic", "missing", "drill", "other"];
const tongues = ["vi", "en", "tyz", "nut", "mww", "ium", "blt", "mtq", "km"];
const HOUR_S = 3600;

interface FormProps {
    template: AlarmTemplate | null;
    unit: number;
    onClose: () => void;
    onDone: () => void;
}

function emptyText(language: string): TemplateText {
    return { language, title: "", text: "", short: "", cancel_title: "", cancel: "", correction_title: "", correction: "" };
}

function draftOf(template: AlarmTemplate | null, unit: number): AlarmTemplateDraft {
    if (template !== null) {
        const { unit: _unit, drill: _drill, blanks: _blanks, texts, ...rest } = template;
        return { ...rest, unit_id: unit, texts: texts.map(({ voices: _voices, ...text }) => text) };
    }
    return {
        id: 0,
        unit_id: unit,
        hazard: "other",
        name: "",
        signal: "siren",
        clip: 0,
        times: 3,
        pause_ms: 1500,
        again_s: 300,
        valid_s: HOUR_S,
        category: "Other",
        event: "",
        urgency: "Immediate",
        severity: "Severe",
        certainty: "Observed",
        response: "Execute",
        texts: [emptyText("vi")],
    };
}

export function TemplateForm({ template, unit, onClose, onDone }: FormProps) {
    const [draft, setDraft] = useState(() => draftOf(template, unit));
    const clips = useLoad("template.clips", () => clipList(unit));
    const act = useAct();
    const set = (part: Partial<AlarmTemplateDraft>) => setDraft((was) => ({ ...was, ...part }));
    const setText = (at: number, part: Partial<TemplateText>) =>
        set({ texts: draft.texts.map((text, index) => (index === at ? { ...text, ...part } : text)) });
    const free = tongues.filter((code) => !draft.texts.some(({ language }) => language === code));
    const wrong = draft.texts.some(({ short }) => !isWhole(short));
    const submit = () =>
        act.run(async () => {
            const name = draft.name.trim();
            await alarmTemplateSave({ ...draft, name, event: draft.event || name });
            topicTouch("alarms");
            toastDone(t("templates.saved", { name }));
            onDone();
        });
    return (
        <Dialog title={t(template === null ? "templates.new" : "templates.edit")} onClose={onClose} wide>
            <form
                class="stack"
                onSubmit={(event) => {
                    event.preventDefault();
                    void submit();
                }}
            >
                <FormError error={act.error} />
                <div class="form-grid">
                    <TextField label={t("templates.name")} value={draft.name} onInput={(name) => set({ name })} error={act.error?.field("name")} required />
                    <SelectField<Hazard> label={t("templates.hazard")} value={draft.hazard} options={hazards.map((value) => ({ value, label: t(`hazard.${value}`) }))} onChange={(hazard) => set({ hazard })} />
                    <SelectField<AlarmSignal> label={t("alarm.signal")} value={draft.signal} options={signals.map((value) => ({ value, label: t(`signal.${value}`) }))} onChange={(signal) => set({ signal })} />
                    <SelectField
                        label={t("alarm.clip")}
                        value={String(draft.clip)}
                        options={[
                            { value: "0", label: t("alarm.no_clip") },
                            ...(clips.data?.items ?? []).map((one) => ({ value: String(one.number), label: `${one.title} (${lengthOf(one.ms)})` })),
                        ]}
                        onChange={(value) => set({ clip: Number(value) })}
                    />
                    <TextField label={t("templates.hours")} inputMode="numeric" value={String(Math.round(draft.valid_s / HOUR_S))} onInput={(text) => set({ valid_s: Math.max(1, Number(text) || 1) * HOUR_S })} required />
                    <TextField label={t("templates.times")} inputMode="numeric" value={String(draft.times)} onInput={(text) => set({ times: Math.max(1, Number(text) || 1) })} required />
                </div>
                {draft.texts.map((text, index) => (
                    <Words key={text.language} text={text} set={(part) => setText(index, part)} />
                ))}
                {free.length > 0 && (
                    <div>
                        <SelectField
                            label={t("tongues.another")}
                            value=""
                            options={[{ value: "", label: t("templates.none_chosen") }, ...free.map((value) => ({ value, label: tCode("tongue", value) }))]}
                            onChange={(value) => value !== "" && set({ texts: [...draft.texts, emptyText(value)] })}
                        />
                    </div>
                )}
                <div class="dialog-foot">
                    <Button onClick={onClose}>{t("action.cancel")}</Button>
                    <Button submit kind="primary" busy={act.busy} disabled={draft.name.trim() === "" || wrong}>
                        {t("action.save")}
                    </Button>
                </div>
            </form>
        </Dialog>
    );
}

function Words({ text, set }: { text: TemplateText; set: (part: Partial<TemplateText>) => void }) {
    return (
        <fieldset class="template-words">
            <legend class="field-label">{tCode("tongue", text.language)}</legend>
            <div class="stack">
                <TextField label={t("alarm.title")} value={text.title} onInput={(title) => set({ title })} required />
                <TextArea label={t("templates.full")} hint={t("templates.full_hint", { place: "{place}" })} value={text.text} onInput={(value) => set({ text: value })} required />
                <TextArea
                    label={t("templates.short")}
                    hint={t("templates.short_hint")}
                    value={text.short}
                    onInput={(short) => set({ short })}
                    error={isWhole(text.short) ? undefined : t("lacks.blank")}
                    required
                />
                <div class="form-grid">
                    <div class="stack">
                        <TextField label={t("templates.cancel_title")} value={text.cancel_title} onInput={(cancel_title) => set({ cancel_title })} required />
                        <TextArea label={t("prepared.cancel")} value={text.cancel} onInput={(cancel) => set({ cancel })} required />
                    </div>
                    <div class="stack">
                        <TextField label={t("templates.correction_title")} value={text.correction_title} onInput={(correction_title) => set({ correction_title })} required />
                        <TextArea label={t("prepared.correction")} value={text.correction} onInput={(correction) => set({ correction })} required />
                    </div>
                </div>
            </div>
        </fieldset>
    );
}
