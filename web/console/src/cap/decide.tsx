// Using a message or leaving it. What it would do is asked first and said in
// the same words as for an alarm of one's own; the button must be held.

import { useEffect, useState } from "preact/hooks";
import composeStyles from "../../styles/compose.css";
import type { CapMessage, CapUse } from "../../../shared/alert";
import type { AlarmEffect } from "../../../shared/broadcast";
import { mayWrite } from "../alarm/acts";
import { markMake } from "../alarm/mark";
import { addressOf, effectSentences } from "../alarm/words";
import { alarmSeen } from "../api/alert";
import { clipList } from "../api/broadcast";
import { capDismiss, capUse } from "../api/cap";
import { ApiError } from "../api/client";
import { Button } from "../parts/button";
import { Dialog } from "../parts/dialog";
import { SelectField, TextField } from "../parts/field";
import { HoldButton } from "../parts/hold_button";
import { sheetUse } from "../parts/sheet";
import { FormError, Notice } from "../parts/states";
import { TextArea } from "../parts/text_area";
import { toastDone } from "../parts/toast";
import { topicTouch } from "../state/live";
import { asApiError, useAct, useLoad } from "../state/load";
import { go } from "../state/router";
import { account } from "../state/session";
import { t } from "../words";
import { lengthOf } from "../words/clock";
import { number } from "../words/format";
import { becomes } from "./words";

sheetUse(composeStyles);

const PAUSE_MS = 400;
const MOST_WORDS = 380;

interface DecideProps {
    message: CapMessage;
    onChanged: () => void;
}

function useEffectOf(id: number, use: CapUse) {
    const [effect, setEffect] = useState<AlarmEffect | null>(null);
    const [error, setError] = useState<ApiError | null>(null);
    const key = JSON.stringify(use);
    useEffect(() => {
        let current = true;
        setEffect(null);
        setError(null);
        const timer = setTimeout(() => {
            capUse(id, { ...use, preview: true }).then(
                (answer) => current && setEffect(answer.effect),
                (cause: unknown) => current && setError(asApiError(cause)),
            );
        }, PAUSE_MS);
        return () => {
            current = false;
            clearTimeout(timer);
        };
    }, [id, key]);
    return { effect, error };
}

export function Decide({ message, onChanged }: DecideProps) {
    const kind = becomes(message) ?? "alarm";
    const [mark] = useState(markMake);
    const [title, setTitle] = useState(message.headline || message.event);
    const [text, setText] = useState(message.instruction || message.description || "");
    const [clip, setClip] = useState(0);
    const [leaving, setLeaving] = useState(false);
    const clips = useLoad("cap.clips", () => clipList(account.value?.unit.id ?? null));
    const act = useAct();
    const use: CapUse = { mark, preview: false, title: title.trim(), text: text.trim(), ...(clip === 0 ? {} : { clip }) };
    const { effect, error } = useEffectOf(message.id, use);
    const sentences = effect === null ? [] : effectSentences(effect, kind);
    const where = message.units.map(({ name }) => name).join(" · ");
    useEffect(() => {
        if (sentences[0] !== undefined) {
            alarmSeen(mark, "effect", `${sentences[0]} ${where}. ${title}`.slice(0, MOST_WORDS)).catch(() => undefined);
        }
    }, [sentences[0]]);
    if (!mayWrite(kind)) {
        return <Notice>{t("cap.not_yours")}</Notice>;
    }
    const send = () =>
        act.run(async () => {
            const { alarm } = await capUse(message.id, use);
            topicTouch("cap", "alarms");
            toastDone(t(alarm?.state === "waiting" ? "alarm.sent_for_approval" : kind === "drill" ? "drill.sent" : "alarm.sent"));
            if (alarm) {
                void go(addressOf(alarm));
            } else {
                onChanged();
            }
        });
    return (
        <section class="panel last-effect" aria-label={t("alarm.effect")}>
            <p class="last-word">{t(`${kind}.last`)}</p>
            <div class="stack cap-use">
                <TextField label={t("alarm.title")} value={title} onInput={setTitle} error={error?.field("title")} required />
                <TextArea label={t("alarm.text")} value={text} onInput={setText} error={error?.field("text")} required />
                <SelectField
                    label={t("alarm.clip")}
                    hint={t("cap.clip_hint")}
                    value={String(clip)}
                    options={[
                        { value: "0", label: t("cap.its_clip") },
                        ...(clips.data?.items ?? []).map((one) => ({ value: String(one.number), label: `${one.title} (${lengthOf(one.ms)})` })),
                    ]}
                    onChange={(value) => setClip(Number(value))}
                />
            </div>
            {effect === null && error === null && <p class="quiet">{t("state.loading")}</p>}
            {sentences[0] && <p class="last-sentence">{sentences[0]}</p>}
            <p class="last-areas">{where}</p>
            {sentences.slice(1).map((line) => (
                <p key={line}>{line}</p>
            ))}
            <FormError error={error ?? act.error} shown={["title", "text"]} />
            {effect && (
                <HoldButton
                    icon={kind === "drill" ? "drill" : "alarm"}
                    label={t(effect.needs_approval ? `${kind}.ask_second` : `${kind}.go`, { n: number(effect.devices) })}
                    busy={act.busy}
                    disabled={effect.devices === 0}
                    onHeld={() => void send()}
                />
            )}
            <Button icon="close" onClick={() => setLeaving(true)}>
                {t("cap.dismiss")}
            </Button>
            {leaving && <Dismiss message={message} onClose={() => setLeaving(false)} onDone={onChanged} />}
        </section>
    );
}

const reasons = ["elsewhere", "known", "minor", "wrong"] as const;

function Dismiss({ message, onClose, onDone }: { message: CapMessage; onClose: () => void; onDone: () => void }) {
    const [why, setWhy] = useState<(typeof reasons)[number]>("elsewhere");
    const act = useAct();
    const run = () =>
        act.run(async () => {
            await capDismiss(message.id, t(`cap_reason.${why}`));
            topicTouch("cap");
            toastDone(t("cap.dismissed"));
            onClose();
            onDone();
        });
    return (
        <Dialog title={t("cap.dismiss_sure")} onClose={onClose}>
            <div class="stack">
                <SelectField label={t("alarm.end_reason")} value={why} options={reasons.map((value) => ({ value, label: t(`cap_reason.${value}`) }))} onChange={setWhy} />
                <FormError error={act.error} />
                <div class="dialog-foot">
                    <Button onClick={onClose}>{t("alarm.back")}</Button>
                    <Button kind="primary" busy={act.busy} onClick={() => void run()}>
                        {t("cap.dismiss")}
                    </Button>
                </div>
            </div>
        </Dialog>
    );
}
