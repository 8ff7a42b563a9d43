// Where an account is signed in. Used for one's own sessions and for those of
// an account one looks after.

import type { SessionLine } from "../../../shared/api";
import { Badge } from "../parts/badge";
import { Button } from "../parts/button";
import { Icon } from "../parts/icon";
import { Empty } from "../parts/states";
import { t } from "../words";
import { agoInside, instant } from "../words/format";

interface SessionsProps {
    sessions: SessionLine[];
    onEnd?: (session: SessionLine) => void;
    busy?: boolean;
}

/** The browser and system out of an agent line; the whole line stays as a hint. */
export function agentWords(agent: string): string {
    const browser = /(Firefox|Edg|OPR|Chrome|Safari)\/(\d+)/.exec(agent.replace(/Safari.*Chrome/, ""));
    const system = /(Android|iPhone|iPad|Windows|Mac OS X|Linux)/.exec(agent);
    const name = browser?.[1]?.replace("Edg", "Edge").replace("OPR", "Opera");
    const parts = [name && `${name} ${browser?.[2]}`, system?.[1]].filter(Boolean);
    return parts.join(" · ") || agent || t("sessions.unknown");
}

export function SessionLines({ sessions, onEnd, busy = false }: SessionsProps) {
    if (sessions.length === 0) {
        return <Empty picture="people" title={t("sessions.none")} />;
    }
    return (
        <ul class="lines">
            {sessions.map((session) => (
                <li key={session.id} class="line">
                    <Icon name={/Android|iPhone/.test(session.agent) ? "phone" : "system"} />
                    <div class="line-body">
                        <p title={session.agent}>
                            {agentWords(session.agent)}{" "}
                            {session.current && <Badge tone="good">{t("sessions.this")}</Badge>}
                        </p>
                        <p class="quiet">
                            {t("sessions.line", {
                                address: session.address,
                                seen: agoInside(session.seen_at),
                                since: instant(session.created_at),
                            })}
                        </p>
                    </div>
                    {onEnd && !session.current && (
                        <Button small busy={busy} onClick={() => onEnd(session)}>
                            {t("sessions.end")}
                        </Button>
                    )}
                </li>
            ))}
        </ul>
    );
}
