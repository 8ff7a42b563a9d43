// What a device says of itself and its line: signal, clock, traffic, supply.

import type { DeviceCard } from "../../../shared/fleet";
import { Panel } from "../parts/page";
import { t } from "../words";
import { ago, lasted, number, size } from "../words/format";
import { Fact } from "../parts/fact";

/** dBm to bars, as phones show them. */
function bars(dbm: number): number {
    return dbm >= -75 ? 4 : dbm >= -87 ? 3 : dbm >= -99 ? 2 : dbm >= -111 ? 1 : 0;
}

function Signal({ dbm }: { dbm: number }) {
    return (
        <span class="signal">
            <span class="signal-bars" data-bars={bars(dbm)} aria-hidden="true">
                <i />
                <i />
                <i />
                <i />
            </span>
            {t("device.dbm", { n: dbm })}
        </span>
    );
}

/** Microseconds in the unit in which they are read. */
function errorWords(us: number): string {
    return us < 1_000
        ? t("device.us", { n: us })
        : us < 1_000_000
          ? t("device.ms", { n: number(Math.round(us / 100) / 10) })
          : t("device.s", { n: number(Math.round(us / 100_000) / 10) });
}

function Traffic({ used, budgetKb }: { used: number; budgetKb: number }) {
    const budget = budgetKb * 1024;
    if (budget === 0) {
        return <>{size(used)}</>;
    }
    const share = Math.min(1, used / budget);
    return (
        <span class="traffic">
            {t("device.of_budget", { used: size(used), budget: size(budget) })}
            <span class={`bar bar-small${share >= 0.9 ? " bar-full" : ""}`} aria-hidden="true">
                <span style={{ width: `${share * 100}%` }} />
            </span>
        </span>
    );
}

export function Facts({ card }: { card: DeviceCard }) {
    const { device, status } = card;
    if (status === null) {
        return null;
    }
    const heard = device.live === "alive" ? t("speakers.heard_now") : ago(device.heard_at);
    return (
        <Panel title={t("device.line")}>
            <dl class="facts">
                <Fact name={t("speakers.heard")}>{heard}</Fact>
                <Fact name={t("device.link")}>
                    {t(`link.${status.link}`)}
                    {status.signal_dbm !== null && <Signal dbm={status.signal_dbm} />}
                </Fact>
                <Fact name={t("device.clock")}>
                    {t(`clock.${status.clock}`)}
                    {status.clock_error_us !== null && (
                        <span class="quiet row-sub">{t("device.clock_error", { error: errorWords(status.clock_error_us) })}</span>
                    )}
                </Fact>
                <Fact name={t("device.traffic")}>
                    <Traffic used={status.bytes_in + status.bytes_out} budgetKb={device.settings.month_budget_kb} />
                </Fact>
                {status.plan_until_s !== null && (
                    <Fact name={t("device.plan_until")}>
                        {lasted(status.plan_until_s)}
                        {status.media_missing > 0 && (
                            <span class="quiet row-sub">{t("device.media_missing", { n: status.media_missing })}</span>
                        )}
                    </Fact>
                )}
                {status.supply_mv !== null && (
                    <Fact name={t("device.supply")}>{t("device.volts", { n: number(status.supply_mv / 1000) })}</Fact>
                )}
                {status.temperature_mc !== null && (
                    <Fact name={t("device.heat")}>{t("device.degrees", { n: number(Math.round(status.temperature_mc / 1000)) })}</Fact>
                )}
                {status.disk_free_kb !== null && <Fact name={t("device.disk")}>{size(status.disk_free_kb * 1024)}</Fact>}
                {status.uptime_s !== null && <Fact name={t("about.uptime")}>{lasted(status.uptime_s)}</Fact>}
            </dl>
        </Panel>
    );
}

export function Box({ card }: { card: DeviceCard }) {
    const { device } = card;
    return (
        <Panel title={t("device.box")}>
            <dl class="facts">
                <Fact name={t("device.serial")}>{device.serial || "–"}</Fact>
                <Fact name={t("device.model")}>{device.model || "–"}</Fact>
                <Fact name={t("device.program")}>{device.program || "–"}</Fact>
                <Fact name={t("device.fingerprint")}>
                    <code>{device.fingerprint}</code>
                </Fact>
                {device.sim_number !== "" && (
                    <Fact name={t("device.sim")}>
                        {device.sim_number}
                        <span class="quiet row-sub">{device.sim_operator}</span>
                    </Fact>
                )}
                {device.station && (
                    <Fact name={t("cluster.station")}>
                        <a href={`/stations/${device.station.id}`}>{device.station.name}</a>
                    </Fact>
                )}
                {device.cluster && (
                    <Fact name={t("device.cluster")}>
                        <a href={`/clusters/${device.cluster.id}`}>{device.cluster.name}</a>
                    </Fact>
                )}
            </dl>
        </Panel>
    );
}
