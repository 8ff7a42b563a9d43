// The tree of units, with the ARIA tree's keys: arrows move, open and close,
// Home and End jump, a letter finds the next name that begins with it. Rows
// are loaded when their parent is opened and kept while the date stays.

import type { ComponentChildren } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { UnitLine } from "../../../shared/api";
import { unitChildren } from "../api/units";
import { topicVersion } from "../state/live";
import { returns } from "../state/online";
import { asApiError } from "../state/load";
import type { ApiError } from "../api/client";
import { byName } from "../words/format";
import { ownName, plainText } from "../words/names";
import { Icon } from "./icon";
import { ErrorState, Skeleton } from "./states";

interface TreeProps {
    label: string;
    at: string | null;
    selected: number | null;
    /** Ids from the root to the selected unit, to be opened on arrival. */
    path: number[];
    onSelect: (unit: UnitLine) => void;
    line: (unit: UnitLine) => ComponentChildren;
}

interface Row {
    unit: UnitLine;
    level: number;
    parent: number | null;
    place: number;
    of: number;
}

const ROOT = 0;

/** The children by parent id, loaded once per parent and date. */
function useChildren(at: string | null, open: ReadonlySet<number>) {
    const version = topicVersion("units");
    const [known, setKnown] = useState<ReadonlyMap<number, UnitLine[]>>(new Map());
    const [error, setError] = useState<ApiError | null>(null);
    const [turn, setTurn] = useState(0);
    const asked = useRef({ of: "", ids: new Set<number>() });
    const of = `${at ?? ""}|${version}|${turn}|${returns.value}`;

    useEffect(() => {
        if (asked.current.of !== of) {
            asked.current = { of, ids: new Set() };
        }
        const { ids } = asked.current;
        for (const id of [ROOT, ...open]) {
            if (ids.has(id)) {
                continue;
            }
            ids.add(id);
            unitChildren(id === ROOT ? null : id, at).then(
                (items) => {
                    if (asked.current.ids === ids) {
                        setError(null);
                        setKnown((was) => new Map(was).set(id, byName(items)));
                    }
                },
                (cause: unknown) => {
                    if (asked.current.ids === ids) {
                        setError(asApiError(cause));
                    }
                },
            );
        }
    }, [of, open]);
    return { known, error, retry: () => setTurn((n) => n + 1) };
}

function flatten(known: ReadonlyMap<number, UnitLine[]>, open: ReadonlySet<number>): Row[] {
    const rows: Row[] = [];
    const walk = (id: number, level: number) => {
        const items = known.get(id) ?? [];
        items.forEach((unit, index) => {
            const parent = id === ROOT ? null : id;
            rows.push({ unit, level, parent, place: index + 1, of: items.length });
            if (open.has(unit.id) && unit.children > 0) {
                walk(unit.id, level + 1);
            }
        });
    };
    walk(ROOT, 1);
    return rows;
}

export function Tree({ label, at, selected, path, onSelect, line }: TreeProps) {
    const [open, setOpen] = useState<ReadonlySet<number>>(new Set());
    const [focus, setFocus] = useState<number | null>(null);
    const box = useRef<HTMLDivElement>(null);
    const { known, error, retry } = useChildren(at, open);
    const rows = useMemo(() => flatten(known, open), [known, open]);
    const pathKey = path.join();

    useEffect(() => {
        if (path.length > 0) {
            setOpen((was) => new Set([...was, ...path]));
        }
    }, [pathKey]);
    // A province of one root is dull when closed.
    useEffect(() => {
        const roots = known.get(ROOT) ?? [];
        const only = roots[0];
        if (roots.length === 1 && only && only.children > 0) {
            setOpen((was) => (was.has(only.id) ? was : new Set([...was, only.id])));
        }
    }, [known.get(ROOT)]);
    const found = rows.some((row) => row.unit.id === selected);
    useEffect(() => {
        const row = box.current?.querySelector<HTMLElement>("[aria-selected=true]");
        if (row) {
            reveal(row);
        }
    }, [selected, found]);

    const current = rows.find((row) => row.unit.id === (focus ?? selected)) ?? rows[0];
    const turn = (id: number, to: boolean) =>
        setOpen((was) => {
            const next = new Set(was);
            if (to) {
                next.add(id);
            } else {
                next.delete(id);
            }
            return next;
        });
    const moveTo = (row: Row | undefined) => {
        if (row) {
            setFocus(row.unit.id);
            box.current?.querySelector<HTMLElement>(`[data-unit="${row.unit.id}"]`)?.focus();
        }
    };
    const onKey = (event: KeyboardEvent) => {
        if (current && treeKey(event, { rows, current, open, turn, moveTo, onSelect })) {
            event.preventDefault();
        }
    };

    if (error && rows.length === 0) {
        return <ErrorState error={error} retry={retry} />;
    }
    if (!known.has(ROOT)) {
        return <Skeleton lines={6} />;
    }
    return (
        <>
            {error && <ErrorState error={error} retry={retry} />}
            <div class="tree" role="tree" aria-label={label} ref={box} onKeyDown={onKey}>
                {rows.map((row) => (
                    <TreeRow
                        key={row.unit.id}
                        row={row}
                        open={open.has(row.unit.id)}
                        waiting={open.has(row.unit.id) && !known.has(row.unit.id)}
                        selected={row.unit.id === selected}
                        reachable={row === current}
                        onTurn={(to) => turn(row.unit.id, to)}
                        onSelect={() => {
                            setFocus(row.unit.id);
                            onSelect(row.unit);
                        }}
                    >
                        {line(row.unit)}
                    </TreeRow>
                ))}
            </div>
        </>
    );
}

