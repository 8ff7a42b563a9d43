// Takes: sounds on their way in. A recording, a file or a text to be read
// begins as a take in this browser and ends as a sound on the server; only
// then is it deleted here.

import { signal } from "@preact/signals";
import { keepAll, keepDrop, keepGet, keepPieces, keepPiecesDrop, keepPut } from "../state/keep";
import { account } from "../state/session";

export type TakeKind = "voice" | "file" | "speech";

export interface Take {
    mark: string;
    account: number;
    kind: TakeKind;
    /** The mark of the bulletin that it is made for, and the bulletin's number once it has one. */
    of: string;
    bulletin: number | null;
    unit: number;
    title: string;
    language: string;
    name: string;
    type: string;
    began_at: string;
    ms: number;
    bytes: number;
    from_ms: number;
    /** 0: to the end. */
    to_ms: number;
    /** Being recorded; all here, waiting for a person; on its way; arrived. */
    state: "recording" | "kept" | "sending" | "done";
    upload: number | null;
    job: number | null;
    media: string | null;
    /** Of a text that is read aloud. */
    speech: { text: string; voice: string; speed: number } | null;
}

export interface Piece {
    mark: string;
    n: number;
    blob: Blob;
    peaks: number[];
}

/** Peaks are taken so often while a person speaks. */
export const PEAK_MS = 50;

/** Counts changes of what is kept, so that lists are read again. */
export const takesChanged = signal(0);

export function takeNew(about: Pick<Take, "mark" | "kind" | "of" | "bulletin" | "unit" | "title" | "language" | "name" | "type">): Take {
    return {
        ...about,
        account: account.peek()?.id ?? 0,
        began_at: new Date().toISOString(),
        ms: 0,
        bytes: 0,
        from_ms: 0,
        to_ms: 0,
        state: "kept",
        upload: null,
        job: null,
        media: null,
        speech: null,
    };
}

export async function takePut(take: Take): Promise<void> {
    await keepPut("takes", take);
    takesChanged.value++;
}

export const takeGet = (mark: string) => keepGet<Take>("takes", mark);

/** Mine, newest first. */
export async function takesMine(): Promise<Take[]> {
    const me = account.peek()?.id;
    const all = await keepAll<Take>("takes");
    return all.filter((take) => take.account === me).sort((a, b) => b.began_at.localeCompare(a.began_at));
}

export async function takeDrop(mark: string): Promise<void> {
    await keepPiecesDrop(mark);
    await keepDrop("takes", mark);
    takesChanged.value++;
}

export const pieceAdd = (piece: Piece) => keepPut("pieces", piece);

export async function takeSound(take: Take): Promise<{ blob: Blob; peaks: number[] }> {
    const pieces = await keepPieces<Piece>(take.mark);
    return {
        blob: new Blob(
            pieces.map(({ blob }) => blob),
            { type: take.type },
        ),
        peaks: pieces.flatMap(({ peaks }) => peaks),
    };
}

/** A file becomes a take of one piece. */
export async function takeOfFile(take: Take, file: File): Promise<Take> {
    const whole = { ...take, bytes: file.size, type: file.type };
    await pieceAdd({ mark: take.mark, n: 0, blob: file, peaks: [] });
    await takePut(whole);
    return whole;
}

const lockOf = (mark: string) => `loa.take.${mark}`;

/** Held as long as this tab works on the take, so that another tab leaves it alone. */
export function takeHold(mark: string): () => void {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    void navigator.locks?.request(lockOf(mark), () => held);
    return release;
}

export async function takeIsHeld(mark: string): Promise<boolean> {
    const now = await navigator.locks?.query();
    return now?.held?.some(({ name }) => name === lockOf(mark)) ?? false;
}

/** A recording whose tab went away: what came until then is all there. */
export async function takeRecover(take: Take): Promise<Take> {
    if (take.state !== "recording" || (await takeIsHeld(take.mark))) {
        return take;
    }
    const { blob, peaks } = await takeSound(take);
    const whole: Take = { ...take, state: "kept", ms: peaks.length * PEAK_MS, bytes: blob.size };
    await takePut(whole);
    return whole;
}
