// A rule in sentences.

import type { Rule } from "../../../shared/broadcast";
import { t } from "../words";
import { number } from "../words/format";
import { weekdayName } from "./when_words";

const WHOLE_WEEK = 7;

export function ruleSentences(rule: Rule): string[] {
    const said: string[] = [];
    if (rule.weekdays.length < WHOLE_WEEK) {
        said.push(t("rule.on_days", { days: rule.weekdays.map(weekdayName).join(", ") }));
    }
    if (rule.no_sound) {
        said.push(t("rule.no_sound"));
    }
    if (rule.hours.length > 0) {
        said.push(t("rule.hours", { hours: rule.hours.map(({ from, to }) => `${from.slice(0, 5)}–${to.slice(0, 5)}`).join(", ") }));
    }
    if (rule.session_most_min > 0) {
        said.push(t("rule.session", { n: rule.session_most_min }));
    }
    if (rule.day_most_min > 0) {
        said.push(t("rule.day", { n: rule.day_most_min }));
    }
    if (rule.gain_most_mb < 0) {
        said.push(t("rule.gain", { n: number(-rule.gain_most_mb / 100) }));
    }
    return said;
}
