// A day or a week on one sheet: a column for each day, a block for each
// programme at its true place. Blocks are dragged with the pointer, or moved
// with the arrow keys and put down with Enter; what a move would do to the
// minutes of the day is said while it happens.

import type { Holiday } from "../../../shared/broadcast";
import type { QuotaDay } from "../../../shared/desk";
import { Icon } from "../parts/icon";
import { t } from "../words";
import { clockOf, minutesOf } from "../words/clock";
import { today } from "../words/format";
import { dayHeading } from "./day_name";
import { minuteOf, type Block } from "./blocks";
import type { Held } from "./drag";
import { useDrag } from "./drag";
import type { Place } from "./moves";
import { QuotaBar } from "./quota";
import { isFolded, layOut, namedHours, scaleOf, topOf, type Hours, type Scale } from "./scale";

const LEAST_PX = 25;
const NARROW_PX = 40;

export interface TimelineProps {
    days: string[];
    blocks: Block[];
    quota: QuotaDay[];
    holidays: Holiday[];
    mayMove: (block: Block) => boolean;
    onMove: (block: Block, to: Place) => void;
    onOpen: (block: Block) => void;
}

/** `24:00` is the end of the day, and no time of it. */
function hoursOf(quota: QuotaDay | undefined): Hours[] {
    return (quota?.hours ?? []).map(({ from, to }) => ({
        from: minutesOf(from.slice(0, 5)) ?? 0,
        to: minutesOf(to.slice(0, 5)) ?? 24 * 60,
    }));
}

export function Timeline(props: TimelineProps) {
    const { days, blocks, quota, holidays } = props;
    const byDay = new Map(quota.map((one) => [one.day, one]));
    const scale = scaleOf(blocks, quota.flatMap(hoursOf));
    const drag = useDrag({ scale, days, onMove: props.onMove });
    return (
        <div class={`planner${days.length === 1 ? " planner-day" : ""}`} ref={drag.box}>
            <HourNames scale={scale} />
            {days.map((day) => (
                <DayColumn
                    key={day}
                    {...props}
                    day={day}
                    scale={scale}
                    quota={byDay.get(day)}
                    holiday={holidays.find(({ from, to }) => from <= day && day < to)}
                    drag={drag}
                />
            ))}
            <p class="hidden-words" id="planner-keys">
                {t("timeline.keys")}
            </p>
            <p class="hidden-words" role="status">
                {drag.held && t("timeline.would", { day: dayHeading(drag.held.to.day), time: clockOf(drag.held.to.start) })}
            </p>
        </div>
    );
}

function HourNames({ scale }: { scale: Scale }) {
    return (
        <div class="planner-hours" aria-hidden="true" style={{ height: `${scale.height}px` }}>
            {namedHours(scale).map((hour) => (
                <span key={hour} class={isFolded(scale, hour) ? "planner-folded" : ""} style={{ top: `${scale.tops[hour]}px` }}>
                    {clockOf(hour * 60)}
                </span>
            ))}
        </div>
    );
}

interface ColumnProps extends Omit<TimelineProps, "quota"> {
    day: string;
    scale: Scale;
    quota: QuotaDay | undefined;
    holiday: Holiday | undefined;
    drag: ReturnType<typeof useDrag>;
}

