// For the technician at the pole, with a phone: the code on the box (its QR
// leads here with it), the cluster where it hangs, and done. The box accepts
// itself as soon as it reaches the server with that code.

import { useState } from "preact/hooks";
import enrolStyles from "../../styles/enrol.css";
import { deviceListSend } from "../api/fleet";
import type { ClusterChoice } from "../fleet/cluster_picker";
import { ClusterPicker } from "../fleet/cluster_picker";
import { Button, LinkButton } from "../parts/button";
import { TextField } from "../parts/field";
import { Page, Panel } from "../parts/page";
import { sheetUse } from "../parts/sheet";
import { FormError, Notice } from "../parts/states";
import { topicTouch } from "../state/live";
import { useAct } from "../state/load";
import { here } from "../state/router";
import { t } from "../words";

sheetUse(enrolStyles);

/** A field of a CSV line. */
function quoted(text: string): string {
    return `"${text.replaceAll('"', '""')}"`;
}

function listOf(claim: string, cluster: number, name: string): Blob {
    const line = [quoted(claim), String(cluster), quoted(name)].join(",");
    return new Blob([`claim,cluster,name\r\n${line}\r\n`], { type: "text/csv" });
}

export default function DeviceAdd() {
    const [claim, setClaim] = useState(here.value.query.get("claim") ?? "");
    const [cluster, setCluster] = useState<ClusterChoice | null>(null);
    const [name, setName] = useState("");
    const [wrong, setWrong] = useState<string | undefined>(undefined);
    const [done, setDone] = useState<string | null>(null);
    const act = useAct();
    const submit = () =>
        act.run(async () => {
            if (cluster === null) {
                return;
            }
            const list = listOf(claim.trim(), cluster.id, name.trim());
            const { problems } = await deviceListSend(t("add.list_name", { name: cluster.name }), list);
            setWrong(problems[0]?.message);
            if (problems.length > 0) {
                return;
            }
            topicTouch("devices");
            setDone(cluster.name);
        });
    return (
        <Page title={t("speakers.add")} crumbs={[{ label: t("section.speakers"), href: "/speakers" }]} lead={t("add.lead")}>
            {done !== null ? (
                <Panel title={t("add.done")}>
                    <div class="stack">
                        <Notice kind="success">
                            <p>{t("add.done_body", { name: done })}</p>
                        </Notice>
                        <div class="form-foot">
                            <LinkButton kind="primary" href="/speakers">
                                {t("add.to_list")}
                            </LinkButton>
                            <Button
                                onClick={() => {
                                    setDone(null);
                                    setClaim("");
                                    setName("");
                                }}
                            >
                                {t("add.another")}
                            </Button>
                        </div>
                    </div>
                </Panel>
            ) : (
                <form
                    class="panel stack form-narrow"
                    onSubmit={(event) => {
                        event.preventDefault();
                        void submit();
                    }}
                >
                    <FormError error={act.error} />
                    <TextField label={t("add.claim")} hint={t("add.claim_hint")} value={claim} onInput={setClaim} error={wrong} code focus required />
                    <ClusterPicker label={t("device.cluster")} hint={t("add.cluster_hint")} value={cluster} onPick={setCluster} required />
                    <TextField label={t("pending.name")} hint={t("pending.name_hint")} value={name} onInput={setName} />
                    <div class="form-foot">
                        <Button submit kind="primary" busy={act.busy} disabled={claim.trim() === "" || cluster === null}>
                            {t("add.go")}
                        </Button>
                        <LinkButton href="/speakers/pending">{t("add.by_fingerprint")}</LinkButton>
                    </div>
                </form>
            )}
        </Page>
    );
}
