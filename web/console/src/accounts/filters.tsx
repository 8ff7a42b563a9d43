// The filters of the account list. They live in the address bar, so a list
// can be bookmarked, shared and gone back to.

import { useEffect, useState } from "preact/hooks";
import type { AccountState, RoleName, UnitRef } from "../../../shared/api";
import { unitCard } from "../api/units";
import { SelectField, TextField } from "../parts/field";
import { Filters } from "../parts/filters";
import { UnitPicker } from "../parts/unit_picker";
import { useLoad } from "../state/load";
import { here, querySet } from "../state/router";
import { t } from "../words";
import { roles, states } from "./badges";

const PAUSE_MS = 250;

export function AccountFilters() {
    const { query } = here.value;
    const q = query.get("q") ?? "";
    const unit = query.get("unit");
    const [text, setText] = useState(q);
    useEffect(() => {
        if (text.trim() === q) {
            return;
        }
        const timer = setTimeout(() => querySet({ q: text.trim() }), PAUSE_MS);
        return () => clearTimeout(timer);
    }, [text]);
    const set = ["q", "unit", "role", "state"].filter((key) => query.has(key)).length;
    return (
        <Filters
            label={t("accounts.filters")}
            set={set}
            onClear={() => {
                setText("");
                querySet({ q: null, unit: null, role: null, state: null });
            }}
        >
            <TextField label={t("accounts.q")} type="search" value={text} onInput={setText} required />
            <UnitFilter unit={unit} />
            <SelectField<RoleName | "">
                label={t("accounts.role")}
                value={(query.get("role") ?? "") as RoleName | ""}
                options={[
                    { value: "", label: t("list.all") },
                    ...roles.map((value) => ({ value, label: t(`role.${value}`) })),
                ]}
                onChange={(role) => querySet({ role })}
            />
            <SelectField<AccountState | "">
                label={t("list.state")}
                value={(query.get("state") ?? "") as AccountState | ""}
                options={[
                    { value: "", label: t("list.all") },
                    ...states.map((value) => ({ value, label: t(`account_state.${value}`) })),
                ]}
                onChange={(state) => querySet({ state })}
            />
        </Filters>
    );
}

/** The address holds an id; the name behind it is fetched for show. */
export function UnitFilter({ unit }: { unit: string | null }) {
    const id = Number(unit) || null;
    const found = useLoad<UnitRef | null>(`filter|${id}`, async () =>
        id === null ? null : (await unitCard(id, null)).unit,
    );
    return (
        <UnitPicker
            label={t("list.unit")}
            value={found.data}
            onPick={(picked) => querySet({ unit: picked === null ? null : String(picked.id) })}
            required
        />
    );
}
