// Choosing a unit by typing part of its name, with or without the marks.

import type { UnitRef } from "../../../shared/api";
import { unitChildren, unitSearch } from "../api/units";
import { t } from "../words";
import type { FieldBase } from "./field";
import { Picker } from "./picker";

interface UnitPickerProps extends FieldBase {
    value: UnitRef | null;
    onPick: (unit: UnitRef | null) => void;
    /** The day on which the unit must exist; null is today. */
    at?: string | null;
}

export function UnitPicker({ at = null, ...rest }: UnitPickerProps) {
    return (
        <Picker
            {...rest}
            // With nothing typed, the roots the user may see.
            find={async (text, stop) =>
                text === ""
                    ? (await unitChildren(null, at)).map((unit) => ({ ...unit, path: "" }))
                    : (await unitSearch(text, at, stop)).items
            }
            placeholder={t("picker.placeholder")}
            none={t("picker.none")}
        />
    );
}
