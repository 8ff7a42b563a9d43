// What will sound at one pole group, and why: the plan that its speakers
// carry, already cut by rules, holidays and choices.

import { useState } from "preact/hooks";
import type { DevicePlan, PlanEntry } from "../../../shared/broadcast";
import type { Cluster } from "../../../shared/fleet";
import { devicePlan, mediaList } from "../api/broadcast";
import { clusterList, clusterRead, deviceList } from "../api/fleet";
import { outcomeTones, PlanNotes } from "../fleet/plan";
import { Badge } from "../parts/badge";
import { Button, LinkButton } from "../parts/button";
import { Dialog } from "../parts/dialog";
import { Panel } from "../parts/page";
import { Picker } from "../parts/picker";
import { Empty, Show } from "../parts/states";
import { useLoad } from "../state/load";
import { querySet } from "../state/router";
import { wide } from "../state/wide";
import { t } from "../words";
import { lengthWords, timeExact } from "../words/clock";
import { dayHeading } from "./day_name";
import { Hear } from "./hear";
import { planBlocks } from "./blocks";
import { PlanDays } from "./plan_days";
import { Timeline } from "./timeline";
import type { Span } from "./unit_desk";
import { daysFrom } from "./week";

const MOST = 30;
const MOST_DEVICES = 200;
const MOST_MEDIA = 200;

export function GroupFilter({ unit, group }: { unit: number; group: number | null }) {
    const found = useLoad(`group.filter|${group}`, async () => ({ cluster: group === null ? null : (await clusterRead(group)).cluster }));
    return (
        <Picker
            label={t("pole_group.label")}
            value={found.data?.cluster ?? null}
            onPick={(picked) => querySet({ group: picked === null ? null : String(picked.id) })}
            find={async (q) =>
                (await clusterList({ q, unit, limit: MOST })).items
                    .filter(({ retired_at }) => retired_at === null)
                    .map(({ id, name, station, unit: at }) => ({ id, name, path: `${station.name} · ${at.name}` }))
            }
            placeholder={t("pole_group.all")}
            none={t("cluster.none_found")}
            required
        />
    );
}

interface Found {
    cluster: Cluster;
    /** The pole whose plan stands for the group's. */
    device: { id: number; name: string } | null;
    plans: DevicePlan[];
}

async function planOf(group: number, days: string[]): Promise<Found> {
    const { cluster } = await clusterRead(group);
    const { items } = await deviceList({ unit: cluster.unit.id, limit: MOST_DEVICES });
    const device = items.find((line) => line.cluster?.id === group) ?? null;
    const plans = device === null ? [] : await Promise.all(days.map((day) => devicePlan(device.id, day)));
    return { cluster, device, plans };
}

export function GroupDesk({ group, from, count }: Span & { group: number }) {
    const days = daysFrom(from, count);
    const load = useLoad(`group|${group}|${from}|${count}`, () => planOf(group, days), ["programmes", "plays"], 5_000);
    const [open, setOpen] = useState<PlanEntry | null>(null);
    return (
        <>
            <Show of={load} lines={6}>
                {({ cluster, device, plans }) =>
                    device === null ? (
                        <Empty picture="paper" title={t("pole_group.no_pole")}>
                            <a href={`/clusters/${cluster.id}`}>{cluster.name}</a>
                        </Empty>
                    ) : (
                        <>
                            <p class="quiet">
                                {t("pole_group.by", { name: device.name })} <a href={`/speakers/${device.id}?tab=plan`}>{t("pole_group.pole")}</a>
                            </p>
                            {wide.value ? (
                                <Timeline
                                    days={days}
                                    blocks={planBlocks(plans)}
                                    quota={[]}
                                    holidays={[]}
                                    mayMove={() => false}
                                    onMove={() => undefined}
                                    onOpen={({ plays }) => setOpen(plays)}
                                />
                            ) : (
                                <PlanDays plans={plans} onOpen={setOpen} />
                            )}
                            <Why plans={plans} />
                        </>
                    )
                }
            </Show>
            {open && <EntryCard entry={open} onClose={() => setOpen(null)} />}
        </>
    );
}

function Why({ plans }: { plans: DevicePlan[] }) {
    const noted = plans.filter(({ notes }) => notes.length > 0);
    return (
        <Panel title={t("plan.notes")}>
            {noted.length === 0 ? (
                <p class="quiet">{t("pole_group.as_planned")}</p>
            ) : (
                noted.map(({ day, notes }) => (
                    <section key={day}>
                        <h3>{dayHeading(day)}</h3>
                        <PlanNotes notes={notes} />
                    </section>
                ))
            )}
        </Panel>
    );
}

function EntryCard({ entry, onClose }: { entry: PlanEntry; onClose: () => void }) {
    const media = useLoad("group.media", () => mediaList({ limit: MOST_MEDIA }));
    const heard = media.data?.items.filter(({ title }) => title === entry.title).slice(0, 1) ?? [];
    return (
        <Dialog title={entry.title} onClose={onClose}>
            <div class="stack">
                <p class="badges">
                    <b class="figure">{timeExact(entry.at)}</b>
                    {entry.class === "priority" && <Badge tone="warn">{t("class.priority")}</Badge>}
                    {entry.outcome && <Badge tone={outcomeTones[entry.outcome] ?? "calm"}>{t(`outcome.${entry.outcome}`)}</Badge>}
                </p>
                <p class="quiet">
                    {t(`plan_kind.${entry.kind}`)} · {lengthWords(entry.ms)}
                    {entry.programme && ` · ${entry.programme.name}`}
                </p>
                {entry.message && <p>{entry.message}</p>}
                <Hear items={heard} />
                <div class="dialog-foot">
                    {entry.programme && (
                        <LinkButton icon="programme" href={`/programmes/${entry.programme.id}`}>
                            {t("card.look")}
                        </LinkButton>
                    )}
                    <Button onClick={onClose}>{t("action.close")}</Button>
                </div>
            </div>
        </Dialog>
    );
}
