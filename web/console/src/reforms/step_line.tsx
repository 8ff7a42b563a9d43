// A written step in one sentence.

import type { Step, StepSource, UnitRef } from "../../../shared/api";
import { t } from "../words";
import { percent } from "../words/format";

function sourceLine({ share, rest }: StepSource, name: string): string {
    if (rest) {
        return `${name} (${t("lineage.rest")})`;
    }
    if (share === null || share === undefined) {
        return `${name} (${t("lineage.part_unknown").toLocaleLowerCase()})`;
    }
    if (Number(share) === 1) {
        return name;
    }
    return `${name} (${typeof share === "number" ? percent(share) : share})`;
}

export function stepLine(step: Step, names: ReadonlyMap<number, UnitRef>): string {
    const name = (id: number | null) => (id === null ? "" : (names.get(id)?.name ?? `#${id}`));
    switch (step.op) {
        case "merge": {
            const from = step.from.map((source) => sourceLine(source, name(source.unit_id))).join(", ");
            const into = "into" in step ? step.into.name : name(step.unit_id);
            return t("line.merge", { from, into });
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
