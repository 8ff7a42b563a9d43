// Server-sent events: the server says which topic changed, the pages that
// show it load it again. After a gap in the connection every topic counts as
// changed, because nobody knows what was missed.

import { effect, signal, type Signal } from "@preact/signals";
import type { Topic } from "../../../shared/api";
import { BASE } from "../api/client";
import { markReached } from "./online";
import { session, sessionRefresh } from "./session";
import { versionCheck } from "./version";

const topics: Record<Topic, Signal<number>> = {
    units: signal(0),
    accounts: signal(0),
    audit: signal(0),
    settings: signal(0),
    session: signal(0),
    stations: signal(0),
    devices: signal(0),
    presence: signal(0),
    faults: signal(0),
    programmes: signal(0),
    orders: signal(0),
    alarms: signal(0),
    coverage: signal(0),
    plays: signal(0),
    bulletins: signal(0),
    sounds: signal(0),
    inbox: signal(0),
    live: signal(0),
    cap: signal(0),
};

/** What pages show; the session is read by the console itself. */
const shown = (Object.keys(topics) as Topic[]).filter((topic) => topic !== "session");

export function topicVersion(topic: Topic): number {
    return topics[topic].value;
}

/** Tells this window's own pages that something changed, without waiting. */
export function topicTouch(...names: Topic[]): void {
    for (const name of names) {
        topics[name].value++;
    }
}

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

let source: EventSource | null = null;
let pause = FIRST_PAUSE_MS;
let timer: number | undefined;
let hadGap = false;

function isTopic(value: unknown): value is Topic {
    return typeof value === "string" && value in topics;
}

function onChanged(event: MessageEvent<string>): void {
    let topic: unknown;
    try {
        topic = (JSON.parse(event.data) as { topic?: unknown }).topic;
    } catch {
        return;
    }
    if (topic === "session") {
        sessionRefresh().catch(() => undefined);
    }
    if (isTopic(topic)) {
        topicTouch(topic);
    }
}

function onOpen(): void {
    pause = FIRST_PAUSE_MS;
    markReached(true);
    if (hadGap) {
        hadGap = false;
        topicTouch(...shown);
        // A gap is also what an upgrade of the server looks like.
        void versionCheck();
    }
}

function onError(): void {
    hadGap = true;
    // The browser reconnects a cut stream itself; a refused one stays closed.
    if (source?.readyState === EventSource.CLOSED) {
        close();
        timer = window.setTimeout(open, pause);
        pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
    }
}

function open(): void {
    close();
    source = new EventSource(`${BASE}/events`);
    source.addEventListener("open", onOpen);
    source.addEventListener("error", onError);
    source.addEventListener("changed", onChanged);
}

function close(): void {
    clearTimeout(timer);
    source?.close();
    source = null;
}

export function liveStart(): void {
    let open_for: string | null = null;
    effect(() => {
        const now = session.value;
        const wanted =
            now?.state === "signed_in" && now.must.length === 0 ? (now.account?.login ?? null) : null;
        if (wanted === open_for) {
            return;
        }
        open_for = wanted;
        if (wanted === null) {
            close();
        } else {
            open();
        }
    });
}
