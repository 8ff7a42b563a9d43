// The filters of the fleet. They live in the address bar, so that a list can
// be bookmarked, sent to a colleague and gone back to.

import { useEffect, useState } from "preact/hooks";
import type { DeviceLive, Fault } from "../../../shared/fleet";
import { UnitFilter } from "../accounts/filters";
import { groupList } from "../api/fleet";
import { SelectField, TextField } from "../parts/field";
import { Filters } from "../parts/filters";
import { useLoad } from "../state/load";
import { here, querySet } from "../state/router";
import { t } from "../words";
import { faults, lives } from "./marks";
import { fleetKeys } from "./query";

const PAUSE_MS = 250;

/** A text in the address that follows typing, a moment later. */
export function SearchFilter({ label, name = "q" }: { label: string; name?: string }) {
    const now = here.value.query.get(name) ?? "";
    const [text, setText] = useState(now);
    useEffect(() => {
        if (text.trim() === now) {
            return;
        }
        const timer = setTimeout(() => querySet({ [name]: text.trim() }), PAUSE_MS);
        return () => clearTimeout(timer);
    }, [text]);
    // Somebody cleared the filters, or went back.
    useEffect(() => {
        if (now !== text.trim()) {
            setText(now);
        }
    }, [now]);
    return <TextField label={label} type="search" value={text} onInput={setText} required />;
}

export function FleetFilters() {
    const { query } = here.value;
    const groups = useLoad("groups", groupList, ["devices"]);
    const all = { value: "", label: t("list.all") };
    return (
        <Filters
            label={t("speakers.filters")}
            set={fleetKeys.filter((key) => query.has(key)).length}
            onClear={() => querySet(Object.fromEntries(fleetKeys.map((key) => [key, null])))}
        >
            <SearchFilter label={t("speakers.q")} />
            <UnitFilter unit={query.get("unit")} />
            <SelectField<DeviceLive | "">
                label={t("list.state")}
                value={(query.get("state") ?? "") as DeviceLive | ""}
                options={[all as { value: ""; label: string }, ...lives.map((value) => ({ value, label: t(`live.${value}`) }))]}
                onChange={(state) => querySet({ state })}
            />
            <SelectField<Fault | "any" | "">
                label={t("speakers.fault")}
                value={(query.get("fault") ?? "") as Fault | ""}
                options={[
                    all as { value: ""; label: string },
                    { value: "any", label: t("speakers.any_fault") },
                    ...faults.map((value) => ({ value, label: t(`fault.${value}`) })),
                ]}
                onChange={(fault) => querySet({ fault })}
            />
            {(groups.data?.items.length ?? 0) > 0 && (
                <SelectField
                    label={t("speakers.group")}
                    value={query.get("group") ?? ""}
                    options={[
                        all,
                        ...(groups.data?.items ?? []).map(({ id, name }) => ({ value: String(id), label: name })),
                    ]}
                    onChange={(group) => querySet({ group })}
                />
            )}
        </Filters>
    );
}
