// One shift, or the same one on every day of the week.

import { useState } from "preact/hooks";
import type { Roster, ShiftDraft } from "../../../shared/duty";
import { Button } from "../parts/button";
import { Dialog } from "../parts/dialog";
import { CheckField, SelectField, TextField } from "../parts/field";
import { DateField } from "../parts/date_field";
import { t } from "../words";
import { minutesOf } from "../words/clock";
import { dayShift } from "../words/format";

interface ShiftFormProps {
    roster: Roster;
    day: string;
    onAdd: (shifts: ShiftDraft[]) => void;
    onClose: () => void;
}

const hours = { day: ["07:00", "19:00"], night: ["19:00", "07:00"], whole: ["07:00", "07:00"] } as const;
type Hours = keyof typeof hours | "own";
const WEEK = 7;
const MOST_RANK = 3;

function instantAt(day: string, minutes: number): string {
    const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
    return new Date(year, month - 1, date, 0, minutes).toISOString().replace(/\.\d+Z$/, "Z");
}

/** A shift that ends before it begins ends on the next day. */
function shiftOn(day: string, from: string, to: string): { from: string; to: string } {
    const [begin, end] = [minutesOf(from) ?? 0, minutesOf(to) ?? 0];
    return { from: instantAt(day, begin), to: instantAt(end > begin ? day : dayShift(day, 1), end) };
}

export function ShiftForm({ roster, day, onAdd, onClose }: ShiftFormProps) {
    const [person, setPerson] = useState(String(roster.people[0]?.id ?? ""));
    const [on, setOn] = useState(day);
    const [kind, setKind] = useState<Hours>("day");
    const [own, setOwn] = useState({ from: "07:00", to: "17:00" });
    const [rank, setRank] = useState("1");
    const [week, setWeek] = useState(false);
    const [note, setNote] = useState("");
    const [from, to] = kind === "own" ? [own.from, own.to] : hours[kind];
    const wrong = minutesOf(from) === null || minutesOf(to) === null;
    const submit = () => {
        const days = week ? Array.from({ length: WEEK }, (_, n) => dayShift(roster.from, n)) : [on];
        onAdd(days.map((one) => ({ account_id: Number(person), rank: Number(rank), note: note.trim(), ...shiftOn(one, from, to) })));
    };
    return (
        <Dialog title={t("duty.add")} onClose={onClose}>
            <form
                class="stack"
                onSubmit={(event) => {
                    event.preventDefault();
                    submit();
                }}
            >
                <SelectField
                    label={t("duty.person")}
                    value={person}
                    options={roster.people.map(({ id, name, unit }) => ({ value: String(id), label: `${name} · ${unit.name}` }))}
                    onChange={setPerson}
                />
                <SelectField<Hours>
                    label={t("duty.hours")}
                    value={kind}
                    options={(["day", "night", "whole", "own"] as const).map((value) => ({ value, label: t(`duty_hours.${value}`) }))}
                    onChange={setKind}
                />
                {kind === "own" && (
                    <div class="form-grid">
                        <TextField label={t("duty.from")} value={own.from} onInput={(value) => setOwn({ ...own, from: value })} error={minutesOf(own.from) === null ? t("form.not_a_time") : undefined} required />
                        <TextField label={t("duty.to")} value={own.to} onInput={(value) => setOwn({ ...own, to: value })} error={minutesOf(own.to) === null ? t("form.not_a_time") : undefined} required />
                    </div>
                )}
                {!week && <DateField label={t("duty.day")} value={on} onInput={setOn} required />}
                <CheckField label={t("duty.whole_week")} checked={week} onChange={setWeek} />
                <SelectField
                    label={t("duty.rank")}
                    hint={t("duty.rank_hint")}
                    value={rank}
                    options={Array.from({ length: MOST_RANK }, (_, n) => ({ value: String(n + 1), label: t("duty.rank_n", { n: n + 1 }) }))}
                    onChange={setRank}
                />
                <TextField label={t("duty.note")} value={note} onInput={setNote} />
                <div class="dialog-foot">
                    <Button onClick={onClose}>{t("action.cancel")}</Button>
                    <Button submit kind="primary" disabled={wrong || person === "" || on === ""}>
                        {t("duty.add_go")}
                    </Button>
                </div>
            </form>
        </Dialog>
    );
}
