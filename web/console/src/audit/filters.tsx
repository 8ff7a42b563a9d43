// The filters of the audit log, in the address bar.

import { auditActions } from "../api/people";
import { UnitFilter } from "../accounts/filters";
import { DateField } from "../parts/date_field";
import { SelectField } from "../parts/field";
import { Filters } from "../parts/filters";
import { useLoad } from "../state/load";
import { here, querySet } from "../state/router";
import { t, tCode } from "../words";

const subjects = [
    "account",
    "unit",
    "reform",
    "import",
    "station",
    "cluster",
    "device",
    "programme",
    "alarm",
    "drill",
    "stop",
    "key",
    "setting",
    "session",
] as const;

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
    const all = { value: "", label: t("list.all") };
    return (
        <Filters
            label={t("audit.filters")}
            set={auditKeys.filter((key) => query.has(key)).length}
            onClear={() => querySet(Object.fromEntries(auditKeys.map((key) => [key, null])))}
        >
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
            <DateField
                label={t("audit.from")}
                value={query.get("from") ?? ""}
                onInput={(from) => querySet({ from })}
                required
            />
            <DateField
                label={t("audit.to")}
                value={query.get("to") ?? ""}
                onInput={(to) => querySet({ to })}
                required
            />
        </Filters>
    );
}
