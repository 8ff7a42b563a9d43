// A written step in one sentence.

import type { Step, UnitRef } from "../../../shared/api";
import { t } from "../words";
import { percent } from "../words/format";

export function stepLine(step: Step, names: ReadonlyMap<number, UnitRef>): string {
    const name = (id: number | null) => (id === null ? "" : (names.get(id)?.name ?? `#${id}`));
    switch (step.op) {
        case "merge": {
            const from = step.from.map(({ unit_id, share }) =>
                (share ?? 1) === 1 ? name(unit_id) : `${name(unit_id)} (${percent(share ?? 1)})`,
            );
            return t("line.merge", { from: from.join(", "), into: step.into.name });
        }
        case "begin":
            return t("line.begin", { into: step.into.name, parent: name(step.into.parent_id) });
        case "rename":
            return t("line.rename", { unit: name(step.unit_id), name: step.name });
        case "recode":
            return t("line.recode", { unit: name(step.unit_id), code: step.code });
        case "rekind":
            return t("line.rekind", { unit: name(step.unit_id), kind: t(`kind.${step.kind}`) });
        case "move":
            return t("line.move", { unit: name(step.unit_id), parent: name(step.parent_id) });
        case "end":
            return t("line.end", { unit: name(step.unit_id) });
    }
}
