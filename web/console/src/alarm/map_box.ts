// Drawing a box on the map with finger or mouse: what lies in it is taken.

import type { Map as LeafletMap } from "leaflet";
import type { RefObject } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { PointCanvas } from "../fleet/points";

type Frame = Record<"left" | "top" | "width" | "height", string>;

interface Corner {
    x: number;
    y: number;
}

function frameOf(a: Corner, b: Corner): Frame {
    return {
        left: `${Math.min(a.x, b.x)}px`,
        top: `${Math.min(a.y, b.y)}px`,
        width: `${Math.abs(a.x - b.x)}px`,
        height: `${Math.abs(a.y - b.y)}px`,
    };
}

export function useBox(
    drawing: boolean,
    box: RefObject<HTMLDivElement | null>,
    world: RefObject<{ map: LeafletMap; canvas: PointCanvas } | null>,
    onBox: (units: Set<number>) => void,
): Frame | null {
    const [frame, setFrame] = useState<Frame | null>(null);
    useEffect(() => {
        const element = box.current;
        const { current } = world;
        if (!drawing || element === null || !current) {
            return;
        }
        current.map.dragging.disable();
        let from: Corner | null = null;
        const cornerOf = (event: PointerEvent): Corner => {
            const { left, top } = element.getBoundingClientRect();
            return { x: event.clientX - left, y: event.clientY - top };
        };
        const onDown = (event: PointerEvent) => {
            from = cornerOf(event);
            element.setPointerCapture(event.pointerId);
        };
        const onMove = (event: PointerEvent) => from && setFrame(frameOf(from, cornerOf(event)));
        const onUp = (event: PointerEvent) => {
            if (from !== null) {
                const to = cornerOf(event);
                const [x1, x2] = [Math.min(from.x, to.x), Math.max(from.x, to.x)];
                const [y1, y2] = [Math.min(from.y, to.y), Math.max(from.y, to.y)];
                from = null;
                setFrame(null);
                onBox(current.canvas.unitsWithin(x1, y1, x2, y2));
            }
        };
        element.addEventListener("pointerdown", onDown);
        element.addEventListener("pointermove", onMove);
        element.addEventListener("pointerup", onUp);
        return () => {
            current.map.dragging.enable();
            element.removeEventListener("pointerdown", onDown);
            element.removeEventListener("pointermove", onMove);
            element.removeEventListener("pointerup", onUp);
            setFrame(null);
        };
    }, [drawing]);
    return frame;
}
