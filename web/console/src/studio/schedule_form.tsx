// When a bulletin sounds: in the next programme with one press, in another
// one, or at a time of its own. What the rules leave of the day is said here.

import alarmStyles from "../../styles/alarm.css";
import programmeStyles from "../../styles/programme.css";
import { useState } from "preact/hooks";
import type { UnitRef } from "../../../shared/api";
import type { Occurrence } from "../../../shared/broadcast";
import type { ScheduleAsk } from "../../../shared/studio";
import type { ApiError } from "../api/client";
import { programmeDays } from "../api/broadcast";
import { quotaRead } from "../api/desk";
import { AreaPicker } from "../parts/area_picker";
import { Button } from "../parts/button";
import { DateField } from "../parts/date_field";
import { TextField } from "../parts/field";
import { sheetUse } from "../parts/sheet";
import { FormError, Show } from "../parts/states";
import { Repeats } from "../programme/repeats";
import { useLoad } from "../state/load";
import { t } from "../words";
import { clockText, lengthOf, minutesOf, timeOf } from "../words/clock";
import { day, dayShift, today } from "../words/format";

sheetUse(alarmStyles);
sheetUse(programmeStyles);

interface ScheduleFormProps {
    unit: number;
    ms: number;
    busy: boolean;
    error: ApiError | null;
    yes: string;
    onAsk: (ask: ScheduleAsk) => void;
    onCancel: () => void;
}

const DAYS = 3;
const MOST = 6;
const SOON_MS = 120_000;

/** Where it fits: programmes of sounds of the unit itself that did not begin. */
async function placesOf(unit: number): Promise<Occurrence[]> {
    const { items } = await programmeDays(unit, today(), dayShift(today(), DAYS));
    const least = Date.now() + SOON_MS;
    return items
        .filter((one) => one.kind === "items" && one.unit.id === unit && !one.repeat && new Date(one.at).getTime() > least)
        .sort((a, b) => a.at.localeCompare(b.at))
        .slice(0, MOST);
}

export function dayWords(value: string): string {
    return value === today() ? t("schedule.today") : value === dayShift(today(), 1) ? t("schedule.tomorrow") : day(value);
}

function nextTime(): string {
    const soon = new Date(Date.now() + 10 * 60_000);
    return timeOf(new Date(Math.ceil(soon.getTime() / 300_000) * 300_000));
}

export function ScheduleForm(props: ScheduleFormProps) {
    const { unit, ms, busy, error, yes, onAsk, onCancel } = props;
    const places = useLoad(`places|${unit}`, () => placesOf(unit), ["programmes"]);
    const [chosen, setChosen] = useState<string | null>(null);
    const [on, setOn] = useState(today());
    const [start, setStart] = useState(nextTime);
    const [repeats, setRepeats] = useState<{ days_after: number; start: string }[]>([]);
    const [areas, setAreas] = useState<UnitRef[]>([]);
    const items = places.data ?? [];
    const own = "own";
    const now = chosen ?? (items[0] ? keyOf(items[0]) : own);
    const place = items.find((one) => keyOf(one) === now);
    const timeWrong = minutesOf(start) === null;
    const submit = () => {
        if (place) {
            onAsk({ programme: place.programme.id, on: place.day });
        } else {
            onAsk({
                unit_id: unit,
                on,
                start: clockText(start),
                again: [],
                repeats: repeats.map((repeat) => ({ ...repeat, start: clockText(repeat.start) })),
                areas: areas.map(({ id }) => id),
            });
        }
    };
    return (
        <form
            class="stack"
            onSubmit={(event) => {
                event.preventDefault();
                submit();
            }}
        >
            <Show of={places} lines={3}>
                {() => (
                    <fieldset class="places">
                        <legend class="hidden-words">{t("schedule.where")}</legend>
                        {items.map((one) => (
                            <Place key={keyOf(one)} name={one.programme.name} said={`${timeOf(one.at)} · ${dayWords(one.day)}`} checked={now === keyOf(one)} onChoose={() => setChosen(keyOf(one))} />
                        ))}
                        <Place name={t("schedule.own")} said={t("schedule.own_hint")} checked={now === own} onChoose={() => setChosen(own)} />
                    </fieldset>
                )}
            </Show>
            {now === own && (
                <div class="stack">
                    <div class="form-grid">
                        <DateField label={t("schedule.day")} value={on} onInput={setOn} error={error?.field("on")} required />
                        <TextField
                            label={t("programmes.start")}
                            value={start}
                            onInput={setStart}
                            error={timeWrong ? t("form.not_a_time") : error?.field("start")}
                            required
                        />
                    </div>
                    <Repeats repeats={repeats} onChange={setRepeats} />
                    <details class="fold">
                        <summary>{t("schedule.only")}</summary>
                        <AreaPicker label={t("schedule.areas")} value={areas} onChange={setAreas} />
                    </details>
                </div>
            )}
            <Quota unit={unit} on={place?.day ?? on} ms={ms} />
            <FormError error={error} shown={["on", "start"]} />
            <div class="dialog-foot">
                <Button onClick={onCancel}>{t("action.cancel")}</Button>
                <Button submit kind="primary" icon="check" busy={busy} disabled={now === own && (timeWrong || on === "")}>
                    {yes}
                </Button>
            </div>
        </form>
    );
}

const keyOf = (one: Occurrence) => `${one.programme.id}|${one.day}`;

interface PlaceProps {
    name: string;
    said: string;
    checked: boolean;
    onChoose: () => void;
}

function Place({ name, said, checked, onChoose }: PlaceProps) {
    return (
        <label class={`place${checked ? " place-taken" : ""}`}>
            <input type="radio" name="place" checked={checked} onChange={onChoose} />
            <span class="place-name">{name}</span>
            <span class="quiet">{said}</span>
        </label>
    );
}

/** "11 of 15 minutes": the rule that limits the day, before anything is planned against it. */
function Quota({ unit, on, ms }: { unit: number; on: string; ms: number }) {
    const quota = useLoad(`quota|${unit}|${on}`, () => quotaRead(unit, on, 1), ["programmes"]);
    const of = quota.data?.items[0];
    if (of === undefined || of.day_most_ms === null) {
        return null;
    }
    const after = of.used_ms + ms;
    const over = after > of.day_most_ms;
    return (
        <div class={`quota${over ? " quota-over" : ""}`}>
            <meter max={of.day_most_ms} value={after} aria-label={t("quota.label")} />
            <p class="quiet">
                {t(over ? "quota.over" : "quota.used", { used: lengthOf(after), most: lengthOf(of.day_most_ms) })}
                {of.rule !== null && ` · ${of.rule}`}
            </p>
        </div>
    );
}
