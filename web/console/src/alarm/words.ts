// What an alarm would do, and what it does, in sentences.

import type { Alarm, AlarmEffect, AlarmKind } from "../../../shared/broadcast";
import type { Tone } from "../parts/badge";
import { t } from "../words";
import { lengthWords } from "../words/clock";
import { number } from "../words/format";

export const alarmTones: Record<Alarm["state"], Tone> = {
    waiting: "warn",
    in_force: "bad",
    replaced: "calm",
    cancelled: "calm",
    expired: "calm",
    refused: "calm",
};

/** "Sẽ phát ngay trên 412 loa ở 6 xã": every number of it, before anything is sent. */
export function effectSentences(effect: AlarmEffect, kind: AlarmKind): string[] {
    const values = { n: number(effect.devices), communes: number(effect.communes) };
    const said = [effect.words || t(`effect.${kind}`, values)];
    if (effect.attached !== null && effect.attached < effect.devices) {
        said.push(t("effect.away", { n: number(effect.devices - effect.attached) }));
    }
    if (effect.sounding_ms > 0 && kind !== "stop") {
        said.push(t("effect.length", { length: lengthWords(effect.sounding_ms) }));
    }
    if (effect.needs_approval) {
        said.push(t("effect.approval"));
    }
    return said;
}

export function addressOf(alarm: { id: number; kind: AlarmKind }): string {
    return `${alarm.kind === "drill" ? "/drills" : "/alarms"}/${alarm.id}`;
}
