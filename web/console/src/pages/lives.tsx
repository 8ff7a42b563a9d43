// Live voice: what is on the air now, and what was.

import liveStyles from "../../styles/live.css";
import { liveList } from "../api/live";
import { LiveLines } from "../live/lines";
import { LinkButton } from "../parts/button";
import { Page, Panel } from "../parts/page";
import { sheetUse } from "../parts/sheet";
import { Empty, ErrorState, Skeleton } from "../parts/states";
import { More } from "../parts/table";
import { useList } from "../state/load";
import { can } from "../state/session";
import { t } from "../words";

sheetUse(liveStyles);

export default function Lives() {
    const list = useList("lives", (after) => liveList({ after, limit: 50 }), ["live"]);
    const open = list.items?.filter(({ state }) => state !== "ended");
    const past = list.items?.filter(({ state }) => state === "ended") ?? [];
    return (
        <Page
            title={t("section.live")}
            lead={t("lives.lead")}
            actions={
                <>
                    {can("live_speak") && (
                        <LinkButton kind="primary" icon="microphone" href="/lives/new">
                            {t("live.new")}
                        </LinkButton>
                    )}
                    <LinkButton icon="station" href="/lives/sources">
                        {t("live_sources.title")}
                    </LinkButton>
                </>
            }
        >
            {list.error && <ErrorState error={list.error} retry={list.reload} />}
            {open === undefined && !list.error && <Skeleton lines={3} />}
            {open && (
                <Panel title={t("lives.now")}>{open.length === 0 ? <Empty picture="people" title={t("lives.none_now")} /> : <LiveLines lives={open} />}</Panel>
            )}
            {past.length > 0 && (
                <Panel title={t("lives.past")}>
                    <LiveLines lives={past} />
                </Panel>
            )}
            <More more={list.more} busy={list.loading} />
        </Page>
    );
}
