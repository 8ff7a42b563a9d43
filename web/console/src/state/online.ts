// Is the server within reach? Learnt from every call, not from the browser's
// guess: a phone that has Wi-Fi without Internet believes it is online.

import { signal } from "@preact/signals";

/** When the connection was lost; null while the server answers. */
export const lostAt = signal<Date | null>(null);

/** How often the connection came back: what is shown may have aged meanwhile. */
export const returns = signal(0);

const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 30_000;

let pause = FIRST_PAUSE_MS;
let timer: number | undefined;

async function probe(): Promise<void> {
    try {
        await fetch("/healthz", { cache: "no-store" });
        markReached(true);
    } catch {
        pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
        plan();
    }
}

function plan(): void {
    clearTimeout(timer);
    timer = window.setTimeout(() => void probe(), pause);
}

export function markReached(yes: boolean): void {
    if (yes) {
        clearTimeout(timer);
        if (lostAt.peek() !== null) {
            lostAt.value = null;
            returns.value++;
        }
        return;
    }
    if (lostAt.peek() === null) {
        lostAt.value = new Date();
        pause = FIRST_PAUSE_MS;
        plan();
    }
}

export function probeNow(): void {
    clearTimeout(timer);
    void probe();
}

export function onlineStart(): void {
    window.addEventListener("online", probeNow);
    window.addEventListener("offline", () => markReached(false));
}
