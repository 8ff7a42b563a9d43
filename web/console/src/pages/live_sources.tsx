// Who else may send live: studio encoders with a name and a password, and
// Internet radio that the server fetches once for everybody.

import { useState } from "preact/hooks";
import alarmStyles from "../../styles/alarm.css";
import liveStyles from "../../styles/live.css";
import type { LiveSource } from "../../../shared/live";
import { liveSourceRemove, liveSources, liveSourceStart } from "../api/live";
import { SourceForm } from "../live/source_form";
import { Badge } from "../parts/badge";
import { Button } from "../parts/button";
import { Secret } from "../parts/copy";
import { ask, Dialog } from "../parts/dialog";
import { Icon } from "../parts/icon";
import { Page, Panel } from "../parts/page";
import { sheetUse } from "../parts/sheet";
import { Empty, FormError, Show } from "../parts/states";
import { toastDone } from "../parts/toast";
import { topicTouch } from "../state/live";
import { useAct, useLoad } from "../state/load";
import { go } from "../state/router";
import { account, can } from "../state/session";
import { t } from "../words";

sheetUse(alarmStyles);
sheetUse(liveStyles);

type Kind = LiveSource["kind"];
const kinds: Kind[] = ["encoder", "relay"];

export default function LiveSources() {
    const unit = account.value?.unit.id ?? null;
    const list = useLoad(`live.sources|${unit}`, () => liveSources(unit), ["live"]);
    const [adding, setAdding] = useState<Kind | null>(null);
    const [made, setMade] = useState<LiveSource | null>(null);
    return (
        <Page title={t("live_sources.title")} crumbs={[{ label: t("section.live"), href: "/lives" }]} lead={t("live_sources.lead")}>
            <Show of={list}>
                {({ items }) => (
                    <>
                        {kinds.map((kind) => {
                            const own = items.filter((one) => one.kind === kind);
                            return (
                                <Panel
                                    key={kind}
                                    title={t(`source_kind.${kind}`)}
                                    lead={t(`source_lead.${kind}`)}
                                    actions={
                                        can("live_speak") && (
                                            <Button small icon="plus" onClick={() => setAdding(kind)}>
                                                {t(`source_add.${kind}`)}
                                            </Button>
                                        )
                                    }
                                >
                                    {own.length === 0 ? (
                                        <Empty picture="paper" title={t("live_sources.none")} />
                                    ) : (
                                        <ul class="lines">
                                            {own.map((source) => (
                                                <li key={source.id} class="line live-line">
                                                    <SourceLine source={source} onChanged={list.reload} />
                                                </li>
                                            ))}
                                        </ul>
                                    )}
                                </Panel>
                            );
                        })}
                    </>
                )}
            </Show>
            {adding && (
                <SourceForm
                    kind={adding}
                    onClose={() => setAdding(null)}
                    onDone={(source) => {
                        setAdding(null);
                        setMade(source.password === undefined ? null : source);
                        list.reload();
                    }}
                />
            )}
            {made && <Password source={made} onClose={() => setMade(null)} />}
        </Page>
    );
}

function SourceLine({ source, onChanged }: { source: LiveSource; onChanged: () => void }) {
    const act = useAct();
    const start = () =>
        act.run(async () => {
            const live = await liveSourceStart(source.id);
            topicTouch("live");
            void go(`/lives/${live.id}`);
        });
    const remove = async () => {
        if (await ask({ title: t("live_sources.remove_sure", { name: source.title }), body: t("live_sources.remove_body"), yes: t("action.delete"), danger: true })) {
            await act.run(async () => {
                await liveSourceRemove(source.id);
                toastDone(t("live_sources.removed", { name: source.title }));
                onChanged();
            });
        }
    };
    return (
        <>
            <Icon name={source.kind === "relay" ? "swap" : "station"} />
            <div class="line-body">
                <p>
                    <b>{source.title}</b>{" "}
                    {source.live !== null && (
                        <a href={`/lives/${source.live}`}>
                            <Badge tone="bad">{t("live_state.on_air")}</Badge>
                        </a>
                    )}
                </p>
                <p class="quiet source-address">
                    {source.kind === "relay" ? source.address : `/source/${source.name}`} · {source.areas.map(({ name }) => name).join(", ") || source.unit.name}
                </p>
                <FormError error={act.error} />
            </div>
            {can("live_speak") && (
                <div class="offer-acts">
                    {source.kind === "relay" && source.live === null && (
                        <Button small icon="play" busy={act.busy} onClick={() => void start()}>
                            {t("live_sources.start")}
                        </Button>
                    )}
                    <Button small kind="quiet" icon="trash" busy={act.busy} onClick={() => void remove()}>
                        {t("action.delete")}
                    </Button>
                </div>
            )}
        </>
    );
}

/** What the studio writes into its encoder; the password is not shown again. */
function Password({ source, onClose }: { source: LiveSource; onClose: () => void }) {
    const mount = `${location.origin}/source/${source.name}`;
    return (
        <Dialog title={t("live_sources.password_title")} onClose={onClose}>
            <div class="stack">
                <p>{t("live_sources.password_body")}</p>
                <Secret label={t("live_sources.mount")} value={mount} />
                <Secret label={t("live_sources.password")} value={source.password ?? ""} />
                <div class="dialog-foot">
                    <Button kind="primary" onClick={onClose}>
                        {t("action.continue")}
                    </Button>
                </div>
            </div>
        </Dialog>
    );
}
