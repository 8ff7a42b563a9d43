// Steps of a reform while they are being written: the same as what is sent,
// but with whole units instead of ids and with gaps still allowed.

import type { NewUnit, Step, StepSource, UnitKind, UnitRef } from "../../../shared/api";
import { newUnit } from "../units/kinds";

export type Op = Step["op"];

export const ops: Op[] = ["merge", "rename", "recode", "rekind", "move", "end", "begin"];

export type How = "whole" | "part" | "rest" | "unknown";

export interface Source {
    unit: UnitRef | null;
    how: How;
    /** In percent, as people write it, or a fraction. */
    share: string;
}

export function newSource(): Source {
    return { unit: null, how: "whole", share: "" };
}

export interface DraftStep {
    key: number;
    op: Op;
    unit: UnitRef | null;
    parent: UnitRef | null;
    text: string;
    kind: UnitKind;
    from: Source[];
    /** A merger makes a new unit, or goes into one that lives on (`unit`). */
    makesNew: boolean;
    into: NewUnit;
}

let nextKey = 1;

export function draftStep(op: Op = "merge"): DraftStep {
    return {
        key: nextKey++,
        op,
        unit: null,
        parent: null,
        text: "",
        kind: "xa",
        from: [newSource(), newSource()],
        makesNew: true,
        into: newUnit(),
    };
}

/** Vietnamese writes 37,5; a fraction such as 2/5 goes to the server as it is. */
function shareOf(text: string): number | string {
    if (text.includes("/")) {
        return text.replaceAll(" ", "");
    }
    const percent = Number(text.trim().replace(",", "."));
    return Number.isFinite(percent) ? Math.round(percent * 1e6) / 1e8 : 0;
}

function sourceOf({ unit, how, share }: Source): StepSource[] {
    if (unit === null) {
        return [];
    }
    if (how === "unknown") {
        return [{ unit_id: unit.id }];
    }
    if (how === "rest") {
        return [{ unit_id: unit.id, rest: true }];
    }
    return [{ unit_id: unit.id, share: how === "whole" ? 1 : shareOf(share) }];
}

function draftSource({ unit_id, share, rest }: StepSource, names: ReadonlyMap<number, UnitRef>): Source {
    const unit = ref(unit_id, names);
    if (rest) {
        return { unit, how: "rest", share: "" };
    }
    if (share === null || share === undefined) {
        return { unit, how: "unknown", share: "" };
    }
    if (Number(share) === 1) {
        return { unit, how: "whole", share: "" };
    }
    const text =
        typeof share === "number" ? String(Math.round(share * 1e8) / 1e6).replace(".", ",") : share;
    return { unit, how: "part", share: text };
}

/** null while something that must be chosen is missing. */
export function stepOf(draft: DraftStep): Step | null {
    const unit_id = draft.unit?.id;
    const text = draft.text.trim();
    switch (draft.op) {
        case "merge": {
            const from = draft.from.flatMap(sourceOf);
            if (!draft.makesNew) {
                return from.length > 0 && unit_id ? { op: "merge", from, unit_id } : null;
            }
            return from.length > 0 && draft.into.name.trim()
                ? { op: "merge", from, into: { ...draft.into, name: draft.into.name.trim() } }
                : null;
        }
        case "begin":
            return draft.into.name.trim() ? { op: "begin", into: draft.into } : null;
        case "rename":
            return unit_id && text ? { op: "rename", unit_id, name: text } : null;
        case "recode":
            return unit_id && text ? { op: "recode", unit_id, code: text } : null;
        case "rekind":
            return unit_id ? { op: "rekind", unit_id, kind: draft.kind } : null;
        case "move":
            return unit_id && draft.parent ? { op: "move", unit_id, parent_id: draft.parent.id } : null;
        case "end":
            return unit_id ? { op: "end", unit_id } : null;
    }
}

function ref(id: number | null | undefined, names: ReadonlyMap<number, UnitRef>): UnitRef | null {
    return id ? (names.get(id) ?? { id, name: `#${id}` }) : null;
}

export function draftOf(step: Step, names: ReadonlyMap<number, UnitRef>): DraftStep {
    const draft = draftStep(step.op);
    switch (step.op) {
        case "merge":
            draft.from = step.from.map((source) => draftSource(source, names));
            if ("unit_id" in step) {
                draft.makesNew = false;
                draft.unit = ref(step.unit_id, names);
                return draft;
            }
            draft.into = step.into;
            draft.parent = ref(step.into.parent_id, names);
            return draft;
        case "begin":
            draft.into = step.into;
            draft.parent = ref(step.into.parent_id, names);
            return draft;
        case "rename":
            draft.text = step.name;
            break;
        case "recode":
            draft.text = step.code;
            break;
        case "rekind":
            draft.kind = step.kind;
            break;
        case "move":
            draft.parent = ref(step.parent_id, names);
            break;
        case "end":
            break;
    }
    draft.unit = ref(step.unit_id, names);
    return draft;
}

export function stepUnits(steps: readonly Step[]): number[] {
    const ids = new Set<number>();
    for (const step of steps) {
        if (step.op === "merge") {
            step.from.forEach((source) => ids.add(source.unit_id));
        }
        if ("into" in step) {
            ids.add(step.into.parent_id ?? 0);
        } else {
            ids.add(step.unit_id);
        }
        if (step.op === "move") {
            ids.add(step.parent_id);
        }
    }
    ids.delete(0);
    return [...ids];
}
