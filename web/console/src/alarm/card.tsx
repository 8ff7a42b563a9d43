// One alarm, drill or stop: what it says, and how far it has come.

import type { ComponentChildren } from "preact";
import type { Alarm } from "../../../shared/broadcast";
import { Badge } from "../parts/badge";
import { Fact } from "../parts/fact";
import type { Crumb } from "../parts/page";
import { Page, Panel } from "../parts/page";
import { Notice, Show } from "../parts/states";
import type { Loaded } from "../state/load";
import { useNow } from "../state/now";
import { t } from "../words";
import { lengthWords } from "../words/clock";
import { instant } from "../words/format";
import { AlarmActs } from "./acts";
import { CoverageView } from "./coverage";
import { addressOf, alarmTones } from "./words";

export function AlarmPage({ load, title, crumbs }: { load: Loaded<Alarm>; title: string; crumbs: Crumb[] }) {
    const alarm = load.data;
    return (
        <Page
            title={alarm === null ? title : alarm.kind === "stop" ? t("stop.title") : alarm.title}
            crumbs={crumbs}
            badge={alarm && <Badge tone={alarmTones[alarm.state]}>{t(`alarm_state.${alarm.state}`)}</Badge>}
            {...(alarm ? { lead: alarm.areas.map(({ name }) => name).join(", ") } : {})}
            actions={alarm && <AlarmActs alarm={alarm} onChanged={load.reload} />}
        >
            <Show of={load} lines={6}>
                {(ready) => <Body alarm={ready} />}
            </Show>
        </Page>
    );
}

function Remaining({ until }: { until: string }): ComponentChildren {
    const left = new Date(until).getTime() - useNow();
    return left > 0 ? t("alarm.ends_in", { length: lengthWords(left) }) : t("alarm.over");
}

function Body({ alarm }: { alarm: Alarm }) {
    return (
        <div class="stack">
            {alarm.state === "waiting" && (
                <Notice kind="warning">
                    <p>{t("alarm.waits", { who: alarm.raised_by?.name ?? "" })}</p>
                </Notice>
            )}
            {alarm.replaces !== null && (
                <p class="quiet">
                    <a href={addressOf({ id: alarm.replaces, kind: alarm.kind })}>{t("alarm.replaces")}</a>
                </p>
            )}
            {alarm.coverage && alarm.state !== "waiting" && (
                <Panel title={t(alarm.kind === "stop" ? "coverage.stop_title" : "coverage.title")} lead={t("coverage.lead")}>
                    <CoverageView alarm={alarm} coverage={alarm.coverage} />
                </Panel>
            )}
            <Panel title={t("alarm.content")}>
                {alarm.text !== "" && <blockquote class="alarm-said">{alarm.text}</blockquote>}
                <dl class="facts">
                    {alarm.kind !== "stop" && (
                        <>
                            <Fact name={t("alarm.signal")}>{t(`signal.${alarm.signal}`)}</Fact>
                            <Fact name={t("alarm.times")}>{t("alarm.times_n", { n: alarm.times })}</Fact>
                        </>
                    )}
                    <Fact name={t("alarm.raised")}>
                        {instant(alarm.raised_at)}
                        <span class="quiet row-sub">{alarm.raised_by?.name}</span>
                    </Fact>
                    {alarm.approved_at && alarm.approved_by?.id !== alarm.raised_by?.id && (
                        <Fact name={t("alarm.approved")}>
                            {instant(alarm.approved_at)}
                            <span class="quiet row-sub">{alarm.approved_by?.name}</span>
                        </Fact>
                    )}
                    {alarm.ended_at ? (
                        <Fact name={t("alarm.ended_at")}>
                            {instant(alarm.ended_at)}
                            <span class="quiet row-sub">{alarm.end_reason}</span>
                        </Fact>
                    ) : (
                        alarm.expires_at && (
                            <Fact name={t("alarm.valid")}>
                                {instant(alarm.expires_at)}
                                {alarm.state === "in_force" && (
                                    <span class="quiet row-sub">
                                        <Remaining until={alarm.expires_at} />
                                    </span>
                                )}
                            </Fact>
                        )
                    )}
                </dl>
            </Panel>
        </div>
    );
}
