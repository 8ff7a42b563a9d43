// Who is signed in. One signal holds what the server said last; every answer
// of a session call replaces it whole, so that rights and state never mix.

import { computed, signal } from "@preact/signals";
import type { Right, Session } from "../../../shared/api";
import { sessionClose, sessionLock, sessionRead } from "../api/session";
import { languageSet } from "../words";
import { remember, remembered } from "./store";

/** null until the server has answered for the first time. */
export const session = signal<Session | null>(null);

/** Why the sign-in page is shown, when it is not the first visit. */
export const ended = signal<"out" | "expired" | null>(null);

export const account = computed(() => session.value?.account ?? null);

export function can(right: Right): boolean {
    return session.value?.rights.includes(right) ?? false;
}

/** The last session that was open here: without a connection its person can go on writing. */
const LAST = "last_session";
const LAST_MS = 7 * 86_400_000;

function keepLast(next: Session): void {
    const open = next.state === "signed_in" && next.must.length === 0;
    remember(LAST, open ? JSON.stringify({ at: Date.now(), session: { ...next, csrf: null } }) : null);
}

/** Begins without the server; only what this browser kept can be seen. True when somebody was here lately. */
export function sessionOffline(): boolean {
    try {
        const kept = JSON.parse(remembered(LAST) ?? "null") as { at: number; session: Session } | null;
        if (kept === null || Date.now() - kept.at > LAST_MS) {
            return false;
        }
        session.value = kept.session;
        return true;
    } catch {
        return false;
    }
}

export function sessionTake(next: Session): void {
    const was = session.peek();
    keepLast(next);
    // A locked session keeps what it showed, so that unlocking brings it back.
    const stays = next.state === "locked" && was !== null && was.account !== null;
    session.value = stays ? { ...was, state: "locked", csrf: next.csrf ?? was.csrf } : next;
    if (next.state === "signed_in") {
        ended.value = null;
    }
    if (next.account) {
        void languageSet(next.account.language);
    }
}

export async function sessionRefresh(): Promise<void> {
    sessionTake(await sessionRead());
}

export function sessionForget(why: "out" | "expired"): void {
    const was = session.peek();
    if (was === null || was.state === "anonymous") {
        return;
    }
    ended.value = why;
    remember(LAST, null);
    session.value = {
        ...was,
        state: "anonymous",
        csrf: null,
        account: null,
        factors: [],
        must: [],
        rights: [],
    };
    // The anonymous session has a token of its own.
    sessionRefresh().catch(() => undefined);
}

export function sessionMarkLocked(): void {
    const was = session.peek();
    if (was !== null && was.state !== "locked") {
        remember(LAST, null);
        session.value = { ...was, state: "locked" };
    }
}

export async function signOut(): Promise<void> {
    await sessionClose();
    sessionForget("out");
}

/** Locks the screen first and tells the server after: the eye comes first. */
export async function lockNow(): Promise<void> {
    sessionMarkLocked();
    sessionTake(await sessionLock());
}
