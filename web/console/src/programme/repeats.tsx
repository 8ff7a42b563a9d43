// The same content again: later on the day, or on days after.

import type { Repeat } from "../../../shared/broadcast";
import { Button, IconButton } from "../parts/button";
import { TextField } from "../parts/field";
import { t } from "../words";
import { minutesOf } from "../words/clock";

export function Repeats({ repeats, onChange }: { repeats: Repeat[]; onChange: (repeats: Repeat[]) => void }) {
    const set = (at: number, change: Partial<Repeat>) =>
        onChange(repeats.map((repeat, index) => (index === at ? { ...repeat, ...change } : repeat)));
    return (
        <fieldset class="repeats">
            <legend class="field-label">{t("repeats.title")}</legend>
            {repeats.map((repeat, index) => (
                <div key={index} class="repeat">
                    <TextField
                        label={t("repeats.days_after")}
                        hint={t("repeats.days_hint")}
                        inputMode="numeric"
                        value={String(repeat.days_after)}
                        onInput={(text) => set(index, { days_after: Number(text) || 0 })}
                        required
                    />
                    <TextField
                        label={t("repeats.start")}
                        value={repeat.start}
                        onInput={(start) => set(index, { start })}
                        error={minutesOf(repeat.start) === null ? t("form.not_a_time") : undefined}
                        required
                    />
                    <IconButton icon="trash" label={t("repeats.remove", { n: index + 1 })} onClick={() => onChange(repeats.filter((_, at) => at !== index))} />
                </div>
            ))}
            <div>
                <Button small icon="plus" onClick={() => onChange([...repeats, { days_after: repeats.length === 0 ? 0 : 1, start: "17:30" }])}>
                    {t("repeats.add")}
                </Button>
            </div>
        </fieldset>
    );
}
