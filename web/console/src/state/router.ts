// Where we are: the address is the state. Pages read `here`; links are plain
// <a href> elements caught on the document, so that copying, opening in a new
// tab and the back button work as everywhere else.

import { signal } from "@preact/signals";

export interface Here {
    path: string;
    query: URLSearchParams;
}

function read(): Here {
    return { path: location.pathname, query: new URLSearchParams(location.search) };
}

export const here = signal<Here>(read());

/** Counts real page changes (not filter changes), for focus and titles. */
export const visit = signal(0);

/** Answers whether leaving is all right; set while a form holds unsaved work. */
type Guard = () => Promise<boolean>;
let guard: Guard | null = null;
let shown = location.pathname + location.search;

export function routerGuard(next: Guard | null): void {
    guard = next;
}

function arrive(quiet = false): void {
    const next = read();
    const moved = !quiet && next.path !== here.peek().path;
    shown = location.pathname + location.search;
    here.value = next;
    if (moved) {
        visit.value++;
    }
}

async function mayLeave(): Promise<boolean> {
    if (guard === null) {
        return true;
    }
    const yes = await guard();
    if (yes) {
        guard = null;
    }
    return yes;
}

interface GoOptions {
    replace?: boolean;
    /** The page stays, only a part of it changes: focus and scroll stay too. */
    quiet?: boolean;
}

export async function go(url: string, options: GoOptions = {}): Promise<void> {
    const samePath = new URL(url, location.href).pathname === location.pathname;
    if (!samePath && !(await mayLeave())) {
        return;
    }
    if (options.replace) {
        history.replaceState(null, "", url);
    } else {
        history.pushState(null, "", url);
    }
    if (!samePath && !options.quiet) {
        scrollTo(0, 0);
    }
    arrive(options.quiet);
}

/** What is on the screen got an address of its own; nothing is shown anew. */
export function addressSet(url: string): void {
    history.replaceState(null, "", url);
    shown = url;
}

/** Puts filters into the address without adding a step to the history. */
export function querySet(changes: Record<string, string | null>): void {
    const query = new URLSearchParams(location.search);
    for (const [key, value] of Object.entries(changes)) {
        if (value === null || value === "") {
            query.delete(key);
        } else {
            query.set(key, value);
        }
    }
    const text = query.toString();
    void go(location.pathname + (text === "" ? "" : `?${text}`), { replace: true });
}

function isPlainClick(event: MouseEvent): boolean {
    return (
        event.button === 0 &&
        !event.defaultPrevented &&
        !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)
    );
}

function onClick(event: MouseEvent): void {
    if (!isPlainClick(event) || !(event.target instanceof Element)) {
        return;
    }
    const link = event.target.closest("a");
    if (
        link === null ||
        link.origin !== location.origin ||
        link.target !== "" ||
        link.hasAttribute("download") ||
        link.getAttribute("href")?.startsWith("#")
    ) {
        return;
    }
    event.preventDefault();
    void go(link.pathname + link.search);
}

async function onPop(): Promise<void> {
    if (guard === null || location.pathname + location.search === shown) {
        arrive();
        return;
    }
    const wanted = location.pathname + location.search;
    history.pushState(null, "", shown);
    if (await mayLeave()) {
        void go(wanted);
    }
}

export function routerStart(): void {
    document.addEventListener("click", onClick);
    window.addEventListener("popstate", () => void onPop());
    window.addEventListener("beforeunload", (event) => {
        if (guard !== null) {
            event.preventDefault();
        }
    });
}

/** `/units/:id` against `/units/7` gives `{id: "7"}`; null when it differs. */
export function pathMatch(pattern: string, path: string): Record<string, string> | null {
    const want = pattern.split("/");
    const have = path.replace(/\/+$/, "").split("/");
    if (want.length !== have.length && !(pattern === "/" && path === "/")) {
        return null;
    }
    const params: Record<string, string> = {};
    for (let i = 0; i < want.length; i++) {
        const part = want[i] ?? "";
        const value = have[i] ?? "";
        if (part.startsWith(":")) {
            if (!/^\d+$/.test(value)) {
                return null;
            }
            params[part.slice(1)] = value;
        } else if (part !== value) {
            return null;
        }
    }
    return params;
}
