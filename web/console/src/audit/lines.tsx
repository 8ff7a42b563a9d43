// Entries of the audit log. Each opens to show what it changed, from where it
// came and its place in the chain.

import { useState } from "preact/hooks";
import type { AuditLine } from "../../../shared/api";
import { Copy } from "../parts/copy";
import { Diff } from "../parts/diff";
import { Icon } from "../parts/icon";
import { Empty } from "../parts/states";
import { t, tCode } from "../words";
import { instantExact } from "../words/format";

export function AuditLines({ lines }: { lines: AuditLine[] }) {
    if (lines.length === 0) {
        return (
            <Empty picture="log" title={t("audit.none")}>
                {t("audit.none_hint")}
            </Empty>
        );
    }
    return (
        <ol class="audit">
            {lines.map((line) => (
                <li key={line.seq}>
                    <Line line={line} />
                </li>
            ))}
        </ol>
    );
}

function subject(line: AuditLine): string {
    const name = line.subject_name ?? (line.subject_id === null ? "" : `#${line.subject_id}`);
    const kind = tCode("subject", line.subject_kind);
    return name === "" ? kind : `${kind}: ${name}`;
}

const places: Record<string, string> = {
    account: "/accounts",
    unit: "/units",
    reform: "/reforms",
    import: "/imports",
    station: "/stations",
    cluster: "/clusters",
    device: "/speakers",
    alarm: "/alarms",
    stop: "/alarms",
    drill: "/drills",
    programme: "/programmes",
};

/** Where the subject can be looked at; null when it is gone or has no page. */
function addressOf(line: AuditLine): string | null {
    const place = places[line.subject_kind];
    const gone = /_(removed|discarded)$/.test(line.action) && line.subject_kind !== "account";
    return place === undefined || line.subject_id === null || gone ? null : `${place}/${line.subject_id}`;
}

function Line({ line }: { line: AuditLine }) {
    const [open, setOpen] = useState(false);
    return (
        <details class="audit-line" onToggle={(event) => setOpen(event.currentTarget.open)}>
            <summary>
                <Icon name="right" class="audit-turn" />
                <span class="audit-what">
                    <span class="audit-action">{tCode("did", line.action)}</span>
                    <span class="audit-subject">{subject(line)}</span>
                </span>
                <span class="audit-who quiet">
                    {line.account?.name ?? t("audit.system")}
                    {line.unit && ` · ${line.unit.name}`}
                </span>
                <time class="audit-at quiet" dateTime={line.at}>
                    {instantExact(line.at)}
                </time>
            </summary>
            {open && <More line={line} />}
        </details>
    );
}

function More({ line }: { line: AuditLine }) {
    const address = addressOf(line);
    return (
        <div class="audit-more">
            <Diff before={line.before} after={line.after} />
            <dl class="audit-facts">
                <div>
                    <dt>{t("audit.seq")}</dt>
                    <dd>{line.seq}</dd>
                </div>
                <div>
                    <dt>{t("audit.address")}</dt>
                    <dd>{line.address ?? "–"}</dd>
                </div>
                <div>
                    <dt>{t("audit.action")}</dt>
                    <dd>
                        <code>{line.action}</code>
                    </dd>
                </div>
                <div class="audit-hash">
                    <dt>{t("audit.hash")}</dt>
                    <dd>
                        <code>{line.hash}</code> <Copy value={line.hash} />
                    </dd>
                </div>
            </dl>
            {address && <a href={address}>{t("audit.subject_open", { what: subject(line) })}</a>}
        </div>
    );
}
