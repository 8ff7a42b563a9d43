// One cluster: where it stands, what hangs there, whom it reaches. The same
// form makes a new one.

import { useState } from "preact/hooks";
import type { UnitRef } from "../../../shared/api";
import type { Cluster, ClusterDraft, NameRef, Technology } from "../../../shared/fleet";
import { clusterChange, clusterCreate, clusterRead, stationRead } from "../api/fleet";
import { Button, LinkButton } from "../parts/button";
import { CheckField, SelectField, TextField } from "../parts/field";
import { Page } from "../parts/page";
import { FormError, Show } from "../parts/states";
import { toastDone } from "../parts/toast";
import { UnitPicker } from "../parts/unit_picker";
import type { PageProps } from "../shell/pages";
import { topicTouch } from "../state/live";
import { useAct, useLoad } from "../state/load";
import { go, here } from "../state/router";
import { can } from "../state/session";
import { unsavedDone, useUnsaved } from "../state/unsaved";
import { t } from "../words";

const technologies: Technology[] = ["ip", "encoder", "fm", "wired"];

interface Start {
    id: number | null;
    station: NameRef;
    unit: UnitRef;
    villages: UnitRef[];
    draft: ClusterDraft;
}

function draftOf(cluster: Cluster): ClusterDraft {
    const { id: _id, station, unit, villages, retired_at: _retired, devices: _devices, ...rest } = cluster;
    return { ...rest, station_id: station.id, unit_id: unit.id, villages: villages.map((village) => village.id) };
}

async function startOf(id: number | null, stationId: number): Promise<Start> {
    if (id !== null) {
        const { cluster } = await clusterRead(id);
        return { id, station: cluster.station, unit: cluster.unit, villages: cluster.villages, draft: draftOf(cluster) };
    }
    const { station } = await stationRead(stationId);
    return {
        id: null,
        station,
        unit: station.unit,
        villages: [],
        draft: {
            name: "",
            station_id: station.id,
            unit_id: station.unit.id,
            technology: "ip",
            latitude: null,
            longitude: null,
            villages: [],
            languages: ["vi"],
            power: "",
            amplifier_w: null,
            horns: 2,
            standby_h: null,
            quiet_zone: false,
            volume_cap: null,
            nearby: "",
            note: "",
        },
    };
}

export default function ClusterPage({ params }: PageProps) {
    const id = params["id"] === undefined ? null : Number(params["id"]);
    const station = Number(here.value.query.get("station"));
    const start = useLoad(`cluster|${id}|${station}`, () => startOf(id, station));
    const { data } = start;
    return (
        <Page
            title={data === null ? t("cluster.new") : data.draft.name || t("cluster.new")}
            crumbs={[
                { label: t("section.stations"), href: "/stations" },
                ...(data === null ? [] : [{ label: data.station.name, href: `/stations/${data.station.id}` }]),
            ]}
        >
            <Show of={start}>{(ready) => <ClusterForm start={ready} />}</Show>
        </Page>
    );
}

function numberOf(text: string): number | null {
    const value = Number(text.trim().replace(",", "."));
    return text.trim() === "" || Number.isNaN(value) ? null : value;
}

/** `21.2731, 106.1946`, as map programs give a place. */
function placeOf(text: string): { latitude: number; longitude: number } | null {
    const [latitude, longitude] = text.split(/[,;\s]+/).filter(Boolean).map(Number);
    return latitude === undefined || longitude === undefined || Number.isNaN(latitude + longitude) ? null : { latitude, longitude };
}

const amounts = ["horns", "amplifier_w", "standby_h", "volume_cap"] as const;

function ClusterForm({ start }: { start: Start }) {
    const [draft, setDraft] = useState(start.draft);
    const [unit, setUnit] = useState<UnitRef | null>(start.unit);
    const [village, setVillage] = useState<UnitRef | null>(start.villages[0] ?? null);
    const { latitude, longitude } = start.draft;
    const [place, setPlace] = useState(latitude === null || longitude === null ? "" : `${latitude}, ${longitude}`);
    const act = useAct();
    const found = placeOf(place);
    const set = (change: Partial<ClusterDraft>) => setDraft((was) => ({ ...was, ...change }));
    useUnsaved(draft !== start.draft);
    const submit = () =>
        act.run(async () => {
            const whole: ClusterDraft = {
                ...draft,
                name: draft.name.trim(),
                unit_id: unit?.id ?? draft.station_id,
                villages: village ? [village.id, ...draft.villages.slice(1)] : [],
                latitude: found?.latitude ?? null,
                longitude: found?.longitude ?? null,
            };
            if (start.id === null) {
                await clusterCreate(whole);
            } else {
                await clusterChange(start.id, whole);
            }
            unsavedDone();
            topicTouch("stations", "devices");
            toastDone(t("cluster.saved", { name: whole.name }));
            void go(`/stations/${start.station.id}`);
        });
    return (
        <form
            class="panel stack"
            onSubmit={(event) => {
                event.preventDefault();
                void submit();
            }}
        >
            <FormError error={act.error} shown={["name", "unit_id", "latitude"]} />
            <div class="form-grid">
                <TextField label={t("cluster.name")} value={draft.name} onInput={(name) => set({ name })} error={act.error?.field("name")} required />
                <SelectField<Technology>
                    label={t("cluster.technology")}
                    hint={t("cluster.technology_hint")}
                    value={draft.technology}
                    options={technologies.map((value) => ({ value, label: t(`technology.${value}`) }))}
                    onChange={(technology) => set({ technology })}
                />
                <UnitPicker label={t("cluster.unit")} value={unit} onPick={setUnit} error={act.error?.field("unit_id")} required />
                <UnitPicker label={t("cluster.village")} value={village} onPick={setVillage} />
                <TextField
                    label={t("cluster.position")}
                    hint={t("cluster.position_hint")}
                    value={place}
                    onInput={setPlace}
                    error={place.trim() !== "" && found === null ? t("cluster.position_wrong") : act.error?.field("latitude")}
                />
                <TextField
                    label={t("cluster.languages")}
                    hint={t("cluster.languages_hint")}
                    value={draft.languages.join(", ")}
                    onInput={(text) => set({ languages: text.split(/[,\s]+/).filter(Boolean) })}
                />
                {amounts.map((key) => (
                    <TextField
                        key={key}
                        label={t(`cluster.${key}`)}
                        inputMode="numeric"
                        value={draft[key] === null ? "" : String(draft[key])}
                        onInput={(text) => set({ [key]: numberOf(text) })}
                        error={act.error?.field(key)}
                    />
                ))}
                <TextField label={t("cluster.power")} value={draft.power} onInput={(power) => set({ power })} />
                <TextField label={t("cluster.nearby")} hint={t("cluster.nearby_hint")} value={draft.nearby} onInput={(nearby) => set({ nearby })} />
                <TextField label={t("device_set.note")} value={draft.note} onInput={(note) => set({ note })} />
            </div>
            <CheckField label={t("cluster.quiet_zone")} hint={t("cluster.quiet_hint")} checked={draft.quiet_zone} onChange={(quiet_zone) => set({ quiet_zone })} />
            {can("fleet_write") && (
                <div class="form-foot">
                    <Button submit kind="primary" busy={act.busy}>
                        {t("action.save")}
                    </Button>
                    <LinkButton href={`/stations/${start.station.id}`}>{t("action.cancel")}</LinkButton>
                </div>
            )}
        </form>
    );
}
