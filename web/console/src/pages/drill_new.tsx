// Giving a drill. Its route, its keys and its colour are its own: nothing
// that is done here can sound as a real alarm.

import alarmStyles from "../../styles/alarm.css";
import { AlarmForm } from "../alarm/form";
import { DrillWorld } from "../alarm/drill_world";
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

export default function DrillNew({ params }: PageProps) {
    const id = params["id"] === undefined ? null : Number(params["id"]);
    const from = useLoad(`drill.from|${id}`, async () => ({ alarm: id === null ? null : await alarmRead(id) }));
    return (
        <DrillWorld>
            <Page
                title={t(id === null ? "drill.raise" : "alarm.update")}
                crumbs={[{ label: t("section.drills"), href: "/drills" }]}
                lead={t("drill.raise_lead")}
            >
                <Show of={from}>
                    {({ alarm }) => (
                        <AlarmForm
                            route="/drills"
                            kind="drill"
                            from={alarm}
                            send={(draft) => (id === null ? alarmRaise("/drills", draft) : alarmUpdate(id, draft))}
                            onDone={(made) => {
                                topicTouch("alarms");
                                toastDone(t("drill.sent"));
                                void go(addressOf(made));
                            }}
                            back={id === null ? "/drills" : `/drills/${id}`}
                        />
                    )}
                </Show>
            </Page>
        </DrillWorld>
    );
}
