// Creating one unit by hand. Many at once come through an import or a reform.

import { useState } from "preact/hooks";
import type { NewUnit, UnitRef } from "../../../shared/api";
import { unitCard, unitCreate } from "../api/units";
import { Button, LinkButton } from "../parts/button";
import { DateField } from "../parts/date_field";
import { Page } from "../parts/page";
import { FormError, Show } from "../parts/states";
import { toastDone } from "../parts/toast";
import { useAct, useLoad } from "../state/load";
import { topicTouch } from "../state/live";
import { go, here } from "../state/router";
import { unsavedDone, useUnsaved } from "../state/unsaved";
import { IntoFields } from "../units/into_fields";
import { newUnit, tiers } from "../units/kinds";
import { t } from "../words";
import { today } from "../words/format";

interface Start {
    parent: UnitRef | null;
    unit: NewUnit;
}

/** Below a district stands a commune: guess the tier from the parent's. */
async function startBelow(parentId: number | null): Promise<Start> {
    if (parentId === null) {
        return { parent: null, unit: newUnit() };
    }
    const { unit, counts } = await unitCard(parentId, null);
    const below = tiers[tiers.indexOf(unit.tier) + 1];
    // Where districts are gone, communes stand right below the province.
    const tier = below === "district" && !counts.district ? "commune" : below;
    return { parent: unit, unit: newUnit(unit.id, tier ?? "village") };
}

export default function UnitNew() {
    const parent = Number(here.value.query.get("parent")) || null;
    const start = useLoad(`start|${parent}`, () => startBelow(parent));
    return (
        <Page
            title={t("unit_new.title")}
            crumbs={[{ label: t("units.title"), href: "/units" }]}
            lead={t("unit_new.lead")}
        >
            <Show of={start}>{(ready) => <UnitForm start={ready} />}</Show>
        </Page>
    );
}

function UnitForm({ start }: { start: Start }) {
    const [unit, setUnit] = useState(start.unit);
    const [parent, setParent] = useState(start.parent);
    const [from, setFrom] = useState(today());
    const act = useAct();
    useUnsaved(unit.name !== "");
    const submit = () =>
        act.run(async () => {
            const made = await unitCreate({ ...unit, name: unit.name.trim(), from });
            unsavedDone();
            topicTouch("units");
            toastDone(t("unit_new.done", { name: made.unit.name }));
            void go(`/units/${made.unit.id}`);
        });
    return (
        <form
            class="panel stack"
            onSubmit={(event) => {
                event.preventDefault();
                void submit();
            }}
        >
            <FormError error={act.error} shown={["tier", "kind", "name", "code", "parent_id", "from"]} />
            <IntoFields
                value={unit}
                parent={parent}
                at={from}
                error={act.error}
                onChange={(next, above) => {
                    setUnit(next);
                    setParent(above);
                }}
            />
            <DateField
                label={t("units.from")}
                hint={t("units.from_hint")}
                value={from}
                onInput={setFrom}
                error={act.error?.field("from")}
                required
            />
            <div class="form-foot">
                <Button submit kind="primary" busy={act.busy}>
                    {t("unit_new.go")}
                </Button>
                <LinkButton href="/units">{t("action.cancel")}</LinkButton>
            </div>
        </form>
    );
}
