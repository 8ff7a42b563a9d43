// Raising an alarm, or updating the one in force.

import alarmStyles from "../../styles/alarm.css";
import { AlarmForm } from "../alarm/form";
import { addressOf } from "../alarm/words";
import { alarmRaise, alarmRead, alarmUpdate } from "../api/broadcast";
import { Page } from "../parts/page";
import { sheetUse } from "../parts/sheet";
import { Show } from "../parts/states";
import { toastDone } from "../parts/toast";
import type { PageProps } from "../shell/pages";
import { topicTouch } from "../state/live";
import { useLoad } from "../state/load";
import { go } from "../state/router";
import { t } from "../words";

sheetUse(alarmStyles);

export default function AlarmNew({ params }: PageProps) {
    const id = params["id"] === undefined ? null : Number(params["id"]);
    const from = useLoad(`alarm.from|${id}`, async () => ({ alarm: id === null ? null : await alarmRead(id) }));
    return (
        <Page
            title={t(id === null ? "alarm.raise" : "alarm.update")}
            crumbs={[{ label: t("section.alarms"), href: "/alarms" }]}
            lead={t(id === null ? "alarm.raise_lead" : "alarm.update_lead")}
        >
            <Show of={from}>
                {({ alarm }) => (
                    <AlarmForm
                        route="/alarms"
                        kind="alarm"
                        from={alarm}
                        send={(draft) => (id === null ? alarmRaise("/alarms", draft) : alarmUpdate(id, draft))}
                        onDone={(made) => {
                            topicTouch("alarms");
                            toastDone(t(made.state === "waiting" ? "alarm.sent_for_approval" : "alarm.sent"));
                            void go(addressOf(made));
                        }}
                        back={id === null ? "/alarms" : `/alarms/${id}`}
                    />
                )}
            </Show>
        </Page>
    );
}
