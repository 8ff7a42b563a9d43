// Text that the machine reads aloud: asked for, and waited for until the
// sound is there to be heard and sent.

import type { Sound } from "../../../shared/sounds";
import { ApiError } from "../api/client";
import { soundRead, speechMake } from "../api/sounds";
import { markMake } from "./mark";

const LOOK_MS = 500;
const PATIENCE_MS = 60_000;

interface Ask {
    unit_id: number;
    title: string;
    text: string;
    language: string;
}

function isOver({ state }: Sound): boolean {
    return state === "done" || state === "failed" || state === "cancelled";
}

export async function readAloud({ unit_id, title, text, language }: Ask): Promise<{ media: string; ms: number }> {
    const end = Date.now() + PATIENCE_MS;
    let sound = await speechMake({ mark: markMake(), unit_id, title, language, text, voice: "", speed: 100 });
    while (!isOver(sound) && Date.now() < end) {
        await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
        sound = await soundRead(sound.id);
    }
    if (sound.state !== "done" || sound.media === null) {
        throw new ApiError(0, sound.reason ?? "engine", sound.reason_text ?? "");
    }
    return { media: sound.media, ms: sound.ms ?? 0 };
}
