// "What will sound here on that day, and why": the plan of one pole with its
// outcome so far, and sentences about what is otherwise than somebody might
// expect.

import type { DevicePlan, PlanEntry, PlanNote } from "../../../shared/broadcast";
import { devicePlan } from "../api/broadcast";
import type { Tone } from "../parts/badge";
import { Badge } from "../parts/badge";
import { Icon } from "../parts/icon";
import { Panel } from "../parts/page";
import { Empty, Show } from "../parts/states";
import { useLoad } from "../state/load";
import { DaySteps } from "../programme/day_steps";
import { here } from "../state/router";
import planStyles from "../../styles/plan.css";
import { sheetUse } from "../parts/sheet";
import { t } from "../words";
import { lengthWords, timeExact, timeOf, timeSeconds } from "../words/clock";
import { isDay, today } from "../words/format";

sheetUse(planStyles);

export const outcomeTones: Record<string, Tone> = {
    played: "good",
    partly: "warn",
    not_played: "bad",
    not_reported: "calm",
};

export function DayPlan({ device }: { device: number }) {
    const asked = here.value.query.get("day");
    const day = isDay(asked) ? asked : today();
    const plan = useLoad(`plan|${device}|${day}`, () => devicePlan(device, day), ["programmes", "plays"], 5_000);
    return (
        <Panel
            title={day === today() ? t("plan.today") : t("plan.title")}
            actions={<DaySteps day={day} step={1} />}
        >
            <Show of={plan}>{(ready) => <PlanLines plan={ready} />}</Show>
        </Panel>
    );
}

function PlanLines({ plan }: { plan: DevicePlan }) {
    return (
        <>
            {plan.items.length === 0 ? (
                <Empty picture="paper" title={t("plan.none")} />
            ) : (
                <ol class="plan">
                    {plan.items.map((item) => (
                        <li key={item.id}>
                            <PlanLine item={item} />
                        </li>
                    ))}
                </ol>
            )}
            {plan.notes.length > 0 && (
                <div class="plan-notes">
                    <h3>{t("plan.notes")}</h3>
                    <PlanNotes notes={plan.notes} />
                </div>
            )}
        </>
    );
}

export function PlanNotes({ notes }: { notes: PlanNote[] }) {
    return (
        <ul class="plan-why">
            {notes.map((note, index) => (
                <li key={index}>
                    <Icon name="about" />
                    <span>
                        {note.at && <b class="figure">{timeOf(note.at)}</b>} {note.message}
                    </span>
                </li>
            ))}
        </ul>
    );
}

function PlanLine({ item }: { item: PlanEntry }) {
    const now = Date.now();
    const current = new Date(item.at).getTime() <= now && now < new Date(item.ends_at).getTime();
    const past = new Date(item.ends_at).getTime() <= now;
    return (
        <div class={`plan-line${current ? " plan-current" : ""}${past ? " plan-past" : ""}`}>
            <time class="plan-at figure" dateTime={item.at} title={timeExact(item.at)}>
                {timeOf(item.at)}
                {timeSeconds(item.at) !== 0 && <small>{`:${String(timeSeconds(item.at)).padStart(2, "0")}`}</small>}
            </time>
            <div class="plan-what">
                <p>
                    {item.programme ? <a href={`/programmes/${item.programme.id}`}>{item.title}</a> : item.title}
                    {item.class === "priority" && <Badge tone="info">{t("class.priority")}</Badge>}
                    {current && item.outcome === null && <Badge tone="good">{t("plan.now")}</Badge>}
                </p>
                <p class="quiet">
                    {item.programme && item.programme.name !== item.title ? item.programme.name : t(`plan_kind.${item.kind}`)} ·{" "}
                    {lengthWords(item.ms)}
                    {item.message && ` · ${item.message}`}
                </p>
            </div>
            {item.outcome && <Badge tone={outcomeTones[item.outcome] ?? "calm"}>{t(`outcome.${item.outcome}`)}</Badge>}
        </div>
    );
}
