// Calls about sounds on their way in: uploads piece by piece, the work on
// them, and text that is read aloud.

import type { Sound, SoundCut, SpeechAsk, SpokenWord, Upload, Voices } from "../../../shared/sounds";
import { get, post, put, putBytes, remove } from "./client";

export const uploadBegin = (name: string, bytes: number) => post<Upload>("/uploads", { name, bytes });
export const uploadRead = (id: number) => get<Upload>(`/uploads/${id}`);
export const uploadPiece = (id: number, offset: number, piece: Blob, stop: AbortSignal) =>
    putBytes<Upload>(`/uploads/${id}`, { offset }, piece, stop);
export const uploadRemove = (id: number) => remove(`/uploads/${id}`);

export const soundMake = (cut: SoundCut) => post<Sound>("/sounds", cut);
export const soundRead = (id: number) => get<Sound>(`/sounds/${id}`);
export const soundCancel = (id: number) => remove(`/sounds/${id}`);

export const speechMake = (ask: SpeechAsk) => post<Sound>("/speech", ask);
export const speechReading = (unit_id: number, text: string) =>
    post<{ reading: string }>("/speech/reading", { unit_id, text });
export const speechVoices = () => get<Voices>("/speech/voices");
export const speechWords = (unit: number) => get<{ items: SpokenWord[] }>("/speech/words", { unit });
export const speechWordsSave = (unit_id: number, items: Omit<SpokenWord, "unit">[]) =>
    put<{ items: SpokenWord[] }>("/speech/words", { unit_id, items });
