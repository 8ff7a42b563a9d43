// Sending a bulletin down to many communes at once, and what became of it at
// each of them.

import alarmStyles from "../../styles/alarm.css";
import { useState } from "preact/hooks";
import type { UnitRef } from "../../../shared/api";
import type { Bulletin, SendAnswer } from "../../../shared/studio";
import { bulletinSend } from "../api/studio";
import { AreaPicker } from "../parts/area_picker";
import { Badge, type Tone } from "../parts/badge";
import { Button } from "../parts/button";
import { DateField } from "../parts/date_field";
import { Dialog } from "../parts/dialog";
import { TextField } from "../parts/field";
import { sheetUse } from "../parts/sheet";
import { FormError, Notice } from "../parts/states";
import { topicTouch } from "../state/live";
import { useAct } from "../state/load";
import { t } from "../words";
import { clockText, minutesOf } from "../words/clock";
import { dayShift, number, today } from "../words/format";

sheetUse(alarmStyles);

const tones: Record<SendAnswer["items"][number]["result"], Tone> = {
    offered: "good",
    entered: "good",
    already: "calm",
    refused: "bad",
};

export function SendDialog({ bulletin, onClose }: { bulletin: Bulletin; onClose: () => void }) {
    const [units, setUnits] = useState<UnitRef[]>([]);
    const [on, setOn] = useState(dayShift(today(), 1));
    const [start, setStart] = useState("05:30");
    const [answer, setAnswer] = useState<SendAnswer | null>(null);
    const act = useAct();
    const priority = bulletin.class === "priority";
    const send = () =>
        act.run(async () => {
            const ids = units.map(({ id }) => id);
            setAnswer(await bulletinSend(bulletin.id, ids, priority ? { on, start: clockText(start) } : null));
            topicTouch("bulletins");
        });
    return (
        <Dialog title={t(answer ? "send.result" : "send.title")} onClose={onClose} wide>
            {answer ? (
                <Result answer={answer} />
            ) : (
                <>
                    <p>{t(priority ? "send.priority" : "send.ordinary")}</p>
                    <AreaPicker label={t("send.units")} value={units} onChange={setUnits} error={act.error?.field("units")} />
                    {priority && (
                        <div class="form-grid">
                            <DateField label={t("schedule.day")} value={on} onInput={setOn} error={act.error?.field("on")} required />
                            <TextField
                                label={t("programmes.start")}
                                value={start}
                                onInput={setStart}
                                error={minutesOf(start) === null ? t("form.not_a_time") : act.error?.field("start")}
                                required
                            />
                        </div>
                    )}
                </>
            )}
            <FormError error={act.error} shown={["units", "on", "start"]} />
            <div class="dialog-foot">
                <Button onClick={onClose}>{t(answer ? "action.close" : "action.cancel")}</Button>
                {answer === null && (
                    <Button
                        kind="primary"
                        icon="send"
                        busy={act.busy}
                        disabled={units.length === 0 || (priority && (minutesOf(start) === null || on === ""))}
                        onClick={() => void send()}
                    >
                        {t("send.go")}
                    </Button>
                )}
            </div>
        </Dialog>
    );
}

function Result({ answer }: { answer: SendAnswer }) {
    const { offered, entered, already, refused } = answer;
    // What went wrong first: that is what somebody must act on.
    const items = [...answer.items].sort((a, b) => Number(b.result === "refused") - Number(a.result === "refused"));
    return (
        <>
            <Notice kind={refused === 0 ? "success" : "warning"}>
                {[
                    t("send.sum", { sent: number(offered + entered) }),
                    ...(already > 0 ? [t("send.sum_already", { n: number(already) })] : []),
                    ...(refused > 0 ? [t("send.sum_refused", { n: number(refused) })] : []),
                ].join(" · ")}
            </Notice>
            <ul class="lines">
                {items.map(({ unit, result, message }) => (
                    <li key={unit.id} class="line">
                        <div class="line-body">
                            <p>{unit.name}</p>
                            {message && <p class="quiet">{message}</p>}
                        </div>
                        <Badge tone={tones[result]}>{t(`send_result.${result}`)}</Badge>
                    </li>
                ))}
            </ul>
        </>
    );
}
