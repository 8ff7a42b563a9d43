// A rule of days in one sentence of the language.

import type { When } from "../../../shared/broadcast";
import { t } from "../words";
import { day, dayBefore } from "../words/format";

export const weekdays = [1, 2, 3, 4, 5, 6, 7] as const;

export function weekdayName(n: number): string {
    return t(`weekday.${n as 1}`);
}

function cadenceWords(when: When): string {
    switch (when.cadence) {
        case "once":
            return t("when.once", { day: day(when.from) });
        case "daily":
            return when.every === 1 ? t("when.daily") : t("when.every_days", { n: when.every });
        case "weekly": {
            const days = when.weekdays.map(weekdayName).join(", ");
            return when.every === 1 ? t("when.weekly", { days }) : t("when.every_weeks", { days, n: when.every });
        }
        case "month_day":
            return when.month_day === -1 ? t("when.month_last") : t("when.month_day", { n: when.month_day ?? 1 });
        case "month_weekday": {
            const days = when.weekdays.map(weekdayName).join(", ");
            return when.nth === -1 ? t("when.last_weekday", { days }) : t("when.nth_weekday", { days, n: when.nth ?? 1 });
        }
    }
}

export function whenWords(when: When): string {
    const said = [cadenceWords(when)];
    if (when.cadence !== "once") {
        said.push(when.to === null ? t("when.from", { from: day(when.from) }) : t("time.between", { from: day(when.from), to: day(dayBefore(when.to)) }));
    }
    if (when.holidays !== "as_usual") {
        said.push(t(`holidays.${when.holidays}`));
    }
    return said.join(" · ");
}
