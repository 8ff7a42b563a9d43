// Open faults, each with since when, and the button of whoever takes care.

import type { FaultLine } from "../../../shared/fleet";
import { faultAcknowledge } from "../api/fleet";
import { Badge } from "../parts/badge";
import { Button } from "../parts/button";
import { FormError } from "../parts/states";
import { toastDone } from "../parts/toast";
import { topicTouch } from "../state/live";
import { useAct } from "../state/load";
import { can } from "../state/session";
import { t } from "../words";
import { ago, agoInside } from "../words/format";
import { faultTone } from "./marks";

export function FaultLines({ faults, named }: { faults: FaultLine[]; named: boolean }) {
    const act = useAct();
    const take = (id: number) =>
        act.run(async () => {
            await faultAcknowledge(id);
            topicTouch("faults");
            toastDone(t("faults.taken"));
        });
    return (
        <>
            <FormError error={act.error} />
            <ul class="lines">
                {faults.map((fault) => (
                    <li key={fault.id} class="line">
                        <div class="line-body">
                            <p>
                                <Badge tone={faultTone(fault.kind)}>{t(`fault.${fault.kind}`)}</Badge>{" "}
                                {named && <a href={`/speakers/${fault.device.id}`}>{fault.device.name}</a>}
                            </p>
                            <p class="quiet">
                                {named && fault.unit && `${fault.unit.name} · `}
                                {fault.until ? t("faults.over", { when: agoInside(fault.until) }) : t("faults.since", { when: agoInside(fault.since) })}
                                {fault.detail && ` · ${fault.detail}`}
                                {fault.acknowledged_at && ` · ${t("faults.taken_by", { who: fault.acknowledged_by ?? "", when: ago(fault.acknowledged_at) })}`}
                            </p>
                            {!named && <p>{t(`fault_help.${fault.kind}`)}</p>}
                        </div>
                        {fault.acknowledged_at === null && fault.until === null && can("fleet_write") && (
                            <Button small busy={act.busy} onClick={() => void take(fault.id)}>
                                {t("faults.take")}
                            </Button>
                        )}
                    </li>
                ))}
            </ul>
        </>
    );
}
