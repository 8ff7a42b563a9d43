// What opens and closes a session, and what fills a hole.

import type { Rules } from "../../../shared/broadcast";
import { mediaList, rulesSave } from "../api/broadcast";
import { SelectField } from "../parts/field";
import { Panel } from "../parts/page";
import { FormError } from "../parts/states";
import { toastDone } from "../parts/toast";
import { topicTouch } from "../state/live";
import { useAct, useLoad } from "../state/load";
import { can } from "../state/session";
import { t } from "../words";
import { lengthOf } from "../words/clock";

const MOST = 200;

interface SoundsProps {
    unit: number;
    rules: Rules;
    onChanged: () => void;
}

export function Sounds({ unit, rules, onChanged }: SoundsProps) {
    const media = useLoad(`sounds|${unit}`, () => mediaList({ limit: MOST }), ["programmes"]);
    const act = useAct();
    const { sounds } = rules;
    const save = (change: Partial<Rules["sounds"]>) =>
        act.run(async () => {
            await rulesSave(unit, { items: rules.items.filter(({ inherited }) => !inherited), sounds: { ...sounds, ...change } });
            topicTouch("programmes");
            toastDone(t("sounds.saved"));
            onChanged();
        });
    const options = [
        { value: "", label: t("sounds.none") },
        ...(media.data?.items ?? []).map((one) => ({ value: one.media, label: `${one.title} (${lengthOf(one.ms)})` })),
    ];
    const disabled = !can("programmes_write") || act.busy;
    return (
        <Panel title={t("sounds.title")} lead={t("sounds.lead")}>
            <FormError error={act.error} />
            <div class="form-grid">
                <SelectField
                    label={t("sounds.opening")}
                    value={sounds.opening ?? ""}
                    options={options}
                    disabled={disabled}
                    onChange={(value) => void save({ opening: value || null })}
                />
                <SelectField
                    label={t("sounds.closing")}
                    value={sounds.closing ?? ""}
                    options={options}
                    disabled={disabled}
                    onChange={(value) => void save({ closing: value || null })}
                />
                <SelectField
                    label={t("sounds.filler")}
                    value={sounds.filler[0] ?? ""}
                    options={options}
                    disabled={disabled}
                    onChange={(value) => void save({ filler: value === "" ? [] : [value, ...sounds.filler.slice(1)] })}
                />
            </div>
        </Panel>
    );
}
