// Locks the screen after a while without a hand on it. All windows of one
// browser count together: typing in one keeps the others open, and locking
// one locks all.
//
// The server counts too, by the requests that it gets. So what a page asks
// for while nobody touches anything says so, and a person who writes for long
// without asking for anything is told to the server now and then.

import { effect } from "@preact/signals";
import type { SessionState } from "../../../shared/api";
import { lockNow, session, sessionMarkLocked, sessionRefresh } from "./session";

const channel = "BroadcastChannel" in window ? new BroadcastChannel("loa") : null;
const TELL_EVERY_MS = 5_000;
const ALONE_AFTER_MS = 10_000;
const SIGNS_OF_LIFE = ["pointerdown", "pointermove", "keydown", "wheel", "touchstart"] as const;

let timer: number | undefined;
let lastAt = Date.now();
let toldAt = 0;
let askedAt = Date.now();

/** Nobody has touched this or another window for a while. */
export function isAlone(): boolean {
    return Date.now() - lastAt > ALONE_AFTER_MS;
}

/** A request went out that counts as a sign of life. */
export function toldServer(): void {
    askedAt = Date.now();
}

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
    if (limit > 0 && lastAt - askedAt > limit / 3) {
        sessionRefresh().catch(() => undefined);
    }
}

/** Who speaks into the microphone is there, though no hand moves. */
export function idleTouch(): void {
    onLife();
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
    let was: SessionState | null = null;
    effect(() => {
        const now = session.value;
        clearTimeout(timer);
        if (now?.state === "signed_in") {
            // Only coming in is a sign of life; the session is also read again by itself.
            lastAt = was === "signed_in" ? lastAt : Date.now();
            plan(Math.max(0, lastAt + now.idle_lock_s * 1000 - Date.now()));
        }
        was = now?.state ?? null;
    });
}
