// Which day is shown: one before, one after, or any; in the address.

import { Button, IconButton } from "../parts/button";
import { DateField } from "../parts/date_field";
import { querySet } from "../state/router";
import { t } from "../words";
import { dayShift, today } from "../words/format";

export function DaySteps({ day, step }: { day: string; step: number }) {
    const move = (to: string) => querySet({ day: to === today() ? null : to });
    return (
        <div class="day-steps">
            <IconButton icon="left" label={t("plan.day_before")} onClick={() => move(dayShift(day, -step))} />
            <DateField label={t("plan.day")} value={day} onInput={(to) => to !== "" && move(to)} required />
            <IconButton icon="right" label={t("plan.day_after")} onClick={() => move(dayShift(day, step))} />
            {day !== today() && (
                <Button small kind="quiet" onClick={() => move(today())}>
                    {t("slider.today")}
                </Button>
            )}
        </div>
    );
}
