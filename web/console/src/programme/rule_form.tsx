// Writing one rule.

import { useState } from "preact/hooks";
import type { Rule } from "../../../shared/broadcast";
import type { ApiError } from "../api/client";
import { Button } from "../parts/button";
import { DateField } from "../parts/date_field";
import { Dialog } from "../parts/dialog";
import { CheckField, TextField } from "../parts/field";
import { FormError } from "../parts/states";
import { t } from "../words";
import { clockText, minutesOf } from "../words/clock";
import { dayBefore, dayShift, today } from "../words/format";
import { weekdayName, weekdays } from "./when_words";

export function newRule(): Rule {
    return {
        name: "",
        from: today(),
        to: null,
        weekdays: [...weekdays],
        quiet_zone: false,
        no_sound: false,
        hours: [
            { from: "05:00", to: "06:30" },
            { from: "17:00", to: "18:30" },
        ],
        session_most_min: 0,
        day_most_min: 0,
        gain_most_mb: 0,
    };
}

/** `5:00–6:30, 17:00–18:30`; null when it cannot be read. */
function hoursOf(text: string): Rule["hours"] | null {
    const hours = text
        .split(/[,;]/)
        .map((part) => part.trim())
        .filter(Boolean)
        .map((part) => part.split(/\s*[–-]\s*/));
    const good = hours.every(([from = "", to = ""]) => minutesOf(from) !== null && (minutesOf(to) !== null || to === "24:00"));
    return good ? hours.map(([from = "", to = ""]) => ({ from: clockText(from), to: clockText(to) })) : null;
}

interface RuleFormProps {
    rule: Rule;
    busy: boolean;
    error: ApiError | null;
    onSave: (rule: Rule) => void;
    onClose: () => void;
}

export function RuleForm({ rule: start, busy, error, onSave, onClose }: RuleFormProps) {
    const [rule, setRule] = useState(start);
    const [hours, setHours] = useState(start.hours.map(({ from, to }) => `${from.slice(0, 5)}–${to.slice(0, 5)}`).join(", "));
    const set = (change: Partial<Rule>) => setRule((was) => ({ ...was, ...change }));
    const parsed = hoursOf(hours);
    return (
        <Dialog title={t(start.name === "" ? "rules.new" : "rules.edit")} onClose={onClose} wide>
            <form
                class="stack"
                onSubmit={(event) => {
                    event.preventDefault();
                    if (parsed !== null) {
                        onSave({ ...rule, name: rule.name.trim(), hours: parsed });
                    }
                }}
            >
                <FormError error={error} />
                <TextField label={t("rules.name")} hint={t("rules.name_hint")} value={rule.name} onInput={(name) => set({ name })} required />
                <div class="form-grid">
                    <DateField label={t("when.since")} value={rule.from} onInput={(from) => set({ from })} required />
                    <DateField label={t("when.until")} value={rule.to === null ? "" : dayBefore(rule.to)} onInput={(last) => set({ to: last === "" ? null : dayShift(last, 1) })} />
                </div>
                <fieldset class="weekdays">
                    <legend class="field-label">{t("rules.weekdays")}</legend>
                    {weekdays.map((n) => (
                        <button
                            key={n}
                            type="button"
                            aria-pressed={rule.weekdays.includes(n)}
                            onClick={() => set({ weekdays: rule.weekdays.includes(n) ? rule.weekdays.filter((one) => one !== n) : [...rule.weekdays, n].sort() })}
                        >
                            {weekdayName(n)}
                        </button>
                    ))}
                </fieldset>
                <CheckField label={t("rules.no_sound")} checked={rule.no_sound} onChange={(no_sound) => set({ no_sound })} />
                {!rule.no_sound && (
                    <>
                        <TextField
                            label={t("rules.hours")}
                            hint={t("rules.hours_hint")}
                            value={hours}
                            onInput={setHours}
                            error={parsed === null ? t("rules.hours_wrong") : undefined}
                        />
                        <div class="form-grid">
                            <TextField label={t("rules.session")} inputMode="numeric" value={rule.session_most_min === 0 ? "" : String(rule.session_most_min)} onInput={(text) => set({ session_most_min: Number(text) || 0 })} />
                            <TextField label={t("rules.day")} inputMode="numeric" value={rule.day_most_min === 0 ? "" : String(rule.day_most_min)} onInput={(text) => set({ day_most_min: Number(text) || 0 })} />
                        </div>
                    </>
                )}
                <CheckField label={t("rules.quiet_only")} hint={t("rules.quiet_hint")} checked={rule.quiet_zone} onChange={(quiet_zone) => set({ quiet_zone })} />
                <div class="dialog-foot">
                    <Button onClick={onClose}>{t("action.cancel")}</Button>
                    <Button submit kind="primary" busy={busy} disabled={rule.name.trim() === "" || rule.weekdays.length === 0}>
                        {t("action.save")}
                    </Button>
                </div>
            </form>
        </Dialog>
    );
}
