// On every page: what is in force now. An alarm, a drill, an all-stop, or one
// that waits for my word.

import type { Alarm } from "../../../shared/broadcast";
import { alarmList } from "../api/broadcast";
import { Icon } from "../parts/icon";
import { useLoad } from "../state/load";
import { can } from "../state/session";
import { here } from "../state/router";
import { t } from "../words";
import { number } from "../words/format";

const CALM_MS = 2_000;
const MOST = 3;

function words(alarm: Alarm): string {
    if (alarm.state === "waiting") {
        return t("on_air.waiting", { title: alarm.title });
    }
    const values = { title: alarm.title, heard: number(alarm.coverage?.heard ?? 0), of: number(alarm.coverage?.total ?? alarm.devices) };
    return t(`on_air.${alarm.purpose === "alarm" || alarm.kind === "stop" ? alarm.kind : alarm.purpose}`, values);
}

export function OnAir() {
    return can("alarms_read") ? <Strips /> : null;
}

function Strips() {
    const open = useLoad("on_air", () => alarmList({ open: 1 }), ["alarms", "coverage"], CALM_MS);
    const strips = (open.data?.items ?? []).filter(
        ({ id, kind }) => here.value.path !== `/${kind === "drill" ? "drills" : "alarms"}/${id}`,
    );
    return (
        <div class="on-air" role="status">
            {strips.slice(0, MOST).map((alarm) => (
                <a
                    key={alarm.id}
                    class={`on-air-line on-air-${alarm.state === "waiting" ? "waiting" : alarm.kind}`}
                    href={`/${alarm.kind === "drill" ? "drills" : "alarms"}/${alarm.id}`}
                >
                    <Icon name={alarm.kind === "stop" ? "stop" : alarm.kind === "drill" ? "drill" : "alarm"} />
                    <span>{words(alarm)}</span>
                    <Icon name="right" />
                </a>
            ))}
        </div>
    );
}
