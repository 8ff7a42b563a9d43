// Who is on duty, day by day, and who would be called for an alarm right now.

import dutyStyles from "../../styles/duty.css";
import studioStyles from "../../styles/studio.css";
import { useState } from "preact/hooks";
import type { Roster, Shift, ShiftDraft } from "../../../shared/duty";
import { UnitFilter } from "../accounts/filters";
import { reachRead, rosterRead, rosterSave } from "../api/duty";
import { ShiftForm } from "../duty/shift_form";
import { Badge } from "../parts/badge";
import { Button, IconButton } from "../parts/button";
import { Icon } from "../parts/icon";
import { Page, Panel } from "../parts/page";
import { sheetUse } from "../parts/sheet";
import { FormError, Notice, Show } from "../parts/states";
import { toastDone } from "../parts/toast";
import { useAct, useLoad } from "../state/load";
import { here, querySet } from "../state/router";
import { account } from "../state/session";
import { dayOfInstant } from "../studio/words";
import { t } from "../words";
import { lengthWords, timeOf } from "../words/clock";
import { day, dayShift, isDay, today } from "../words/format";

sheetUse(studioStyles);
sheetUse(dutyStyles);

const WEEK = 7;
/** Ranks of a roster; behind them come those who have the right. */
const MOST_RANK = 9;

function monday(of: string): string {
    return dayShift(of, -((new Date(`${of}T00:00:00Z`).getUTCDay() + 6) % 7));
}

export default function Duty() {
    const { query } = here.value;
    const unit = Number(query.get("unit") ?? account.value?.unit.id ?? 0);
    const asked = query.get("day");
    const from = monday(isDay(asked) ? asked : today());
    const roster = useLoad(`duty|${unit}|${from}`, () => rosterRead(unit, from, dayShift(from, WEEK)), ["inbox"]);
    return (
        <Page title={t("section.duty")} lead={t("duty.lead")}>
            <div class="studio-bar">
                <div class="week-steps">
                    <IconButton icon="left" label={t("duty.week_before")} onClick={() => querySet({ day: dayShift(from, -WEEK) })} />
                    <span class="figure">
                        {day(from)} – {day(dayShift(from, WEEK - 1))}
                    </span>
                    <IconButton icon="right" label={t("duty.week_after")} onClick={() => querySet({ day: dayShift(from, WEEK) })} />
                </div>
                <div class="studio-unit">
                    <UnitFilter unit={String(unit)} />
                </div>
            </div>
            <Reached unit={unit} />
            <Show of={roster} lines={7}>
                {(ready) => <Week key={`${unit}|${from}`} roster={ready} onChanged={roster.set} />}
            </Show>
        </Page>
    );
}

function Reached({ unit }: { unit: number }) {
    const reach = useLoad(`reach|${unit}`, () => reachRead(unit), ["inbox"]);
    return (
        <Panel title={t("duty.now")} {...(reach.data ? { lead: t("duty.now_lead", { wait: lengthWords(reach.data.wait_s * 1000) }) } : {})}>
            <Show of={reach} lines={2}>
                {({ steps }) =>
                    steps.length === 0 ? (
                        <Notice kind="warning">{t("duty.nobody")}</Notice>
                    ) : (
                        <ol class="reach">
                            {steps.map(({ rank, people }) => (
                                <li key={rank}>
                                    <b class="reach-rank figure">{rank > MOST_RANK ? <Icon name="people" /> : rank}</b>
                                    <ul>
                                        {people[0]?.by === "right" && <li class="quiet">{t("duty.by_right")}</li>}
                                        {people.map(({ account: person, unit: of, reached }) => (
                                            <li key={person.id}>
                                                {person.name} <span class="quiet">{of.name}</span>{" "}
                                                {!reached.push && !reached.mail && <Badge tone="bad">{t("duty.unreached")}</Badge>}
                                            </li>
                                        ))}
                                    </ul>
                                </li>
                            ))}
                        </ol>
                    )
                }
            </Show>
        </Panel>
    );
}

function draftOf({ account: person, from, to, rank, note }: Shift): ShiftDraft {
    return { account_id: person.id, from, to, rank, note };
}

function Week({ roster, onChanged }: { roster: Roster; onChanged: (next: Roster) => void }) {
    const [adding, setAdding] = useState<string | null>(null);
    const act = useAct();
    const save = (shifts: ShiftDraft[]) =>
        act.run(async () => {
            onChanged(await rosterSave(roster.unit.id, roster.from, roster.to, shifts));
            toastDone(t("duty.saved"));
        });
    const kept = roster.shifts.filter(({ from }) => dayOfInstant(from) >= roster.from && dayOfInstant(from) < roster.to);
    const days = Array.from({ length: WEEK }, (_, n) => dayShift(roster.from, n));
    return (
        <Panel title={t("duty.week")}>
            <FormError error={act.error} />
            <ul class="roster">
                {days.map((one) => (
                    <li key={one} class={`roster-day${one === today() ? " roster-today" : ""}`}>
                        <h3>
                            {t(`weekday.${weekdayOf(one) as 1}`)} <span class="quiet figure">{day(one).slice(0, 5)}</span>
                        </h3>
                        <ul class="roster-shifts">
                            {kept
                                .filter(({ from }) => dayOfInstant(from) === one)
                                .sort((a, b) => a.from.localeCompare(b.from) || a.rank - b.rank)
                                .map((shift) => (
                                    <li key={shift.id} class={`shift shift-${Math.min(shift.rank, 3)}`}>
                                        <span class="figure quiet">
                                            {timeOf(shift.from)}–{timeOf(shift.to)}
                                        </span>
                                        <span class="shift-name">
                                            {shift.account.name}
                                            {shift.rank > 1 && <span class="quiet"> · {t("duty.rank_n", { n: shift.rank })}</span>}
                                            {shift.note && <span class="quiet"> · {shift.note}</span>}
                                        </span>
                                        {!shift.reached.push && !shift.reached.mail && <Badge tone="warn">{t("duty.unreached")}</Badge>}
                                        {shift.phone && <a href={`tel:${shift.phone}`}>{shift.phone}</a>}
                                        {roster.may_write && (
                                            <IconButton
                                                icon="trash"
                                                label={t("duty.remove", { name: shift.account.name })}
                                                onClick={() => void save(kept.filter(({ id }) => id !== shift.id).map(draftOf))}
                                            />
                                        )}
                                    </li>
                                ))}
                            {roster.may_write && (
                                <li>
                                    <Button small kind="quiet" icon="plus" busy={act.busy} onClick={() => setAdding(one)}>
                                        {t("duty.add")}
                                    </Button>
                                </li>
                            )}
                        </ul>
                    </li>
                ))}
            </ul>
            {adding !== null && (
                <ShiftForm
                    roster={roster}
                    day={adding}
                    onClose={() => setAdding(null)}
                    onAdd={(shifts) => {
                        setAdding(null);
                        void save([...kept.map(draftOf), ...shifts]);
                    }}
                />
            )}
        </Panel>
    );
}

function weekdayOf(of: string): number {
    return ((new Date(`${of}T00:00:00Z`).getUTCDay() + 6) % 7) + 1;
}
