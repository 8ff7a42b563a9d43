// A pole group's plan on a phone: one day after the other.

import type { DevicePlan, PlanEntry } from "../../../shared/broadcast";
import { Badge } from "../parts/badge";
import { t } from "../words";
import { lengthWords, timeOf } from "../words/clock";
import { dayHeading } from "./day_name";

export function PlanDays({ plans, onOpen }: { plans: DevicePlan[]; onOpen: (entry: PlanEntry) => void }) {
    return (
        <>
            {plans.map(({ day, items }) => (
                <section key={day} class="panel day-panel">
                    <header class="day-head">
                        <h2>{dayHeading(day)}</h2>
                    </header>
                    {items.length === 0 && <p class="quiet">{t("programmes.none_short")}</p>}
                    <ol class="plan">
                        {items.map((entry) => (
                            <li key={entry.id}>
                                <button type="button" class="plan-line plan-press" aria-haspopup="dialog" onClick={() => onOpen(entry)}>
                                    <time class="plan-at figure" dateTime={entry.at}>
                                        {timeOf(entry.at)}
                                    </time>
                                    <span class="plan-what">
                                        <span class="plan-name">
                                            {entry.title}
                                            {entry.class === "priority" && <Badge tone="warn">{t("class.priority")}</Badge>}
                                        </span>
                                        <span class="quiet">
                                            {t(`plan_kind.${entry.kind}`)} · {lengthWords(entry.ms)}
                                        </span>
                                    </span>
                                </button>
                            </li>
                        ))}
                    </ol>
                </section>
            ))}
        </>
    );
}
