// What is wrong now, folded: many of one kind in one commune are one line,
// because it is usually one power cut and not forty poles.

import { UnitFilter } from "../accounts/filters";
import { faultDigest, faultList } from "../api/fleet";
import { Digest } from "../fleet/digest";
import { FaultLines } from "../fleet/fault_lines";
import { faults } from "../fleet/marks";
import { SelectField } from "../parts/field";
import { Filters } from "../parts/filters";
import { Page, Panel } from "../parts/page";
import { Empty, ErrorState, Show, Skeleton } from "../parts/states";
import { More } from "../parts/table";
import { useList, useLoad } from "../state/load";
import { here, querySet } from "../state/router";
import { t } from "../words";

export default function Faults() {
    const { query } = here.value;
    const unit = query.get("unit");
    const kind = query.get("kind");
    const digest = useLoad(`digest|${unit}`, () => faultDigest(unit), ["faults"], 2_000);
    const list = useList(`faults|${unit}|${kind}`, (after) => faultList({ unit, kind, after }), ["faults"]);
    return (
        <Page title={t("section.faults")} lead={t("faults.lead")}>
            <Filters
                label={t("faults.filters")}
                set={["unit", "kind"].filter((key) => query.has(key)).length}
                onClear={() => querySet({ unit: null, kind: null })}
            >
                <UnitFilter unit={unit} />
                <SelectField
                    label={t("speakers.fault")}
                    value={kind ?? ""}
                    options={[{ value: "", label: t("list.all") }, ...faults.map((value) => ({ value: value as string, label: t(`fault.${value}`) }))]}
                    onChange={(value) => querySet({ kind: value })}
                />
            </Filters>
            <Panel title={t("faults.digest")}>
                <Show of={digest}>{(ready) => <Digest digest={ready} />}</Show>
            </Panel>
            <Panel title={t("faults.all")}>
                {list.error && <ErrorState error={list.error} retry={list.reload} />}
                {list.items === null && !list.error && <Skeleton lines={6} />}
                {list.items?.length === 0 && <Empty picture="people" title={t("faults.none")} />}
                {list.items && list.items.length > 0 && <FaultLines faults={list.items} named />}
                <More more={list.more} busy={list.loading} />
            </Panel>
        </Page>
    );
}
