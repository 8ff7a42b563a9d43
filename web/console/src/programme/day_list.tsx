// The programmes of a day, or of one day after the other, in the order of the
// clock: how a phone shows them.

import type { Holiday, Occurrence } from "../../../shared/broadcast";
import type { QuotaDay } from "../../../shared/desk";
import { Badge } from "../parts/badge";
import { Empty } from "../parts/states";
import { t } from "../words";
import { lengthWords, timeOf } from "../words/clock";
import { today } from "../words/format";
import { dayHeading } from "./day_name";
import { QuotaBar } from "./quota";

interface DayListProps {
    days: string[];
    items: Occurrence[];
    quota: QuotaDay[];
    holidays: Holiday[];
    onOpen: (item: Occurrence) => void;
}

export function DayList({ days, items, quota, holidays, onOpen }: DayListProps) {
    if (items.length === 0 && days.length === 1) {
        return (
            <Empty picture="paper" title={t("programmes.none")}>
                {t("programmes.none_hint")}
            </Empty>
        );
    }
    return (
        <>
            {days.map((day) => {
                const own = items.filter((item) => item.day === day);
                const used = quota.find((one) => one.day === day);
                const holiday = holidays.find(({ from, to }) => from <= day && day < to);
                return (
                    <section key={day} class="panel day-panel">
                        <header class="day-head">
                            <h2>{dayHeading(day)}</h2>
                            {holiday && <Badge tone="info">{holiday.name}</Badge>}
                            {used && <QuotaBar quota={used} />}
                        </header>
                        {own.length === 0 ? (
                            <p class="quiet">{t("programmes.none_short")}</p>
                        ) : (
                            <ol class="plan">
                                {own.map((item) => (
                                    <li key={`${item.programme.id}|${item.at}|${item.repeat}`}>
                                        <Line item={item} onOpen={onOpen} />
                                    </li>
                                ))}
                            </ol>
                        )}
                    </section>
                );
            })}
        </>
    );
}

function Line({ item, onOpen }: { item: Occurrence; onOpen: (item: Occurrence) => void }) {
    const now = Date.now();
    const start = new Date(item.at).getTime();
    const current = item.day === today() && start <= now && now < start + item.ms;
    return (
        <button
            type="button"
            class={`plan-line plan-press${current ? " plan-current" : ""}${item.taken ? "" : " plan-not-taken"}`}
            aria-haspopup="dialog"
            onClick={() => onOpen(item)}
        >
            <time class="plan-at figure" dateTime={item.at}>
                {timeOf(item.at)}
            </time>
            <span class="plan-what">
                <span class="plan-name">
                    {item.programme.name}
                    {item.class === "priority" && <Badge tone="warn">{t("class.priority")}</Badge>}
                    {item.repeat && <Badge>{t("programmes.repeat")}</Badge>}
                    {!item.taken && <Badge tone="warn">{t("programmes.not_taken")}</Badge>}
                </span>
                <span class="quiet">
                    {t(`programme_kind.${item.kind}`)} · {lengthWords(item.ms)} · {item.unit.name}
                </span>
            </span>
        </button>
    );
}
