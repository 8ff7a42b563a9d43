// What others warn of: CAP messages of weather, dams and the province above,
// those first on which somebody has to decide.

import capStyles from "../../styles/cap.css";
import type { CapMessage, CapState } from "../../../shared/alert";
import { capMessages } from "../api/cap";
import { CapSend } from "../cap/send";
import { severityTones, stateTones, states } from "../cap/words";
import { HazardIcon } from "../alarm/hazard_icon";
import { Badge } from "../parts/badge";
import { LinkButton } from "../parts/button";
import { SelectField } from "../parts/field";
import { Filters } from "../parts/filters";
import { Page, Panel } from "../parts/page";
import { sheetUse } from "../parts/sheet";
import { Empty, ErrorState, Skeleton } from "../parts/states";
import { More } from "../parts/table";
import { useList } from "../state/load";
import { here, querySet } from "../state/router";
import { can } from "../state/session";
import { t } from "../words";
import { ago } from "../words/format";

sheetUse(capStyles);

const MOST = 50;

export default function CapInbox() {
    const state = here.value.query.get("state");
    const list = useList(`cap|${state}`, (before) => capMessages({ state, before, limit: MOST }), ["cap"]);
    const items = list.items ?? [];
    const open = items.filter((one) => one.state === "waiting" || one.state === "draft");
    const rest = items.filter((one) => one.state !== "waiting" && one.state !== "draft");
    return (
        <Page
            title={t("section.cap")}
            lead={t("cap.lead")}
            actions={
                <>
                    {can("cap_write") && <CapSend />}
                    <LinkButton icon="station" href="/warnings/sources">
                        {t("cap_sources.title")}
                    </LinkButton>
                </>
            }
        >
            <Filters label={t("cap.filters")} set={state === null ? 0 : 1} onClear={() => querySet({ state: null })}>
                <div class="form-narrow">
                    <SelectField<CapState | "">
                        label={t("list.state")}
                        value={(state ?? "") as CapState | ""}
                        options={[{ value: "", label: t("list.all") }, ...states.map((value) => ({ value, label: t(`cap_state.${value}`) }))]}
                        onChange={(value) => querySet({ state: value })}
                    />
                </div>
            </Filters>
            {list.error && <ErrorState error={list.error} retry={list.reload} />}
            {list.items === null && !list.error && <Skeleton lines={4} />}
            {list.items?.length === 0 && <Empty picture="log" title={t("cap.none")} />}
            {open.length > 0 && (
                <Panel title={t("cap.open")}>
                    <Lines messages={open} />
                </Panel>
            )}
            {rest.length > 0 && (
                <Panel title={t("cap.rest")}>
                    <Lines messages={rest} />
                </Panel>
            )}
            <More more={list.more} busy={list.loading} />
        </Page>
    );
}

function Lines({ messages }: { messages: CapMessage[] }) {
    return (
        <ul class="lines">
            {messages.map((one) => (
                <li key={one.id} class="line cap-line">
                    <HazardIcon hazard={one.hazard} />
                    <div class="line-body">
                        <p class="cap-title">
                            <a href={`/warnings/${one.id}`}>{one.headline || one.event || t(`cap_type.${one.type}`)}</a>
                            <Badge tone={severityTones[one.severity]}>{t(`cap_severity.${one.severity}`)}</Badge>
                            {one.status !== "Actual" && <Badge tone="info">{t(`cap_status.${one.status}`)}</Badge>}
                            {one.type !== "Alert" && <Badge>{t(`cap_type.${one.type}`)}</Badge>}
                        </p>
                        <p class="quiet">
                            {one.source.name} · {ago(one.sent)} · {one.units.map(({ name }) => name).join(", ") || t("cap.nobody")}
                        </p>
                    </div>
                    <Badge tone={stateTones[one.state]}>{t(`cap_state.${one.state}`)}</Badge>
                </li>
            ))}
        </ul>
    );
}
