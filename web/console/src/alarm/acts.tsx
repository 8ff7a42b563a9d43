// What can be done with an alarm: the second person's word, an update, the
// end. Ending is prepared: two presses, whatever state the nerves are in.

import { useState } from "preact/hooks";
import type { Alarm } from "../../../shared/broadcast";
import { alarmCancel, alarmConfirm, stopRelease } from "../api/broadcast";
import { Button, LinkButton } from "../parts/button";
import { ask, Dialog } from "../parts/dialog";
import { SelectField } from "../parts/field";
import { FormError } from "../parts/states";
import { toastDone } from "../parts/toast";
import { topicTouch } from "../state/live";
import { useAct } from "../state/load";
import { account, can } from "../state/session";
import { t } from "../words";
import { number } from "../words/format";
import { addressOf } from "./words";

export function mayWrite(kind: Alarm["kind"]): boolean {
    return can(kind === "drill" ? "drills_write" : kind === "stop" ? "all_stop" : "alarms_write");
}

export function AlarmActs({ alarm, onChanged }: { alarm: Alarm; onChanged: () => void }) {
    const [ending, setEnding] = useState(false);
    const act = useAct();
    if (!mayWrite(alarm.kind) || (alarm.state !== "in_force" && alarm.state !== "waiting")) {
        return null;
    }
    const own = alarm.raised_by?.id === account.value?.id;
    const confirm = async () => {
        const sure = await ask({
            title: t("alarm.confirm_sure"),
            body: t(`effect.${alarm.kind}`, { n: number(alarm.devices), communes: number(alarm.units) }),
            yes: t("alarm.confirm"),
            danger: true,
        });
        if (sure) {
            await act.run(async () => {
                await alarmConfirm(alarm.id);
                topicTouch("alarms");
                toastDone(t("alarm.confirmed"));
                onChanged();
            });
        }
    };
    return (
        <>
            <FormError error={act.error} />
            <div class="form-foot">
                {alarm.state === "waiting" && !own && (
                    <Button kind="danger" icon="check" busy={act.busy} onClick={() => void confirm()}>
                        {t("alarm.confirm")}
                    </Button>
                )}
                {alarm.state === "in_force" && alarm.kind !== "stop" && (
                    <LinkButton icon="edit" href={`${addressOf(alarm)}/update`}>
                        {t("alarm.update")}
                    </LinkButton>
                )}
                <Button icon="stop" busy={act.busy} onClick={() => setEnding(true)}>
                    {t(alarm.kind === "stop" ? "stop.release" : alarm.state === "waiting" ? "alarm.withdraw" : "alarm.end")}
                </Button>
            </div>
            {ending && (
                <End
                    alarm={alarm}
                    onClose={() => setEnding(false)}
                    onDone={() => {
                        setEnding(false);
                        onChanged();
                    }}
                />
            )}
        </>
    );
}

const reasons = ["over", "mistake", "replaced", "other"] as const;

function End({ alarm, onClose, onDone }: { alarm: Alarm; onClose: () => void; onDone: () => void }) {
    const [why, setWhy] = useState<(typeof reasons)[number]>("over");
    const act = useAct();
    const stop = alarm.kind === "stop";
    const run = () =>
        act.run(async () => {
            await (stop ? stopRelease : alarmCancel)(alarm.id, t(`end_reason.${why}`));
            topicTouch("alarms");
            toastDone(t(stop ? "stop.released" : "alarm.ended"));
            onDone();
        });
    return (
        <Dialog title={t(stop ? "stop.release_sure" : "alarm.end_sure")} onClose={onClose}>
            <p>{t(stop ? "stop.release_body" : "alarm.end_body", { n: number(alarm.devices) })}</p>
            <SelectField
                label={t("alarm.end_reason")}
                value={why}
                options={reasons.map((value) => ({ value, label: t(`end_reason.${value}`) }))}
                onChange={setWhy}
            />
            <FormError error={act.error} />
            <div class="dialog-foot">
                <Button onClick={onClose}>{t("alarm.back")}</Button>
                <Button kind="danger" icon="stop" busy={act.busy} onClick={() => void run()}>
                    {t(stop ? "stop.release" : "alarm.end")}
                </Button>
            </div>
        </Dialog>
    );
}
