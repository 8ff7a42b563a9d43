// Traffic of the month by SIM, the hungriest first: what will cost money, and
// what will fall silent when the month's budget is used up.

import deviceStyles from "../../styles/device.css";
import type { TrafficLine, TrafficMonth } from "../../../shared/fleet";
import { UnitFilter } from "../accounts/filters";
import { trafficRead } from "../api/fleet";
import { Badge } from "../parts/badge";
import { Page, Panel } from "../parts/page";
import { sheetUse } from "../parts/sheet";
import { Empty, Show } from "../parts/states";
import type { Column } from "../parts/table";
import { Table } from "../parts/table";
import { useLoad } from "../state/load";
import { here } from "../state/router";
import { t } from "../words";
import { number, size } from "../words/format";

sheetUse(deviceStyles);

const MOST = 200;
const NEARLY = 0.9;

function used(line: TrafficLine): number {
    return line.bytes_in + line.bytes_out;
}

function share(line: TrafficLine): number | null {
    return line.budget_kb === null || line.budget_kb === 0 ? null : used(line) / (line.budget_kb * 1024);
}

function columns(): Column<TrafficLine>[] {
    return [
        { key: "device", title: t("speakers.name"), cell: (row) => row.device.name },
        { key: "unit", title: t("speakers.commune"), cell: (row) => row.unit.name },
        { key: "sim", title: t("device.sim"), cell: (row) => [row.sim_number, row.sim_operator].filter(Boolean).join(" · ") || "–" },
        {
            key: "used",
            title: t("traffic.used"),
            cell: (row) => {
                const part = share(row);
                return (
                    <span class="badges">
                        {row.budget_kb ? t("device.of_budget", { used: size(used(row)), budget: size(row.budget_kb * 1024) }) : size(used(row))}
                        {part !== null && part >= 1 && <Badge tone="bad">{t("traffic.over")}</Badge>}
                        {part !== null && part < 1 && part >= NEARLY && <Badge tone="warn">{t("traffic.nearly")}</Badge>}
                    </span>
                );
            },
            end: true,
        },
    ];
}

export default function Traffic() {
    const unit = here.value.query.get("unit");
    const month = useLoad(`traffic|${unit}`, () => trafficRead({ unit, limit: MOST }), ["devices"]);
    return (
        <Page title={t("traffic.title")} crumbs={[{ label: t("section.speakers"), href: "/speakers" }]} lead={t("traffic.lead")}>
            <div class="form-narrow">
                <UnitFilter unit={unit} />
            </div>
            <Show of={month}>{(ready) => <Month month={ready} />}</Show>
        </Page>
    );
}

function Month({ month }: { month: TrafficMonth }) {
    return (
        <>
            <Panel title={t("traffic.month", { month: `${month.month % 100}/${Math.floor(month.month / 100)}` })}>
                <dl class="figures">
                    <div>
                        <dt>{t("traffic.sims")}</dt>
                        <dd class="figure">{number(month.sims)}</dd>
                    </div>
                    <div>
                        <dt>{t("traffic.used")}</dt>
                        <dd class="figure">{size(month.bytes_in + month.bytes_out)}</dd>
                    </div>
                    <div>
                        <dt>{t("traffic.over")}</dt>
                        <dd class="figure">{number(month.over_budget)}</dd>
                    </div>
                </dl>
            </Panel>
            {month.items.length === 0 ? (
                <Empty picture="paper" title={t("traffic.none")} />
            ) : (
                <Table
                    caption={t("traffic.title")}
                    columns={columns()}
                    rows={month.items}
                    id={(row) => row.device.id}
                    href={(row) => `/speakers/${row.device.id}`}
                />
            )}
        </>
    );
}
