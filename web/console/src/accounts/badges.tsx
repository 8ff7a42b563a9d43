// An account's state and its roles, as short words.

import type { Account, AccountState, RoleGrant, RoleName } from "../../../shared/api";
import type { Tone } from "../parts/badge";
import { Badge } from "../parts/badge";
import { t } from "../words";
import { today } from "../words/format";

const tones: Record<AccountState, Tone> = {
    active: "good",
    locked: "warn",
    disabled: "bad",
    inactive: "calm",
};

export const states: AccountState[] = ["active", "locked", "disabled", "inactive"];

export const roles: RoleName[] = [
    "province_admin",
    "editor",
    "approver",
    "commune_officer",
    "technician",
    "report_approver",
    "auditor",
    "viewer",
];

export function AccountBadge({ account }: { account: Account }) {
    return <Badge tone={tones[account.state]}>{t(`account_state.${account.state}`)}</Badge>;
}

export function grantIsNow(grant: RoleGrant): boolean {
    const now = today();
    return (grant.from ?? "") <= now && (grant.to === null || now < grant.to);
}

export function rolesLine(account: Account): string {
    const now = account.roles.filter(grantIsNow).map((grant) => t(`role.${grant.role}`));
    return [...new Set(now)].join(", ") || t("accounts.no_role");
}
