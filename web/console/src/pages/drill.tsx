// One drill, in the colour of drills. What is not a drill is not shown here.

import { useEffect } from "preact/hooks";
import alarmStyles from "../../styles/alarm.css";
import { AlarmPage } from "../alarm/card";
import { DrillWorld } from "../alarm/drill_world";
import { alarmRead } from "../api/broadcast";
import { sheetUse } from "../parts/sheet";
import type { PageProps } from "../shell/pages";
import { useLoad } from "../state/load";
import { go } from "../state/router";
import { t } from "../words";

sheetUse(alarmStyles);

const CALM_MS = 500;

export default function Drill({ params }: PageProps) {
    const id = Number(params["id"]);
    const load = useLoad(`drill|${id}`, () => alarmRead(id), ["alarms", "coverage"], CALM_MS);
    const real = load.data !== null && load.data.kind !== "drill";
    useEffect(() => {
        if (real) {
            void go(`/alarms/${id}`, { replace: true });
        }
    }, [real]);
    return real ? null : (
        <DrillWorld>
            <AlarmPage load={load} title={t("section.drills")} crumbs={[{ label: t("section.drills"), href: "/drills" }]} />
        </DrillWorld>
    );
}
