// "11 of 15 minutes used": how much of a day the rules still leave, said
// where one plans it.

import type { QuotaDay } from "../../../shared/desk";
import { quotaRead } from "../api/desk";
import { useLoad } from "../state/load";
import { t } from "../words";
import { number } from "../words/format";

const MINUTE_MS = 60_000;

function minutesOf(ms: number): number {
    return Math.round(ms / MINUTE_MS);
}

interface QuotaBarProps {
    quota: QuotaDay;
    /** Minutes that come on top by what is being moved. */
    extra?: number;
}

export function QuotaBar({ quota, extra = 0 }: QuotaBarProps) {
    const used = Math.max(0, minutesOf(quota.used_ms) + Math.round(extra));
    const most = quota.day_most_ms === null ? null : minutesOf(quota.day_most_ms);
    const over = most !== null && used > most;
    return (
        <p class={`day-quota${over ? " day-quota-over" : ""}`} title={quota.rule ?? undefined}>
            {most !== null && (
                <span class="day-quota-bar" aria-hidden="true">
                    <span style={{ width: `${Math.min(100, (used / Math.max(1, most)) * 100)}%` }} />
                </span>
            )}
            <span class="figure">
                {quota.silent
                    ? t("quota.silent")
                    : most === null
                      ? t("quota.free", { n: number(used) })
                      : t("quota.used", { n: number(used), of: number(most) })}
            </span>
        </p>
    );
}

/** The same beside a form: one day, and what the rules say about it. */
export function QuotaLine({ unit, day, extra = 0 }: { unit: number; day: string; extra?: number }) {
    const load = useLoad(`quota|${unit}|${day}`, () => quotaRead(unit, day, 1), ["programmes"]);
    const quota = load.data?.items[0];
    if (quota === undefined) {
        return null;
    }
    const hours = quota.hours.map(({ from, to }) => `${from.slice(0, 5)}–${to.slice(0, 5)}`).join(", ");
    return (
        <div class="day-quota-line">
            <QuotaBar quota={quota} extra={extra} />
            {hours !== "" && <p class="quiet">{t("rule.hours", { hours })}</p>}
            {quota.session_most_ms !== null && <p class="quiet">{t("rule.session", { n: minutesOf(quota.session_most_ms) })}</p>}
            {quota.rule !== null && <p class="quiet">{quota.rule}</p>}
        </div>
    );
}
