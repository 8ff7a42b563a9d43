// Two priority programmes at one time: the commune says which goes first, and
// that is written down.

import type { Clash } from "../../../shared/broadcast";
import { clashList, clashOrder } from "../api/broadcast";
import { Button } from "../parts/button";
import { Panel } from "../parts/page";
import { FormError } from "../parts/states";
import { toastDone } from "../parts/toast";
import { topicTouch } from "../state/live";
import { useAct, useLoad } from "../state/load";
import { can } from "../state/session";
import { t } from "../words";
import { instant } from "../words/format";

export function Clashes({ unit }: { unit: string }) {
    const clashes = useLoad(`clashes|${unit}`, () => clashList(unit), ["programmes"]);
    const items = clashes.data?.items ?? [];
    if (items.length === 0) {
        return null;
    }
    return (
        <Panel title={t("clashes.title")} lead={t("clashes.lead")}>
            <ul class="lines">
                {items.map((clash) => (
                    <li key={clash.id} class="line clash">
                        <ClashLine clash={clash} onChanged={clashes.reload} />
                    </li>
                ))}
            </ul>
        </Panel>
    );
}

function ClashLine({ clash, onChanged }: { clash: Clash; onChanged: () => void }) {
    const act = useAct();
    const first = (id: number, name: string) =>
        act.run(async () => {
            await clashOrder(clash.id, id);
            topicTouch("programmes");
            toastDone(t("clashes.ordered", { name }));
            onChanged();
        });
    return (
        <div class="line-body stack">
            <p>
                <b class="figure">{instant(clash.at)}</b> · {clash.unit.name}
            </p>
            <p class="quiet">
                {t("clashes.order", { first: clash.first.name, second: clash.second.name })} {t(clash.decided ? "clashes.decided" : "clashes.undecided")}
            </p>
            <FormError error={act.error} />
            {can("programmes_write") && (
                <div class="form-foot">
                    {[clash.first, clash.second].map((one, index) => (
                        <Button
                            key={one.id}
                            small
                            kind={clash.decided && index === 0 ? "primary" : "secondary"}
                            busy={act.busy}
                            pressed={clash.decided && index === 0}
                            onClick={() => void first(one.id, one.name)}
                        >
                            {t("clashes.first", { name: one.name })}
                        </Button>
                    ))}
                </div>
            )}
        </div>
    );
}
