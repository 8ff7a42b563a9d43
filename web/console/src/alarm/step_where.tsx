// Second step, its right side: where it sounds, on the tree or on the map,
// and what it would do, asked anew a moment after each change.

import { useState } from "preact/hooks";
import type { UnitRef } from "../../../shared/api";
import type { AlarmEffect } from "../../../shared/broadcast";
import type { ApiError } from "../api/client";
import { AreaPicker } from "../parts/area_picker";
import { Button } from "../parts/button";
import { Icon } from "../parts/icon";
import { Lazy } from "../parts/lazy";
import { Panel } from "../parts/page";
import { FormError } from "../parts/states";
import { t } from "../words";
import type { Lacks } from "./compose";
import { effectSentences } from "./words";

interface WhereProps {
    areas: UnitRef[];
    onAreas: (areas: UnitRef[]) => void;
    error: ApiError | null;
}

export function StepWhere({ areas, onAreas, error }: WhereProps) {
    const [onMap, setOnMap] = useState(false);
    return (
        <Panel
            title={t("alarm.where")}
            actions={
                <div class="switch" role="group" aria-label={t("compose.where_by")}>
                    <button type="button" aria-pressed={!onMap} onClick={() => setOnMap(false)}>
                        <Icon name="units" />
                        {t("compose.tree")}
                    </button>
                    <button type="button" aria-pressed={onMap} onClick={() => setOnMap(true)}>
                        <Icon name="pin" />
                        {t("compose.map")}
                    </button>
                </div>
            }
        >
            {onMap ? (
                <>
                    <Lazy name="area_map" load={async () => (await import("./area_map")).AreaMap} props={{ areas, onChange: onAreas }} />
                    <Chosen areas={areas} onAreas={onAreas} />
                </>
            ) : (
                <AreaPicker label={t("alarm.areas")} value={areas} onChange={onAreas} error={error?.field("areas")} />
            )}
        </Panel>
    );
}

function Chosen({ areas, onAreas }: Omit<WhereProps, "error">) {
    if (areas.length === 0) {
        return <p class="field-hint">{t("areas.none")}</p>;
    }
    return (
        <ul class="chosen">
            {areas.map(({ id, name }) => (
                <li key={id}>
                    <button type="button" aria-label={t("compose.leave_out", { name })} onClick={() => onAreas(areas.filter((one) => one.id !== id))}>
                        {name}
                        <Icon name="close" />
                    </button>
                </li>
            ))}
        </ul>
    );
}

interface EffectProps {
    kind: "alarm" | "drill";
    lacks: Lacks[];
    effect: AlarmEffect | null;
    error: ApiError | null;
    onNext: () => void;
}

export function EffectPanel({ kind, lacks, effect, error, onNext }: EffectProps) {
    return (
        <section class="panel alarm-effect">
            <h2>{t("alarm.effect")}</h2>
            <div role="status" aria-live="polite">
                {effect ? (
                    effectSentences(effect, kind).map((line, index) => (
                        <p key={line} class={index === 0 ? "alarm-effect-first" : ""}>
                            {line}
                        </p>
                    ))
                ) : error ? null : lacks.length === 0 ? (
                    <p class="quiet">{t("state.loading")}</p>
                ) : (
                    <ul class="plain-list">
                        {lacks.map((what) => (
                            <li key={what}>{t(`lacks.${what}`)}</li>
                        ))}
                    </ul>
                )}
            </div>
            <FormError error={error} shown={["title", "text", "areas"]} />
            <div class="form-foot">
                <Button kind="primary" icon="right" disabled={effect === null || effect.devices === 0} onClick={onNext}>
                    {t("compose.to_last")}
                </Button>
            </div>
        </section>
    );
}
