// How far an alarm has come, counted from what devices wrote down and signed:
// never from what was sent. Each number opens the list behind it.

import { useEffect, useState } from "preact/hooks";
import type { Alarm, Coverage, CoverageGroup } from "../../../shared/broadcast";
import { alarmSeen } from "../api/alert";
import { alarmCoverage } from "../api/broadcast";
import { ErrorState, Skeleton } from "../parts/states";
import { More } from "../parts/table";
import { useList } from "../state/load";
import { t } from "../words";
import { timeExact } from "../words/clock";
import { number, percent } from "../words/format";

/** In the order of the bar, from what is well to what is not. */
const groups: CoverageGroup[] = ["sounding", "sounded", "ended", "accepted", "received", "waiting", "refused", "unreachable"];

export function CoverageView({ alarm, coverage }: { alarm: Alarm; coverage: Coverage }) {
    const [open, setOpen] = useState<CoverageGroup | null>(null);
    const stop = alarm.kind === "stop";
    const shown = groups.filter((group) => coverage[group] > 0);
    const share = coverage.total === 0 ? 0 : coverage.heard / coverage.total;
    const said = `${coverage.heard}/${coverage.total}`;
    const watched = alarm.state === "in_force" && coverage.total > 0;
    useEffect(() => {
        // Who looked at it, and what stood there; once for each visit.
        if (watched && !stop) {
            alarmSeen(alarm.mark, "coverage", said).catch(() => undefined);
        }
    }, [alarm.id, watched]);
    return (
        <div class="coverage">
            <p class="coverage-head" role="status" aria-live="polite">
                <span class="coverage-figure figure">
                    {number(coverage.heard)}
                    <span class="coverage-of">/{number(coverage.total)}</span>
                </span>
                <span class="coverage-words">{t(stop ? "coverage.silent" : "coverage.heard", { share: percent(Math.floor(share * 1000) / 1000) })}</span>
            </p>
            <div class="coverage-bar" aria-hidden="true">
                {shown.map((group) => (
                    <span key={group} class={`coverage-${group}`} style={{ flexGrow: coverage[group] }} />
                ))}
            </div>
            <ul class="coverage-groups">
                {shown.map((group) => (
                    <li key={group}>
                        <button
                            type="button"
                            class={`coverage-group coverage-is-${group}`}
                            aria-expanded={open === group}
                            onClick={() => setOpen(open === group ? null : group)}
                        >
                            <b class="figure">{number(coverage[group])}</b>
                            <span>{t(stop ? `stopping.${group as "sounded"}` : `coverage.${group}`)}</span>
                        </button>
                    </li>
                ))}
            </ul>
            {coverage.refusals.length > 0 && (
                <ul class="coverage-why">
                    {coverage.refusals.map((why) => (
                        <li key={why.reason}>
                            <b class="figure">{number(why.devices)}</b> {t("coverage.refused_because", { why: why.message })}
                        </li>
                    ))}
                </ul>
            )}
            {open && <Lines key={open} alarm={alarm.id} group={open} />}
        </div>
    );
}

function Lines({ alarm, group }: { alarm: number; group: CoverageGroup }) {
    const list = useList(`coverage|${alarm}|${group}`, (after) => alarmCoverage(alarm, group, after), ["coverage"]);
    return (
        <section class="coverage-lines" aria-label={t(`coverage.${group}`)}>
            {list.error && <ErrorState error={list.error} retry={list.reload} />}
            {list.items === null && !list.error && <Skeleton lines={3} />}
            <ul>
                {list.items?.map((line) => (
                    <li key={line.device.id}>
                        <a href={`/speakers/${line.device.id}`}>{line.device.name}</a>
                        <span class="quiet">
                            {[line.unit?.name, line.message, line.times > 0 ? t("coverage.times", { n: line.times }) : null].filter(Boolean).join(" · ")}
                        </span>
                        {line.at && <time class="quiet figure">{timeExact(line.at)}</time>}
                    </li>
                ))}
            </ul>
            <More more={list.more} busy={list.loading} />
        </section>
    );
}
