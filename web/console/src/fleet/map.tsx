// The fleet on a map. Leaflet moves and zooms; what is seen is drawn by our
// own canvas. Everything on the map stands in the list too, for those who do
// not see it.

import { latLngBounds, map as createMap, type Map as LeafletMap } from "leaflet";
import leafletStyles from "leaflet/dist/leaflet.css";
import { useEffect, useRef, useState } from "preact/hooks";
import { deviceMap } from "../api/fleet";
import mapStyles from "../../styles/map.css";
import { IconButton } from "../parts/button";
import { sheetUse } from "../parts/sheet";
import { ErrorState, Notice, Skeleton } from "../parts/states";
import { useLoad } from "../state/load";
import { look } from "../state/look";
import { t } from "../words";
import { LiveBadge, LiveMark, lives } from "./marks";
import type { FleetQuery } from "./query";
import { fleetFilter } from "./query";
import type { Spot } from "./points";
import { PointCanvas, spotsOf } from "./points";

sheetUse(leafletStyles);
sheetUse(mapStyles);

const CALM_MS = 3_000;
const CLOSEST_ZOOM = 19;
const FIT_ZOOM = 15;

export function FleetMap({ query }: { query: FleetQuery }) {
    const key = JSON.stringify(query);
    const load = useLoad(`map|${key}`, () => deviceMap(fleetFilter(query)), ["presence", "devices"], CALM_MS);
    const box = useRef<HTMLDivElement>(null);
    const world = useRef<{ map: LeafletMap; canvas: PointCanvas; fitted: string } | null>(null);
    const [chosen, setChosen] = useState<Spot | null>(null);
    const data = load.data;

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
        });
        const canvas = new PointCanvas(map);
        map.on("click", (event) => {
            const spot = canvas.near(event.containerPoint.x, event.containerPoint.y);
            canvas.choose(spot?.id ?? null);
            setChosen(spot);
        });
        map.on("mousemove", (event) => {
            const over = canvas.near(event.containerPoint.x, event.containerPoint.y) !== null;
            map.getContainer().classList.toggle("map-over", over);
        });
        world.current = { map, canvas, fitted: "" };
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
        current.canvas.show(spots, new Map(data.units.map(({ id, name }) => [id, name])));
        setChosen((was) => spots.find(({ id }) => id === was?.id) ?? null);
        // A new filter is a new view; the same one keeps where somebody looks.
        if (current.fitted !== key && spots.length > 0) {
            current.fitted = key;
            current.map.fitBounds(latLngBounds(spots.map(({ lat, lng }) => [lat, lng])).pad(0.1), { maxZoom: FIT_ZOOM });
        }
    }, [data]);

    return (
        <div class="map-frame">
            {load.error && <ErrorState error={load.error} retry={load.reload} />}
            {data === null && !load.error && <Skeleton lines={2} />}
            <div class="map">
                <div class="map-box" ref={box} role="region" aria-label={t("map.label")} />
                <div class="map-zoom">
                    <IconButton icon="plus" label={t("map.closer")} onClick={() => world.current?.map.zoomIn()} />
                    <IconButton icon="minus" label={t("map.farther")} onClick={() => world.current?.map.zoomOut()} />
                </div>
                <ul class="map-key" aria-label={t("map.key")}>
                    {lives.map((live) => (
                        <li key={live}>
                            <LiveMark live={live} />
                            {t(`live.${live}`)}
                        </li>
                    ))}
                </ul>
                {chosen && (
                    <div class="map-card" role="status">
                        <a href={`/speakers/${chosen.id}`}>{chosen.name}</a>
                        <LiveBadge live={chosen.live} />
                    </div>
                )}
            </div>
            {data !== null && data.without_place > 0 && (
                <Notice>{t("map.without_place", { n: data.without_place })}</Notice>
            )}
        </div>
    );
}
