// Whom we listen to, and how far we trust them: a draft for us, a question to
// us, or an emergency by itself once a second person has agreed.

import { useState } from "preact/hooks";
import capStyles from "../../styles/cap.css";
import type { CapSource } from "../../../shared/alert";
import { capSourceConfirm, capSourceRemove, capSources } from "../api/cap";
import { CapSourceForm } from "../cap/source_form";
import { Badge } from "../parts/badge";
import { Button } from "../parts/button";
import { ask } from "../parts/dialog";
import { Icon } from "../parts/icon";
import { Page, Panel } from "../parts/page";
import { sheetUse } from "../parts/sheet";
import { Empty, FormError, Notice, Show } from "../parts/states";
import { toastDone } from "../parts/toast";
import { topicTouch } from "../state/live";
import { useAct, useLoad } from "../state/load";
import { account, can } from "../state/session";
import { t } from "../words";
import { ago } from "../words/format";

sheetUse(capStyles);

export default function CapSources() {
    const list = useLoad("cap.sources", () => capSources(), ["cap"]);
    const [editing, setEditing] = useState<CapSource | "new" | null>(null);
    return (
        <Page
            title={t("cap_sources.title")}
            crumbs={[{ label: t("section.cap"), href: "/warnings" }]}
            lead={t("cap_sources.lead")}
            actions={
                can("cap_write") && (
                    <Button kind="primary" icon="plus" onClick={() => setEditing("new")}>
                        {t("cap_sources.new")}
                    </Button>
                )
            }
        >
            <Panel title={t("cap_sources.all")}>
                <Show of={list}>
                    {({ items }) =>
                        items.length === 0 ? (
                            <Empty picture="paper" title={t("cap_sources.none")} />
                        ) : (
                            <ul class="lines">
                                {items.map((source) => (
                                    <li key={source.id} class="line cap-line">
                                        <Line source={source} onEdit={() => setEditing(source)} onChanged={list.reload} />
                                    </li>
                                ))}
                            </ul>
                        )
                    }
                </Show>
            </Panel>
            {editing !== null && (
                <CapSourceForm
                    source={editing === "new" ? null : editing}
                    onClose={() => setEditing(null)}
                    onDone={() => {
                        setEditing(null);
                        list.reload();
                    }}
                />
            )}
        </Page>
    );
}

function Line({ source, onEdit, onChanged }: { source: CapSource; onEdit: () => void; onChanged: () => void }) {
    const act = useAct();
    const confirm = () =>
        act.run(async () => {
            await capSourceConfirm(source.id);
            topicTouch("cap");
            toastDone(t("cap_sources.confirmed", { name: source.name }));
            onChanged();
        });
    const remove = async () => {
        if (await ask({ title: t("cap_sources.remove_sure", { name: source.name }), body: t("cap_sources.remove_body"), yes: t("action.delete"), danger: true })) {
            await act.run(async () => {
                await capSourceRemove(source.id);
                topicTouch("cap");
                onChanged();
            });
        }
    };
    return (
        <>
            <Icon name="station" />
            <div class="line-body">
                <p class="cap-title">
                    <b>{source.name}</b>
                    <Badge tone={source.policy === "automatic" && source.confirmed ? "bad" : "info"}>{t(`cap_policy.${source.policy}`)}</Badge>
                    {!source.enabled && <Badge>{t("cap_sources.off")}</Badge>}
                    {source.waiting > 0 && <Badge tone="warn">{t("cap_sources.waiting", { n: source.waiting })}</Badge>}
                </p>
                <p class="quiet source-address">{[source.address || t("cap_sources.by_hand"), source.unit.name, t("cap_sources.polled", { ago: ago(source.polled_at) })].join(" · ")}</p>
                {source.poll_error && <p class="field-error">{source.poll_error}</p>}
                {source.policy === "automatic" && !source.confirmed && (
                    <Notice kind="warning">
                        <p>{t("cap_sources.unconfirmed")}</p>
                        {can("cap_write") && source.set_by?.id !== account.value?.id && (
                            <Button small icon="check" busy={act.busy} onClick={() => void confirm()}>
                                {t("cap_sources.confirm")}
                            </Button>
                        )}
                    </Notice>
                )}
                <FormError error={act.error} />
            </div>
            {can("cap_write") && (
                <div class="cap-tools">
                    <Button small icon="edit" onClick={onEdit}>
                        {t("action.edit")}
                    </Button>
                    <Button small kind="quiet" icon="trash" busy={act.busy} onClick={() => void remove()}>
                        {t("action.delete")}
                    </Button>
                </div>
            )}
        </>
    );
}
