// The whole fleet, live: how many are well, by state and by commune, as a list
// and on a map. The filters stand in the address.

import { useEffect, useState } from "preact/hooks";
import fleetStyles from "../../styles/fleet.css";
import { deviceExportUrl, deviceSummary } from "../api/fleet";
import type { BatchTarget } from "../fleet/batch";
import { BatchDialog } from "../fleet/batch";
import { CommuneCounts, StateCounts } from "../fleet/counts";
import { FleetFilters } from "../fleet/filters";
import { GroupNew } from "../fleet/group_new";
import type { FleetQuery } from "../fleet/query";
import { fleetFilter, fleetQuery } from "../fleet/query";
import { FleetRows } from "../fleet/rows";
import { Button, LinkButton } from "../parts/button";
import { Icon } from "../parts/icon";
import { Lazy } from "../parts/lazy";
import { Page } from "../parts/page";
import { sheetUse } from "../parts/sheet";
import { Notice, Show } from "../parts/states";
import { useLoad } from "../state/load";
import { here, querySet } from "../state/router";
import { can } from "../state/session";
import { t } from "../words";
import { number } from "../words/format";

sheetUse(fleetStyles);

const CALM_MS = 2_000;

export default function Speakers() {
    const query = fleetQuery();
    const onMap = here.value.query.get("view") === "map";
    const summary = useLoad("summary", () => deviceSummary(null), ["presence", "devices", "faults"], CALM_MS);
    const pending = summary.data?.pending ?? 0;
    return (
        <Page
            title={t("section.speakers")}
            lead={t("speakers.lead")}
            actions={
                <>
                    {can("fleet_enrol") && (
                        <LinkButton kind="primary" icon="plus" href="/speakers/add">
                            {t("speakers.add")}
                        </LinkButton>
                    )}
                    <LinkButton icon="export" href={deviceExportUrl({ ...fleetFilter(query), format: "xlsx" })} download>
                        {t("speakers.excel")}
                    </LinkButton>
                    <LinkButton icon="phone" href="/speakers/traffic">
                        {t("traffic.title")}
                    </LinkButton>
                    <span class="wide-only">
                        <LinkButton icon="export" href={deviceExportUrl({ ...fleetFilter(query), format: "csv" })} download>
                            {t("speakers.csv")}
                        </LinkButton>
                    </span>
                </>
            }
        >
            {pending > 0 && can("fleet_enrol") && (
                <Notice kind="warning">
                    <p>
                        {t("speakers.pending", { n: pending })} <a href="/speakers/pending">{t("speakers.pending_open")}</a>
                    </p>
                </Notice>
            )}
            <Show of={summary} lines={2}>
                {(ready) => <StateCounts summary={ready} />}
            </Show>
            <FleetFilters />
            <div class="fleet">
                <div class="fleet-side wide-only">
                    {summary.data && <CommuneCounts summary={summary.data} />}
                </div>
                <div class="fleet-main">
                    {onMap ? (
                        <>
                            <ViewSwitch onMap />
                            {/* Leaflet comes when somebody wants to see the map. */}
                            <Lazy name="map" load={() => import("../fleet/map").then(({ FleetMap }) => FleetMap)} props={{ query }} />
                        </>
                    ) : (
                        <ListView query={query} />
                    )}
                </div>
            </div>
        </Page>
    );
}

function ViewSwitch({ onMap }: { onMap: boolean }) {
    return (
        <div class="switch" role="group" aria-label={t("speakers.view")}>
            <button type="button" aria-pressed={!onMap} onClick={() => querySet({ view: null })}>
                <Icon name="more" />
                {t("speakers.as_list")}
            </button>
            <button type="button" aria-pressed={onMap} onClick={() => querySet({ view: "map" })}>
                <Icon name="pin" />
                {t("speakers.as_map")}
            </button>
        </div>
    );
}

function ListView({ query }: { query: FleetQuery }) {
    const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set());
    const [total, setTotal] = useState(0);
    const [target, setTarget] = useState<BatchTarget | null>(null);
    const [grouping, setGrouping] = useState(false);
    const writes = can("fleet_write");
    const key = JSON.stringify(query);
    useEffect(() => setChosen(new Set()), [key]);
    const choose = (id: number, yes: boolean) =>
        setChosen((was) => {
            const next = new Set(was);
            if (yes) {
                next.add(id);
            } else {
                next.delete(id);
            }
            return next;
        });
    return (
        <>
            <div class="fleet-bar">
                <ViewSwitch onMap={false} />
                <p role="status">{total > 0 && t("speakers.found", { n: number(total) })}</p>
                {writes && chosen.size === 0 && total > 0 && (
                    <Button small icon="edit" onClick={() => setTarget({ filter: filterOf(query) })}>
                        {t("speakers.change_all", { n: number(total) })}
                    </Button>
                )}
                {chosen.size > 0 && (
                    <div class="fleet-chosen">
                        <Button small kind="primary" icon="edit" onClick={() => setTarget({ ids: [...chosen] })}>
                            {t("speakers.change_chosen", { n: number(chosen.size) })}
                        </Button>
                        <Button small icon="units" onClick={() => setGrouping(true)}>
                            {t("groups.new")}
                        </Button>
                        <Button small kind="quiet" icon="close" onClick={() => setChosen(new Set())}>
                            {t("speakers.choose_none")}
                        </Button>
                    </div>
                )}
            </div>
            <FleetRows query={query} chosen={chosen} onChoose={writes ? choose : null} onTotal={setTotal} />
            {grouping && <GroupNew ids={[...chosen]} onClose={() => setGrouping(false)} />}
            {target && (
                <BatchDialog
                    target={target}
                    onClose={() => setTarget(null)}
                    onDone={() => {
                        setTarget(null);
                        setChosen(new Set());
                    }}
                />
            )}
        </>
    );
}

function filterOf(query: FleetQuery): NonNullable<BatchTarget["filter"]> {
    return {
        ...(query.unit ? { unit: Number(query.unit) } : {}),
        ...(query.group ? { group: Number(query.group) } : {}),
        ...(query.state ? { state: query.state } : {}),
        ...(query.fault ? { fault: query.fault } : {}),
        ...(query.q ? { q: query.q } : {}),
    };
}
