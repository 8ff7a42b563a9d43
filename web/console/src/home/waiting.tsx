// What waits for this person: the first thing on the first page. Urgent first,
// then by how long it has waited; each line leads to where it is done.

import dutyStyles from "../../styles/duty.css";
import type { InboxItem } from "../../../shared/duty";
import { inboxRead } from "../api/duty";
import { Icon, type IconName } from "../parts/icon";
import { Panel } from "../parts/page";
import { sheetUse } from "../parts/sheet";
import { Notice, Show } from "../parts/states";
import { useLoad } from "../state/load";
import { tOneOf } from "../words";
import { t } from "../words";
import { agoInside, instant, number } from "../words/format";
import type { Todo } from "./todos";

sheetUse(dutyStyles);

const EACH = 8;
const CALM_MS = 1_000;

const icons: Record<string, IconName> = {
    alarm_call: "alarm",
    alarm_waiting: "alarm",
    bulletin: "paper",
    offer: "inbox",
    clash: "programme",
    cap: "warning",
    device_pending: "speaker",
    fault: "warning",
    import: "import",
    reform: "reform",
};

export function Waiting({ todos }: { todos: Todo[] }) {
    const inbox = useLoad("inbox", () => inboxRead(EACH), ["inbox", "bulletins", "alarms", "faults", "cap"], CALM_MS);
    const total = inbox.data?.total ?? 0;
    return (
        <Panel title={t("home.waits")} actions={total > 0 && <span class="count figure">{number(total)}</span>}>
            <Show of={inbox} lines={3}>
                {({ items, counts }) => (
                    <>
                        {items.length === 0 && todos.length === 0 && <Notice kind="success">{t("home.nothing_waits")}</Notice>}
                        <ul class="lines waiting">
                            {items.map((item) => (
                                <WaitingLine key={`${item.kind}|${item.id}`} item={item} />
                            ))}
                            {todos.map((todo) => (
                                <li key={todo.text} class="line">
                                    <Icon name={todo.icon} />
                                    <div class="line-body">
                                        <p>{todo.text}</p>
                                        <a href={todo.href}>{todo.link}</a>
                                    </div>
                                </li>
                            ))}
                        </ul>
                        <More shown={items} counts={counts} />
                    </>
                )}
            </Show>
        </Panel>
    );
}

function WaitingLine({ item }: { item: InboxItem }) {
    return (
        <li class={`line waiting-line${item.urgent ? " waiting-urgent" : ""}`}>
            <Icon name={icons[item.kind] ?? "inbox"} />
            <div class="line-body">
                <p class="quiet">{tOneOf(["waits"], item.kind)}</p>
                <a class="waiting-title" href={item.link}>
                    {item.title}
                </a>
                <p class="quiet">
                    {[item.unit?.name, item.due === null ? agoInside(item.since) : t("waits.due", { at: instant(item.due) })].filter(Boolean).join(" · ")}
                </p>
            </div>
            <Icon name="right" />
        </li>
    );
}

/** What is not listed is at least counted. */
function More({ shown, counts }: { shown: InboxItem[]; counts: { kind: string; count: number }[] }) {
    const rest = counts
        .map(({ kind, count }) => ({ kind, count: count - shown.filter((item) => item.kind === kind).length }))
        .filter(({ count }) => count > 0);
    return rest.length === 0 ? null : (
        <p class="quiet waiting-rest">{rest.map(({ kind, count }) => t("waits.rest", { n: number(count), what: tOneOf(["waits"], kind) })).join(" · ")}</p>
    );
}
