// What most bulletins leave as it is: where, until when, whence.

import alarmStyles from "../../styles/alarm.css";
import { useState } from "preact/hooks";
import type { UnitRef } from "../../../shared/api";
import type { BulletinContent } from "../../../shared/studio";
import { unitCard } from "../api/units";
import { AreaPicker } from "../parts/area_picker";
import { DateField } from "../parts/date_field";
import { TextField } from "../parts/field";
import { Icon } from "../parts/icon";
import { sheetUse } from "../parts/sheet";
import { Show } from "../parts/states";
import { useLoad } from "../state/load";
import { t } from "../words";
import { dayBefore } from "../words/format";
import { draftSet, type Draft } from "./draft";
import { dayOfInstant, instantOfDay, validWords } from "./words";

sheetUse(alarmStyles);

/** Names of areas that the address or a kept draft knows by number only. */
async function refsOf(ids: number[]): Promise<UnitRef[]> {
    return Promise.all(ids.map(async (id) => (await unitCard(id, null)).unit));
}

export function Details({ draft }: { draft: Draft }) {
    const content = draft.content.value;
    const [areas, setAreas] = useState<UnitRef[] | null>(null);
    const start = useLoad(`areas|${draft.begun.mark}`, () => refsOf(draft.content.peek().areas));
    const shown = areas ?? start.data ?? [];
    const set = (change: Partial<BulletinContent>) => draftSet(draft, (was) => ({ ...was, ...change }));
    return (
        <details class="fold panel">
            <summary>
                <Icon name="right" class="fold-turn" />
                <span>
                    <b>{t("bulletin.details")}</b>
                    <span class="quiet fold-said">
                        {shown.map(({ name }) => name).join(", ")}
                        {" · "}
                        {validWords(content.valid_from, content.valid_to)}
                    </span>
                </span>
            </summary>
            <div class="stack">
                <Show of={{ ...start, data: areas ?? start.data }}>
                    {(value) => (
                        <AreaPicker
                            label={t("bulletin.areas")}
                            value={value}
                            onChange={(next) => {
                                setAreas(next);
                                set({ areas: next.map(({ id }) => id) });
                            }}
                        />
                    )}
                </Show>
                <div class="form-grid">
                    <DateField label={t("bulletin.valid_from")} value={dayOfInstant(content.valid_from)} onInput={(day) => set({ valid_from: instantOfDay(day) })} />
                    <DateField
                        label={t("bulletin.valid_to")}
                        hint={t("bulletin.valid_to_hint")}
                        value={content.valid_to === null ? "" : dayBefore(dayOfInstant(content.valid_to))}
                        onInput={(day) => set({ valid_to: instantOfDay(day, 1) })}
                    />
                    <TextField label={t("bulletin.sources")} hint={t("bulletin.sources_hint")} value={content.sources} onInput={(sources) => set({ sources })} />
                </div>
            </div>
        </details>
    );
}
