// Second step, its left side: what is said, in which languages and by which
// sounds, how often and how long it holds.

import type { AlarmSignal, Clip, Media } from "../../../shared/broadcast";
import type { ApiError } from "../api/client";
import { SelectField, TextField } from "../parts/field";
import { Panel } from "../parts/page";
import { TextArea } from "../parts/text_area";
import { t } from "../words";
import { lengthOf } from "../words/clock";
import { composeBlank, firstText, isWhole, saidOf, type Composed } from "./compose";
import { signals } from "./signals";
import { Tongues } from "./tongues";

const validities = [1800, 3600, 2 * 3600, 6 * 3600, 12 * 3600, 24 * 3600];
const repeats = [0, 300, 600, 900, 1800];

interface SayProps {
    composed: Composed;
    clips: Clip[];
    media: Media[];
    change: (next: (was: Composed) => Composed) => void;
    error: ApiError | null;
}

export function StepSay(props: SayProps) {
    const { composed, clips, change, error } = props;
    const { draft, template } = composed;
    const set = (part: Partial<Composed["draft"]>) => change((was) => ({ ...was, draft: { ...was.draft, ...part } }));
    return (
        <>
            <Panel title={t("alarm.what")}>
                <div class="stack">
                    {template && template.blanks.length > 0 && <Blanks composed={composed} change={change} />}
                    <TextField label={t("alarm.title")} hint={t("alarm.title_hint")} value={draft.title} onInput={(title) => set({ title })} error={error?.field("title")} required />
                    <TextArea
                        label={t("alarm.text")}
                        value={draft.text}
                        onInput={(text) => change((was) => ({ ...was, byHand: true, draft: { ...was.draft, text } }))}
                        error={isWhole(draft.text) ? error?.field("text") : t("lacks.blank")}
                        rows={5}
                        required
                    />
                </div>
            </Panel>
            <Panel title={t("tongues.title")} lead={t("tongues.lead")}>
                <ClipField draft={draft} clips={clips} set={set} error={error} />
                <Tongues {...props} />
            </Panel>
            <Panel title={t("alarm.how")}>
                <How draft={draft} set={set} />
            </Panel>
        </>
    );
}

function Blanks({ composed, change }: Pick<SayProps, "composed" | "change">) {
    const text = composed.template === null ? undefined : firstText(composed.template);
    const short = text !== undefined && !composed.byHand && saidOf(text, composed.blanks) === text.short;
    return (
        <fieldset class="blanks">
            <legend class="field-label">{t("compose.blanks")}</legend>
            <div class="form-grid form-thirds">
                {composed.template?.blanks.map(({ name, label }) => (
                    <TextField key={name} label={label} value={composed.blanks[name] ?? ""} onInput={(value) => change((was) => composeBlank(was, name, value))} required />
                ))}
            </div>
            <p class="field-hint" role="status">
                {t(short ? "compose.short_now" : "compose.full_now")}
            </p>
        </fieldset>
    );
}

interface PartProps {
    draft: Composed["draft"];
    set: (part: Partial<Composed["draft"]>) => void;
}

function ClipField({ draft, clips, set, error }: PartProps & { clips: Clip[]; error: ApiError | null }) {
    const clip = clips.find(({ number: n }) => n === draft.clip);
    const numbers = [...new Map(clips.map((one) => [one.number, one])).values()];
    return (
        <div class="stack clip-field">
            <SelectField
                label={t("alarm.clip")}
                hint={t("alarm.clip_hint")}
                value={String(draft.clip)}
                options={[
                    { value: "0", label: t("alarm.no_clip") },
                    ...numbers.map((one) => ({ value: String(one.number), label: `${one.title} (${lengthOf(one.ms)})` })),
                ]}
                onChange={(value) => {
                    const next = clips.find((one) => String(one.number) === value);
                    set({
                        clip: Number(value),
                        ...(next ? { signal: next.signal, title: draft.title || next.title, text: draft.text || next.text } : {}),
                    });
                }}
                error={error?.field("clip")}
            />
            {clip && clip.text !== "" && clip.text !== draft.text && <blockquote class="alarm-said">{clip.text}</blockquote>}
        </div>
    );
}

function How({ draft, set }: PartProps) {
    return (
        <div class="form-grid">
            <SelectField<AlarmSignal>
                label={t("alarm.signal")}
                value={draft.signal}
                options={signals.map((value) => ({ value, label: t(`signal.${value}`) }))}
                onChange={(signal) => set({ signal })}
            />
            <SelectField
                label={t("alarm.times")}
                value={String(draft.times)}
                options={[1, 2, 3, 5].map((n) => ({ value: String(n), label: t("alarm.times_n", { n }) }))}
                onChange={(value) => set({ times: Number(value) })}
            />
            <SelectField
                label={t("alarm.again")}
                value={String(draft.again_s)}
                options={repeats.map((s) => ({ value: String(s), label: s === 0 ? t("alarm.again_never") : t("alarm.again_n", { n: s / 60 }) }))}
                onChange={(value) => set({ again_s: Number(value) })}
            />
            <SelectField
                label={t("alarm.valid")}
                hint={t("alarm.valid_hint")}
                value={String(draft.valid_s)}
                options={validities.map((s) => ({
                    value: String(s),
                    label: s < 3600 ? t("length.minutes", { n: s / 60 }) : t("length.hours", { n: s / 3600 }),
                }))}
                onChange={(value) => set({ valid_s: Number(value) })}
            />
        </div>
    );
}
