// The last page: what would happen, in words, before it happens. The area, the
// number of loudspeakers and every word that will be said stand here; what
// ends it and what corrects it are ready. Nothing is typed; the button must be
// held.

import { useEffect } from "preact/hooks";
import type { UnitRef } from "../../../shared/api";
import type { AlarmDraft, AlarmEffect, Clip } from "../../../shared/broadcast";
import { alarmSeen } from "../api/alert";
import type { ApiError } from "../api/client";
import { Button } from "../parts/button";
import { HoldButton } from "../parts/hold_button";
import { Lazy } from "../parts/lazy";
import { Panel } from "../parts/page";
import { FormError, Notice } from "../parts/states";
import { t } from "../words";
import { lengthWords } from "../words/clock";
import { number } from "../words/format";
import { Heard } from "./heard";
import { Prepared } from "./prepared";
import { effectSentences } from "./words";

interface LastProps {
    kind: "alarm" | "drill";
    update: boolean;
    draft: AlarmDraft;
    areas: UnitRef[];
    clips: Clip[];
    effect: AlarmEffect;
    busy: boolean;
    error: ApiError | null;
    onPrepared: (part: Pick<AlarmDraft, "cancel" | "correction">) => void;
    onBack: () => void;
    onSend: () => void;
}

const MOST_WORDS = 380;

export function StepLast({ kind, update, draft, areas, clips, effect, busy, error, onPrepared, onBack, onSend }: LastProps) {
    const sentences = effectSentences(effect, kind);
    const said = `${sentences[0]} ${areas.map(({ name }) => name).join(", ")}. ${draft.title}`.slice(0, MOST_WORDS);
    useEffect(() => {
        // Who saw what is written down; not being able to write it stops nobody.
        alarmSeen(draft.mark, "effect", said).catch(() => undefined);
    }, [said]);
    const clip = clips.find(({ number: n }) => n === draft.clip) ?? null;
    return (
        <div class="last">
            <section class="panel last-effect" aria-label={t("alarm.effect")}>
                <p class="last-word">{t(`${kind}.last`)}</p>
                <p class="last-sentence">{sentences[0]}</p>
                <p class="last-areas">{areas.map(({ name }) => name).join(" · ")}</p>
                {sentences.slice(1, effect.needs_approval ? -1 : undefined).map((line) => (
                    <p key={line}>{line}</p>
                ))}
                <p>{t("compose.holds", { length: lengthWords(draft.valid_s * 1000) })}</p>
                {effect.needs_approval && (
                    <Notice kind="warning">
                        <p>{t(effect.reason === "people" ? "effect.second_people" : "effect.second_devices")}</p>
                    </Notice>
                )}
                {effect.delegated && (
                    <Notice kind="warning">
                        <p>{t("effect.delegated")}</p>
                    </Notice>
                )}
                <FormError error={error} />
                <HoldButton
                    icon={kind === "drill" ? "drill" : "alarm"}
                    label={t(effect.needs_approval ? `${kind}.ask_second` : `${kind}.go`, { n: number(effect.devices) })}
                    busy={busy}
                    onHeld={onSend}
                />
                <Button icon="left" onClick={onBack}>
                    {t(update ? "alarm.back" : "compose.back")}
                </Button>
            </section>
            <Panel title={t("compose.will_say")}>
                <Heard title={draft.title} text={draft.text} signal={draft.signal} times={draft.times} clip={clip} voices={draft.voices} />
            </Panel>
            <Panel title={t("compose.on_map")}>
                <Lazy name="area_map_shown" load={async () => (await import("./area_map")).AreaMap} props={{ areas }} />
            </Panel>
            {(draft.cancel || draft.correction) && (
                <Panel title={t("prepared.title")} lead={t("prepared.lead")}>
                    <Prepared cancel={draft.cancel ?? null} correction={draft.correction ?? null} onChange={onPrepared} />
                </Panel>
            )}
        </div>
    );
}
