// Who saw what, and when: the last page, the confirmation, the coverage.

import { alarmSeenList } from "../api/alert";
import { Panel } from "../parts/page";
import { useLoad } from "../state/load";
import { t } from "../words";
import { timeExact } from "../words/clock";

export function SeenList({ alarm }: { alarm: number }) {
    const list = useLoad(`seen|${alarm}`, () => alarmSeenList(alarm), ["alarms"]);
    const items = list.data?.items ?? [];
    if (items.length === 0) {
        return null;
    }
    return (
        <Panel title={t("seen.title")}>
            <ol class="lines">
                {items.map((one, index) => (
                    <li key={index} class="line">
                        <div class="line-body">
                            <p>
                                <b>{one.by.name}</b> {t(`seen.${one.what}`)} <time class="figure quiet">{timeExact(one.at)}</time>
                            </p>
                            <p class="quiet">{one.words}</p>
                        </div>
                    </li>
                ))}
            </ol>
        </Panel>
    );
}
