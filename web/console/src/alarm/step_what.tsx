// First step: what is it? Prepared templates as big tiles; the last tile is
// for what nobody has foreseen.

import type { AlarmTemplate } from "../../../shared/alert";
import { Icon } from "../parts/icon";
import { Notice } from "../parts/states";
import { t } from "../words";
import { HazardIcon } from "./hazard_icon";

interface WhatProps {
    templates: AlarmTemplate[];
    onTake: (template: AlarmTemplate | null) => void;
}

export function StepWhat({ templates, onTake }: WhatProps) {
    // What has a name comes first.
    const inOrder = [...templates].sort((a, b) => Number(a.hazard === "other") - Number(b.hazard === "other"));
    return (
        <div class="stack">
            {templates.length === 0 && <Notice>{t("compose.no_templates")}</Notice>}
            <ul class="hazards">
                {inOrder.map((template) => (
                    <li key={template.id}>
                        <button type="button" class="hazard" onClick={() => onTake(template)}>
                            <HazardIcon hazard={template.hazard} />
                            <b>{template.name}</b>
                            <span class="quiet">{t(`hazard.${template.hazard}`)}</span>
                        </button>
                    </li>
                ))}
                <li>
                    <button type="button" class="hazard hazard-free" onClick={() => onTake(null)}>
                        <Icon name="edit" />
                        <b>{t("compose.free")}</b>
                        <span class="quiet">{t("compose.free_hint")}</span>
                    </button>
                </li>
            </ul>
        </div>
    );
}
