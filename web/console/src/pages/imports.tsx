// Imports of official lists: what came in, when, and how it ended.

import type { Import } from "../../../shared/api";
import { importList } from "../api/units";
import type { Tone } from "../parts/badge";
import { Badge } from "../parts/badge";
import { LinkButton } from "../parts/button";
import { Page } from "../parts/page";
import { Empty, ErrorState, Skeleton } from "../parts/states";
import type { Column } from "../parts/table";
import { More, Table } from "../parts/table";
import { useList } from "../state/load";
import { t } from "../words";
import { day, instant, number } from "../words/format";

const tones: Record<Import["state"], Tone> = {
    checked: "info",
    refused: "bad",
    applied: "good",
    discarded: "calm",
};

export function ImportBadge({ state }: { state: Import["state"] }) {
    return <Badge tone={tones[state]}>{t(`import_state.${state}`)}</Badge>;
}

function columns(): Column<Import>[] {
    return [
        { key: "file", title: t("imports.file"), cell: (row) => row.filename },
        { key: "kind", title: t("imports.kind"), cell: (row) => t(`import_kind.${row.kind}`) },
        { key: "state", title: t("list.state"), cell: (row) => <ImportBadge state={row.state} /> },
        { key: "on", title: t("imports.on"), cell: (row) => day(row.on) },
        { key: "lines", title: t("imports.lines"), cell: (row) => number(row.lines), end: true },
        { key: "errors", title: t("imports.errors"), cell: (row) => number(row.errors.length), end: true },
        { key: "at", title: t("imports.at"), cell: (row) => instant(row.created_at), narrow: "hide" },
    ];
}

export default function Imports() {
    const list = useList("imports", importList, ["units"]);
    return (
        <Page
            title={t("section.imports")}
            lead={t("imports.lead")}
            actions={
                <LinkButton kind="primary" icon="plus" href="/imports/new">
                    {t("imports.new")}
                </LinkButton>
            }
        >
            {list.error && <ErrorState error={list.error} retry={list.reload} />}
            {list.items === null && !list.error && <Skeleton />}
            {list.items?.length === 0 && (
                <Empty picture="paper" title={t("imports.none")}>
                    {t("imports.none_hint")}
                </Empty>
            )}
            {list.items && list.items.length > 0 && (
                <Table
                    caption={t("section.imports")}
                    columns={columns()}
                    rows={list.items}
                    id={(row) => row.id}
                    href={(row) => `/imports/${row.id}`}
                    busy={list.loading}
                />
            )}
            <More more={list.more} busy={list.loading} />
        </Page>
    );
}
