// Reforms of the units: drafts, applied ones, undone ones.

import type { Reform } from "../../../shared/api";
import { reformList } from "../api/units";
import { LinkButton } from "../parts/button";
import { Page } from "../parts/page";
import { Empty, ErrorState, Skeleton } from "../parts/states";
import type { Column } from "../parts/table";
import { More, Table } from "../parts/table";
import { ReformBadge } from "../reforms/state_badge";
import { useList } from "../state/load";
import { can } from "../state/session";
import { t } from "../words";
import { agoInside, day } from "../words/format";

function columns(): Column<Reform>[] {
    return [
        { key: "title", title: t("reforms.name"), cell: (row) => row.title },
        { key: "decree", title: t("reforms.decree"), cell: (row) => row.decree },
        { key: "on", title: t("reforms.on"), cell: (row) => day(row.on) },
        { key: "state", title: t("list.state"), cell: (row) => <ReformBadge state={row.state} /> },
        {
            key: "by",
            title: t("reforms.by"),
            cell: (row) => `${row.created_by ?? ""} · ${agoInside(row.created_at)}`,
            narrow: "hide",
        },
    ];
}

export default function Reforms() {
    const list = useList("reforms", reformList, ["units"]);
    return (
        <Page
            title={t("section.reforms")}
            lead={t("reforms.lead")}
            actions={
                can("reforms_write") && (
                    <LinkButton kind="primary" icon="plus" href="/reforms/new">
                        {t("reforms.new")}
                    </LinkButton>
                )
            }
        >
            {list.error && <ErrorState error={list.error} retry={list.reload} />}
            {list.items === null && !list.error && <Skeleton />}
            {list.items?.length === 0 && (
                <Empty picture="paper" title={t("reforms.none")}>
                    {t("reforms.none_hint")}
                </Empty>
            )}
            {list.items && list.items.length > 0 && (
                <Table
                    caption={t("section.reforms")}
                    columns={columns()}
                    rows={list.items}
                    id={(row) => row.id}
                    href={(row) => `/reforms/${row.id}`}
                    busy={list.loading}
                />
            )}
            <More more={list.more} busy={list.loading} />
        </Page>
    );
}
