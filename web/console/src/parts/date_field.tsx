// A day, written as people here write it: 01/07/2025. The browser's own date
// input follows the browser's language, not ours, so it only serves as the
// calendar behind the button.

import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../words";
import { day, isDay } from "../words/format";
import { IconButton } from "./button";
import type { FieldBase } from "./field";
import { Field } from "./field";

interface DateFieldProps extends FieldBase {
    value: string;
    /** Called with a whole day, or with "" when the field is emptied. */
    onInput: (value: string) => void;
}

/** `1/7/2025`, `01.07.2025` and `2025-07-01` are all understood. */
function dayOf(text: string): string | null {
    const trimmed = text.trim();
    if (trimmed === "" || isDay(trimmed)) {
        return trimmed;
    }
    const parts = /^(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4})$/.exec(trimmed);
    if (parts === null) {
        return null;
    }
    const [, date = "", month = "", year = ""] = parts;
    const value = `${year}-${month.padStart(2, "0")}-${date.padStart(2, "0")}`;
    // 31/02 is a date for the pattern, not for the calendar.
    return isDay(value) && new Date(`${value}T00:00:00Z`).toISOString().startsWith(value) ? value : null;
}

export function DateField({ value, onInput, ...base }: DateFieldProps) {
    const [text, setText] = useState(day(value));
    const [wrong, setWrong] = useState(false);
    const calendar = useRef<HTMLInputElement>(null);
    useEffect(() => {
        if (dayOf(text) !== value) {
            setText(day(value));
            setWrong(false);
        }
    }, [value]);
    const take = (typed: string) => {
        const found = dayOf(typed);
        setWrong(found === null);
        if (found !== null) {
            setText(day(found));
            if (found !== value) {
                onInput(found);
            }
        }
    };
    return (
        <Field {...base} error={wrong ? t("form.not_a_day") : base.error}>
            {({ id, described, invalid }) => (
                <div class="input-row">
                    <input
                        id={id}
                        class="input"
                        type="text"
                        inputMode="numeric"
                        autocomplete="off"
                        placeholder={t("form.day_shape")}
                        value={text}
                        required={base.required}
                        aria-describedby={described}
                        aria-invalid={invalid}
                        onInput={(event) => setText(event.currentTarget.value)}
                        onChange={(event) => take(event.currentTarget.value)}
                    />
                    <input
                        ref={calendar}
                        class="date-calendar"
                        type="date"
                        tabIndex={-1}
                        aria-hidden="true"
                        value={value}
                        onChange={(event) => take(event.currentTarget.value)}
                    />
                    <IconButton
                        icon="calendar"
                        label={t("form.day_choose")}
                        onClick={() => calendar.current?.showPicker()}
                    />
                </div>
            )}
        </Field>
    );
}
