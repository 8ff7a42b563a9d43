// The area on the map: a tap takes the commune of the loudspeaker that stands
// there, a box takes every commune in it. What is taken stands out. The same
// map without hands shows a second person where it would sound.

import { latLngBounds, map as createMap, type Map as LeafletMap } from "leaflet";
import leafletStyles from "leaflet/dist/leaflet.css";
import { useEffect, useRef, useState } from "preact/hooks";
import mapStyles from "../../styles/map.css";
import type { UnitRef } from "../../../shared/api";
import { deviceMap } from "../api/fleet";
import { PointCanvas, spotsOf } from "../fleet/points";
import { Button, IconButton } from "../parts/button";
import { sheetUse } from "../parts/sheet";
import { ErrorState, Skeleton } from "../parts/states";
import { useLoad } from "../state/load";
import { look } from "../state/look";
import { t } from "../words";
import { useBox } from "./map_box";

sheetUse(leafletStyles);
sheetUse(mapStyles);

const CLOSEST_ZOOM = 19;
const FIT_ZOOM = 14;

export interface AreaMapProps {
    areas: UnitRef[];
    /** Without it the map only shows. */
    onChange?: (areas: UnitRef[]) => void;
}

/** A chosen unit that has no loudspeaker of its own stands for those below it. */
async function coveredBy(areas: UnitRef[], known: ReadonlySet<number>): Promise<number[]> {
    const above = areas.filter(({ id }) => !known.has(id));
    const maps = await Promise.all(above.map(({ id }) => deviceMap({ unit: id })));
    return [...areas.map(({ id }) => id), ...maps.flatMap(({ units }) => units.map(({ id }) => id))];
}

export function AreaMap({ areas, onChange }: AreaMapProps) {
    const load = useLoad("area.map", () => deviceMap({}));
    const box = useRef<HTMLDivElement>(null);
    const world = useRef<{ map: LeafletMap; canvas: PointCanvas } | null>(null);
    const [drawing, setDrawing] = useState(false);
    const drew = useRef(false);
    const data = load.data;
    const names = new Map((data?.units ?? []).map(({ id, name }) => [id, name]));
    const key = areas.map(({ id }) => id).join();
    const covered = useLoad(`covered|${key}|${names.size}`, () => coveredBy(areas, new Set(names.keys())));

    const latest = useRef({ areas, onChange, names });
    latest.current = { areas, onChange, names };
    const turn = (units: ReadonlySet<number>, single: boolean) => {
        const { areas: was, onChange: change, names: known } = latest.current;
        const there = new Set(was.map(({ id }) => id));
        const kept = single ? was.filter(({ id }) => !units.has(id)) : was;
        const fresh = [...units].filter((id) => !there.has(id)).map((id) => ({ id, name: known.get(id) ?? "" }));
        change?.([...kept, ...fresh]);
    };

    useEffect(() => {
        if (box.current === null) {
            return;
        }
        const map = createMap(box.current, {
            attributionControl: false,
            zoomControl: false,
            zoomAnimation: false,
            maxZoom: CLOSEST_ZOOM,
            minZoom: 4,
            center: [16, 106.500],
            zoom: 6,
            scrollWheelZoom: onChange !== undefined,
        });
        const canvas = new PointCanvas(map);
        map.on("click", (event) => {
            const spot = canvas.near(event.containerPoint.x, event.containerPoint.y);
            // The end of a box is a click as well.
            if (drew.current) {
                drew.current = false;
            } else if (spot !== null) {
                turn(new Set([spot.unit]), true);
            }
        });
        world.current = { map, canvas };
        return () => {
            canvas.remove();
            map.remove();
            world.current = null;
        };
    }, []);
    useEffect(() => world.current?.canvas.repaint(), [look.value]);
    useEffect(() => {
        const { current } = world;
        if (data === null || current === null) {
            return;
        }
        const spots = spotsOf(data.points, data.names, data.units);
        current.canvas.show(spots, names);
        const inside = new Set(covered.data ?? []);
        const shown = onChange === undefined ? spots.filter(({ unit }) => inside.has(unit)) : spots;
        if (shown.length > 0) {
            current.map.fitBounds(latLngBounds(shown.map(({ lat, lng }) => [lat, lng])).pad(0.15), { maxZoom: FIT_ZOOM });
        }
    }, [data, onChange === undefined ? covered.data : null]);
    useEffect(() => {
        if (covered.data !== null) {
            world.current?.canvas.mark(new Set(covered.data));
        }
    }, [covered.data]);
    const frame = useBox(drawing, box, world, (units) => {
        drew.current = true;
        setTimeout(() => (drew.current = false));
        setDrawing(false);
        turn(units, false);
    });

    return (
        <div class="map-frame area-map">
            {load.error && <ErrorState error={load.error} retry={load.reload} />}
            {data === null && !load.error && <Skeleton lines={2} />}
            <div class={`map${drawing ? " map-drawing" : ""}`}>
                <div class="map-box" ref={box} role="region" aria-label={t(onChange ? "area_map.label" : "area_map.shown")} />
                {frame && <div class="map-draw" style={frame} aria-hidden="true" />}
                <div class="map-zoom">
                    <IconButton icon="plus" label={t("map.closer")} onClick={() => world.current?.map.zoomIn()} />
                    <IconButton icon="minus" label={t("map.farther")} onClick={() => world.current?.map.zoomOut()} />
                </div>
            </div>
            {onChange && (
                <div class="form-foot">
                    <Button small icon="units" pressed={drawing} onClick={() => setDrawing(!drawing)}>
                        {t("area_map.draw")}
                    </Button>
                    <p class="field-hint">{t(drawing ? "area_map.drawing" : "area_map.hint")}</p>
                </div>
            )}
        </div>
    );
}
