// Draws the fleet's points, names of communes and a plain graticule on one
// canvas over a Leaflet map. No tiles and no other host: ten thousand points
// are redrawn within a frame while the map moves.

import type { Map as LeafletMap } from "leaflet";
import { CRS, latLng } from "leaflet";
import type { DeviceLive } from "../../../shared/fleet";
import { lives } from "./marks";

export interface Spot {
    id: number;
    name: string;
    lat: number;
    lng: number;
    live: DeviceLive;
    faulty: boolean;
    unit: number;
}

interface Placed extends Spot {
    /** Place in the world of zoom 0. */
    x: number;
    y: number;
}

interface Named {
    name: string;
    x: number;
    y: number;
}

/** The worst is drawn last, above the others. */
const order: DeviceLive[] = ["never", "alive", "late", "dead"];
const NEAR_PX = 14;
const STEPS = [1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001];
const LINES_APART_PX = 90;

function placed(spots: Spot[]): Placed[] {
    return spots
        .map((spot) => {
            const { x, y } = CRS.EPSG3857.latLngToPoint(latLng(spot.lat, spot.lng), 0);
            return { ...spot, x, y };
        })
        .sort((a, b) => order.indexOf(a.live) - order.indexOf(b.live));
}

/** The middle of a commune's points stands in for its outline. */
function middles(points: Placed[], names: Map<number, string>): Named[] {
    const sums = new Map<number, { x: number; y: number; n: number }>();
    for (const point of points) {
        const sum = sums.get(point.unit) ?? { x: 0, y: 0, n: 0 };
        sums.set(point.unit, { x: sum.x + point.x, y: sum.y + point.y, n: sum.n + 1 });
    }
    return [...sums]
        .sort(([, a], [, b]) => b.n - a.n)
        .map(([unit, { x, y, n }]) => ({ name: names.get(unit) ?? "", x: x / n, y: y / n }));
}

export class PointCanvas {
    private readonly canvas = document.createElement("canvas");
    private points: Placed[] = [];
    private names: Named[] = [];
    private frame = 0;
    private sprites = new Map<string, HTMLCanvasElement>();
    private chosen: number | null = null;
    private area: ReadonlySet<number> | null = null;

    constructor(private readonly map: LeafletMap) {
        this.canvas.className = "map-points";
        this.canvas.setAttribute("aria-hidden", "true");
        map.getContainer().appendChild(this.canvas);
        map.on("move zoom viewreset resize zoomend moveend", this.later, this);
    }

    show(spots: Spot[], units: Map<number, string>): void {
        this.points = placed(spots);
        this.names = middles(this.points, units);
        this.later();
    }

    choose(id: number | null): void {
        this.chosen = id;
        this.later();
    }

    /** Units whose points stand out; the others step back. */
    mark(area: ReadonlySet<number>): void {
        this.area = area;
        this.later();
    }

    /** The units of what lies within a box of the map, in its own pixels. */
    unitsWithin(x1: number, y1: number, x2: number, y2: number): Set<number> {
        const { scale, left, top } = this.view();
        const inside = this.points.filter((point) => {
            const [x, y] = [point.x * scale - left, point.y * scale - top];
            return x1 <= x && x <= x2 && y1 <= y && y <= y2;
        });
        return new Set(inside.map(({ unit }) => unit));
    }

    /** Colours may have changed with the look. */
    repaint(): void {
        this.sprites.clear();
        this.later();
    }

    remove(): void {
        cancelAnimationFrame(this.frame);
        this.map.off("move zoom viewreset resize zoomend moveend", this.later, this);
        this.canvas.remove();
    }

    near(x: number, y: number): Spot | null {
        const { scale, left, top } = this.view();
        let best: Placed | null = null;
        let distance = NEAR_PX * NEAR_PX;
        for (const point of this.points) {
            const dx = point.x * scale - left - x;
            const dy = point.y * scale - top - y;
            // The last of equals lies on top.
            if (dx * dx + dy * dy <= distance) {
                distance = dx * dx + dy * dy;
                best = point;
            }
        }
        return best;
    }

    private later(): void {
        this.frame ||= requestAnimationFrame(() => {
            this.frame = 0;
            this.draw();
        });
    }

    private view(): { scale: number; left: number; top: number } {
        const { x, y } = this.map.getPixelBounds().min ?? { x: 0, y: 0 };
        return { scale: 2 ** this.map.getZoom(), left: x, top: y };
    }

    private style(name: string): string {
        return getComputedStyle(this.map.getContainer()).getPropertyValue(name).trim();
    }

    private draw(): void {
        const { x: width, y: height } = this.map.getSize();
        const dense = Math.min(devicePixelRatio, 2);
        if (this.canvas.width !== width * dense || this.canvas.height !== height * dense) {
            this.canvas.width = width * dense;
            this.canvas.height = height * dense;
        }
        const paper = this.canvas.getContext("2d");
        if (paper === null) {
            return;
        }
        paper.setTransform(dense, 0, 0, dense, 0, 0);
        paper.clearRect(0, 0, width, height);
        this.drawLines(paper, width, height);
        this.drawPoints(paper, width, height, dense);
        this.drawNames(paper, width, height);
    }

