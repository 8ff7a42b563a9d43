// Setting values as people read them, and as they type them.

import type { Setting, SettingValue } from "../../../shared/api";
import { t } from "../words";
import { counted, duration, number, size } from "../words/format";

export function valueWords(setting: Setting, value: SettingValue): string {
    if (typeof value === "boolean") {
        return value ? t("settings.on") : t("settings.off");
    }
    if (setting.type === "seconds" && typeof value === "number") {
        return duration(value);
    }
    if (setting.type === "bytes" && typeof value === "number") {
        return size(value);
    }
    if (typeof value === "number") {
        return setting.unit ? counted(value, setting.unit) : number(value);
    }
    return value === "" ? t("settings.empty") : value;
}

export function valueText(value: SettingValue): string {
    return String(value);
}

/** What was typed, in the type that the server wants. */
export function valueOf(setting: Setting, text: string): SettingValue {
    switch (setting.type) {
        case "int":
        case "seconds":
        case "bytes": {
            const typed = Number(text.trim());
            return Number.isFinite(typed) && text.trim() !== "" ? typed : text;
        }
        case "bool":
            return text === "true";
        case "text":
        case "choice":
            return text;
    }
}

export function rangeWords(setting: Setting): string {
    const { min, max } = setting;
    if (min === null && max === null) {
        return "";
    }
    return t("settings.range", {
        min: min === null ? "–" : valueWords(setting, min),
        max: max === null ? "–" : valueWords(setting, max),
    });
}
