// A week on one sheet: a column for each day, a block for each programme, as
// high as it is long but never too low to read. A phone gets the days one
// below the other.

import type { Occurrence } from "../../../shared/broadcast";
import { t } from "../words";
import { timeOf } from "../words/clock";
import { dayShift, today } from "../words/format";

const DAYS = 7;
const HOUR_PX = 44;
const LEAST_PX = 40;

function dayName(day: string): string {
    const format = new Intl.DateTimeFormat(document.documentElement.lang === "en" ? "en-GB" : "vi-VN", {
        weekday: "short",
        day: "2-digit",
        month: "2-digit",
        timeZone: "UTC",
    });
    return format.format(new Date(`${day}T00:00:00Z`));
}

function minutes(at: string): number {
    const date = new Date(at);
    return date.getHours() * 60 + date.getMinutes();
}

interface Placed {
    item: Occurrence;
    top: number;
    height: number;
}

/** Where blocks stand: at their time, pushed down where the one above needs its room. */
function placed(items: Occurrence[], first: number): Placed[] {
    let free = 0;
    return items.map((item) => {
        const top = Math.max(free, ((minutes(item.at) - first) / 60) * HOUR_PX);
        const height = Math.max(LEAST_PX, (item.ms / 3_600_000) * HOUR_PX);
        free = top + height + 2;
        return { item, top, height };
    });
}

export function WeekGrid({ items, from }: { items: Occurrence[]; from: string }) {
    const starts = items.map(({ at }) => minutes(at));
    const first = Math.floor(Math.min(5 * 60, ...starts) / 60) * 60;
    const last = Math.ceil(Math.max(18 * 60, ...starts.map((start) => start + 60)) / 60) * 60;
    const days = Array.from({ length: DAYS }, (_, index) => dayShift(from, index));
    const height = ((last - first) / 60) * HOUR_PX + LEAST_PX * 2;
    return (
        <div class="week">
            <div class="week-hours" aria-hidden="true" style={{ height: `${height}px` }}>
                {Array.from({ length: (last - first) / 60 + 1 }, (_, index) => (
                    <span key={index} style={{ top: `${index * HOUR_PX}px` }}>
                        {`${String(first / 60 + index).padStart(2, "0")}:00`}
                    </span>
                ))}
            </div>
            {days.map((day) => {
                const own = items.filter((item) => item.day === day);
                return (
                    <section key={day} class={`week-day${day === today() ? " week-today" : ""}`} aria-label={dayName(day)}>
                        <h2>{dayName(day)}</h2>
                        <ol style={{ height: `${height}px` }}>
                            {placed(own, first).map(({ item, top, height: high }) => (
                                <li
                                    key={`${item.programme.id}|${item.at}`}
                                    class={`week-block week-${item.class}${item.taken ? "" : " week-not-taken"}`}
                                    style={{ top: `${top}px`, height: `${high}px` }}
                                >
                                    <a href={`/programmes/${item.programme.id}`}>
                                        <time class="figure" dateTime={item.at}>
                                            {timeOf(item.at)}
                                        </time>{" "}
                                        {item.programme.name}
                                    </a>
                                </li>
                            ))}
                        </ol>
                        {own.length === 0 && <p class="quiet week-none">{t("programmes.none_short")}</p>}
                    </section>
                );
            })}
        </div>
    );
}
