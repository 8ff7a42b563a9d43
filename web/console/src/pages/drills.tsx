// Drills: given, under way, past.

import alarmStyles from "../../styles/alarm.css";
import { DrillWorld } from "../alarm/drill_world";
import { AlarmLines } from "../alarm/lines";
import { alarmList } from "../api/broadcast";
import { LinkButton } from "../parts/button";
import { Page, Panel } from "../parts/page";
import { sheetUse } from "../parts/sheet";
import { Empty, ErrorState, Skeleton } from "../parts/states";
import { More } from "../parts/table";
import { useList } from "../state/load";
import { can } from "../state/session";
import { t } from "../words";

sheetUse(alarmStyles);

export default function Drills() {
    const list = useList("drills", (after) => alarmList({ kind: "drill", after }), ["alarms", "coverage"]);
    const drills = list.items?.filter(({ kind }) => kind === "drill");
    return (
        <DrillWorld>
            <Page
                title={t("section.drills")}
                lead={t("drills.lead")}
                actions={
                    can("drills_write") && (
                        <LinkButton kind="primary" icon="drill" href="/drills/new">
                            {t("drill.raise")}
                        </LinkButton>
                    )
                }
            >
                <Panel title={t("drills.all")}>
                    {list.error && <ErrorState error={list.error} retry={list.reload} />}
                    {drills === undefined && !list.error && <Skeleton lines={4} />}
                    {drills?.length === 0 && (
                        <Empty picture="paper" title={t("drills.none")}>
                            {t("drills.none_hint")}
                        </Empty>
                    )}
                    {drills && drills.length > 0 && <AlarmLines alarms={drills} />}
                </Panel>
                <More more={list.more} busy={list.loading} />
            </Page>
        </DrillWorld>
    );
}
