// What a device wrote down, the newest first: receipts of orders, what was
// played, faults. The server has verified the chain before it shows a line.

import type { LogEntry } from "../../../shared/fleet";
import { deviceHistory, deviceLog } from "../api/fleet";
import { Diff } from "../parts/diff";
import { Panel } from "../parts/page";
import { Empty, ErrorState, Show, Skeleton } from "../parts/states";
import { More } from "../parts/table";
import { useList, useLoad } from "../state/load";
import { t, tCode } from "../words";
import { lengthWords } from "../words/clock";
import { instant, instantExact } from "../words/format";

export function DeviceLog({ id }: { id: number }) {
    const list = useList(`log|${id}`, (after) => deviceLog(id, after), ["plays"]);
    return (
        <Panel title={t("log.title")} lead={t("log.lead")}>
            {list.error && <ErrorState error={list.error} retry={list.reload} />}
            {list.items === null && !list.error && <Skeleton lines={6} />}
            {list.items?.length === 0 && <Empty picture="log" title={t("log.none")} />}
            {list.items && list.items.length > 0 && (
                <ol class="log">
                    {list.items.map((entry) => (
                        <li key={entry.seq}>
                            <Entry entry={entry} />
                        </li>
                    ))}
                </ol>
            )}
            <More more={list.more} busy={list.loading} />
        </Panel>
    );
}

function Entry({ entry }: { entry: LogEntry }) {
    const more = [
        entry.title,
        entry.ms !== null && entry.ms > 0 ? lengthWords(entry.ms) : null,
        entry.message,
    ].filter(Boolean);
    return (
        <div class="log-line">
            <time class="quiet figure" dateTime={entry.at}>
                {instantExact(entry.at)}
            </time>
            <span class={`log-kind log-${entry.kind}`}>{tCode("wrote", entry.kind)}</span>
            <span class="log-more">{more.join(" · ")}</span>
            <span class="quiet figure log-seq">{`#${entry.seq}`}</span>
        </div>
    );
}

export function DeviceHistory({ id }: { id: number }) {
    const history = useLoad(`history|${id}`, () => deviceHistory(id), ["devices"]);
    return (
        <Panel title={t("history.title")}>
            <Show of={history}>
                {({ items }) =>
                    items.length === 0 ? (
                        <Empty picture="log" title={t("history.none")} />
                    ) : (
                        <ol class="lines">
                            {items.map((entry, index) => (
                                <li key={index} class="line">
                                    <div class="line-body">
                                        <p class="history-what">{tCode("did", entry.action)}</p>
                                        <p class="quiet">
                                            {instant(entry.at)} · {entry.by ?? t("audit.system")}
                                        </p>
                                        <Diff before={entry.before} after={entry.after} />
                                    </div>
                                </li>
                            ))}
                        </ol>
                    )
                }
            </Show>
        </Panel>
    );
}
