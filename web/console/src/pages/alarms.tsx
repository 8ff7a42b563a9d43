// Emergencies: what is in force, what waits for a second person, and what
// was. Drills have a page of their own, in their own colour.

import alarmStyles from "../../styles/alarm.css";
import { alarmList } from "../api/broadcast";
import { AlarmLines } from "../alarm/lines";
import { LinkButton } from "../parts/button";
import { Page, Panel } from "../parts/page";
import { sheetUse } from "../parts/sheet";
import { Empty, ErrorState, Skeleton } from "../parts/states";
import { More } from "../parts/table";
import { useList } from "../state/load";
import { can } from "../state/session";
import { t } from "../words";

sheetUse(alarmStyles);

const OPEN = new Set(["in_force", "waiting"]);

export default function Alarms() {
    const list = useList("alarms", (after) => alarmList({ after }), ["alarms", "coverage"]);
    const real = list.items?.filter(({ kind }) => kind !== "drill");
    const open = real?.filter(({ state }) => OPEN.has(state)) ?? [];
    const past = real?.filter(({ state }) => !OPEN.has(state)) ?? [];
    return (
        <Page
            title={t("section.alarms")}
            lead={t("alarms.lead")}
            actions={
                <>
                    {can("alarms_write") && (
                        <LinkButton kind="danger" icon="alarm" href="/alarms/new">
                            {t("alarm.raise")}
                        </LinkButton>
                    )}
                    <LinkButton icon="paper" href="/alarms/templates">
                        {t("templates.title")}
                    </LinkButton>
                    <LinkButton icon="played" href="/clips">
                        {t("clips.title")}
                    </LinkButton>
                    <LinkButton icon="user" href="/alarms/delegations">
                        {t("delegations.short")}
                    </LinkButton>
                </>
            }
        >
            {list.error && <ErrorState error={list.error} retry={list.reload} />}
            {real === undefined && !list.error && <Skeleton lines={4} />}
            {real !== undefined && (
                <Panel title={t("alarms.now")}>
                    {open.length === 0 ? <Empty picture="people" title={t("alarms.none_now")} /> : <AlarmLines alarms={open} />}
                </Panel>
            )}
            {past.length > 0 && (
                <Panel title={t("alarms.past")}>
                    <AlarmLines alarms={past} />
                </Panel>
            )}
            <More more={list.more} busy={list.loading} />
        </Page>
    );
}
