// The fields that describe a unit that does not exist yet. Used when one is
// created by hand and when a reform's step makes one.

import type { NewUnit, Tier, UnitRef } from "../../../shared/api";
import type { ApiError } from "../api/client";
import { SelectField, TextField } from "../parts/field";
import { UnitPicker } from "../parts/unit_picker";
import { t } from "../words";
import { firstKind, kindOptions, tierOptions } from "./kinds";

interface IntoProps {
    value: NewUnit;
    parent: UnitRef | null;
    at: string | null;
    error?: ApiError | null;
    onChange: (value: NewUnit, parent: UnitRef | null) => void;
}

export function IntoFields({ value, parent, at, error, onChange }: IntoProps) {
    const set = (change: Partial<NewUnit>) => onChange({ ...value, ...change }, parent);
    return (
        <div class="form-grid">
            <SelectField<Tier>
                label={t("units.tier")}
                value={value.tier}
                options={tierOptions()}
                onChange={(tier) => set({ tier, kind: firstKind(tier) })}
                error={error?.field("tier")}
            />
            <SelectField
                label={t("units.kind")}
                value={value.kind}
                options={kindOptions(value.tier)}
                onChange={(kind) => set({ kind })}
                error={error?.field("kind")}
            />
            <TextField
                label={t("units.name")}
                hint={t("units.name_hint")}
                value={value.name}
                onInput={(name) => set({ name })}
                error={error?.field("name")}
                maxLength={200}
                required
            />
            <TextField
                label={t("units.code")}
                hint={t("units.code_hint")}
                value={value.code ?? ""}
                onInput={(code) => set({ code: code === "" ? null : code })}
                error={error?.field("code")}
                inputMode="numeric"
                maxLength={16}
                code
            />
            <UnitPicker
                label={t("units.parent")}
                value={parent}
                at={at}
                onPick={(unit) => onChange({ ...value, parent_id: unit?.id ?? null }, unit)}
                error={error?.field("parent_id")}
                required
            />
        </div>
    );
}
