// One CAP message: what it says, whom it meets here, whether its signature
// holds, and what to do with it. Using it has the same last look as an alarm
// of one's own; an exercise is shown in the world of drills.

import alarmStyles from "../../styles/alarm.css";
import capStyles from "../../styles/cap.css";
import type { CapMessage } from "../../../shared/alert";
import { DrillWorld } from "../alarm/drill_world";
import { addressOf } from "../alarm/words";
import { capMessage, capXmlUrl } from "../api/cap";
import { Decide } from "../cap/decide";
import { Infos } from "../cap/infos";
import { becomes, isOpen, severityTones, signatureTones, stateTones } from "../cap/words";
import { Badge } from "../parts/badge";
import { LinkButton } from "../parts/button";
import { Fact } from "../parts/fact";
import { Lazy } from "../parts/lazy";
import { Page, Panel } from "../parts/page";
import { sheetUse } from "../parts/sheet";
import { Notice, Show } from "../parts/states";
import type { PageProps } from "../shell/pages";
import { useLoad } from "../state/load";
import { t } from "../words";
import { instant } from "../words/format";

sheetUse(alarmStyles);
sheetUse(capStyles);

export default function CapMessagePage({ params }: PageProps) {
    const id = Number(params["id"]);
    const load = useLoad(`cap|${id}`, () => capMessage(id), ["cap", "alarms"]);
    const message = load.data;
    const page = (
        <Page
            title={message === null ? t("section.cap") : message.headline || message.event || t(`cap_type.${message.type}`)}
            crumbs={[{ label: t("section.cap"), href: "/warnings" }]}
            badge={message && <Badge tone={stateTones[message.state]}>{t(`cap_state.${message.state}`)}</Badge>}
            {...(message ? { lead: `${message.source.name} · ${instant(message.sent)}` } : {})}
            actions={
                <LinkButton icon="export" href={capXmlUrl(id)} download>
                    {t("cap.xml")}
                </LinkButton>
            }
        >
            <Show of={load} lines={6}>
                {(ready) => <Body message={ready} onChanged={load.reload} />}
            </Show>
        </Page>
    );
    return message?.status === "Exercise" ? <DrillWorld>{page}</DrillWorld> : page;
}

function Body({ message, onChanged }: { message: CapMessage; onChanged: () => void }) {
    return (
        <div class="cap-message">
            <div class="stack">
                {message.note !== "" && (
                    <Notice kind={message.state === "waiting" ? "warning" : "info"}>
                        <p>{message.note}</p>
                    </Notice>
                )}
                {message.alarm && (
                    <p>
                        <a href={addressOf(message.alarm)}>{t("cap.its_alarm")}</a> <Badge>{t(`alarm_state.${message.alarm.state}`)}</Badge>
                    </p>
                )}
                <Panel title={t("cap.says")}>
                    <Infos message={message} />
                </Panel>
            </div>
            <div class="stack">
                {isOpen(message) && becomes(message) !== null && <Decide message={message} onChanged={onChanged} />}
                {isOpen(message) && becomes(message) === null && <Notice>{t("cap.no_use")}</Notice>}
                <Panel title={t("cap.meets")}>
                    <div class="stack">
                        <p>{message.units.map(({ name }) => name).join(" · ") || t("cap.nobody")}</p>
                        {message.outside > 0 && <p class="quiet">{t("cap.outside", { n: message.outside })}</p>}
                        {message.units.length > 0 && (
                            <Lazy name="area_map_shown" load={async () => (await import("../alarm/area_map")).AreaMap} props={{ areas: message.units }} />
                        )}
                    </div>
                </Panel>
                <Panel title={t("cap.facts")}>
                    <dl class="facts">
                        <Fact name={t("cap.severity")}>
                            <Badge tone={severityTones[message.severity]}>{t(`cap_severity.${message.severity}`)}</Badge>
                        </Fact>
                        <Fact name={t("cap.signature")}>
                            <Badge tone={signatureTones[message.signature]}>{t(`cap_signature.${message.signature}`)}</Badge>
                        </Fact>
                        <Fact name={t("cap.status")}>{t(`cap_status.${message.status}`)}</Fact>
                        <Fact name={t("cap.type")}>{t(`cap_type.${message.type}`)}</Fact>
                        {message.expires && <Fact name={t("cap.expires")}>{instant(message.expires)}</Fact>}
                        <Fact name={t("cap.received")}>{instant(message.received_at)}</Fact>
                        {message.decided_at && (
                            <Fact name={t("cap.decided")}>
                                {instant(message.decided_at)}
                                <span class="quiet row-sub">{message.decided_by?.name}</span>
                            </Fact>
                        )}
                        <Fact name={t("cap.sender")}>{message.sender}</Fact>
                        <Fact name={t("cap.identifier")}>{message.identifier}</Fact>
                        {message.refers_to.length > 0 && (
                            <Fact name={t("cap.refers")}>
                                {message.refers_to.map((other) => (
                                    <a key={other} class="row-sub" href={`/warnings/${other}`}>
                                        {t("cap.earlier", { n: other })}
                                    </a>
                                ))}
                            </Fact>
                        )}
                    </dl>
                </Panel>
            </div>
        </div>
    );
}
