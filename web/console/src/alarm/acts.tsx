// What can be done with an alarm that is in force: an update, the prepared
// correction, the end with or without its prepared words. Each is two
// presses, whatever state the nerves are in.

import { useState } from "preact/hooks";
import type { Alarm } from "../../../shared/broadcast";
import { alarmCancelSaying, alarmCorrect } from "../api/alert";
import { stopRelease } from "../api/broadcast";
import { Button, LinkButton } from "../parts/button";
import { Dialog } from "../parts/dialog";
import { CheckField, SelectField } from "../parts/field";
import { FormError } from "../parts/states";
import { toastDone } from "../parts/toast";
import { topicTouch } from "../state/live";
import { useAct } from "../state/load";
import { go } from "../state/router";
import { can } from "../state/session";
import { t } from "../words";
import { number } from "../words/format";
import { markMake } from "./mark";
import { addressOf } from "./words";

export function mayWrite(kind: Alarm["kind"]): boolean {
    return can(kind === "drill" ? "drills_write" : kind === "stop" ? "all_stop" : "alarms_write");
}

type Open = "end" | "correct";

export function AlarmActs({ alarm, onChanged }: { alarm: Alarm; onChanged: () => void }) {
    const [open, setOpen] = useState<Open | null>(null);
    if (!mayWrite(alarm.kind) || (alarm.state !== "in_force" && alarm.state !== "waiting")) {
        return null;
    }
    const close = () => setOpen(null);
    const done = () => {
        close();
        onChanged();
    };
    const inForce = alarm.state === "in_force" && alarm.kind !== "stop";
    return (
        <>
            <div class="form-foot">
                {inForce && (
                    <LinkButton icon="edit" href={`${addressOf(alarm)}/update`}>
                        {t("alarm.update")}
                    </LinkButton>
                )}
                {inForce && alarm.correction && (
                    <Button icon="refresh" onClick={() => setOpen("correct")}>
                        {t("alarm.correct")}
                    </Button>
                )}
                <Button icon="stop" onClick={() => setOpen("end")}>
                    {t(alarm.kind === "stop" ? "stop.release" : alarm.state === "waiting" ? "alarm.withdraw" : "alarm.end")}
                </Button>
            </div>
            {open === "end" && <End alarm={alarm} onClose={close} onDone={done} />}
            {open === "correct" && <Correct alarm={alarm} onClose={close} />}
        </>
    );
}

const reasons = ["over", "mistake", "replaced", "other"] as const;

interface ActProps {
    alarm: Alarm;
    onClose: () => void;
    onDone: () => void;
}

export function End({ alarm, onClose, onDone }: ActProps) {
    const [why, setWhy] = useState<(typeof reasons)[number]>(alarm.state === "waiting" ? "mistake" : "over");
    const [say, setSay] = useState(alarm.state === "in_force" && alarm.cancel !== null);
    const [mark] = useState(markMake);
    const act = useAct();
    const stop = alarm.kind === "stop";
    const waiting = alarm.state === "waiting";
    const run = () =>
        act.run(async () => {
            const reason = t(`end_reason.${why}`);
            await (stop ? stopRelease(alarm.id, reason) : alarmCancelSaying(alarm.id, reason, mark, say));
            topicTouch("alarms");
            toastDone(t(stop ? "stop.released" : "alarm.ended"));
            onDone();
        });
    return (
        <Dialog title={t(stop ? "stop.release_sure" : waiting ? "alarm.withdraw_sure" : "alarm.end_sure")} onClose={onClose}>
            <div class="stack">
                <p>{t(stop ? "stop.release_body" : waiting ? "alarm.withdraw_body" : "alarm.end_body", { n: number(alarm.devices) })}</p>
                <SelectField
                    label={t("alarm.end_reason")}
                    value={why}
                    options={reasons.map((value) => ({ value, label: t(`end_reason.${value}`) }))}
                    onChange={setWhy}
                />
                {alarm.cancel && alarm.state === "in_force" && (
                    <>
                        <CheckField label={t("alarm.end_saying")} checked={say} onChange={setSay} />
                        {say && <blockquote class="alarm-said">{alarm.cancel.text}</blockquote>}
                    </>
                )}
                <FormError error={act.error} />
                <div class="dialog-foot">
                    <Button onClick={onClose}>{t("alarm.back")}</Button>
                    <Button kind="danger" icon="stop" busy={act.busy} onClick={() => void run()}>
                        {t(stop ? "stop.release" : waiting ? "alarm.withdraw" : "alarm.end")}
                    </Button>
                </div>
            </div>
        </Dialog>
    );
}

/** The prepared correction goes out as it was approved with the alarm. */
function Correct({ alarm, onClose }: Omit<ActProps, "onDone">) {
    const [mark] = useState(markMake);
    const act = useAct();
    const run = () =>
        act.run(async () => {
            const answer = await alarmCorrect(alarm.id, mark);
            topicTouch("alarms");
            toastDone(t("alarm.corrected"));
            onClose();
            if (answer.alarm) {
                void go(addressOf(answer.alarm));
            }
        });
    return (
        <Dialog title={t("alarm.correct_sure")} onClose={onClose}>
            <div class="stack">
                <p>{t("alarm.correct_body", { n: number(alarm.devices) })}</p>
                <p>
                    <b>{alarm.correction?.title}</b>
                </p>
                <blockquote class="alarm-said">{alarm.correction?.text}</blockquote>
                <FormError error={act.error} />
                <div class="dialog-foot">
                    <Button onClick={onClose}>{t("alarm.back")}</Button>
                    <Button kind="danger" icon="refresh" busy={act.busy} onClick={() => void run()}>
                        {t("alarm.correct_go")}
                    </Button>
                </div>
            </div>
        </Dialog>
    );
}
