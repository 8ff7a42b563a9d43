// Who is signed in. One signal holds what the server said last; every answer
// of a session call replaces it whole, so that rights and state never mix.

import { computed, signal } from "@preact/signals";
import type { Right, Session } from "../../../shared/api";
import { sessionClose, sessionLock, sessionRead } from "../api/session";
import { languageSet } from "../words";

/** null until the server has answered for the first time. */
export const session = signal<Session | null>(null);

/** Why the sign-in page is shown, when it is not the first visit. */
export const ended = signal<"out" | "expired" | null>(null);

export const account = computed(() => session.value?.account ?? null);

export function can(right: Right): boolean {
    return session.value?.rights.includes(right) ?? false;
}

export function sessionTake(next: Session): void {
    const was = session.peek();
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
