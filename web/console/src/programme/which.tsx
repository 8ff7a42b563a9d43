// A programme that comes again was moved: on this day only, or always?

import type { Occurrence } from "../../../shared/broadcast";
import { programmeRead } from "../api/broadcast";
import { Button } from "../parts/button";
import { Dialog } from "../parts/dialog";
import { FormError, Show } from "../parts/states";
import { useAct, useLoad } from "../state/load";
import { t } from "../words";
import { clockOf } from "../words/clock";
import { moveAlways, moveOnce, standsOf } from "./change";
import { dayHeading } from "./day_name";
import type { Place } from "./moves";
import { QuotaLine } from "./quota";
import { whenWords } from "./when_words";

interface WhichProps {
    item: Occurrence;
    to: Place;
    unit: number;
    onClose: () => void;
}

export function WhichDays({ item, to, unit, onClose }: WhichProps) {
    const load = useLoad(`which|${item.programme.id}`, () => programmeRead(item.programme.id));
    const act = useAct();
    const from = standsOf(item);
    const run = (work: () => Promise<void>) => void act.run(work).then((done) => done && onClose());
    const other = to.day !== item.day;
    return (
        <Dialog title={t("which.title", { name: item.programme.name })} onClose={onClose}>
            <p>
                {t(to.minutes === null ? "which.to" : "which.longer", {
                    time: clockOf(to.start),
                    day: dayHeading(to.day),
                    n: Math.round(to.minutes ?? 0),
                })}
            </p>
            <Show of={load} lines={2}>
                {(programme) => (
                    <>
                        {programme.when.cadence !== "once" && <p class="quiet">{whenWords(programme.when)}</p>}
                        <QuotaLine unit={unit} day={to.day} extra={extraOf(item, to)} />
                        <FormError error={act.error} />
                        <div class="dialog-foot">
                            <Button onClick={onClose}>{t("action.cancel")}</Button>
                            {programme.when.cadence !== "once" && !item.repeat && (
                                <Button kind={other ? "primary" : "secondary"} busy={act.busy} onClick={() => run(() => moveOnce(programme, from, to))}>
                                    {t("card.move_once")}
                                </Button>
                            )}
                            {(!other || programme.when.cadence === "once") && (
                                <Button kind="primary" busy={act.busy} onClick={() => run(() => moveAlways(programme, from, to))}>
                                    {t(programme.when.cadence === "once" ? "card.move_go" : item.repeat ? "card.move_repeat" : "card.move_always")}
                                </Button>
                            )}
                        </div>
                    </>
                )}
            </Show>
        </Dialog>
    );
}

function extraOf(item: Occurrence, to: Place): number {
    const was = item.ms / 60_000;
    const will = to.minutes ?? was;
    return to.day === item.day ? will - was : will;
}
