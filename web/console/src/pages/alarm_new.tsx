// Raising an alarm, or updating the one in force.

import alarmStyles from "../../styles/alarm.css";
import type { Bulletin } from "../../../shared/studio";
import type { Seed } from "../alarm/compose";
import { AlarmForm } from "../alarm/form";
import { addressOf } from "../alarm/words";
import { alarmRaise, alarmRead, alarmUpdate } from "../api/broadcast";
import { bulletinRead } from "../api/studio";
import { Page } from "../parts/page";
import { sheetUse } from "../parts/sheet";
import { Show } from "../parts/states";
import { toastDone } from "../parts/toast";
import type { PageProps } from "../shell/pages";
import { topicTouch } from "../state/live";
import { useLoad } from "../state/load";
import { go, here } from "../state/router";
import { t } from "../words";

sheetUse(alarmStyles);

/** What is said is the Vietnamese spoken text; every language brings its recording. */
function seedOf({ unit, title, areas, texts }: Bulletin): Seed {
    const spoken = texts.filter(({ channel }) => channel === "sound");
    return {
        unit_id: unit.id,
        title,
        text: (spoken.find(({ language }) => language === "vi") ?? spoken[0])?.text ?? "",
        areas,
        voices: spoken.flatMap(({ language, media, ms }) => (media ? [{ language, media, ms: ms ?? 0 }] : [])),
    };
}

export default function AlarmNew({ params }: PageProps) {
    const id = params["id"] === undefined ? null : Number(params["id"]);
    const bulletin = Number(here.value.query.get("bulletin")) || null;
    const from = useLoad(`alarm.from|${id}|${bulletin}`, async () => ({
        alarm: id === null ? null : await alarmRead(id),
        seed: bulletin === null ? null : seedOf(await bulletinRead(bulletin)),
    }));
    return (
        <Page
            title={t(id === null ? "alarm.raise" : "alarm.update")}
            crumbs={[{ label: t("section.alarms"), href: "/alarms" }]}
            lead={t(id === null ? "alarm.raise_lead" : "alarm.update_lead")}
        >
            <Show of={from}>
                {({ alarm, seed }) => (
                    <AlarmForm
                        route="/alarms"
                        kind="alarm"
                        from={alarm}
                        seed={seed}
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
