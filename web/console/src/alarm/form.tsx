// Raising an alarm or a drill in three steps: what it is, what is said and
// where, and the last page with the effect in words. The two differ in their
// route, their colour and their words, and neither can become the other.

import { useEffect, useState } from "preact/hooks";
import composeStyles from "../../styles/compose.css";
import type { AlarmTemplate } from "../../../shared/alert";
import type { Alarm, AlarmAnswer, AlarmDraft, AlarmEffect } from "../../../shared/broadcast";
import { alarmTemplates } from "../api/alert";
import type { AlarmRoute } from "../api/broadcast";
import { alarmRaise, clipList, mediaList } from "../api/broadcast";
import { ApiError } from "../api/client";
import { LinkButton } from "../parts/button";
import { sheetUse } from "../parts/sheet";
import { Show } from "../parts/states";
import { asApiError, useAct, useLoad } from "../state/load";
import { account } from "../state/session";
import { unsavedDone, useUnsaved } from "../state/unsaved";
import { t } from "../words";
import { composeFrom, composeSeed, composeStart, draftFrom, lacksOf, type Composed, type Seed } from "./compose";
import { StepLast } from "./step_last";
import { StepSay } from "./step_say";
import { StepWhat } from "./step_what";
import { EffectPanel, StepWhere } from "./step_where";

sheetUse(composeStyles);

const PAUSE_MS = 400;
const MOST_MEDIA = 200;

export interface AlarmFormProps {
    route: AlarmRoute;
    kind: "alarm" | "drill";
    /** An update begins with what is in force. */
    from: Alarm | null;
    /** What an approved bulletin brings along. */
    seed?: Seed | null;
    send: (draft: AlarmDraft) => Promise<AlarmAnswer>;
    onDone: (alarm: Alarm) => void;
    back: string;
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

type Step = "what" | "say" | "last";
const steps: Step[] = ["what", "say", "last"];

export function AlarmForm(props: AlarmFormProps) {
    const { kind } = props;
    const unit = account.value?.unit.id ?? 0;
    const sources = useLoad(`compose|${unit}`, async () => {
        const [templates, clips, media] = await Promise.all([alarmTemplates(unit), clipList(unit), mediaList({ limit: MOST_MEDIA })]);
        return {
            templates: templates.items.filter(({ drill }) => drill === (kind === "drill")),
            clips: clips.items,
            media: media.items,
        };
    });
    return <Show of={sources}>{(ready) => <Steps {...props} {...ready} />}</Show>;
}

interface Sources {
    templates: AlarmTemplate[];
    clips: Parameters<typeof StepSay>[0]["clips"];
    media: Parameters<typeof StepSay>[0]["media"];
}

function Steps({ route, kind, from, seed = null, send, onDone, back, templates, clips, media }: AlarmFormProps & Sources) {
    const [step, setStep] = useState<Step>(from === null && seed === null ? "what" : "say");
    const [composed, setComposed] = useState<Composed>(() => (seed === null ? composeStart(kind, from) : composeSeed(composeStart(kind, from), seed)));
    const act = useAct();
    const draft = draftFrom(composed);
    const lacks = lacksOf(composed);
    const { effect, error } = useEffectOf(route, draft, lacks.length === 0);
    useUnsaved(draft.title !== (from?.title ?? "") || draft.text !== (from?.text ?? ""));
    useEffect(() => scrollTo(0, 0), [step]);
    const submit = () =>
        act.run(async () => {
            const { alarm } = await send(draft);
            if (alarm !== null) {
                unsavedDone();
                onDone(alarm);
            }
        });
    const take = (template: AlarmTemplate | null) => {
        setComposed((was) => (template === null ? was : composeFrom(was, template)));
        setStep("say");
    };
    return (
        <div class="stack">
            <StepNames step={step} update={from !== null} onStep={setStep} />
            {step === "what" && <StepWhat templates={templates} onTake={take} />}
            {step === "say" && (
                <div class="alarm-form">
                    <div class="stack">
                        <StepSay composed={composed} clips={clips} media={media} change={setComposed} error={act.error} />
                    </div>
                    <div class="stack compose-side">
                        <StepWhere areas={composed.areas} onAreas={(areas) => setComposed((was) => ({ ...was, areas }))} error={act.error} />
                        <EffectPanel kind={kind} lacks={lacks} effect={effect} error={error ?? act.error} onNext={() => setStep("last")} />
                    </div>
                </div>
            )}
            {step === "last" && (
                <Show of={{ data: effect, error, reload: () => setStep("say") }} lines={5}>
                    {(known) => (
                        <StepLast
                            kind={kind}
                            update={from !== null}
                            draft={draft}
                            areas={composed.areas}
                            clips={clips}
                            effect={known}
                            busy={act.busy}
                            error={act.error}
                            onPrepared={(part) => setComposed((was) => ({ ...was, draft: { ...was.draft, ...part } }))}
                            onBack={() => setStep("say")}
                            onSend={() => void submit()}
                        />
                    )}
                </Show>
            )}
            <div class="form-foot">
                <LinkButton kind="quiet" href={back}>
                    {t("compose.stop")}
                </LinkButton>
            </div>
        </div>
    );
}

function StepNames({ step, update, onStep }: { step: Step; update: boolean; onStep: (step: Step) => void }) {
    const shown = update ? steps.slice(1) : steps;
    const at = shown.indexOf(step);
    return (
        <ol class="compose-steps" aria-label={t("compose.steps")}>
            {shown.map((one, index) => (
                <li key={one} aria-current={one === step ? "step" : undefined} class={index < at ? "step-done" : ""}>
                    {index < at ? (
                        <button type="button" onClick={() => onStep(one)}>
                            {t(`step.${one}`)}
                        </button>
                    ) : (
                        <span>{t(`step.${one}`)}</span>
                    )}
                </li>
            ))}
        </ol>
    );
}
