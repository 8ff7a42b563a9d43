// A new station: of a commune, at the stage where it stands today.

import { useState } from "preact/hooks";
import type { UnitRef } from "../../../shared/api";
import type { Stage } from "../../../shared/fleet";
import { stationCreate } from "../api/fleet";
import { stages } from "../fleet/stages";
import { Button, LinkButton } from "../parts/button";
import { DateField } from "../parts/date_field";
import { SelectField, TextField } from "../parts/field";
import { Page } from "../parts/page";
import { FormError } from "../parts/states";
import { toastDone } from "../parts/toast";
import { UnitPicker } from "../parts/unit_picker";
import { topicTouch } from "../state/live";
import { useAct } from "../state/load";
import { go } from "../state/router";
import { account } from "../state/session";
import { unsavedDone, useUnsaved } from "../state/unsaved";
import { t } from "../words";
import { today } from "../words/format";

export default function StationNew() {
    const [name, setName] = useState("");
    const [unit, setUnit] = useState<UnitRef | null>(account.value?.unit ?? null);
    const [stage, setStage] = useState<Stage>("working");
    const [since, setSince] = useState(today());
    const [note, setNote] = useState("");
    const act = useAct();
    useUnsaved(name !== "");
    const submit = () =>
        act.run(async () => {
            const card = await stationCreate({
                name: name.trim(),
                unit_id: unit?.id ?? 0,
                stage,
                stage_day: since,
                note: note.trim(),
            });
            unsavedDone();
            topicTouch("stations");
            toastDone(t("stations.added", { name: card.station.name }));
            void go(`/stations/${card.station.id}`);
        });
    return (
        <Page title={t("stations.new")} crumbs={[{ label: t("section.stations"), href: "/stations" }]}>
            <form
                class="panel stack"
                onSubmit={(event) => {
                    event.preventDefault();
                    void submit();
                }}
            >
                <FormError error={act.error} shown={["name", "unit_id", "stage_day"]} />
                <div class="form-grid">
                    <TextField label={t("stations.name")} hint={t("stations.name_hint")} value={name} onInput={setName} error={act.error?.field("name")} required />
                    <UnitPicker label={t("stations.unit")} value={unit} onPick={setUnit} error={act.error?.field("unit_id")} required />
                    <SelectField<Stage>
                        label={t("stations.stage")}
                        value={stage}
                        options={stages.map((value) => ({ value, label: t(`stage.${value}`) }))}
                        onChange={setStage}
                    />
                    <DateField label={t("stations.since")} value={since} onInput={setSince} error={act.error?.field("stage_day")} required />
                    <TextField label={t("device_set.note")} value={note} onInput={setNote} />
                </div>
                <div class="form-foot">
                    <Button submit kind="primary" busy={act.busy} disabled={unit === null}>
                        {t("stations.new")}
                    </Button>
                    <LinkButton href="/stations">{t("action.cancel")}</LinkButton>
                </div>
            </form>
        </Page>
    );
}