function DayColumn(props: ColumnProps) {
    const { day, scale, quota, holiday, drag } = props;
    const own = props.blocks.filter((block) => block.day === day);
    const hours = hoursOf(quota);
    const { held } = drag;
    const ghost = held !== null && held.to.day === day ? held : null;
    return (
        <section class={`planner-column${day === today() ? " planner-today" : ""}`} aria-label={dayHeading(day)}>
            <header class="planner-head">
                <h2>{dayHeading(day)}</h2>
                {holiday && <p class="planner-holiday">{holiday.name}</p>}
                {quota && <QuotaBar quota={quota} extra={extraOf(held, day)} />}
            </header>
            <ol
                class="planner-track"
                data-day={day}
                style={{ height: `${scale.height}px` }}
            >
                {scale.tops.slice(1, 24).map((top, hour) =>
                    isFolded(scale, hour + 1) && isFolded(scale, hour) ? null : (
                        <li key={top} class="planner-line" aria-hidden="true" style={{ top: `${top}px` }} />
                    ),
                )}
                {quota?.silent && <li class="planner-shut" aria-hidden="true" style={{ top: "0", height: `${scale.height}px` }} />}
                {!quota?.silent && hours.length > 0 && <Shut hours={hours} scale={scale} />}
                {day === today() && <li class="planner-now" aria-hidden="true" style={{ top: `${topOf(scale, minuteOf(new Date().toISOString()))}px` }} />}
                {layOut(own, scale, LEAST_PX).map(({ item, top, height, lane, lanes }) => (
                    <li
                        key={item.key}
                        class={`planner-block planner-${item.tone}${item.clash ? " planner-clash" : ""}${held?.block.key === item.key ? " planner-held" : ""}`}
                        style={{ top: `${top}px`, height: `${height}px`, left: `${(lane / lanes) * 100}%`, width: `${100 / lanes}%` }}
                    >
                        <BlockButton block={item} short={height < NARROW_PX} movable={props.mayMove(item)} drag={drag} onOpen={props.onOpen} />
                    </li>
                ))}
                {ghost && <Ghost held={ghost} scale={scale} />}
            </ol>
        </section>
    );
}

/** How much longer the day gets by what is being moved. */
function extraOf(held: Held | null, day: string): number {
    if (held === null) {
        return 0;
    }
    const was = held.block.minutes;
    const will = held.to.minutes ?? was;
    return (held.to.day === day ? will : 0) - (held.block.day === day ? was : 0);
}

function Shut({ hours, scale }: { hours: Hours[]; scale: Scale }) {
    const edges = [...hours].sort((a, b) => a.from - b.from);
    const shut: Hours[] = [];
    let at = 0;
    for (const { from, to } of edges) {
        if (from > at) {
            shut.push({ from: at, to: from });
        }
        at = Math.max(at, to);
    }
    if (at < 24 * 60) {
        shut.push({ from: at, to: 24 * 60 });
    }
    return (
        <>
            {shut.map(({ from, to }) => (
                <li
                    key={from}
                    class="planner-shut"
                    aria-hidden="true"
                    style={{ top: `${topOf(scale, from)}px`, height: `${topOf(scale, to) - topOf(scale, from)}px` }}
                />
            ))}
        </>
    );
}

interface BlockProps {
    block: Block;
    short: boolean;
    movable: boolean;
    drag: ReturnType<typeof useDrag>;
    onOpen: (block: Block) => void;
}

function BlockButton({ block, short, movable, drag, onOpen }: BlockProps) {
    const words = (
        <>
            {block.clash && <Icon name="warning" />}
            <time class="figure">{clockOf(Math.floor(block.start))}</time> {block.name}
            {block.stands?.repeat && <span class="planner-again"> · {t("programmes.repeat")}</span>}
        </>
    );
    return (
        <>
            <button
                type="button"
                class={short ? "planner-short" : ""}
                title={block.name}
                aria-describedby={movable ? "planner-keys" : undefined}
                onClick={() => drag.clicked() && onOpen(block)}
                {...(movable ? drag.handlers(block, "move") : {})}
            >
                <span>{words}</span>
            </button>
            {movable && !block.stands?.repeat && <span class="planner-edge" aria-hidden="true" {...drag.handlers(block, "size")} />}
        </>
    );
}

function Ghost({ held, scale }: { held: Held; scale: Scale }) {
    const { start } = held.to;
    const minutes = held.to.minutes ?? held.block.minutes;
    const top = topOf(scale, start);
    const height = Math.max(LEAST_PX, topOf(scale, start + minutes) - top);
    return (
        <li class="planner-ghost" aria-hidden="true" style={{ top: `${top}px`, height: `${height}px` }}>
            <b class="figure">{held.to.minutes === null ? clockOf(start) : t("length.minutes", { n: Math.round(minutes) })}</b> {held.block.name}
        </li>
    );
}
