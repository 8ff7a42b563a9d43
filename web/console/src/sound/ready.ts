// A sound that somebody waits for on this page: a text read aloud, or a file
// of any kind, until it is made ready to be played.

import type { Sound } from "../../../shared/sounds";
import { markMake } from "../alarm/mark";
import { ApiError } from "../api/client";
import { soundMake, soundRead, speechMake, uploadBegin, uploadPiece } from "../api/sounds";

const LOOK_MS = 500;
const PATIENCE_MS = 180_000;
const PIECE_BYTES = 256 * 1024;

export interface Ready {
    media: string;
    ms: number;
    title: string;
    language: string;
}

function isOver({ state }: Sound): boolean {
    return state === "done" || state === "failed" || state === "cancelled";
}

async function soundReady(asked: Sound): Promise<Ready> {
    const end = Date.now() + PATIENCE_MS;
    let sound = asked;
    while (!isOver(sound) && Date.now() < end) {
        await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
        sound = await soundRead(sound.id);
    }
    if (sound.state !== "done" || sound.media === null) {
        throw new ApiError(0, sound.reason ?? "engine", sound.reason_text ?? "");
    }
    return { media: sound.media, ms: sound.ms ?? 0, title: sound.title, language: sound.language };
}

interface Ask {
    unit_id: number;
    title: string;
    language: string;
}

export async function readAloud(ask: Ask & { text: string }): Promise<Ready> {
    return soundReady(await speechMake({ ...ask, mark: markMake(), voice: "", speed: 100 }));
}

export async function fileReady(ask: Ask, file: File): Promise<Ready> {
    const stop = new AbortController().signal;
    const begun = await uploadBegin(file.name, file.size);
    let offset = begun.offset;
    while (offset < file.size) {
        offset = (await uploadPiece(begun.id, offset, file.slice(offset, offset + PIECE_BYTES), stop)).offset;
    }
    return soundReady(await soundMake({ ...ask, mark: markMake(), upload: begun.id, from_ms: 0, to_ms: 0, partial: false }));
}
