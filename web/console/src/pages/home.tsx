// What matters now: alarms in force, the fleet, what is wrong; then what waits
// for me, my unit, ways to start, and what changed lately.

import type { Right } from "../../../shared/api";
import { auditList } from "../api/people";
import { meRead } from "../api/session";
import { unitCard } from "../api/units";
import { AuditLines } from "../audit/lines";
import { todosOf } from "../home/todos";
import type { IconName } from "../parts/icon";
import { Icon } from "../parts/icon";
import { Lazy } from "../parts/lazy";
import { Page, Panel } from "../parts/page";
import { Show } from "../parts/states";
import { useLoad } from "../state/load";
import { account, can } from "../state/session";
import type { Key } from "../words";
import { t, withWords } from "../words";
import { number } from "../words/format";

function greeting(name: string): string {
    const hour = new Date().getHours();
    const part = hour < 11 ? "morning" : hour < 14 ? "noon" : hour < 18 ? "afternoon" : "evening";
    return t(`home.${part}`, { name });
}

function todayWords(): string {
    return new Intl.DateTimeFormat(document.documentElement.lang === "en" ? "en-GB" : "vi-VN", {
        weekday: "long",
        day: "2-digit",
        month: "2-digit",
        year: "numeric",
    }).format(new Date());
}

export default function Home() {
    const me = account.value;
    if (me === null) {
        return null;
    }
    return (
        <Page title={greeting(me.name)} lead={todayWords()}>
            <div class="home">
                <div class="stack">
                    <Todos />
                    {(can("alarms_read") || can("fleet_read")) && (
                        <Lazy name="air" load={() => import("../home/air").then(({ Air }) => Air)} props={{}} />
                    )}
                    {can("audit_read") && <Recent />}
                </div>
                <div class="stack">
                    {can("units_read") && <OwnUnit id={me.unit.id} />}
                    <Shortcuts />
                </div>
            </div>
        </Page>
    );
}

const waiting = withWords("studio", () => import("../home/waiting").then(({ Waiting }) => Waiting));

function Todos() {
    const me = useLoad("home.me", meRead, ["session"]);
    return <Lazy name="waiting" load={waiting} props={{ todos: me.data ? todosOf(me.data) : [] }} lines={3} />;
}

function OwnUnit({ id }: { id: number }) {
    const card = useLoad(`home.unit|${id}`, () => unitCard(id, null), ["units"]);
    return (
        <section class="panel own-unit">
            <Show of={card} lines={2}>
                {({ unit, counts }) => (
                    <>
                        <p class="quiet">{t("home.my_unit")}</p>
                        <h2>
                            <a href={`/units/${unit.id}`}>{unit.name}</a>
                        </h2>
                        <dl class="figures">
                            {(["district", "commune", "village"] as const).map((tier) => {
                                const count = counts[tier] ?? 0;
                                return count === 0 ? null : (
                                    <div key={tier}>
                                        <dt>{t(`tiers.${tier}`)}</dt>
                                        <dd class="figure">{number(count)}</dd>
                                    </div>
                                );
                            })}
                        </dl>
                    </>
                )}
            </Show>
        </section>
    );
}

/** What people come to do, not the places that the navigation lists already. */
const shortcuts: { right: Right; href: string; icon: IconName; words: Key }[] = [
    { right: "programmes_write", href: "/programmes/new", icon: "programme", words: "programmes.new" },
    { right: "bulletins_write", href: "/bulletins/new", icon: "microphone", words: "bulletin.new" },
    { right: "fleet_enrol", href: "/speakers/add", icon: "speaker", words: "speakers.add" },
    { right: "drills_write", href: "/drills/new", icon: "drill", words: "drill.raise" },
    { right: "units_read", href: "/units", icon: "units", words: "section.units" },
    { right: "accounts_write", href: "/accounts/new", icon: "people", words: "accounts.new" },
    { right: "reforms_write", href: "/reforms/new", icon: "reform", words: "reforms.new" },
    { right: "imports_write", href: "/imports/new", icon: "import", words: "imports.new" },
    { right: "audit_read", href: "/audit", icon: "audit", words: "section.audit" },
    { right: "self", href: "/me?tab=security", icon: "shield", words: "me.security" },
];

function Shortcuts() {
    const rows = shortcuts.filter((row) => row.right === "self" || can(row.right));
    return (
        <Panel title={t("home.start")}>
            <ul class="shortcuts">
                {rows.map((row) => (
                    <li key={row.href}>
                        <a class="shortcut" href={row.href}>
                            <Icon name={row.icon} />
                            <span>{t(row.words)}</span>
                        </a>
                    </li>
                ))}
            </ul>
        </Panel>
    );
}

function Recent() {
    const list = useLoad("home.audit", () => auditList({ limit: 6 }), ["audit"]);
    return (
        <Panel title={t("home.recent")} actions={<a href="/audit">{t("home.all_changes")}</a>}>
            <Show of={list}>{({ items }) => <AuditLines lines={items} />}</Show>
        </Panel>
    );
}
