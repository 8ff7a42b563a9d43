// The filters of the audit log, in the address bar.

import { auditActions } from "../api/people";
import { UnitFilter } from "../accounts/filters";
import { Button } from "../parts/button";
import { SelectField, TextField } from "../parts/field";
import { useLoad } from "../state/load";
import { here, querySet } from "../state/router";
import { t, tCode } from "../words";

const subjects = ["account", "unit", "reform", "import", "setting", "session"] as const;

export const auditKeys = [
    "account",
    "unit",
    "action",
    "subject_kind",
    "subject_id",
    "from",
    "to",
] as const;

export function AuditFilters() {
    const { query } = here.value;
    const actions = useLoad("actions", auditActions);
    const filtered = auditKeys.some((key) => query.has(key));
    const all = { value: "", label: t("list.all") };
    return (
        <div class="filters" role="search" aria-label={t("audit.filters")}>
            <SelectField
                label={t("audit.action")}
                value={query.get("action") ?? ""}
                options={[
                    all,
                    ...(actions.data?.items ?? []).map((value) => ({
                        value,
                        label: tCode("did", value),
                    })),
                ]}
                onChange={(action) => querySet({ action })}
            />
            <SelectField
                label={t("audit.subject")}
                value={query.get("subject_kind") ?? ""}
                options={[all, ...subjects.map((value) => ({ value: value as string, label: t(`subject.${value}`) }))]}
                onChange={(subject_kind) => querySet({ subject_kind })}
            />
            <UnitFilter unit={query.get("unit")} />
            <TextField
                label={t("audit.from")}
                type="date"
                value={query.get("from") ?? ""}
                onInput={(from) => querySet({ from })}
                required
            />
            <TextField
                label={t("audit.to")}
                type="date"
                value={query.get("to") ?? ""}
                onInput={(to) => querySet({ to })}
                required
            />
            {filtered && (
                <Button
                    kind="quiet"
                    icon="close"
                    onClick={() => querySet(Object.fromEntries(auditKeys.map((key) => [key, null])))}
                >
                    {t("list.clear")}
                </Button>
            )}
        </div>
    );
}
