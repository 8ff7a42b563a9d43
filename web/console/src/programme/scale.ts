// The height of a day on the timeline. Loudspeakers sound for an hour in the
// morning and one in the evening: hours in which something stands or may
// stand are tall, the rest of the day is folded.

export const DAY_MIN = 24 * 60;
const HOUR_MIN = 60;
const TALL_PX = 88;
const FOLDED_PX = 13;
/** Each block that begins in an hour needs a line of its own. */
const LINE_PX = 27;

export interface Scale {
    /** Height of each hour of the day. */
    heights: number[];
    /** Where each hour begins; one more for the end of the day. */
    tops: number[];
    height: number;
}

export interface Taken {
    day: string;
    start: number;
    minutes: number;
}

export interface Hours {
    from: number;
    to: number;
}

function mostStarts(taken: readonly Taken[], hour: number): number {
    const starts = new Map<string, number>();
    for (const { day, start } of taken) {
        if (Math.floor(start / HOUR_MIN) === hour) {
            starts.set(day, (starts.get(day) ?? 0) + 1);
        }
    }
    return Math.max(0, ...starts.values());
}

function touches(from: number, to: number, hour: number): boolean {
    return from < (hour + 1) * HOUR_MIN && to > hour * HOUR_MIN;
}

export function scaleOf(taken: readonly Taken[], allowed: readonly Hours[]): Scale {
    const open = allowed.some(({ from, to }) => to - from < DAY_MIN);
    const heights = Array.from({ length: 24 }, (_, hour) => {
        const used =
            taken.some(({ start, minutes }) => touches(start, start + Math.max(1, minutes), hour)) ||
            (open && allowed.some(({ from, to }) => touches(from, to, hour)));
        return used ? Math.max(TALL_PX, mostStarts(taken, hour) * LINE_PX + 12) : FOLDED_PX;
    });
    const tops = [0];
    for (const high of heights) {
        tops.push((tops.at(-1) ?? 0) + high);
    }
    return { heights, tops, height: tops.at(-1) ?? 0 };
}

export function isFolded(scale: Scale, hour: number): boolean {
    return (scale.heights[hour] ?? 0) === FOLDED_PX;
}

const NAME_PX = 20;

/** Hours that get a name: the edges of what is tall, and of the folded rest those that have room. */
export function namedHours(scale: Scale): number[] {
    const edges = scale.heights.flatMap((_, hour) => (!isFolded(scale, hour) || (hour > 0 && !isFolded(scale, hour - 1)) ? [hour] : []));
    const far = (hour: number) => edges.every((edge) => Math.abs((scale.tops[edge] ?? 0) - (scale.tops[hour] ?? 0)) >= NAME_PX);
    const rest = scale.heights.flatMap((_, hour) => (hour % 3 === 0 && far(hour) ? [hour] : []));
    return [...edges, ...rest].sort((a, b) => a - b);
}

/** Where a minute of the day lies. */
export function topOf(scale: Scale, minute: number): number {
    const inside = Math.min(Math.max(minute, 0), DAY_MIN);
    const hour = Math.min(23, Math.floor(inside / HOUR_MIN));
    const part = (inside - hour * HOUR_MIN) / HOUR_MIN;
    return (scale.tops[hour] ?? 0) + part * (scale.heights[hour] ?? 0);
}

/** Which minute lies there, to the nearest `step`. */
export function minuteAt(scale: Scale, top: number, step: number): number {
    const hour = Math.max(0, scale.tops.findLastIndex((one, index) => index < 24 && one <= top));
    const high = scale.heights[hour] ?? 1;
    const part = Math.min(1, Math.max(0, (top - (scale.tops[hour] ?? 0)) / high));
    const minute = (hour + part) * HOUR_MIN;
    return Math.min(DAY_MIN - step, Math.max(0, Math.round(minute / step) * step));
}

export interface Laid<T> {
    item: T;
    top: number;
    height: number;
    lane: number;
    lanes: number;
}

/** Blocks at their true place; those that would lie on another stand beside it. */
export function layOut<T extends Taken>(items: readonly T[], scale: Scale, least: number): Laid<T>[] {
    const done: Laid<T>[] = [];
    let group: Laid<T>[] = [];
    let end = -1;
    const close = () => {
        const lanes = Math.max(1, ...group.map(({ lane }) => lane + 1));
        group.forEach((laid) => (laid.lanes = lanes));
        done.push(...group);
        group = [];
    };
    for (const item of [...items].sort((a, b) => a.start - b.start)) {
        const top = topOf(scale, item.start);
        const height = Math.max(least, topOf(scale, item.start + item.minutes) - top);
        if (top >= end) {
            close();
        }
        const busy = new Set(group.filter((laid) => laid.top + laid.height > top).map(({ lane }) => lane));
        let lane = 0;
        while (busy.has(lane)) {
            lane++;
        }
        group.push({ item, top, height, lane, lanes: 1 });
        end = Math.max(end, top + height);
    }
    close();
    return done;
}