    private drawPoints(paper: CanvasRenderingContext2D, width: number, height: number, dense: number): void {
        const { scale, left, top } = this.view();
        const size = Math.max(4, Math.min(8, this.map.getZoom() - 5));
        const half = size + 2;
        for (const point of this.points) {
            const x = point.x * scale - left;
            const y = point.y * scale - top;
            if (x < -half || y < -half || x > width + half || y > height + half) {
                continue;
            }
            const sprite = this.sprite(point.live, point.faulty, size, dense);
            const marked = this.area?.has(point.unit) ?? false;
            paper.globalAlpha = this.area === null || marked ? 1 : 0.35;
            paper.drawImage(sprite, x - half, y - half, half * 2, half * 2);
            paper.globalAlpha = 1;
            if (marked) {
                ring(paper, x, y, size + 2, this.style("--danger"));
            }
            if (point.id === this.chosen) {
                ring(paper, x, y, size + 4, this.style("--ink"));
            }
        }
    }

    /** Shapes as in the list: circle, triangle, square; drawn once and then copied. */
    private sprite(live: DeviceLive, faulty: boolean, size: number, dense: number): HTMLCanvasElement {
        const key = `${live}|${faulty}|${size}|${dense}`;
        const known = this.sprites.get(key);
        if (known) {
            return known;
        }
        const half = size + 2;
        const sprite = document.createElement("canvas");
        sprite.width = sprite.height = half * 2 * dense;
        const paper = sprite.getContext("2d");
        if (paper) {
            paper.scale(dense, dense);
            paper.translate(half, half);
            outline(paper, live, size);
            paper.fillStyle = this.style(`--live-${live}`);
            paper.fill();
            paper.lineWidth = 1.5;
            paper.strokeStyle = this.style(faulty ? "--ink" : "--surface");
            paper.stroke();
        }
        this.sprites.set(key, sprite);
        return sprite;
    }

    /** Biggest communes first; a name that would lie on another waits for a closer look. */
    private drawNames(paper: CanvasRenderingContext2D, width: number, height: number): void {
        const { scale, left, top } = this.view();
        const taken: [number, number, number, number][] = [];
        paper.font = `600 12px ${this.style("--font")}`;
        paper.textAlign = "center";
        paper.lineJoin = "round";
        for (const { name, x, y } of this.names) {
            const half = paper.measureText(name).width / 2 + 4;
            const at = [x * scale - left, y * scale - top - 14] as const;
            const box: [number, number, number, number] = [at[0] - half, at[1] - 14, at[0] + half, at[1] + 6];
            const out = box[2] < 0 || box[3] < 0 || box[0] > width || box[1] > height;
            if (out || taken.some((b) => b[0] < box[2] && box[0] < b[2] && b[1] < box[3] && box[1] < b[3])) {
                continue;
            }
            taken.push(box);
            paper.strokeStyle = this.style("--surface");
            paper.lineWidth = 4;
            paper.strokeText(name, ...at);
            paper.fillStyle = this.style("--ink");
            paper.fillText(name, ...at);
        }
    }

    private drawLines(paper: CanvasRenderingContext2D, width: number, height: number): void {
        const bounds = this.map.getBounds();
        const apart = (bounds.getEast() - bounds.getWest()) / Math.max(1, width / LINES_APART_PX);
        const step = STEPS.findLast((one) => one >= apart) ?? 1;
        const digits = Math.max(0, -Math.floor(Math.log10(step)));
        paper.strokeStyle = this.style("--line");
        paper.fillStyle = this.style("--ink-soft");
        paper.font = `11px ${this.style("--font")}`;
        paper.textAlign = "left";
        paper.lineWidth = 1;
        for (let lng = Math.ceil(bounds.getWest() / step) * step; lng < bounds.getEast(); lng += step) {
            const { x } = this.map.latLngToContainerPoint([bounds.getCenter().lat, lng]);
            line(paper, x, 0, x, height);
            paper.fillText(`${lng.toFixed(digits)}°`, x + 4, height - 6);
        }
        for (let lat = Math.ceil(bounds.getSouth() / step) * step; lat < bounds.getNorth(); lat += step) {
            const { y } = this.map.latLngToContainerPoint([lat, bounds.getCenter().lng]);
            line(paper, 0, y, width, y);
            paper.fillText(`${lat.toFixed(digits)}°`, 4, y - 4);
        }
    }
}

function line(paper: CanvasRenderingContext2D, x1: number, y1: number, x2: number, y2: number): void {
    paper.beginPath();
    paper.moveTo(Math.round(x1) + 0.5, Math.round(y1) + 0.5);
    paper.lineTo(Math.round(x2) + 0.5, Math.round(y2) + 0.5);
    paper.stroke();
}

function ring(paper: CanvasRenderingContext2D, x: number, y: number, radius: number, colour: string): void {
    paper.strokeStyle = colour;
    paper.lineWidth = 2;
    paper.beginPath();
    paper.arc(x, y, radius, 0, 2 * Math.PI);
    paper.stroke();
}

function outline(paper: CanvasRenderingContext2D, live: DeviceLive, size: number): void {
    paper.beginPath();
    if (live === "dead") {
        paper.rect(-size * 0.85, -size * 0.85, size * 1.7, size * 1.7);
    } else if (live === "late") {
        paper.moveTo(0, -size);
        paper.lineTo(size, size * 0.8);
        paper.lineTo(-size, size * 0.8);
        paper.closePath();
    } else {
        paper.arc(0, 0, live === "never" ? size * 0.7 : size * 0.9, 0, 2 * Math.PI);
    }
}

export function spotsOf(points: readonly number[][], names: readonly string[], units: readonly { id: number }[]): Spot[] {
    return points.map(([id = 0, lat = 0, lng = 0, live = 3, faulty = 0, unit = 0], index) => ({
        id,
        name: names[index] ?? "",
        lat,
        lng,
        live: lives[live] ?? "never",
        faulty: faulty !== 0,
        unit: units[unit]?.id ?? 0,
    }));
}
