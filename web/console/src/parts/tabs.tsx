// Tabs whose choice lives in the address, with the arrow keys of the ARIA
// pattern.

import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";
import { here, querySet } from "../state/router";

export interface Tab {
    key: string;
    title: string;
    body: () => ComponentChildren;
}

export function Tabs({ label, tabs }: { label: string; tabs: Tab[] }) {
    const list = useRef<HTMLDivElement>(null);
    const wanted = here.value.query.get("tab");
    const at = Math.max(0, tabs.findIndex((tab) => tab.key === wanted));
    const current = tabs[at];
    const choose = (index: number) => {
        const tab = tabs[(index + tabs.length) % tabs.length];
        if (tab) {
            querySet({ tab: tab === tabs[0] ? null : tab.key });
            list.current?.querySelector<HTMLElement>(`#tab-${tab.key}`)?.focus();
        }
    };
    const onKey = (event: KeyboardEvent) => {
        const steps: Record<string, number> = {
            ArrowRight: at + 1,
            ArrowLeft: at - 1,
            Home: 0,
            End: tabs.length - 1,
        };
        const next = steps[event.key];
        if (next !== undefined) {
            event.preventDefault();
            choose(next);
        }
    };
    return (
        <>
            <div class="tabs" role="tablist" aria-label={label} ref={list} onKeyDown={onKey}>
                {tabs.map((tab, index) => (
                    <button
                        key={tab.key}
                        id={`tab-${tab.key}`}
                        type="button"
                        role="tab"
                        class="tab"
                        aria-selected={index === at}
                        aria-controls="tab-panel"
                        tabIndex={index === at ? 0 : -1}
                        onClick={() => choose(index)}
                    >
                        {tab.title}
                    </button>
                ))}
            </div>
            <div id="tab-panel" role="tabpanel" aria-labelledby={`tab-${current?.key}`} class="stack">
                {current?.body()}
            </div>
        </>
    );
}
