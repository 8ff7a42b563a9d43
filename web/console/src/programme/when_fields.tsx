// On which days: once, daily, on weekdays, monthly; from when to when; and
// what holidays do.

import type { Cadence, Holidays, When } from "../../../shared/broadcast";
import type { ApiError } from "../api/client";
import { DateField } from "../parts/date_field";
import { SelectField, TextField } from "../parts/field";
import { t } from "../words";
import { dayBefore, dayShift } from "../words/format";
import { weekdayName, weekdays } from "./when_words";

const cadences: Cadence[] = ["daily", "weekly", "month_day", "month_weekday", "once"];
const holidays: Holidays[] = ["as_usual", "skip", "only"];

interface WhenFieldsProps {
    when: When;
    set: (change: Partial<When>) => void;
    error: ApiError | null;
}

export function WhenFields({ when, set, error }: WhenFieldsProps) {
    const { cadence } = when;
    const named = cadence === "weekly" || cadence === "month_weekday";
    const turn = (n: number) =>
        set({
            weekdays: when.weekdays.includes(n) ? when.weekdays.filter((one) => one !== n) : [...when.weekdays, n].sort(),
        });
    return (
        <>
            <div class="form-grid">
                <SelectField<Cadence>
                    label={t("when.cadence")}
                    value={cadence}
                    options={cadences.map((value) => ({ value, label: t(`cadence.${value}`) }))}
                    onChange={(next) =>
                        set({
                            cadence: next,
                            every: 1,
                            month_day: next === "month_day" ? 1 : null,
                            nth: next === "month_weekday" ? 1 : null,
                            weekdays: next === "month_weekday" ? [1] : [1, 2, 3, 4, 5, 6, 7],
                            ...(next === "once" ? { to: dayShift(when.from, 1) } : { to: cadence === "once" ? null : when.to }),
                        })
                    }
                />
                <DateField
                    label={t(cadence === "once" ? "when.on" : "when.since")}
                    value={when.from}
                    onInput={(from) => set({ from, ...(cadence === "once" ? { to: dayShift(from, 1) } : {}) })}
                    error={error?.field("from")}
                    required
                />
                {cadence !== "once" && (
                    <DateField
                        label={t("when.until")}
                        value={when.to === null ? "" : dayBefore(when.to)}
                        onInput={(last) => set({ to: last === "" ? null : dayShift(last, 1) })}
                        error={error?.field("to")}
                    />
                )}
                {cadence === "month_day" && (
                    <TextField
                        label={t("when.day_of_month")}
                        inputMode="numeric"
                        value={String(when.month_day ?? "")}
                        onInput={(text) => set({ month_day: Number(text) || null })}
                        error={error?.field("month_day")}
                        required
                    />
                )}
                {cadence === "month_weekday" && (
                    <SelectField
                        label={t("when.nth")}
                        value={String(when.nth ?? 1)}
                        options={[1, 2, 3, 4, -1].map((n) => ({ value: String(n), label: n === -1 ? t("when.last") : t("when.nth_n", { n }) }))}
                        onChange={(value) => set({ nth: Number(value) })}
                    />
                )}
                <SelectField<Holidays>
                    label={t("when.holidays")}
                    value={when.holidays}
                    options={holidays.map((value) => ({ value, label: t(`holidays.${value}`) }))}
                    onChange={(next) => set({ holidays: next })}
                />
            </div>
            {named && (
                <fieldset class="weekdays">
                    <legend class="field-label">{t("when.weekdays")}</legend>
                    {weekdays.map((n) => (
                        <button key={n} type="button" aria-pressed={when.weekdays.includes(n)} onClick={() => turn(n)}>
                            {weekdayName(n)}
                        </button>
                    ))}
                </fieldset>
            )}
        </>
    );
}
