// The programmes of one day in the order of the clock.

import type { Occurrence } from "../../../shared/broadcast";
import { Badge } from "../parts/badge";
import { Empty } from "../parts/states";
import { t } from "../words";
import { lengthWords, timeOf } from "../words/clock";
import { today } from "../words/format";

export function DayList({ items, day }: { items: Occurrence[]; day: string }) {
    if (items.length === 0) {
        return (
            <Empty picture="paper" title={t("programmes.none")}>
                {t("programmes.none_hint")}
            </Empty>
        );
    }
    const now = Date.now();
    return (
        <section class="panel">
            <ol class="plan">
                {items.map((item) => {
                    const start = new Date(item.at).getTime();
                    const current = day === today() && start <= now && now < start + item.ms;
                    return (
                        <li key={`${item.programme.id}|${item.at}`}>
                            <div class={`plan-line${current ? " plan-current" : ""}${item.taken ? "" : " plan-not-taken"}`}>
                                <time class="plan-at figure" dateTime={item.at}>
                                    {timeOf(item.at)}
                                </time>
                                <div class="plan-what">
                                    <p>
                                        <a href={`/programmes/${item.programme.id}`}>{item.programme.name}</a>
                                        {item.class === "priority" && <Badge tone="info">{t("class.priority")}</Badge>}
                                        {item.repeat && <Badge>{t("programmes.repeat")}</Badge>}
                                        {!item.taken && <Badge tone="warn">{t("programmes.not_taken")}</Badge>}
                                    </p>
                                    <p class="quiet">
                                        {t(`programme_kind.${item.kind}`)} · {lengthWords(item.ms)} · {item.unit.name}
                                    </p>
                                </div>
                            </div>
                        </li>
                    );
                })}
            </ol>
        </section>
    );
}
