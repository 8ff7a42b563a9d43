// Moving a block: with the pointer, or with the keys. One thing is held at a
// time; while it is held nothing has happened yet, and Escape lets go.

import { useEffect, useRef, useState } from "preact/hooks";
import type { Block } from "./blocks";
import type { Place } from "./moves";
import { minuteAt, topOf, type Scale } from "./scale";

const STEP_MIN = 5;
const LENGTH_STEP_MIN = 1;
const LEAST_MIN = 1;
const MOST_MIN = 240;
/** A press that moves less is a click. */
const SLACK_PX = 5;

export interface Held {
    block: Block;
    to: Place;
}

interface DragProps {
    scale: Scale;
    days: string[];
    onMove: (block: Block, to: Place) => void;
}

type Way = "move" | "size";

function sameAs({ block, to }: Held): boolean {
    return to.day === block.day && to.start === Math.round(block.start) && (to.minutes === null || to.minutes === Math.round(block.minutes));
}

export function useDrag({ scale, days, onMove }: DragProps) {
    const box = useRef<HTMLDivElement>(null);
    const [held, setHeld] = useState<Held | null>(null);
    const now = useRef<Held | null>(null);
    const moved = useRef(false);
    const hold = (next: Held | null) => {
        now.current = next;
        setHeld(next);
    };
    const putDown = () => {
        const last = now.current;
        hold(null);
        if (last !== null && !sameAs(last)) {
            onMove(last.block, last.to);
        }
    };
    // Whoever scrolls to another week lets go.
    useEffect(() => hold(null), [days.join()]);

    const dayAt = (x: number, or: string): string => {
        const tracks = [...(box.current?.querySelectorAll<HTMLElement>(".planner-track") ?? [])];
        const found = tracks.find((track) => {
            const { left, right } = track.getBoundingClientRect();
            return left <= x && x < right;
        });
        return found?.dataset["day"] ?? or;
    };

    const onPointerDown = (block: Block, way: Way) => (event: PointerEvent) => {
        if (event.button !== 0 || event.pointerType === "touch" || !(event.currentTarget instanceof HTMLElement)) {
            return;
        }
        const { currentTarget: target, clientX, clientY } = event;
        const from = topOf(scale, way === "move" ? block.start : block.start + block.minutes);
        moved.current = false;
        target.setPointerCapture(event.pointerId);
        const onPointerMove = (move: PointerEvent) => {
            const [dx, dy] = [move.clientX - clientX, move.clientY - clientY];
            if (!moved.current && Math.hypot(dx, dy) < SLACK_PX) {
                return;
            }
            moved.current = true;
            const to: Place =
                way === "move"
                    ? { day: dayAt(move.clientX, block.day), start: minuteAt(scale, from + dy, STEP_MIN), minutes: null }
                    : { day: block.day, start: Math.round(block.start), minutes: lengthFrom(block, minuteAt(scale, from + dy, LENGTH_STEP_MIN)) };
            hold({ block, to });
        };
        const stop = (end: Event) => {
            target.removeEventListener("pointermove", onPointerMove);
            target.removeEventListener("pointerup", stop);
            target.removeEventListener("pointercancel", stop);
            if (end.type === "pointercancel") {
                hold(null);
            }
            putDown();
        };
        target.addEventListener("pointermove", onPointerMove);
        target.addEventListener("pointerup", stop);
        target.addEventListener("pointercancel", stop);
    };

    const onKeyDown = (block: Block) => (event: KeyboardEvent) => {
        const to = now.current?.block.key === block.key ? now.current.to : { day: block.day, start: Math.round(block.start), minutes: null };
        const next = keyed(event, block, to, days);
        if (next !== null) {
            event.preventDefault();
            hold({ block, to: next });
        } else if (event.key === "Escape" && now.current !== null) {
            event.preventDefault();
            hold(null);
        } else if (event.key === "Enter" && now.current !== null) {
            event.preventDefault();
            putDown();
        }
    };

    return {
        box,
        held,
        /** Whether a press was a click, and not the end of a move. */
        clicked: () => {
            const was = moved.current;
            moved.current = false;
            return !was;
        },
        handlers: (block: Block, way: Way) => ({
            onPointerDown: onPointerDown(block, way),
            ...(way === "move" ? { onKeyDown: onKeyDown(block), onBlur: () => now.current !== null && hold(null) } : {}),
        }),
    };
}

function lengthFrom(block: Block, end: number): number {
    return Math.min(MOST_MIN, Math.max(LEAST_MIN, Math.round(end - block.start)));
}

/** Where a key takes what is held: arrows move it, with Shift they make it longer or shorter. */
function keyed(event: KeyboardEvent, block: Block, to: Place, days: readonly string[]): Place | null {
    const at = days.indexOf(to.day);
    const minutes = Math.round(to.minutes ?? block.minutes);
    const steps: Record<string, Place | null> = event.shiftKey
        ? {
              ArrowDown: block.stands?.repeat ? null : { ...to, minutes: Math.min(MOST_MIN, minutes + LENGTH_STEP_MIN) },
              ArrowUp: block.stands?.repeat ? null : { ...to, minutes: Math.max(LEAST_MIN, minutes - LENGTH_STEP_MIN) },
          }
        : {
              ArrowDown: { ...to, start: Math.min(24 * 60 - STEP_MIN, to.start + STEP_MIN) },
              ArrowUp: { ...to, start: Math.max(0, to.start - STEP_MIN) },
              ArrowLeft: { ...to, day: days[Math.max(0, at - 1)] ?? to.day },
              ArrowRight: { ...to, day: days[Math.min(days.length - 1, at + 1)] ?? to.day },
          };
    return steps[event.key] ?? null;
}
