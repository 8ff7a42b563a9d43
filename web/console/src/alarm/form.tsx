// Raising an alarm or a drill: what is said, how, where, how long; and what
// that would do, in words, before anything is sent. The two differ in their
// route, their colour and their words, and neither can become the other.

import { useEffect, useState } from "preact/hooks";
import type { UnitRef } from "../../../shared/api";
import type { Alarm, AlarmAnswer, AlarmDraft, AlarmEffect, AlarmSignal, Clip, Media } from "../../../shared/broadcast";
import type { AlarmRoute } from "../api/broadcast";
import { alarmRaise, clipList, mediaList } from "../api/broadcast";
import { ApiError } from "../api/client";
import { AreaPicker } from "../parts/area_picker";
import { Button, LinkButton } from "../parts/button";
import { Dialog } from "../parts/dialog";
import { SelectField, TextField } from "../parts/field";
import { Panel } from "../parts/page";
import { FormError, Notice } from "../parts/states";
import { TextArea } from "../parts/text_area";
import { asApiError, useAct, useLoad } from "../state/load";
import { unsavedDone, useUnsaved } from "../state/unsaved";
import { account } from "../state/session";
import { t } from "../words";
import { lengthOf } from "../words/clock";
import { number } from "../words/format";
import { markMake } from "./mark";
import { signals } from "./signals";
import { effectSentences } from "./words";

const PAUSE_MS = 400;
const MOST_MEDIA = 100;
const validities = [1800, 3600, 2 * 3600, 6 * 3600, 12 * 3600, 24 * 3600];
const repeats = [0, 300, 600, 900, 1800];

export interface AlarmFormProps {
    route: AlarmRoute;
    kind: "alarm" | "drill";
    /** An update begins with what is in force. */
    from: Alarm | null;
    send: (draft: AlarmDraft) => Promise<AlarmAnswer>;
    onDone: (alarm: Alarm) => void;
    back: string;
}

function start({ from, kind }: AlarmFormProps): AlarmDraft {
    return {
        mark: markMake(),
        unit_id: account.value?.unit.id ?? 0,
        areas: from?.areas.map(({ id }) => id) ?? [],
        title: from?.title ?? "",
        text: from?.text ?? "",
        signal: from?.signal ?? (kind === "drill" ? "chime" : "siren"),
        clip: from?.clip ?? 0,
        times: from?.times ?? 3,
        pause_ms: from?.pause_ms ?? 1500,
        again_s: from?.again_s ?? 0,
        gain_mb: from?.gain_mb ?? 0,
        start: null,
        valid_s: 3600,
        voices: from?.voices.map(({ language, media }) => ({ language, media })) ?? [],
        preview: false,
    };
}

/** What the server says it would do, asked a moment after the last change. */
function useEffectOf(route: AlarmRoute, draft: AlarmDraft, ready: boolean) {
    const [effect, setEffect] = useState<AlarmEffect | null>(null);
    const [error, setError] = useState<ApiError | null>(null);
    const key = JSON.stringify(draft);
    useEffect(() => {
        setEffect(null);
        setError(null);
        if (!ready) {
            return;
        }
        let current = true;
        const timer = setTimeout(() => {
            alarmRaise(route, { ...draft, preview: true }).then(
                (answer) => current && setEffect(answer.effect),
                (cause: unknown) => current && setError(asApiError(cause)),
            );
        }, PAUSE_MS);
        return () => {
            current = false;
            clearTimeout(timer);
        };
    }, [key, ready]);
    return { effect, error };
}

