// Alarms, drills and stops as lines: what, since when, how far it has come.

import type { Alarm } from "../../../shared/broadcast";
import { Badge } from "../parts/badge";
import { Icon } from "../parts/icon";
import { t } from "../words";
import { instant, number } from "../words/format";
import { addressOf, alarmTones } from "./words";

export function AlarmLines({ alarms }: { alarms: Alarm[] }) {
    return (
        <ul class="lines">
            {alarms.map((alarm) => (
                <li key={alarm.id} class={`line alarm-line alarm-line-${alarm.state}`}>
                    <Icon name={alarm.kind === "stop" ? "stop" : alarm.kind === "drill" ? "drill" : "alarm"} />
                    <div class="line-body">
                        <p>
                            <a href={addressOf(alarm)}>{alarm.kind === "stop" ? t("stop.title") : alarm.title}</a>{" "}
                            <Badge tone={alarmTones[alarm.state]}>{t(`alarm_state.${alarm.state}`)}</Badge>
                        </p>
                        <p class="quiet">
                            {instant(alarm.raised_at)} · {alarm.raised_by?.name ?? alarm.unit.name} · {alarm.areas.map(({ name }) => name).join(", ")}
                        </p>
                    </div>
                    {alarm.coverage && alarm.coverage.total > 0 && (
                        <p class="alarm-line-count figure">
                            {number(alarm.coverage.heard)}/{number(alarm.coverage.total)}
                        </p>
                    )}
                </li>
            ))}
        </ul>
    );
}
