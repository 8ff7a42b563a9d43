// Stopping everything that sounds, from every page, in two presses: the
// button, and the one in the dialog that says what it would do. The dialog
// never waits for the network before its button works.

import { useEffect, useState } from "preact/hooks";
import type { AlarmDraft, AlarmEffect } from "../../../shared/broadcast";
import { effectSentences } from "../alarm/words";
import { markMake } from "../alarm/mark";
import { alarmRaise } from "../api/broadcast";
import { Button } from "../parts/button";
import { Dialog } from "../parts/dialog";
import { SelectField } from "../parts/field";
import { FormError } from "../parts/states";
import { toastDone } from "../parts/toast";
import { topicTouch } from "../state/live";
import { useAct } from "../state/load";
import { go } from "../state/router";
import { account } from "../state/session";
import { t } from "../words";

const lengths = [10, 30, 60, 180];

function draftOf(mark: string, minutes: number): AlarmDraft {
    const unit = account.value?.unit;
    return {
        mark,
        unit_id: unit?.id ?? 0,
        areas: unit ? [unit.id] : [],
        title: t("stop.title"),
        text: "",
        signal: "none",
        clip: 0,
        times: 0,
        pause_ms: 0,
        again_s: 0,
        gain_mb: 0,
        start: null,
        valid_s: minutes * 60,
        voices: [],
        preview: false,
    };
}

export function AllStopDialog({ onClose }: { onClose: () => void }) {
    const [mark] = useState(markMake);
    const [minutes, setMinutes] = useState(30);
    const [effect, setEffect] = useState<AlarmEffect | null>(null);
    const act = useAct();
    useEffect(() => {
        alarmRaise("/all-stop", { ...draftOf(mark, minutes), preview: true }).then(
            (answer) => setEffect(answer.effect),
            // The words would have been good to have; stopping does not wait for them.
            () => undefined,
        );
    }, []);
    const run = () =>
        act.run(async () => {
            const { alarm } = await alarmRaise("/all-stop", draftOf(mark, minutes));
            topicTouch("alarms");
            toastDone(t("stop.sent"));
            onClose();
            if (alarm) {
                void go(`/alarms/${alarm.id}`);
            }
        });
    return (
        <Dialog title={t("stop.sure", { unit: account.value?.unit.name ?? "" })} onClose={onClose}>
            <p class="stop-effect" role="status">
                {effect ? effectSentences(effect, "stop")[0] : t("stop.effect_general")}
            </p>
            <p class="quiet">{t("stop.body")}</p>
            <SelectField
                label={t("stop.minutes")}
                value={String(minutes)}
                options={lengths.map((n) => ({ value: String(n), label: t("length.minutes", { n }) }))}
                onChange={(value) => setMinutes(Number(value))}
            />
            <FormError error={act.error} />
            <div class="dialog-foot">
                <Button onClick={onClose}>{t("action.cancel")}</Button>
                <Button kind="danger" icon="stop" busy={act.busy} onClick={() => void run()}>
                    {t("stop.go")}
                </Button>
            </div>
        </Dialog>
    );
}