/** Rows under the search box at the top of the frame are not seen either. */
const HEAD_PX = 64;

/** Scrolls the frame around the tree, never the page: that stays where it is. */
function reveal(row: HTMLElement): void {
    const frame = row.closest("section");
    if (frame === null) {
        return;
    }
    const inside = frame.getBoundingClientRect();
    const { top, bottom } = row.getBoundingClientRect();
    const last = Math.min(inside.bottom, innerHeight);
    if (top < inside.top + HEAD_PX || bottom > last) {
        frame.scrollTop += top - (inside.top + last) / 2;
    }
}

interface RowProps {
    row: Row;
    open: boolean;
    waiting: boolean;
    selected: boolean;
    reachable: boolean;
    onTurn: (open: boolean) => void;
    onSelect: () => void;
    children: ComponentChildren;
}

function TreeRow({ row, open, waiting, selected, reachable, ...rest }: RowProps) {
    const { unit } = row;
    const branch = unit.children > 0;
    return (
        <div
            class={`tree-row tree-level-${Math.min(row.level, 6)}`}
            role="treeitem"
            data-unit={unit.id}
            aria-level={row.level}
            aria-posinset={row.place}
            aria-setsize={row.of}
            aria-selected={selected}
            aria-expanded={branch ? open : undefined}
            aria-busy={waiting || undefined}
            tabIndex={reachable ? 0 : -1}
            onClick={rest.onSelect}
        >
            <span
                class={`tree-turn${branch ? "" : " tree-leaf"}`}
                aria-hidden="true"
                onClick={(event) => {
                    if (branch) {
                        event.stopPropagation();
                        rest.onTurn(!open);
                    }
                }}
            >
                {waiting ? <span class="spinner" /> : branch && <Icon name={open ? "down" : "right"} />}
            </span>
            <span class="tree-line">{rest.children}</span>
        </div>
    );
}

interface KeyContext {
    rows: Row[];
    current: Row;
    open: ReadonlySet<number>;
    turn: (id: number, to: boolean) => void;
    moveTo: (row: Row | undefined) => void;
    onSelect: (unit: UnitLine) => void;
}

/** True when the key meant something here. */
function treeKey(event: KeyboardEvent, context: KeyContext): boolean {
    const { rows, current, open, turn, moveTo, onSelect } = context;
    const at = rows.indexOf(current);
    const branch = current.unit.children > 0;
    const isOpen = open.has(current.unit.id);
    switch (event.key) {
        case "ArrowDown":
            moveTo(rows[at + 1]);
            return true;
        case "ArrowUp":
            moveTo(rows[at - 1]);
            return true;
        case "ArrowRight":
            if (branch && !isOpen) {
                turn(current.unit.id, true);
            } else if (branch) {
                moveTo(rows[at + 1]);
            }
            return true;
        case "ArrowLeft":
            if (branch && isOpen) {
                turn(current.unit.id, false);
            } else {
                moveTo(rows.find((row) => row.unit.id === current.parent));
            }
            return true;
        case "Home":
            moveTo(rows[0]);
            return true;
        case "End":
            moveTo(rows[rows.length - 1]);
            return true;
        case "Enter":
        case " ":
            onSelect(current.unit);
            return true;
    }
    if (event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) {
        moveTo(nextNamed([...rows.slice(at + 1), ...rows.slice(0, at)], event.key));
        return true;
    }
    return false;
}

function nextNamed(rows: Row[], letter: string): Row | undefined {
    const wanted = plainText(letter);
    return rows.find((row) => ownName(row.unit.name).startsWith(wanted));
}
