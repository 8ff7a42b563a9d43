// One live broadcast: the microphone while it is open, and what became of it.

import liveStyles from "../../styles/live.css";
import type { Live } from "../../../shared/live";
import { mediaList, mediaUrl } from "../api/broadcast";
import { liveEnd, liveRead } from "../api/live";
import { LiveDesk } from "../live/desk";
import { delayWords, liveTones } from "../live/words";
import { Badge } from "../parts/badge";
import { Button } from "../parts/button";
import { Copy } from "../parts/copy";
import { Fact } from "../parts/fact";
import { Page, Panel } from "../parts/page";
import { sheetUse } from "../parts/sheet";
import { FormError, Show } from "../parts/states";
import type { PageProps } from "../shell/pages";
import { topicTouch } from "../state/live";
import { useAct, useLoad } from "../state/load";
import { can } from "../state/session";
import { t } from "../words";
import { lengthWords } from "../words/clock";
import { instant, number } from "../words/format";

sheetUse(liveStyles);

const MOST_MEDIA = 200;
const CALM_MS = 1_000;

export default function LiveOne({ params }: PageProps) {
    const id = Number(params["id"]);
    const load = useLoad(`live|${id}`, () => liveRead(id), ["live"], CALM_MS);
    const media = useLoad("live.media", () => mediaList({ limit: MOST_MEDIA }));
    const live = load.data;
    const fallback = media.data?.items.find((one) => one.media === live?.fallback)?.title ?? null;
    const speaks = live !== null && live.state !== "ended" && live.source === "browser" && can("live_speak");
    return (
        <Page
            title={live?.title ?? t("section.live")}
            crumbs={[{ label: t("section.live"), href: "/lives" }]}
            badge={live && <Badge tone={liveTones[live.state]}>{t(`live_state.${live.state}`)}</Badge>}
            {...(live ? { lead: live.areas.map(({ name }) => name).join(", ") } : {})}
        >
            <Show of={load}>
                {(ready) => (
                    <>
                        {speaks && <LiveDesk live={ready} fallback={fallback} onChanged={load.reload} />}
                        <Facts live={ready} fallback={fallback} onChanged={load.reload} />
                    </>
                )}
            </Show>
        </Page>
    );
}

function Facts({ live, fallback, onChanged }: { live: Live; fallback: string | null; onChanged: () => void }) {
    const act = useAct();
    const open = live.state !== "ended";
    const foreign = open && live.source !== "browser" && can("live_speak");
    const end = () =>
        act.run(async () => {
            await liveEnd(live.id);
            topicTouch("live");
            onChanged();
        });
    return (
        <Panel title={t("live.about")}>
            <div class="stack">
                {live.reason_text && <p>{live.reason_text}</p>}
                <dl class="facts">
                    <Fact name={t("live.by")}>{live.by?.name ?? live.source_name}</Fact>
                    <Fact name={t("live.mode")}>{t(`live_mode.${live.mode}`)}</Fact>
                    <Fact name={t("programmes.class")}>{t(`class.${live.class}`)}</Fact>
                    <Fact name={t("live.begun")}>{instant(live.begun_at ?? live.created_at)}</Fact>
                    {live.ended_at && <Fact name={t("live.ended_at")}>{instant(live.ended_at)}</Fact>}
                    {live.ms > 0 && <Fact name={t("live.length")}>{lengthWords(live.ms)}</Fact>}
                    {open && live.delay_ms > 0 && <Fact name={t("live.delay")}>{delayWords(live.delay_ms)}</Fact>}
                    {open && <Fact name={t("live.devices")}>{number(live.devices)}</Fact>}
                    <Fact name={t("live.fallback")}>{fallback ?? t("live.fallback_none")}</Fact>
                    {live.public && open && (
                        <Fact name={t("live.listen")}>
                            <a href={live.address} target="_blank" rel="noreferrer">
                                {live.address}
                            </a>
                            <Copy value={location.origin + live.address} />
                        </Fact>
                    )}
                </dl>
                {live.recording && <audio controls preload="none" src={mediaUrl(live.recording)} aria-label={t("live.recording", { title: live.title })} />}
                <FormError error={act.error} />
                {foreign && (
                    <div class="form-foot">
                        <Button kind="danger" icon="stop" busy={act.busy} onClick={() => void end()}>
                            {t("live.end")}
                        </Button>
                    </div>
                )}
            </div>
        </Panel>
    );
}
