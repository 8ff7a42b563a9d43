// The frame around every page: a side rail on a wide screen, a bar at the
// bottom of a phone with the rest in a sheet. Both come from one table.

import { useEffect, useState } from "preact/hooks";
import { Dialog } from "../parts/dialog";
import { Icon, type IconName } from "../parts/icon";
import { Logo } from "../parts/logo";
import { here, visit } from "../state/router";
import { account, can } from "../state/session";
import { t } from "../words";
import { initials } from "../words/names";
import { AccountTools } from "./account_tools";
import { OfflineBanner } from "./offline";
import { OnAir } from "./on_air";
import { Outlet, sectionNow } from "./outlet";
import { BOTTOM_MOST, bottomOrder, nav, type Group, type NavRow } from "./pages";
import { StopButton } from "./stop_button";

const groups: Group[] = ["today", "studio", "air", "fleet", "area", "people", "system"];

function allowed(): NavRow[] {
    return nav.filter((row) => can(row.right));
}

export function Shell() {
    return (
        <div class="shell">
            <a class="skip" href="#main">
                {t("nav.skip")}
            </a>
            <Rail />
            <TopBar />
            <div class="shell-main">
                <OfflineBanner />
                <OnAir />
                <main id="main" tabIndex={-1}>
                    <Outlet />
                </main>
            </div>
            <BottomBar />
        </div>
    );
}

function Rail() {
    return (
        <div class="rail">
            <a class="rail-brand" href="/">
                <Logo />
                <span>
                    {t("app.name")}
                    <small>{t("app.what")}</small>
                </span>
            </a>
            <nav class="rail-nav" aria-label={t("nav.main")}>
                <NavGroups />
            </nav>
            <StopButton />
            <AccountTools />
        </div>
    );
}

function NavGroups() {
    const rows = allowed();
    return (
        <>
            {groups.map((group) => {
                const inside = rows.filter((row) => row.group === group);
                return inside.length === 0 ? null : (
                    <div key={group} class="nav-group">
                        {group !== "today" && <p class="nav-title">{t(`group.${group}`)}</p>}
                        <ul>
                            {inside.map((row) => (
                                <li key={row.section}>
                                    <NavLink row={row} />
                                </li>
                            ))}
                        </ul>
                    </div>
                );
            })}
        </>
    );
}

function NavLink({ row }: { row: NavRow }) {
    const current = sectionNow() === row.section;
    return (
        <a class="nav-link" href={row.path} aria-current={current ? "page" : undefined}>
            <Icon name={row.icon} />
            <span>{t(`section.${row.section}`)}</span>
        </a>
    );
}

function TopBar() {
    return (
        <header class="topbar">
            <a class="rail-brand" href="/">
                <Logo />
                <span>{t("app.name")}</span>
            </a>
            <StopButton />
            <a class="topbar-me" href="/me">
                <span class="hidden-words">{t("section.me")}</span>
                <span class="avatar" aria-hidden="true">
                    {initials(account.value?.name ?? "")}
                </span>
            </a>
        </header>
    );
}

function BottomBar() {
    const [open, setOpen] = useState(false);
    const rows = allowed();
    const shown = bottomOrder.flatMap((name) => rows.filter((row) => row.section === name)).slice(0, BOTTOM_MOST);
    const now = sectionNow();
    const elsewhere = now !== null && !shown.some((row) => row.section === now);
    // Choosing a page closes the sheet; the address tells that it was chosen.
    useEffect(() => setOpen(false), [visit.value, here.value.path]);
    return (
        <nav class="bottombar" aria-label={t("nav.main")}>
            {shown.map((row) => (
                <a key={row.section} class="bottom-link" href={row.path} aria-current={now === row.section ? "page" : undefined}>
                    <Icon name={row.icon} />
                    <span>{t(`short.${row.section as "home"}`)}</span>
                </a>
            ))}
            <BottomMore icon="more" current={elsewhere} open={open} onOpen={() => setOpen(true)} />
            {open && (
                <Dialog title={t("nav.all")} onClose={() => setOpen(false)}>
                    <div class="sheet-nav">
                        <NavGroups />
                    </div>
                    <AccountTools />
                </Dialog>
            )}
        </nav>
    );
}

interface MoreProps {
    icon: IconName;
    current: boolean;
    open: boolean;
    onOpen: () => void;
}

function BottomMore({ icon, current, open, onOpen }: MoreProps) {
    return (
        <button
            type="button"
            class={`bottom-link${current ? " bottom-here" : ""}`}
            aria-haspopup="dialog"
            aria-expanded={open}
            onClick={onOpen}
        >
            <Icon name={icon} />
            <span>{t("nav.more")}</span>
        </button>
    );
}
