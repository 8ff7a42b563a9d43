// A week that is like another: its one-off programmes are copied; what comes
// every week stands there anyway. First a look at what would be copied.

import { useState } from "preact/hooks";
import { programmeRemove } from "../api/broadcast";
import { weekCopy } from "../api/desk";
import { Badge } from "../parts/badge";
import { Button } from "../parts/button";
import { DateField } from "../parts/date_field";
import { Dialog } from "../parts/dialog";
import { Empty, FormError, Show } from "../parts/states";
import { toastDone } from "../parts/toast";
import { topicTouch } from "../state/live";
import { useAct, useLoad } from "../state/load";
import { querySet } from "../state/router";
import { t } from "../words";
import { day as dayText, dayShift } from "../words/format";
import { monday, WEEK } from "./week";


export function CopyWeek({ unit, from, onClose }: { unit: number; from: string; onClose: () => void }) {
    const [to, setTo] = useState(dayShift(from, WEEK));
    const target = to === "" ? from : monday(to);
    const look = useLoad(`copy|${unit}|${from}|${target}`, () => weekCopy({ unit_id: unit, from, to: target, dry: true }));
    const act = useAct();
    const fresh = look.data?.items.filter(({ result }) => result === "copied").length ?? 0;
    const run = () =>
        act.run(async () => {
            const done = await weekCopy({ unit_id: unit, from, to: target, dry: false });
            topicTouch("programmes");
            const made = done.items.filter(({ result }) => result === "copied").map(({ programme }) => programme.id);
            toastDone(t("copy_week.done", { n: done.copied }), async () => {
                await Promise.all(made.map(programmeRemove));
                topicTouch("programmes");
            });
            onClose();
            querySet({ day: target });
        });
    return (
        <Dialog title={t("copy_week.title")} onClose={onClose}>
            <div class="stack">
                <p>{t("copy_week.lead", { from: dayText(from), to: dayText(dayShift(from, WEEK - 1)) })}</p>
                <DateField label={t("copy_week.to")} hint={t("copy_week.hint", { day: dayText(target) })} value={to} onInput={setTo} required />
                <Show of={look} lines={3}>
                    {({ items }) =>
                        items.length === 0 ? (
                            <Empty picture="paper" title={t("copy_week.none")} />
                        ) : (
                            <ul class="lines">
                                {items.map(({ programme, to: on, result }) => (
                                    <li key={`${programme.id}|${on}`} class="line">
                                        <span class="line-body">
                                            <b class="figure">{dayText(on)}</b> · {programme.name}
                                        </span>
                                        {result === "there" && <Badge>{t("copy_week.there")}</Badge>}
                                    </li>
                                ))}
                            </ul>
                        )
                    }
                </Show>
                <FormError error={act.error} />
                <div class="dialog-foot">
                    <Button onClick={onClose}>{t("action.cancel")}</Button>
                    <Button kind="primary" icon="copy" busy={act.busy} disabled={fresh === 0} onClick={() => void run()}>
                        {t("copy_week.go", { n: fresh })}
                    </Button>
                </div>
            </div>
        </Dialog>
    );
}
