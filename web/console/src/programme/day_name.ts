// The name of a day above its column: short weekday, day and month.

import { language } from "../words";

export function dayHeading(day: string): string {
    const format = new Intl.DateTimeFormat(language.value === "en" ? "en-GB" : "vi-VN", {
        weekday: "short",
        day: "2-digit",
        month: "2-digit",
        timeZone: "UTC",
    });
    return format.format(new Date(`${day}T00:00:00Z`));
}
