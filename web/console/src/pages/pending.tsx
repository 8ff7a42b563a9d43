// Boxes that have come by themselves and wait for a person. Whoever accepts
// one compares its fingerprint with what stands on the box or on its screen:
// that is what keeps a stranger's box off the air.

import { useState } from "preact/hooks";
import fleetStyles from "../../styles/fleet.css";
import enrolStyles from "../../styles/enrol.css";
import type { DevicePending } from "../../../shared/fleet";
import { deviceAccept, devicePending, deviceRetire } from "../api/fleet";
import type { ClusterChoice } from "../fleet/cluster_picker";
import { ClusterPicker } from "../fleet/cluster_picker";
import { Fingerprint } from "../fleet/fingerprint";
import { Badge } from "../parts/badge";
import { Button, LinkButton } from "../parts/button";
import { ask } from "../parts/dialog";
import { CheckField, TextField } from "../parts/field";
import { Page } from "../parts/page";
import { sheetUse } from "../parts/sheet";
import { Empty, FormError, Show } from "../parts/states";
import { toastDone } from "../parts/toast";
import { topicTouch } from "../state/live";
import { useAct, useLoad } from "../state/load";
import { here } from "../state/router";
import { t } from "../words";
import { agoInside } from "../words/format";

sheetUse(fleetStyles);
sheetUse(enrolStyles);

export default function Pending() {
    const list = useLoad("pending", devicePending, ["devices", "presence"], 2_000);
    const wanted = here.value.query.get("q");
    return (
        <Page
            title={t("pending.title")}
            crumbs={[{ label: t("section.speakers"), href: "/speakers" }]}
            lead={t("pending.lead")}
            actions={
                <LinkButton icon="qr" href="/speakers/add">
                    {t("speakers.add")}
                </LinkButton>
            }
        >
            <Show of={list}>
                {({ items }) =>
                    items.length === 0 ? (
                        <Empty picture="lost" title={t("pending.none")}>
                            {t("pending.none_hint")}
                        </Empty>
                    ) : (
                        <ul class="pending">
                            {items.map((device) => (
                                <li key={device.id}>
                                    <Waiting device={device} open={items.length === 1 || wanted === device.serial} />
                                </li>
                            ))}
                        </ul>
                    )
                }
            </Show>
        </Page>
    );
}

function Waiting({ device, open: start }: { device: DevicePending; open: boolean }) {
    const [open, setOpen] = useState(start);
    return (
        <section class="panel waiting" aria-label={device.serial || device.fingerprint}>
            <header class="waiting-head">
                <h2>{device.serial || t("pending.no_serial")}</h2>
                <Badge tone={device.attached ? "good" : "calm"}>{t(device.attached ? "pending.attached" : "pending.gone")}</Badge>
            </header>
            <p class="quiet">
                {[t(`device_kind.${device.kind}`), device.model, device.address, t("pending.since", { when: agoInside(device.first_seen_at) })]
                    .filter(Boolean)
                    .join(" · ")}
            </p>
            <Fingerprint text={device.fingerprint} />
            {open ? (
                <Accept device={device} onClose={() => setOpen(false)} />
            ) : (
                <div class="form-foot">
                    <Button kind="primary" onClick={() => setOpen(true)}>
                        {t("pending.accept")}
                    </Button>
                    <TurnAway device={device} />
                </div>
            )}
        </section>
    );
}

function TurnAway({ device }: { device: DevicePending }) {
    const act = useAct();
    const turn = async () => {
        const sure = await ask({
            title: t("pending.refuse_sure"),
            body: t("pending.refuse_body"),
            yes: t("pending.refuse"),
            danger: true,
        });
        if (sure) {
            await act.run(async () => {
                await deviceRetire(device.id);
                topicTouch("devices");
                toastDone(t("pending.refused"));
            });
        }
    };
    return (
        <Button kind="quiet" busy={act.busy} onClick={() => void turn()}>
            {t("pending.refuse")}
        </Button>
    );
}

function Accept({ device, onClose }: { device: DevicePending; onClose: () => void }) {
    const [cluster, setCluster] = useState<ClusterChoice | null>(null);
    const [name, setName] = useState("");
    const [same, setSame] = useState(false);
    const act = useAct();
    const submit = () =>
        act.run(async () => {
            if (cluster !== null) {
                const card = await deviceAccept(device.id, cluster.id, name.trim());
                topicTouch("devices");
                toastDone(t("pending.accepted", { name: card.device.name }));
            }
        });
    return (
        <form
            class="stack"
            onSubmit={(event) => {
                event.preventDefault();
                void submit();
            }}
        >
            <FormError error={act.error} shown={["cluster_id", "name"]} />
            <CheckField label={t("pending.same")} hint={t("pending.same_hint")} checked={same} onChange={setSame} />
            <div class="form-grid">
                <ClusterPicker label={t("device.cluster")} value={cluster} onPick={setCluster} error={act.error?.field("cluster_id")} required />
                <TextField label={t("pending.name")} hint={t("pending.name_hint")} value={name} onInput={setName} error={act.error?.field("name")} />
            </div>
            <div class="form-foot">
                <Button submit kind="primary" busy={act.busy} disabled={!same || cluster === null}>
                    {t("pending.accept")}
                </Button>
                <Button onClick={onClose}>{t("action.cancel")}</Button>
            </div>
        </form>
    );
}
