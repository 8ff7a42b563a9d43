// One alarm, drill or stop: what it says, and how far it has come.

import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import composeStyles from "../../styles/compose.css";
import type { Alarm } from "../../../shared/broadcast";
import { alarmSeen } from "../api/alert";
import { clipList } from "../api/broadcast";
import { Badge } from "../parts/badge";
import { Fact } from "../parts/fact";
import type { Crumb } from "../parts/page";
import { Page, Panel } from "../parts/page";
import { sheetUse } from "../parts/sheet";
import { Notice, Show } from "../parts/states";
import { useLoad, type Loaded } from "../state/load";
import { useNow } from "../state/now";
import { account } from "../state/session";
import { t } from "../words";
import { lengthWords } from "../words/clock";
import { instant } from "../words/format";
import { AlarmActs, mayWrite } from "./acts";
import { CoverageView } from "./coverage";
import { Heard } from "./heard";
import { Prepared } from "./prepared";
import { SecondPerson } from "./second";
import { SeenList } from "./seen";
import { addressOf, alarmTones } from "./words";

sheetUse(composeStyles);

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
                {(ready) => <Body alarm={ready} onChanged={load.reload} />}
            </Show>
        </Page>
    );
}

function Remaining({ until }: { until: string }): ComponentChildren {
    const left = new Date(until).getTime() - useNow();
    return left > 0 ? t("alarm.ends_in", { length: lengthWords(left) }) : t("alarm.over");
}

function Body({ alarm, onChanged }: { alarm: Alarm; onChanged: () => void }) {
    const clips = useLoad("card.clips", () => clipList(account.value?.unit.id ?? null));
    const clip = clips.data?.items.find(({ number }) => number === alarm.clip) ?? null;
    if (alarm.state === "waiting") {
        return <SecondPerson alarm={alarm} clip={clip} onChanged={onChanged} />;
    }
    return (
        <div class="stack">
            {alarm.delegated && <Report alarm={alarm} />}
            {alarm.replaces !== null && (
                <p class="quiet">
                    <a href={addressOf({ id: alarm.replaces, kind: alarm.kind })}>{t("alarm.replaces")}</a>
                </p>
            )}
            {alarm.coverage && (
                <Panel title={t(alarm.kind === "stop" ? "coverage.stop_title" : "coverage.title")} lead={t("coverage.lead")}>
                    <CoverageView alarm={alarm} coverage={alarm.coverage} />
                </Panel>
            )}
            <Panel title={t("alarm.content")}>
                {alarm.kind !== "stop" && <Heard title={alarm.title} text={alarm.text} signal={alarm.signal} times={alarm.times} clip={clip} voices={alarm.voices} />}
                <dl class="facts">
                    {alarm.source && (
                        <Fact name={t("alarm.source")}>
                            <a href="/warnings">{alarm.source.name}</a>
                        </Fact>
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
            {alarm.state === "in_force" && (alarm.cancel || alarm.correction) && (
                <Panel title={t("prepared.title")} lead={t("prepared.ready")}>
                    <Prepared cancel={alarm.cancel} correction={alarm.correction} />
                </Panel>
            )}
            {alarm.kind !== "stop" && <SeenList alarm={alarm.id} />}
        </div>
    );
}

/** One person sent it alone, as he may: everybody else reads that here. */
function Report({ alarm }: { alarm: Alarm }) {
    const words = t("alarm.delegated", { who: alarm.raised_by?.name ?? "" });
    const mine = alarm.raised_by?.id === account.value?.id;
    useEffect(() => {
        if (!mine && mayWrite(alarm.kind)) {
            alarmSeen(alarm.mark, "report", words).catch(() => undefined);
        }
    }, [alarm.id]);
    return (
        <Notice kind="warning">
            <p>{words}</p>
        </Notice>
    );
}
