// A role to be given: which, where, from when to when.

import type { NewGrant, RoleName, UnitRef } from "../../../shared/api";
import type { ApiError } from "../api/client";
import { DateField } from "../parts/date_field";
import { SelectField } from "../parts/field";
import { UnitPicker } from "../parts/unit_picker";
import { t } from "../words";
import { dayShift } from "../words/format";
import { roles } from "./badges";

export interface GrantDraft {
    role: RoleName;
    unit: UnitRef | null;
    from: string;
    /** The last day that counts, as people say it. */
    last: string;
}

/** null while the unit is not chosen. */
export function grantOf(draft: GrantDraft): NewGrant | null {
    if (draft.unit === null) {
        return null;
    }
    return {
        role: draft.role,
        unit_id: draft.unit.id,
        from: draft.from || null,
        to: draft.last === "" ? null : dayShift(draft.last, 1),
    };
}

interface GrantProps {
    value: GrantDraft;
    onChange: (value: GrantDraft) => void;
    error?: ApiError | null;
}

export function GrantFields({ value, onChange, error }: GrantProps) {
    const set = (change: Partial<GrantDraft>) => onChange({ ...value, ...change });
    return (
        <div class="form-grid">
            <SelectField
                label={t("accounts.role")}
                value={value.role}
                options={roles.map((role) => ({ value: role, label: t(`role.${role}`) }))}
                onChange={(role) => set({ role })}
                error={error?.field("role")}
            />
            <UnitPicker
                label={t("grant.unit")}
                hint={t("grant.unit_hint")}
                value={value.unit}
                onPick={(unit) => set({ unit })}
                error={error?.field("unit_id")}
                required
            />
            <DateField
                label={t("grant.from")}
                value={value.from}
                onInput={(from) => set({ from })}
                error={error?.field("from")}
            />
            <DateField
                label={t("grant.last")}
                hint={t("grant.last_hint")}
                value={value.last}
                onInput={(last) => set({ last })}
                error={error?.field("to")}
            />
        </div>
    );
}
