// The roles of one account over time: those in force, those to come, those
// that are over.

import { useState } from "preact/hooks";
import type { Account, RoleGrant } from "../../../shared/api";
import { accountGrant, accountRevoke } from "../api/people";
import { Badge } from "../parts/badge";
import { Button } from "../parts/button";
import { Panel } from "../parts/page";
import { Empty, FormError } from "../parts/states";
import { Table } from "../parts/table";
import { toastDone } from "../parts/toast";
import { useAct } from "../state/load";
import { can } from "../state/session";
import { t } from "../words";
import { span, today } from "../words/format";
import { grantIsNow } from "./badges";
import type { GrantDraft } from "./grant_form";
import { GrantFields, grantOf } from "./grant_form";

interface GrantsProps {
    account: Account;
    onChanged: () => void;
}

function GrantState({ grant }: { grant: RoleGrant }) {
    if (grantIsNow(grant)) {
        return <Badge tone="good">{t("grant.now")}</Badge>;
    }
    return (grant.from ?? "") > today() ? (
        <Badge tone="info">{t("grant.later")}</Badge>
    ) : (
        <Badge>{t("grant.over")}</Badge>
    );
}

export function Grants({ account, onChanged }: GrantsProps) {
    const act = useAct();
    const revoke = (grant: RoleGrant) =>
        act.run(async () => {
            await accountRevoke(account.id, grant.id);
            toastDone(t("grant.revoked"), async () => {
                await accountGrant(account.id, {
                    role: grant.role,
                    unit_id: grant.unit.id,
                    from: grant.from,
                    to: grant.to,
                });
                onChanged();
            });
            onChanged();
        });
    return (
        <>
            <Panel title={t("grant.title")}>
                <FormError error={act.error} />
                {account.roles.length === 0 ? (
                    <Empty picture="people" title={t("accounts.no_role")} />
                ) : (
                    <Table
                        caption={t("grant.title")}
                        columns={[
                            { key: "role", title: t("accounts.role"), cell: (row) => t(`role.${row.role}`) },
                            { key: "unit", title: t("grant.unit"), cell: (row) => row.unit.name },
                            { key: "when", title: t("grant.when"), cell: (row) => span(row.from, row.to) },
                            { key: "state", title: t("list.state"), cell: (row) => <GrantState grant={row} /> },
                            {
                                key: "end",
                                title: t("list.acts"),
                                narrow: "plain",
                                cell: (row) =>
                                    can("roles_grant") && (
                                        <Button small busy={act.busy} onClick={() => void revoke(row)}>
                                            {t("grant.revoke")}
                                        </Button>
                                    ),
                            },
                        ]}
                        rows={account.roles}
                        id={(row) => row.id}
                    />
                )}
            </Panel>
            {can("roles_grant") && <GrantForm account={account} onChanged={onChanged} />}
        </>
    );
}

function GrantForm({ account, onChanged }: GrantsProps) {
    const fresh: GrantDraft = { role: "viewer", unit: account.unit, from: today(), last: "" };
    const [draft, setDraft] = useState(fresh);
    const act = useAct();
    const submit = () =>
        act.run(async () => {
            const grant = grantOf(draft);
            if (grant === null) {
                return;
            }
            await accountGrant(account.id, grant);
            toastDone(t("grant.done"));
            setDraft(fresh);
            onChanged();
        });
    return (
        <Panel title={t("grant.add")}>
            <form
                class="stack"
                onSubmit={(event) => {
                    event.preventDefault();
                    void submit();
                }}
            >
                <FormError error={act.error} shown={["role", "unit_id", "from", "to"]} />
                <GrantFields value={draft} onChange={setDraft} error={act.error} />
                <div class="form-foot">
                    <Button submit kind="primary" busy={act.busy}>
                        {t("grant.go")}
                    </Button>
                </div>
            </form>
        </Panel>
    );
}
