// Where a bulletin stands in programmes, and what became of it on the
// loudspeakers, commune by commune.

import programmeStyles from "../../styles/programme.css";
import type { AirCounts, AirResult, Bulletin } from "../../../shared/studio";
import { airingRemove, bulletinAir } from "../api/studio";
import { IconButton } from "../parts/button";
import { ask } from "../parts/dialog";
import { Icon } from "../parts/icon";
import { Panel } from "../parts/page";
import { sheetUse } from "../parts/sheet";
import { Empty, Notice, Show } from "../parts/states";
import { Table, type Column } from "../parts/table";
import { toastDone, toastFailed } from "../parts/toast";
import { topicTouch } from "../state/live";
import { useLoad } from "../state/load";
import { t } from "../words";
import { instant, number, percent } from "../words/format";

sheetUse(programmeStyles);

export function Airings({ bulletin }: { bulletin: Bulletin }) {
    const remove = async (id: number) => {
        if (await ask({ title: t("airing.remove_sure"), yes: t("airing.remove"), danger: true })) {
            airingRemove(id).then(() => {
                topicTouch("bulletins", "programmes");
                toastDone(t("airing.removed"));
            }, toastFailed);
        }
    };
    if (bulletin.airings.length === 0) {
        return null;
    }
    return (
        <Panel title={t("airing.title")}>
            <ul class="lines">
                {bulletin.airings.map((airing) => (
                    <li key={airing.id} class="line">
                        <Icon name="programme" />
                        <div class="line-body">
                            <p>
                                <b class="figure">{instant(airing.at)}</b>
                            </p>
                            <p class="quiet">
                                {airing.programme === null || airing.one_off ? t("schedule.own") : airing.programme.name} · {airing.unit.name}
                            </p>
                        </div>
                        {bulletin.may.includes("schedule") && new Date(airing.at).getTime() > Date.now() && (
                            <IconButton icon="trash" label={t("airing.remove")} onClick={() => void remove(airing.id)} />
                        )}
                    </li>
                ))}
            </ul>
        </Panel>
    );
}

const outcomes = ["played", "partly", "not_played", "not_reported"] as const;
const CALM_MS = 3_000;

export function AirPart({ id }: { id: number }) {
    const air = useLoad(`air|${id}`, () => bulletinAir(id), ["plays", "bulletins"], CALM_MS);
    return (
        <Show of={air}>
            {(result) => (result.total.planned === 0 ? <Empty picture="log" title={t("air.none")} /> : <Results result={result} />)}
        </Show>
    );
}

function columns(): Column<AirResult["items"][number]>[] {
    return [
        { key: "unit", title: t("list.unit"), cell: (row) => row.unit.name },
        { key: "planned", title: t("air.planned"), cell: (row) => number(row.planned), end: true },
        ...outcomes.map((outcome) => ({
            key: outcome,
            title: t(`outcome.${outcome}`),
            cell: (row: AirCounts) => number(row[outcome]),
            end: true,
        })),
        { key: "waiting", title: t("air.waiting"), cell: (row) => number(row.waiting), end: true },
    ];
}

function Results({ result }: { result: AirResult }) {
    const { total, reasons, items, first_sounded_at } = result;
    const due = total.planned - total.waiting;
    return (
        <>
            <Panel title={t("air.title")}>
                <p class="plays-head">
                    <span class="plays-figure figure">{due <= 0 ? "–" : percent(Math.floor((total.played / due) * 1000) / 1000)}</span>
                    {t("air.sum", { played: number(total.played), due: number(Math.max(0, due)) })}
                </p>
                <div class="plays-bar" aria-hidden="true">
                    {outcomes.map((outcome) =>
                        total[outcome] === 0 ? null : <span key={outcome} class={`plays-${outcome}`} style={{ flexGrow: total[outcome] }} />,
                    )}
                </div>
                <ul class="plays-parts">
                    {outcomes.map((outcome) => (
                        <li key={outcome}>
                            <span class={`plays-dot plays-${outcome}`} aria-hidden="true" />
                            {t(`outcome.${outcome}`)} <b class="figure">{number(total[outcome])}</b>
                        </li>
                    ))}
                </ul>
                {first_sounded_at && <p class="quiet">{t("air.first", { at: instant(first_sounded_at) })}</p>}
                {reasons.length > 0 && (
                    <Notice kind="warning">
                        <ul>
                            {reasons.map(({ reason, message, plays }) => (
                                <li key={reason}>
                                    {message} <b class="figure">{number(plays)}</b>
                                </li>
                            ))}
                        </ul>
                    </Notice>
                )}
            </Panel>
            <Table caption={t("air.by_commune")} columns={columns()} rows={items} id={(row) => row.unit.id} />
        </>
    );
}
