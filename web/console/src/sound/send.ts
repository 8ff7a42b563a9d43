// Sends takes: piece by piece, going on where the server stopped listening,
// then waits for the work on it. It goes on while other pages are open, and
// begins again by itself when the connection is back.

import { effect, signal } from "@preact/signals";
import type { Sound } from "../../../shared/sounds";
import { ApiError } from "../api/client";
import { soundCancel, soundMake, soundRead, speechMake, uploadBegin, uploadPiece, uploadRead, uploadRemove } from "../api/sounds";
import { asApiError } from "../state/load";
import { topicTouch, topicVersion } from "../state/live";
import { lostAt } from "../state/online";
import { takeDrop, takeGet, takeHold, takePut, takeSound, type Take } from "./takes";

export type SendPhase = "upload" | "away" | "work" | "done" | "failed";

export interface Send {
    phase: SendPhase;
    /** 0 … 1 of this phase. */
    share: number;
    error: ApiError | null;
    sound: Sound | null;
}

const PIECE_BYTES = 256 * 1024;
const ASK_MS = 2_000;

export const sends = signal<ReadonlyMap<string, Send>>(new Map());
const stops = new Map<string, AbortController>();

function tell(mark: string, send: Send | null): void {
    const next = new Map(sends.peek());
    if (send === null) {
        next.delete(mark);
    } else {
        next.set(mark, send);
    }
    sends.value = next;
}

function stopped(stop: AbortSignal): Promise<never> {
    return new Promise((_, reject) => {
        if (stop.aborted) {
            reject(stop.reason as Error);
        }
        stop.addEventListener("abort", () => reject(stop.reason as Error), { once: true });
    });
}

/** Until the server is within reach again. */
async function reached(mark: string, share: number, stop: AbortSignal): Promise<void> {
    if (lostAt.peek() === null) {
        return;
    }
    tell(mark, { phase: "away", share, error: null, sound: null });
    let end = (): void => undefined;
    const back = new Promise<void>((resolve) => {
        end = effect(() => {
            if (lostAt.value === null) {
                resolve();
            }
        });
    });
    await Promise.race([back, stopped(stop)]).finally(() => end());
}

/** Where to go on; a new upload when the old one is no longer there. */
async function offsetOf(take: Take, bytes: number): Promise<{ take: Take; offset: number }> {
    if (take.upload !== null) {
        try {
            return { take, offset: (await uploadRead(take.upload)).offset };
        } catch (cause) {
            if (!(cause instanceof ApiError) || cause.status !== 404) {
                throw cause;
            }
        }
    }
    const begun = await uploadBegin(take.name, bytes);
    const next: Take = { ...take, upload: begun.id };
    await takePut(next);
    return { take: next, offset: begun.offset };
}

/** Again, as often as the connection goes; whatever else fails is a failure. */
async function patient<T>(mark: string, stop: AbortSignal, work: () => Promise<T>): Promise<T> {
    for (;;) {
        try {
            return await work();
        } catch (cause) {
            if (!(cause instanceof ApiError) || cause.status !== 0) {
                throw cause;
            }
            await reached(mark, sends.peek().get(mark)?.share ?? 0, stop);
        }
    }
}

async function uploadAll(begun: Take, stop: AbortSignal): Promise<Take> {
    const { blob } = await takeSound(begun);
    let now = begun;
    await patient(begun.mark, stop, async () => {
        let offset: number;
        ({ take: now, offset } = await offsetOf(now, blob.size));
        while (offset < blob.size) {
            tell(now.mark, { phase: "upload", share: offset / blob.size, error: null, sound: null });
            const piece = blob.slice(offset, offset + PIECE_BYTES);
            offset = (await uploadPiece(now.upload ?? 0, offset, piece, stop)).offset;
        }
    });
    return now;
}

function jobOf(take: Take): Promise<Sound> {
    const { mark, unit, title, language } = take;
    return take.speech !== null
        ? speechMake({ mark, unit_id: unit, title, language, ...take.speech })
        : soundMake({
              mark,
              unit_id: unit,
              title,
              language,
              upload: take.upload ?? 0,
              from_ms: take.from_ms,
              to_ms: take.to_ms,
              partial: false,
          });
}

/** The topic says when to look; a lost word of it costs two seconds. */
async function soundMoved(before: number, stop: AbortSignal): Promise<void> {
    let end = (): void => undefined;
    const moved = new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ASK_MS);
        const quit = effect(() => {
            if (topicVersion("sounds") !== before) {
                resolve();
            }
        });
        end = () => {
            clearTimeout(timer);
            quit();
        };
    });
    await Promise.race([moved, stopped(stop)]).finally(() => end());
}

async function workDone(take: Take, stop: AbortSignal): Promise<Sound> {
    for (;;) {
        const seen = topicVersion("sounds");
        const sound = await patient(take.mark, stop, () => soundRead(take.job ?? 0));
        if (sound.state !== "waiting" && sound.state !== "working") {
            return sound;
        }
        tell(take.mark, { phase: "work", share: sound.progress / 100, error: null, sound });
        await soundMoved(seen, stop);
    }
}

async function runAll(begun: Take, stop: AbortSignal): Promise<void> {
    let take: Take = { ...begun, state: "sending" };
    await takePut(take);
    if (take.job === null) {
        if (take.speech === null) {
            take = await uploadAll(take, stop);
        }
        const whole = take;
        const { id } = await patient(take.mark, stop, () => jobOf(whole));
        take = { ...take, job: id };
        await takePut(take);
    }
    const sound = await workDone(take, stop);
    if (sound.state !== "done" || sound.media === null) {
        // The same bytes would fail the same way: the next try begins anew.
        await takePut({ ...take, state: "kept", job: null });
        throw new ApiError(0, sound.reason ?? sound.state, sound.reason_text ?? sound.state);
    }
    tell(take.mark, { phase: "done", share: 1, error: null, sound });
    await takePut({ ...take, state: "done", media: sound.media, ms: sound.ms ?? take.ms });
    topicTouch("programmes");
}

export function sendStart(take: Take): void {
    if (stops.has(take.mark)) {
        return;
    }
    const control = new AbortController();
    stops.set(take.mark, control);
    const release = takeHold(take.mark);
    tell(take.mark, { phase: take.speech === null ? "upload" : "work", share: 0, error: null, sound: null });
    runAll(take, control.signal)
        .catch((cause: unknown) => {
            if (!control.signal.aborted) {
                tell(take.mark, { phase: "failed", share: 0, error: asApiError(cause), sound: null });
            }
        })
        .finally(() => {
            stops.delete(take.mark);
            release();
        });
}

/** Stops it here and on the server; the take stays, so that it can be sent again. */
export async function sendStop(mark: string): Promise<void> {
    stops.get(mark)?.abort(new DOMException("stopped", "AbortError"));
    tell(mark, null);
    const take = await takeGet(mark);
    if (take === null) {
        return;
    }
    if (take.job !== null) {
        await soundCancel(take.job).catch(() => undefined);
    }
    await takePut({ ...take, state: "kept", job: null });
}

/** Nobody wants it any more: here, and what the server has of it. */
export async function takeForget(take: Take): Promise<void> {
    await sendStop(take.mark);
    if (take.upload !== null) {
        await uploadRemove(take.upload).catch(() => undefined);
    }
    await takeDrop(take.mark);
}

/** It is a part of its bulletin now. */
export async function takeArrived(mark: string): Promise<void> {
    await takeDrop(mark);
    tell(mark, null);
}
