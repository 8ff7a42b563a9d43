// Stations of the communes, from survey to retirement.

import type { Stage, Station } from "../../../shared/fleet";
import { UnitFilter } from "../accounts/filters";
import { stationList } from "../api/fleet";
import { SearchFilter } from "../fleet/filters";
import { stages, stageTones } from "../fleet/stages";
import { Badge } from "../parts/badge";
import { LinkButton } from "../parts/button";
import { SelectField } from "../parts/field";
import { Filters } from "../parts/filters";
import { Page } from "../parts/page";
import { Empty, ErrorState, Skeleton } from "../parts/states";
import type { Column } from "../parts/table";
import { More, Table } from "../parts/table";
import { useList } from "../state/load";
import { here, querySet } from "../state/router";
import { can } from "../state/session";
import { t } from "../words";
import { day, number } from "../words/format";

const keys = ["q", "unit", "stage"] as const;

function columns(): Column<Station>[] {
    return [
        { key: "name", title: t("stations.name"), cell: (row) => row.name },
        { key: "unit", title: t("list.unit"), cell: (row) => row.unit.name },
        {
            key: "stage",
            title: t("stations.stage"),
            cell: (row) => (
                <span class="badges">
                    <Badge tone={stageTones[row.stage]}>{t(`stage.${row.stage}`)}</Badge>
                    <span class="quiet">{day(row.stage_day)}</span>
                </span>
            ),
        },
        { key: "clusters", title: t("stations.clusters"), cell: (row) => number(row.clusters), end: true },
        { key: "devices", title: t("stations.devices"), cell: (row) => number(row.devices), end: true },
    ];
}

export default function Stations() {
    const { query } = here.value;
    const filter = { q: query.get("q"), unit: query.get("unit"), stage: query.get("stage") };
    const list = useList(JSON.stringify(filter), (after) => stationList({ ...filter, after }), ["stations", "devices"]);
    return (
        <Page
            title={t("section.stations")}
            lead={t("stations.lead")}
            actions={
                can("fleet_write") && (
                    <LinkButton kind="primary" icon="plus" href="/stations/new">
                        {t("stations.new")}
                    </LinkButton>
                )
            }
        >
            <Filters
                label={t("stations.filters")}
                set={keys.filter((key) => query.has(key)).length}
                onClear={() => querySet(Object.fromEntries(keys.map((key) => [key, null])))}
            >
                <SearchFilter label={t("stations.q")} />
                <UnitFilter unit={query.get("unit")} />
                <SelectField<Stage | "">
                    label={t("stations.stage")}
                    value={(query.get("stage") ?? "") as Stage | ""}
                    options={[
                        { value: "", label: t("list.all") },
                        ...stages.map((value) => ({ value, label: t(`stage.${value}`) })),
                    ]}
                    onChange={(stage) => querySet({ stage })}
                />
            </Filters>
            {list.error && <ErrorState error={list.error} retry={list.reload} />}
            {list.items === null && !list.error && <Skeleton lines={6} />}
            {list.items?.length === 0 && (
                <Empty picture="tree" title={t("stations.none")}>
                    {t("stations.none_hint")}
                </Empty>
            )}
            {list.items && list.items.length > 0 && (
                <Table
                    caption={t("section.stations")}
                    columns={columns()}
                    rows={list.items}
                    id={(row) => row.id}
                    href={(row) => `/stations/${row.id}`}
                    busy={list.loading}
                />
            )}
            <More more={list.more} busy={list.loading} />
        </Page>
    );
}
