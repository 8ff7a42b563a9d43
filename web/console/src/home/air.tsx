// The first thing a duty officer wants to know: is something in force, do the
// speakers stand, what is wrong, what is on air.

import alarmStyles from "../../styles/alarm.css";
import fleetStyles from "../../styles/fleet.css";
import { AlarmLines } from "../alarm/lines";
import { alarmList } from "../api/broadcast";
import { deviceSummary, faultDigest } from "../api/fleet";
import { Digest } from "../fleet/digest";
import { LiveMark, lives, soundWords } from "../fleet/marks";
import { LinkButton } from "../parts/button";
import { Panel } from "../parts/page";
import { sheetUse } from "../parts/sheet";
import { Notice, Show } from "../parts/states";
import { useLoad } from "../state/load";
import { can } from "../state/session";
import type { DeviceSound, DeviceSummary } from "../../../shared/fleet";
import { t } from "../words";
import { number, percent } from "../words/format";

sheetUse(fleetStyles);
sheetUse(alarmStyles);

const CALM_MS = 2_000;
const MOST_LINES = 4;
const sounds: DeviceSound[] = ["alarm", "drill", "item", "filler", "stopped", "test", "none"];

export function Air() {
    return (
        <>
            {can("alarms_read") && <InForce />}
            {can("fleet_read") && <Fleet />}
            {can("fleet_read") && <Wrong />}
        </>
    );
}

function InForce() {
    const open = useLoad("home.alarms", () => alarmList({ open: 1 }), ["alarms", "coverage"], CALM_MS);
    const items = open.data?.items ?? [];
    return (
        <Panel
            title={t("home.alarms")}
            actions={
                can("alarms_write") && (
                    <LinkButton small icon="alarm" href="/alarms/new">
                        {t("alarm.raise")}
                    </LinkButton>
                )
            }
        >
            <Show of={open} lines={1}>
                {() => (items.length === 0 ? <Notice kind="success">{t("alarms.none_now")}</Notice> : <AlarmLines alarms={items} />)}
            </Show>
        </Panel>
    );
}

function Fleet() {
    const summary = useLoad("home.fleet", () => deviceSummary(null), ["presence", "devices", "faults"], CALM_MS);
    return (
        <Panel title={t("home.fleet")} actions={<a href="/speakers?view=map">{t("speakers.as_map")}</a>}>
            <Show of={summary} lines={3}>
                {(ready) => <FleetNow summary={ready} />}
            </Show>
        </Panel>
    );
}

function FleetNow({ summary }: { summary: DeviceSummary }) {
    const { devices, states } = summary;
    return (
        <div class="stack">
            <p class="fleet-share">
                <span class="figure">{percent(devices === 0 ? 0 : Math.floor((states.alive / devices) * 1000) / 1000)}</span>{" "}
                {t("home.working", { n: number(states.alive), of: number(devices) })}
            </p>
            <ul class="tiles">
                {lives.map((live) => (
                    <li key={live}>
                        <a class={`tile tile-${live}`} href={`/speakers?state=${live}`}>
                            <span class="tile-figure">{number(states[live])}</span>
                            <span class="tile-name">
                                <LiveMark live={live} />
                                {t(`live.${live}`)}
                            </span>
                        </a>
                    </li>
                ))}
            </ul>
            <ul class="on-air-now" aria-label={t("home.on_air")}>
                {sounds.map((sound) => {
                    const count = summary.sounds[sound] ?? 0;
                    return count === 0 ? null : (
                        <li key={sound} class={`fleet-now fleet-now-${sound}`}>
                            {sound !== "none" && sound !== "stopped" && <span class="waves" aria-hidden="true" />}
                            <span>
                                <b class="figure">{number(count)}</b> {soundWords(sound)}
                            </span>
                        </li>
                    );
                })}
            </ul>
        </div>
    );
}

function Wrong() {
    const digest = useLoad("home.faults", () => faultDigest(null), ["faults"], CALM_MS);
    return (
        <Panel title={t("section.faults")} actions={<a href="/faults">{t("home.all_changes")}</a>}>
            <Show of={digest} lines={2}>
                {(ready) => (ready.items.length === 0 ? <Notice kind="success">{t("faults.none")}</Notice> : <Digest digest={ready} most={MOST_LINES} />)}
            </Show>
        </Panel>
    );
}
