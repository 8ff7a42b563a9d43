// A slider over the days on which something changed. It snaps to them,
// because nothing differs between two of them; an exact day can be typed too.
// The last stop is "today", which stays today when a new reform comes.

import type { Day, Epoch } from "../../../shared/api";
import { t } from "../words";
import { day, span, today } from "../words/format";
import { IconButton } from "./button";
import { DateField } from "./date_field";

interface DateSliderProps {
    epochs: Epoch[];
    at: Day | null;
    onChange: (at: Day | null) => void;
}

/** The epoch a day falls into: the last one that began on or before it. */
function stopOf(epochs: Epoch[], at: Day | null): number {
    const on = at ?? today();
    let stop = 0;
    epochs.forEach((epoch, index) => {
        if (epoch.on <= on) {
            stop = index;
        }
    });
    return stop;
}

export function DateSlider({ epochs, at, onChange }: DateSliderProps) {
    const last = epochs.length - 1;
    const stop = stopOf(epochs, at);
    const epoch = epochs[stop];
    const choose = (index: number) => {
        const next = epochs[Math.min(Math.max(index, 0), last)];
        const present = stopOf(epochs, null);
        onChange(next === undefined || epochs.indexOf(next) === present ? null : next.on);
    };
    if (epoch === undefined) {
        return null;
    }
    const until = epochs[stop + 1]?.on ?? null;
    const text = `${span(epoch.on, until)}${epoch.title ? ` – ${epoch.title}` : ""}`;
    return (
        <div class="slider" role="group" aria-label={t("slider.label")}>
            <p class="slider-now">{at === null ? t("slider.today") : day(at)}</p>
            <p class="slider-span">{text}</p>
            <div class="slider-row">
                <IconButton
                    icon="left"
                    label={t("slider.earlier")}
                    disabled={stop === 0}
                    onClick={() => choose(stop - 1)}
                />
                <div class="slider-track">
                    <input
                        type="range"
                        min={0}
                        max={Math.max(last, 1)}
                        step={1}
                        value={stop}
                        disabled={last < 1}
                        aria-label={t("slider.label")}
                        aria-valuetext={text}
                        onInput={(event) => choose(Number(event.currentTarget.value))}
                    />
                    <Ticks epochs={epochs} stop={stop} />
                </div>
                <IconButton
                    icon="right"
                    label={t("slider.later")}
                    disabled={stop === last}
                    onClick={() => choose(stop + 1)}
                />
            </div>
            <div class="slider-exact">
                <DateField
                    label={t("slider.exact")}
                    value={at ?? today()}
                    onInput={(value) => onChange(value === "" || value === today() ? null : value)}
                    required
                />
            </div>
        </div>
    );
}

/** At most this many marks have room for a label. */
const MOST_LABELS = 6;

/** The year, once: several days of one year share the first one's label. */
function labels(epochs: Epoch[]): string[] {
    const years = epochs.map((epoch) => epoch.on.slice(0, 4));
    const fresh = years.map((year, index) => (years[index - 1] === year ? "" : year));
    const every = Math.ceil(fresh.filter(Boolean).length / MOST_LABELS);
    let seen = 0;
    return fresh.map((year) => (year !== "" && seen++ % every === 0 ? year : ""));
}

function Ticks({ epochs, stop }: { epochs: Epoch[]; stop: number }) {
    const last = Math.max(epochs.length - 1, 1);
    const words = labels(epochs);
    return (
        <div class="slider-ticks" aria-hidden="true">
            {epochs.map((epoch, index) => (
                <span
                    key={epoch.on}
                    class={`slider-tick${index === stop ? " slider-tick-now" : ""}`}
                    style={{ left: `${(100 * index) / last}%` }}
                >
                    {words[index]}
                </span>
            ))}
        </div>
    );
}
