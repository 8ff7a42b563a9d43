// One alarm or all-stop. A drill that somebody looks for here is shown where
// drills are shown.

import { useEffect } from "preact/hooks";
import alarmStyles from "../../styles/alarm.css";
import { AlarmPage } from "../alarm/card";
import { alarmRead } from "../api/broadcast";
import { callsSeen } from "../api/duty";
import { sheetUse } from "../parts/sheet";
import type { PageProps } from "../shell/pages";
import { useLoad } from "../state/load";
import { go } from "../state/router";
import { t } from "../words";

sheetUse(alarmStyles);

const CALM_MS = 500;

export default function Alarm({ params }: PageProps) {
    const id = Number(params["id"]);
    const load = useLoad(`alarm|${id}`, () => alarmRead(id), ["alarms", "coverage"], CALM_MS);
    const drill = load.data?.kind === "drill";
    useEffect(() => {
        if (drill) {
            void go(`/drills/${id}`, { replace: true });
        }
    }, [drill]);
    const waits = load.data?.kind === "alarm" && document.visibilityState === "visible";
    useEffect(() => {
        // Whoever looks at it need not be called again.
        if (waits) {
            callsSeen(id).catch(() => undefined);
        }
    }, [id, waits]);
    return drill ? null : (
        <AlarmPage load={load} title={t("section.alarms")} crumbs={[{ label: t("section.alarms"), href: "/alarms" }]} />
    );
}
