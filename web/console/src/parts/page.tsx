// The head of every page: where am I, what is this, what can I do here. It
// sets the window's title and takes the focus after a navigation, so that a
// screen reader starts to read at the new page.

import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { visit } from "../state/router";
import { t } from "../words";
import { Icon } from "./icon";

export interface Crumb {
    label: string;
    href: string;
}

interface PageProps {
    title: string;
    crumbs?: Crumb[];
    lead?: string;
    actions?: ComponentChildren;
    badge?: ComponentChildren;
    children: ComponentChildren;
}

let focusedVisit = 0;

export function useTitle(title: string): void {
    useEffect(() => {
        document.title = title === "" ? t("app.name") : `${title} – ${t("app.name")}`;
    }, [title]);
}

export function Page({ title, crumbs = [], lead, actions, badge, children }: PageProps) {
    const head = useRef<HTMLHeadingElement>(null);
    useTitle(title);
    useEffect(() => {
        // The heading of a page that was still loading goes, and the focus with it.
        const lost = visit.value > 0 && document.activeElement === document.body;
        if (visit.value !== focusedVisit || lost) {
            focusedVisit = visit.value;
            head.current?.focus({ preventScroll: true });
        }
    }, [visit.value]);
    return (
        <div class="page">
            <header class="page-head">
                {crumbs.length > 0 && <Crumbs crumbs={crumbs} />}
                <div class="page-title">
                    <h1 ref={head} tabIndex={-1}>
                        {title}
                    </h1>
                    {badge}
                </div>
                {lead && <p class="page-lead">{lead}</p>}
                {actions && <div class="page-actions">{actions}</div>}
            </header>
            {children}
        </div>
    );
}

export function Crumbs({ crumbs }: { crumbs: Crumb[] }) {
    return (
        <nav class="crumbs" aria-label={t("nav.crumbs")}>
            <ol>
                {crumbs.map((crumb) => (
                    <li key={crumb.href}>
                        <a href={crumb.href}>{crumb.label}</a>
                        <Icon name="right" />
                    </li>
                ))}
            </ol>
        </nav>
    );
}

interface PanelProps {
    title: string;
    actions?: ComponentChildren;
    children: ComponentChildren;
    lead?: string;
}

export function Panel({ title, actions, lead, children }: PanelProps) {
    return (
        <section class="panel">
            <header class="panel-head">
                <h2>{title}</h2>
                {actions}
            </header>
            {lead && <p class="panel-lead">{lead}</p>}
            {children}
        </section>
    );
}
