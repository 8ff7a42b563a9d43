// Calls about units through time: the tree, a unit's card, reforms, imports.

import type {
    Epoch,
    Import,
    ImportKind,
    List,
    NewUnit,
    Reform,
    ReformCard,
    ReformDraft,
    UnitCard,
    UnitChange,
    UnitFound,
    UnitLine,
} from "../../../shared/api";
import { get, post, postFile, put, remove } from "./client";

/** A runaway answer must not keep the phone busy for ever. */
const MOST_PAGES = 20;

export async function unitChildren(parent: number | null, at: string | null): Promise<UnitLine[]> {
    const items: UnitLine[] = [];
    let after: string | null = null;
    for (let page = 0; page < MOST_PAGES; page++) {
        const list: List<UnitLine> = await get("/units", { parent, at, after, limit: 200 });
        items.push(...list.items);
        after = list.next;
        if (after === null) {
            break;
        }
    }
    return items;
}

export const unitSearch = (q: string, at: string | null, signal?: AbortSignal) =>
    get<{ items: UnitFound[] }>("/units/search", { q, at }, signal);
export const unitEpochs = () => get<{ items: Epoch[] }>("/units/epochs");
export const unitCard = (id: number, at: string | null) => get<UnitCard>(`/units/${id}`, { at });
export const unitCreate = (unit: NewUnit & { from: string }) =>
    post<{ unit: UnitLine }>("/units", unit);
export const unitChange = (id: number, change: UnitChange) =>
    post<UnitCard>(`/units/${id}/changes`, change);

export const reformList = (after: string | null) => get<List<Reform>>("/reforms", { after });
export const reformRead = (id: number) => get<ReformCard>(`/reforms/${id}`);
export const reformCreate = (draft: ReformDraft) => post<ReformCard>("/reforms", draft);
export const reformSave = (id: number, draft: ReformDraft) =>
    put<ReformCard>(`/reforms/${id}`, draft);
export const reformRemove = (id: number) => remove(`/reforms/${id}`);
export const reformApply = (id: number) => post<ReformCard>(`/reforms/${id}/apply`);
export const reformUndo = (id: number) => post<ReformCard>(`/reforms/${id}/undo`);

export const importList = (after: string | null) => get<List<Import>>("/imports", { after });
export const importRead = (id: number) => get<Import>(`/imports/${id}`);
export const importCheck = (kind: ImportKind, on: string, file: File) =>
    postFile<Import>("/imports", { kind, on, filename: file.name }, file);
export const importApply = (id: number) => post<Import>(`/imports/${id}/apply`);
export const importDiscard = (id: number) => remove(`/imports/${id}`);
