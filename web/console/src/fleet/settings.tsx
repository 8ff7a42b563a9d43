// Volume and the other settings of one device. Saving issues an order; the
// device reports when it holds.

import { useState } from "preact/hooks";
import type { Device, DeviceChange, DeviceSettings } from "../../../shared/fleet";
import { deviceChange } from "../api/fleet";
import { Button } from "../parts/button";
import { TextField } from "../parts/field";
import { Panel } from "../parts/page";
import { RangeField } from "../parts/range";
import { FormError } from "../parts/states";
import { toastDone } from "../parts/toast";
import { useAct } from "../state/load";
import { useUnsaved } from "../state/unsaved";
import { t } from "../words";
import { clockOf, minutesOf } from "../words/clock";
import { percent } from "../words/format";

interface PartProps {
    device: Device;
    onChanged: () => void;
}

export function VolumePanel({ device, onChanged }: PartProps) {
    const [volume, setVolume] = useState(device.settings.volume);
    const act = useAct();
    const cap = device.volume_cap;
    const save = () =>
        act.run(async () => {
            await deviceChange(device.id, { settings: { volume } });
            toastDone(t("device.volume_saved", { n: percent(volume / 100) }));
            onChanged();
        });
    return (
        <Panel title={t("device.volume")}>
            <FormError error={act.error} />
            <RangeField label={t("device.volume")} value={volume} min={0} max={100} step={5} said={percent(volume / 100)} onInput={setVolume} />
            {cap !== null && volume > cap && <p class="field-hint">{t("device.capped", { n: percent(cap / 100) })}</p>}
            {volume === 0 && <p class="field-hint">{t("device.volume_zero")}</p>}
            <div class="form-foot">
                <Button kind="primary" busy={act.busy} disabled={volume === device.settings.volume} onClick={() => void save()}>
                    {t("device.volume_set")}
                </Button>
            </div>
        </Panel>
    );
}

interface Texts {
    name: string;
    note: string;
    sim_number: string;
    sim_operator: string;
    delay_ms: string;
    fetch_from: string;
    fetch_to: string;
    self_test: string;
    budget_mb: string;
    relay_lead_ms: string;
}

function textsOf({ settings, ...device }: Device): Texts {
    return {
        name: device.name,
        note: device.note,
        sim_number: device.sim_number,
        sim_operator: device.sim_operator,
        delay_ms: String(settings.delay_us / 1000),
        fetch_from: clockOf(settings.fetch_from_min),
        fetch_to: clockOf(settings.fetch_to_min),
        self_test: settings.self_test_min === 0 ? "" : clockOf(settings.self_test_min),
        budget_mb: settings.month_budget_kb === 0 ? "" : String(Math.round(settings.month_budget_kb / 1024)),
        relay_lead_ms: String(settings.relay_lead_ms),
    };
}

function settingsOf(texts: Texts): Partial<DeviceSettings> {
    const test = minutesOf(texts.self_test);
    return {
        delay_us: Math.round(Number(texts.delay_ms) * 1000),
        fetch_from_min: minutesOf(texts.fetch_from) ?? 0,
        fetch_to_min: minutesOf(texts.fetch_to) ?? 0,
        // Midnight is the end of the day here: 0 would be "never".
        self_test_min: test === null ? 0 : test === 0 ? 1440 : test,
        month_budget_kb: Math.round(Number(texts.budget_mb) * 1024),
        relay_lead_ms: Math.round(Number(texts.relay_lead_ms)),
    };
}

const fields: { key: keyof Texts; hint?: true; optional?: true }[] = [
    { key: "name" },
    { key: "note", optional: true },
    { key: "sim_number", optional: true },
    { key: "sim_operator", optional: true },
    { key: "budget_mb", optional: true, hint: true },
    { key: "fetch_from", hint: true },
    { key: "fetch_to" },
    { key: "self_test", optional: true, hint: true },
    { key: "delay_ms", hint: true },
    { key: "relay_lead_ms", hint: true },
];

export function SettingsPanel({ device, onChanged }: PartProps) {
    const [start] = useState(() => textsOf(device));
    const [texts, setTexts] = useState(start);
    const act = useAct();
    const dirty = fields.some(({ key }) => texts[key] !== start[key]);
    useUnsaved(dirty);
    const submit = () =>
        act.run(async () => {
            const change: DeviceChange = {
                name: texts.name.trim(),
                note: texts.note.trim(),
                sim_number: texts.sim_number.trim(),
                sim_operator: texts.sim_operator.trim(),
                settings: settingsOf(texts),
            };
            await deviceChange(device.id, change);
            toastDone(t("device.saved"));
            onChanged();
        });
    return (
        <Panel title={t("device.settings")} lead={t("device.settings_lead")}>
            <form
                class="stack"
                onSubmit={(event) => {
                    event.preventDefault();
                    void submit();
                }}
            >
                <FormError error={act.error} shown={["name"]} />
                <div class="form-grid">
                    {fields.map(({ key, hint, optional }) => (
                        <TextField
                            key={key}
                            label={t(`device_set.${key}`)}
                            hint={hint && t(`device_hint.${key as "fetch_from"}`)}
                            value={texts[key]}
                            onInput={(value) => setTexts((was) => ({ ...was, [key]: value }))}
                            error={act.error?.field(key)}
                            required={!optional}
                        />
                    ))}
                </div>
                <div class="form-foot">
                    <Button submit kind="primary" busy={act.busy} disabled={!dirty}>
                        {t("action.save")}
                    </Button>
                </div>
            </form>
        </Panel>
    );
}
