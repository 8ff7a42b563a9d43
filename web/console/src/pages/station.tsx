// One station: its life stage by stage, and its clusters.

import { useState } from "preact/hooks";
import type { Cluster, Stage, StationCard } from "../../../shared/fleet";
import { clusterList, stationRead, stationStage } from "../api/fleet";
import { stages, stageTones } from "../fleet/stages";
import { Badge } from "../parts/badge";
import { Button, LinkButton } from "../parts/button";
import { DateField } from "../parts/date_field";
import { Dialog } from "../parts/dialog";
import { SelectField, TextField } from "../parts/field";
import { Page, Panel } from "../parts/page";
import { Empty, FormError, Show } from "../parts/states";
import type { Column } from "../parts/table";
import { Table } from "../parts/table";
import { toastDone } from "../parts/toast";
import type { PageProps } from "../shell/pages";
import { topicTouch } from "../state/live";
import { useAct, useLoad } from "../state/load";
import { can } from "../state/session";
import { t } from "../words";
import { day, number, today } from "../words/format";

const MOST_CLUSTERS = 200;

export default function StationPage({ params }: PageProps) {
    const id = Number(params["id"]);
    const card = useLoad(`station|${id}`, () => stationRead(id), ["stations"]);
    const station = card.data?.station;
    return (
        <Page
            title={station?.name ?? t("section.stations")}
            crumbs={[{ label: t("section.stations"), href: "/stations" }]}
            badge={station && <Badge tone={stageTones[station.stage]}>{t(`stage.${station.stage}`)}</Badge>}
            {...(station ? { lead: station.unit.name } : {})}
            actions={
                station &&
                can("fleet_write") && (
                    <LinkButton kind="primary" icon="plus" href={`/clusters/new?station=${id}`}>
                        {t("cluster.new")}
                    </LinkButton>
                )
            }
        >
            <Show of={card}>
                {(ready) => (
                    <div class="home">
                        <Clusters station={id} />
                        <Life card={ready} onChanged={card.reload} />
                    </div>
                )}
            </Show>
        </Page>
    );
}

function columns(): Column<Cluster>[] {
    return [
        { key: "name", title: t("cluster.name"), cell: (row) => row.name },
        { key: "technology", title: t("cluster.technology"), cell: (row) => t(`technology.${row.technology}`) },
        { key: "unit", title: t("cluster.place"), cell: (row) => row.villages.map(({ name }) => name).join(", ") || row.unit.name },
        { key: "devices", title: t("stations.devices"), cell: (row) => number(row.devices), end: true },
    ];
}

function Clusters({ station }: { station: number }) {
    const list = useLoad(`clusters|${station}`, () => clusterList({ station, limit: MOST_CLUSTERS }), ["stations", "devices"]);
    return (
        <Panel title={t("stations.clusters")}>
            <Show of={list}>
                {({ items }) =>
                    items.length === 0 ? (
                        <Empty picture="tree" title={t("cluster.none")} />
                    ) : (
                        <Table
                            caption={t("stations.clusters")}
                            columns={columns()}
                            rows={items}
                            id={(row) => row.id}
                            href={(row) => `/clusters/${row.id}`}
                        />
                    )
                }
            </Show>
        </Panel>
    );
}

function Life({ card, onChanged }: { card: StationCard; onChanged: () => void }) {
    const [stepping, setStepping] = useState(false);
    return (
        <Panel
            title={t("stations.life")}
            actions={
                can("fleet_write") && (
                    <Button small onClick={() => setStepping(true)}>
                        {t("stations.step")}
                    </Button>
                )
            }
        >
            <ol class="plain-list">
                {card.steps.map((step, index) => (
                    <li key={index}>
                        <b>{t(`stage.${step.stage}`)}</b>
                        <p class="quiet">
                            {day(step.on)} · {step.by}
                        </p>
                        {step.note && <p>{step.note}</p>}
                    </li>
                ))}
            </ol>
            {stepping && (
                <Step
                    card={card}
                    onClose={() => setStepping(false)}
                    onDone={() => {
                        setStepping(false);
                        onChanged();
                    }}
                />
            )}
        </Panel>
    );
}

function Step({ card, onClose, onDone }: { card: StationCard; onClose: () => void; onDone: () => void }) {
    const at = stages.indexOf(card.station.stage);
    const [stage, setStage] = useState<Stage>(stages[Math.min(at + 1, stages.length - 1)] ?? "working");
    const [on, setOn] = useState(today());
    const [note, setNote] = useState("");
    const act = useAct();
    const submit = () =>
        act.run(async () => {
            await stationStage(card.station.id, stage, on, note.trim());
            topicTouch("stations");
            toastDone(t("stations.stepped", { stage: t(`stage.${stage}`) }));
            onDone();
        });
    return (
        <Dialog title={t("stations.step")} onClose={onClose}>
            <form
                class="stack"
                onSubmit={(event) => {
                    event.preventDefault();
                    void submit();
                }}
            >
                <FormError error={act.error} shown={["stage", "on"]} />
                <SelectField<Stage>
                    label={t("stations.stage")}
                    value={stage}
                    options={stages.map((value) => ({ value, label: t(`stage.${value}`) }))}
                    onChange={setStage}
                    error={act.error?.field("stage")}
                />
                <DateField label={t("stations.since")} value={on} onInput={setOn} error={act.error?.field("on")} required />
                <TextField label={t("device_set.note")} hint={t("stations.note_hint")} value={note} onInput={setNote} />
                <div class="dialog-foot">
                    <Button onClick={onClose}>{t("action.cancel")}</Button>
                    <Button submit kind="primary" busy={act.busy}>
                        {t("stations.step")}
                    </Button>
                </div>
            </form>
        </Dialog>
    );
}
