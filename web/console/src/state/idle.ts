// Locks the screen after a while without a hand on it. All windows of one
// browser count together: typing in one keeps the others open, and locking
// one locks all.

import { effect } from "@preact/signals";
import { lockNow, session, sessionMarkLocked, sessionRefresh } from "./session";

const channel = "BroadcastChannel" in window ? new BroadcastChannel("loa") : null;
const TELL_EVERY_MS = 5_000;
const SIGNS_OF_LIFE = ["pointerdown", "pointermove", "keydown", "wheel", "touchstart"] as const;

let timer: number | undefined;
let lastAt = Date.now();
let toldAt = 0;

function limitMs(): number {
    const now = session.peek();
    return now?.state === "signed_in" ? now.idle_lock_s * 1000 : 0;
}

function check(): void {
    const limit = limitMs();
    if (limit === 0) {
        return;
    }
    const left = lastAt + limit - Date.now();
    if (left <= 0) {
        channel?.postMessage("lock");
        // The screen is locked at once; the server locks by itself too.
        lockNow().catch(() => undefined);
    } else {
        plan(left);
    }
}

function plan(afterMs: number): void {
    clearTimeout(timer);
    timer = window.setTimeout(check, afterMs);
}

function onLife(): void {
    // A sleeping laptop runs no timers: look before counting this as life.
    const limit = limitMs();
    if (limit > 0 && Date.now() - lastAt >= limit) {
        check();
        return;
    }
    lastAt = Date.now();
    if (lastAt - toldAt > TELL_EVERY_MS) {
        toldAt = lastAt;
        channel?.postMessage("alive");
    }
}

function onMessage(event: MessageEvent<unknown>): void {
    if (event.data === "alive") {
        lastAt = Date.now();
    } else if (event.data === "lock" && session.peek()?.state === "signed_in") {
        sessionMarkLocked();
    } else if (event.data === "unlocked" && session.peek()?.state === "locked") {
        sessionRefresh().catch(() => undefined);
    }
}

export function idleTellUnlocked(): void {
    channel?.postMessage("unlocked");
}

export function idleStart(): void {
    for (const name of SIGNS_OF_LIFE) {
        window.addEventListener(name, onLife, { passive: true, capture: true });
    }
    document.addEventListener("visibilitychange", () => {
        if (!document.hidden) {
            check();
        }
    });
    channel?.addEventListener("message", onMessage);
    effect(() => {
        clearTimeout(timer);
        if (session.value?.state === "signed_in") {
            lastAt = Date.now();
            plan(session.value.idle_lock_s * 1000);
        }
    });
}
