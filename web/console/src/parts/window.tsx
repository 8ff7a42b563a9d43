// Shows the few rows of a long list that are on the screen, at their places.
// The page scrolls as always; every row has the same height.

import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

interface WindowProps {
    count: number;
    rowHeight: number;
    label: string;
    head: ComponentChildren;
    row: (index: number) => ComponentChildren;
    onLook: (from: number, to: number) => void;
}

/** Rows drawn above and below the screen, so that scrolling shows no gap. */
const SPARE = 8;

interface Range {
    from: number;
    to: number;
}

function rangeOf(box: HTMLElement, rowHeight: number, count: number): Range {
    const { top } = box.getBoundingClientRect();
    const first = Math.floor(-top / rowHeight) - SPARE;
    const last = Math.ceil((innerHeight - top) / rowHeight) + SPARE;
    return { from: Math.max(0, Math.min(first, count - 1)), to: Math.max(0, Math.min(last, count)) };
}

export function Window({ count, rowHeight, label, head, row, onLook }: WindowProps) {
    const box = useRef<HTMLDivElement>(null);
    const [range, setRange] = useState<Range>({ from: 0, to: Math.min(count, 30) });
    useEffect(() => {
        let frame = 0;
        const look = () => {
            frame = 0;
            if (box.current) {
                const next = rangeOf(box.current, rowHeight, count);
                setRange((was) => (was.from === next.from && was.to === next.to ? was : next));
            }
        };
        const later = () => {
            frame ||= requestAnimationFrame(look);
        };
        look();
        addEventListener("scroll", later, { passive: true });
        addEventListener("resize", later);
        return () => {
            cancelAnimationFrame(frame);
            removeEventListener("scroll", later);
            removeEventListener("resize", later);
        };
    }, [count, rowHeight]);
    useEffect(() => onLook(range.from, range.to), [range.from, range.to]);
    const to = Math.min(range.to, count);
    return (
        <div class="window" role="table" aria-label={label} aria-rowcount={count + 1}>
            {head}
            <div class="window-rows" role="rowgroup" ref={box} style={{ height: `${count * rowHeight}px` }}>
                {Array.from({ length: Math.max(0, to - range.from) }, (_, i) => {
                    const index = range.from + i;
                    return (
                        <div
                            key={index}
                            class="window-row"
                            role="row"
                            aria-rowindex={index + 2}
                            style={{ transform: `translateY(${index * rowHeight}px)`, height: `${rowHeight}px` }}
                        >
                            {row(index)}
                        </div>
                    );
                })}
            </div>
        </div>
    );
}