export function AlarmForm(props: AlarmFormProps) {
    const { route, kind, from, send, onDone, back } = props;
    const [draft, setDraft] = useState(() => start(props));
    const [areas, setAreas] = useState<UnitRef[]>(from?.areas ?? []);
    const [asking, setAsking] = useState(false);
    const act = useAct();
    const clips = useLoad("clips", () => clipList(account.value?.unit.id ?? null), ["alarms"]);
    const media = useLoad("alarm.media", () => mediaList({ limit: MOST_MEDIA }));
    const sounds = draft.clip !== 0 || draft.voices.length > 0;
    const ready = areas.length > 0 && sounds && draft.title.trim() !== "";
    const { effect, error } = useEffectOf(route, draft, ready);
    const set = (change: Partial<AlarmDraft>) => setDraft((was) => ({ ...was, ...change }));
    useUnsaved(draft.title !== (from?.title ?? "") || draft.text !== (from?.text ?? ""));
    const submit = () =>
        act.run(async () => {
            const { alarm } = await send({ ...draft, title: draft.title.trim(), text: draft.text.trim() });
            if (alarm !== null) {
                unsavedDone();
                onDone(alarm);
            }
        });
    return (
        <form
            class="alarm-form"
            onSubmit={(event) => {
                event.preventDefault();
                setAsking(true);
            }}
        >
            <div class="stack">
                <Panel title={t("alarm.what")}>
                    <Content draft={draft} clips={clips.data?.items ?? []} media={media.data?.items ?? []} set={set} error={act.error} />
                </Panel>
                <Panel title={t("alarm.how")}>
                    <How draft={draft} set={set} />
                </Panel>
            </div>
            <div class="stack">
                <Panel title={t("alarm.where")}>
                    <AreaPicker
                        label={t("alarm.areas")}
                        value={areas}
                        onChange={(next) => {
                            setAreas(next);
                            set({ areas: next.map(({ id }) => id) });
                        }}
                        error={act.error?.field("areas")}
                    />
                </Panel>
                <section class="panel alarm-effect">
                    <h2>{t("alarm.effect")}</h2>
                    <div role="status" aria-live="polite">
                        {effect ? (
                            effectSentences(effect, kind).map((line, index) => (
                                <p key={line} class={index === 0 ? "alarm-effect-first" : ""}>
                                    {line}
                                </p>
                            ))
                        ) : error ? null : (
                            <p class="quiet">{ready ? t("state.loading") : t("alarm.not_ready")}</p>
                        )}
                    </div>
                    <FormError error={error ?? act.error} shown={["title", "text", "areas"]} />
                    <div class="form-foot">
                        <Button submit kind="danger" icon={kind === "drill" ? "drill" : "alarm"} disabled={effect === null || effect.devices === 0}>
                            {t(from ? "alarm.update" : `${kind}.raise`)}
                        </Button>
                        <LinkButton href={back}>{t("action.cancel")}</LinkButton>
                    </div>
                </section>
            </div>
            {asking && effect && (
                <Sure
                    kind={kind}
                    draft={draft}
                    effect={effect}
                    busy={act.busy}
                    error={act.error}
                    onYes={() => void submit()}
                    onClose={() => setAsking(false)}
                />
            )}
        </form>
    );
}

interface ContentProps {
    draft: AlarmDraft;
    clips: Clip[];
    media: Media[];
    set: (change: Partial<AlarmDraft>) => void;
    error: ApiError | null;
}

function Content({ draft, clips, media, set, error }: ContentProps) {
    const clip = clips.find(({ number: n }) => n === draft.clip);
    const numbers = [...new Map(clips.map((one) => [one.number, one])).values()];
    return (
        <div class="stack">
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
            {clip && clip.text !== "" && <blockquote class="alarm-said">{clip.text}</blockquote>}
            {media.length > 0 && (
                <SelectField
                    label={t("alarm.voice")}
                    hint={t("alarm.voice_hint")}
                    value={draft.voices[0]?.media ?? ""}
                    options={[
                        { value: "", label: t("alarm.no_voice") },
                        ...media.map((one) => ({ value: one.media, label: `${one.title} (${lengthOf(one.ms)})` })),
                    ]}
                    onChange={(value) => {
                        const found = media.find((one) => one.media === value);
                        set({ voices: found ? [{ language: found.language ?? "vi", media: value }] : [] });
                    }}
                />
            )}
            <TextField label={t("alarm.title")} hint={t("alarm.title_hint")} value={draft.title} onInput={(title) => set({ title })} error={error?.field("title")} required />
            <TextArea label={t("alarm.text")} hint={t("alarm.text_hint")} value={draft.text} onInput={(text) => set({ text })} error={error?.field("text")} rows={4} />
        </div>
    );
}

function How({ draft, set }: Pick<ContentProps, "draft" | "set">) {
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
                options={repeats.map((s) => ({
                    value: String(s),
                    label: s === 0 ? t("alarm.again_never") : t("alarm.again_n", { n: s / 60 }),
                }))}
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

interface SureProps {
    kind: "alarm" | "drill";
    draft: AlarmDraft;
    effect: AlarmEffect;
    busy: boolean;
    error: ApiError | null;
    onYes: () => void;
    onClose: () => void;
}

/** The last look: whom it reaches and what it says, and one button that means it. */
function Sure({ kind, draft, effect, busy, error, onYes, onClose }: SureProps) {
    return (
        <Dialog title={t(`${kind}.sure`)} onClose={onClose}>
            <p class="alarm-effect-first">{effectSentences(effect, kind)[0]}</p>
            <p>
                <b>{draft.title}</b>
            </p>
            {draft.text !== "" && <blockquote class="alarm-said">{draft.text}</blockquote>}
            {effect.needs_approval && <Notice kind="warning">{t("effect.approval")}</Notice>}
            <FormError error={error} />
            <div class="dialog-foot">
                <Button onClick={onClose}>{t("alarm.back")}</Button>
                <Button kind="danger" icon={kind === "drill" ? "drill" : "alarm"} busy={busy} onClick={onYes}>
                    {t(effect.needs_approval ? "alarm.send_for_approval" : `${kind}.go`, { n: number(effect.devices) })}
                </Button>
            </div>
        </Dialog>
    );
}
