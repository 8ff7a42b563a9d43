// What was really played, from what devices wrote down and signed; and of
// what was not, why.

import deviceStyles from "../../styles/device.css";
import programmeStyles from "../../styles/programme.css";
import type { Play, PlayOutcome, PlaySummary } from "../../../shared/broadcast";
import { UnitFilter } from "../accounts/filters";
import { playList, playSummary } from "../api/broadcast";
import { outcomeTones } from "../fleet/plan";
import { Badge } from "../parts/badge";
import { DateField } from "../parts/date_field";
import { SelectField } from "../parts/field";
import { Filters } from "../parts/filters";
import { Page, Panel } from "../parts/page";
import { sheetUse } from "../parts/sheet";
import { Empty, ErrorState, Show, Skeleton } from "../parts/states";
import type { Column } from "../parts/table";
import { More, Table } from "../parts/table";
import { useList, useLoad } from "../state/load";
import { here, querySet } from "../state/router";
import { account } from "../state/session";
import { t } from "../words";
import { lengthOf, timeExact } from "../words/clock";
import { dayShift, isDay, number, percent, today } from "../words/format";

sheetUse(deviceStyles);
sheetUse(programmeStyles);

const outcomes: PlayOutcome[] = ["played", "partly", "not_played", "not_reported"];
const keys = ["unit", "day", "outcome", "device"] as const;

export default function Plays() {
    const { query } = here.value;
    const asked = query.get("day");
    const day = isDay(asked) ? asked : today();
    const device = query.get("device");
    const unit = query.get("unit") ?? (device === null ? String(account.value?.unit.id ?? "") : null);
    const outcome = query.get("outcome");
    const summary = useLoad(`plays.sum|${unit}|${day}`, () => playSummary({ unit, from: day, to: dayShift(day, 1), by: "programme" }), ["plays"], 5_000);
    const list = useList(`plays|${unit}|${day}|${outcome}|${device}`, (after) => playList({ unit, day, outcome, device, after }), ["plays"]);
    return (
        <Page title={t("section.plays")} lead={t("plays.lead")}>
            <Filters
                label={t("plays.filters")}
                set={keys.filter((key) => query.has(key)).length}
                onClear={() => querySet(Object.fromEntries(keys.map((key) => [key, null])))}
            >
                <DateField label={t("plan.day")} value={day} onInput={(to) => to !== "" && querySet({ day: to === today() ? null : to })} required />
                <UnitFilter unit={unit} />
                <SelectField<PlayOutcome | "">
                    label={t("plays.outcome")}
                    value={(outcome ?? "") as PlayOutcome | ""}
                    options={[{ value: "", label: t("list.all") }, ...outcomes.map((value) => ({ value, label: t(`outcome.${value}`) }))]}
                    onChange={(value) => querySet({ outcome: value })}
                />
            </Filters>
            <Show of={summary} lines={2}>
                {(ready) => <Sums summary={ready} />}
            </Show>
            {list.error && <ErrorState error={list.error} retry={list.reload} />}
            {list.items === null && !list.error && <Skeleton lines={6} />}
            {list.items?.length === 0 && <Empty picture="log" title={t("plays.none")} />}
            {list.items && list.items.length > 0 && (
                <Table caption={t("section.plays")} columns={columns()} rows={list.items} id={(row) => `${row.device.id}|${row.at}`} busy={list.loading} />
            )}
            <More more={list.more} busy={list.loading} />
        </Page>
    );
}

function columns(): Column<Play>[] {
    return [
        { key: "at", title: t("plays.at"), cell: (row) => <time class="figure">{timeExact(row.at)}</time> },
        {
            key: "title",
            title: t("plays.title"),
            cell: (row) => (row.programme ? <a href={`/programmes/${row.programme.id}`}>{row.title || row.programme.name}</a> : row.title),
        },
        { key: "device", title: t("plays.device"), cell: (row) => <a href={`/speakers/${row.device.id}`}>{row.device.name}</a> },
        { key: "length", title: t("plays.length"), cell: (row) => `${lengthOf(row.ms)} / ${lengthOf(row.planned_ms)}`, end: true },
        {
            key: "outcome",
            title: t("plays.outcome"),
            cell: (row) => (
                <span class="badges">
                    <Badge tone={outcomeTones[row.outcome] ?? "calm"}>{t(`outcome.${row.outcome}`)}</Badge>
                    {row.message && <span class="quiet">{row.message}</span>}
                </span>
            ),
        },
    ];
}

function Sums({ summary }: { summary: PlaySummary }) {
    const { total, reasons } = summary;
    const parts = outcomes.filter((outcome) => total[outcome] > 0);
    return (
        <Panel title={t("plays.sum")}>
            <p class="plays-head">
                <span class="plays-figure figure">{percent(total.planned === 0 ? 0 : Math.floor((total.played / total.planned) * 1000) / 1000)}</span>{" "}
                {t("plays.of_planned", { n: number(total.played), of: number(total.planned) })}
            </p>
            <div class="plays-bar" aria-hidden="true">
                {parts.map((outcome) => (
                    <span key={outcome} class={`plays-${outcome}`} style={{ flexGrow: total[outcome] }} />
                ))}
            </div>
            <ul class="plays-parts">
                {parts.map((outcome) => (
                    <li key={outcome}>
                        <span class={`plays-dot plays-${outcome}`} aria-hidden="true" />
                        {t(`outcome.${outcome}`)} <b class="figure">{number(total[outcome])}</b>
                    </li>
                ))}
            </ul>
            {reasons.length > 0 && (
                <>
                    <h3>{t("plays.reasons")}</h3>
                    <ul class="plays-reasons">
                        {reasons.map((one) => (
                            <li key={one.reason}>
                                <b class="figure">{number(one.plays)}</b> {one.message}
                            </li>
                        ))}
                    </ul>
                </>
            )}
        </Panel>
    );
}
