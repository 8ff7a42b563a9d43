// A page that was left open while the server got a new version: its parts may
// be gone and its questions out of date. It is said; the person chooses when
// to load it anew.

import { signal } from "@preact/signals";

export const outdated = signal(false);

function ownEntry(): string {
    return document.querySelector<HTMLScriptElement>("script[type=module]")?.getAttribute("src") ?? "";
}

/** Compares the page that the server has with the one that runs. */
export async function versionCheck(): Promise<void> {
    try {
        const answer = await fetch("/", { cache: "no-store", headers: { Accept: "text/html" } });
        const page = await answer.text();
        if (answer.ok && page.includes("type=\"module\"")) {
            outdated.value = !page.includes(ownEntry());
        }
    } catch {
        // Out of reach: the next meeting tells.
    }
}
