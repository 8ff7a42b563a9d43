// Accounts of the user's unit and below.

import type { Account } from "../../../shared/api";
import { accountList } from "../api/people";
import { AccountBadge, rolesLine } from "../accounts/badges";
import { AccountFilters } from "../accounts/filters";
import { Badge } from "../parts/badge";
import { LinkButton } from "../parts/button";
import { Page } from "../parts/page";
import { Empty, ErrorState, Skeleton } from "../parts/states";
import type { Column } from "../parts/table";
import { More, Table } from "../parts/table";
import { useList } from "../state/load";
import { here } from "../state/router";
import { can } from "../state/session";
import { t } from "../words";
import { ago } from "../words/format";

function columns(): Column<Account>[] {
    return [
        {
            key: "name",
            title: t("accounts.name"),
            cell: (row) => (
                <>
                    <span class="row-name">{row.name}</span>
                    <span class="quiet row-sub">{row.login}</span>
                </>
            ),
        },
        { key: "unit", title: t("list.unit"), cell: (row) => row.unit.name },
        { key: "roles", title: t("accounts.role"), cell: rolesLine },
        {
            key: "state",
            title: t("list.state"),
            cell: (row) => (
                <span class="badges">
                    <AccountBadge account={row} />
                    {!row.second_factor && <Badge tone="warn">{t("accounts.one_factor")}</Badge>}
                </span>
            ),
        },
        { key: "seen", title: t("accounts.seen"), cell: (row) => ago(row.last_seen_at) },
    ];
}

export default function Accounts() {
    const { query } = here.value;
    const filter = {
        q: query.get("q"),
        unit: query.get("unit"),
        role: query.get("role"),
        state: query.get("state"),
    };
    const list = useList(
        JSON.stringify(filter),
        (after) => accountList({ ...filter, after }),
        ["accounts"],
    );
    return (
        <Page
            title={t("section.accounts")}
            lead={t("accounts.lead")}
            actions={
                can("accounts_write") && (
                    <LinkButton kind="primary" icon="plus" href="/accounts/new">
                        {t("accounts.new")}
                    </LinkButton>
                )
            }
        >
            <AccountFilters />
            {list.error && <ErrorState error={list.error} retry={list.reload} />}
            {list.items === null && !list.error && <Skeleton lines={6} />}
            {list.items?.length === 0 && (
                <Empty picture="people" title={t("accounts.none")}>
                    {t("accounts.none_hint")}
                </Empty>
            )}
            {list.items && list.items.length > 0 && (
                <Table
                    caption={t("section.accounts")}
                    columns={columns()}
                    rows={list.items}
                    id={(row) => row.id}
                    href={(row) => `/accounts/${row.id}`}
                    busy={list.loading}
                />
            )}
            <More more={list.more} busy={list.loading} />
        </Page>
    );
}
