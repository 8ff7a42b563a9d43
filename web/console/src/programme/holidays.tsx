// Holidays are data: lunar days move, and provinces have days of their own.

import { useState } from "preact/hooks";
import type { Holiday } from "../../../shared/broadcast";
import { holidayList, holidaysSave } from "../api/broadcast";
import { Button, IconButton } from "../parts/button";
import { DateField } from "../parts/date_field";
import { TextField } from "../parts/field";
import { Panel } from "../parts/page";
import { FormError, Show } from "../parts/states";
import { More } from "../parts/table";
import { toastDone } from "../parts/toast";
import { topicTouch } from "../state/live";
import { useAct, useLoad } from "../state/load";
import { can } from "../state/session";
import { t } from "../words";
import { day, dayBefore, dayShift, today } from "../words/format";

/** About a year; the data reach further. */
const FIRST = 8;

function spanOf({ from, to }: Holiday): string {
    const last = dayBefore(to);
    return last === from ? day(from) : t("time.between", { from: day(from), to: day(last) });
}

export function Holidays({ unit }: { unit: number }) {
    const list = useLoad(`holidays|${unit}`, () => holidayList(unit), ["programmes"]);
    const [whole, setWhole] = useState(false);
    const act = useAct();
    const save = (items: Holiday[]) =>
        act.run(async () => {
            await holidaysSave(unit, items.map(({ from, to, name }) => ({ from, to, name })));
            topicTouch("programmes");
            toastDone(t("days_off.saved"));
            list.reload();
        });
    return (
        <Panel title={t("when.holidays")} lead={t("days_off.lead")}>
            <FormError error={act.error} />
            <Show of={list} lines={2}>
                {({ items }) => {
                    const own = items.filter((one) => one.unit?.id === unit);
                    const inOrder = [...items].sort((a, b) => a.from.localeCompare(b.from));
                    return (
                        <>
                            <ul class="lines">
                                {inOrder.slice(0, whole ? undefined : FIRST).map((one) => (
                                    <li key={`${one.from}|${one.name}`} class="line">
                                        <div class="line-body">
                                            <p>
                                                <b>{one.name}</b> · <span class="figure">{spanOf(one)}</span>
                                            </p>
                                            {one.unit?.id !== unit && <p class="quiet">{one.unit?.name ?? t("days_off.country")}</p>}
                                        </div>
                                        {can("programmes_write") && one.unit?.id === unit && (
                                            <IconButton
                                                icon="trash"
                                                label={t("days_off.remove", { name: one.name })}
                                                onClick={() => void save(own.filter((other) => other !== one))}
                                            />
                                        )}
                                    </li>
                                ))}
                            </ul>
                            {!whole && <More more={items.length > FIRST ? () => setWhole(true) : null} busy={false} />}
                            {items.length === 0 && <p class="quiet">{t("days_off.none")}</p>}
                            {can("programmes_write") && <Add busy={act.busy} onAdd={(one) => save([...own, one])} />}
                        </>
                    );
                }}
            </Show>
        </Panel>
    );
}

function Add({ busy, onAdd }: { busy: boolean; onAdd: (holiday: Holiday) => Promise<boolean> }) {
    const [name, setName] = useState("");
    const [from, setFrom] = useState(today());
    const [last, setLast] = useState("");
    return (
        <form
            class="day-off"
            onSubmit={(event) => {
                event.preventDefault();
                const to = dayShift(last === "" ? from : last, 1);
                void onAdd({ name: name.trim(), from, to, unit: null }).then((done) => done && setName(""));
            }}
        >
            <TextField label={t("days_off.name")} value={name} onInput={setName} required />
            <DateField label={t("when.since")} value={from} onInput={(value) => value !== "" && setFrom(value)} required />
            <DateField label={t("when.until")} value={last} onInput={setLast} />
            <Button submit icon="plus" busy={busy} disabled={name.trim() === ""}>
                {t("items.add")}
            </Button>
        </form>
    );
}
