// A source of CAP messages: where it is fetched, whose signature counts, and
// what is done with what it says.

import { useState } from "preact/hooks";
import choiceStyles from "../../styles/choice.css";
import type { CapPolicy, CapSeverity, CapSource, CapSourceDraft } from "../../../shared/alert";
import type { UnitRef } from "../../../shared/api";
import { capSourceCreate, capSourceSave } from "../api/cap";
import { Button } from "../parts/button";
import { Dialog } from "../parts/dialog";
import { CheckField, SelectField, TextField } from "../parts/field";
import { sheetUse } from "../parts/sheet";
import { FormError } from "../parts/states";
import { TextArea } from "../parts/text_area";
import { toastDone } from "../parts/toast";
import { UnitPicker } from "../parts/unit_picker";
import { topicTouch } from "../state/live";
import { useAct } from "../state/load";
import { account } from "../state/session";
import { t } from "../words";
import { severities } from "./words";

sheetUse(choiceStyles);

const policies: CapPolicy[] = ["draft", "ask", "automatic"];
const DEFAULT_EVERY_S = 60;

interface FormProps {
    source: CapSource | null;
    onClose: () => void;
    onDone: () => void;
}

function draftOf(source: CapSource | null): CapSourceDraft {
    return {
        unit_id: source?.unit.id ?? account.value?.unit.id ?? 0,
        name: source?.name ?? "",
        address: source?.address ?? "",
        every_s: source?.every_s ?? DEFAULT_EVERY_S,
        policy: source?.policy ?? "ask",
        enabled: source?.enabled ?? true,
        senders: source?.senders ?? [],
        certificates: source?.certificates ?? "",
        must_sign: source?.must_sign ?? false,
        severity_least: source?.severity_least ?? "Severe",
        language: source?.language ?? "vi",
        codes: source?.codes ?? [],
        code_names: source?.code_names ?? [],
    };
}

function listOf(text: string): string[] {
    return text.split(/[\s,;]+/).filter(Boolean);
}

export function CapSourceForm({ source, onClose, onDone }: FormProps) {
    const [draft, setDraft] = useState(() => draftOf(source));
    const [unit, setUnit] = useState<UnitRef | null>(source?.unit ?? account.value?.unit ?? null);
    const [senders, setSenders] = useState(draft.senders.join(", "));
    const [names, setNames] = useState(draft.code_names.join(", "));
    const act = useAct();
    const set = (part: Partial<CapSourceDraft>) => setDraft((was) => ({ ...was, ...part }));
    const automatic = draft.policy === "automatic";
    const submit = () =>
        act.run(async () => {
            const whole: CapSourceDraft = {
                ...draft,
                unit_id: unit?.id ?? 0,
                name: draft.name.trim(),
                address: draft.address.trim(),
                senders: listOf(senders),
                code_names: listOf(names),
                must_sign: automatic || draft.must_sign,
            };
            await (source === null ? capSourceCreate(whole) : capSourceSave(source.id, whole));
            topicTouch("cap");
            toastDone(t("cap_sources.saved", { name: whole.name }));
            onDone();
        });
    return (
        <Dialog title={t(source === null ? "cap_sources.new" : "cap_sources.edit")} onClose={onClose} wide>
            <form
                class="stack"
                onSubmit={(event) => {
                    event.preventDefault();
                    void submit();
                }}
            >
                <FormError error={act.error} shown={["name", "address", "certificates"]} />
                <div class="form-grid">
                    <TextField label={t("cap_sources.name")} value={draft.name} onInput={(name) => set({ name })} error={act.error?.field("name")} required />
                    <UnitPicker label={t("cap_sources.unit")} value={unit} onPick={setUnit} required />
                    <TextField label={t("cap_sources.address")} hint={t("cap_sources.address_hint")} value={draft.address} onInput={(address) => set({ address })} error={act.error?.field("address")} code />
                    <TextField label={t("cap_sources.every")} inputMode="numeric" value={String(draft.every_s)} onInput={(text) => set({ every_s: Number(text) || DEFAULT_EVERY_S })} required />
                </div>
                <Policy value={draft.policy} onChange={(policy) => set({ policy })} />
                <div class="form-grid">
                    <SelectField<CapSeverity>
                        label={t("cap_sources.least")}
                        hint={t("cap_sources.least_hint")}
                        value={draft.severity_least}
                        options={severities.map((value) => ({ value, label: t(`cap_severity.${value}`) }))}
                        onChange={(severity_least) => set({ severity_least })}
                    />
                    <TextField label={t("cap_sources.senders")} hint={t("cap_sources.senders_hint")} value={senders} onInput={setSenders} />
                    <TextField label={t("cap_sources.codes")} hint={t("cap_sources.codes_hint")} value={names} onInput={setNames} code />
                </div>
                <CheckField label={t("cap_sources.must_sign")} hint={t("cap_sources.must_sign_hint")} checked={automatic || draft.must_sign} onChange={(must_sign) => set({ must_sign })} />
                <TextArea
                    label={t("cap_sources.certificates")}
                    hint={source && source.keys.length > 0 ? t("cap_sources.certificates_kept", { names: source.keys.map(({ subject }) => subject).join(", ") }) : t("cap_sources.certificates_hint")}
                    value={draft.certificates}
                    onInput={(certificates) => set({ certificates })}
                    error={act.error?.field("certificates")}
                />
                <CheckField label={t("cap_sources.enabled")} checked={draft.enabled} onChange={(enabled) => set({ enabled })} />
                <div class="dialog-foot">
                    <Button onClick={onClose}>{t("action.cancel")}</Button>
                    <Button submit kind="primary" busy={act.busy} disabled={draft.name.trim() === "" || unit === null}>
                        {t("action.save")}
                    </Button>
                </div>
            </form>
        </Dialog>
    );
}

function Policy({ value, onChange }: { value: CapPolicy; onChange: (policy: CapPolicy) => void }) {
    return (
        <fieldset class="choice">
            <legend class="field-label">{t("cap_sources.policy")}</legend>
            {policies.map((one) => (
                <label key={one} class="choice-one">
                    <input type="radio" name="policy" checked={one === value} onChange={() => onChange(one)} />
                    <span>
                        <b>{t(`cap_policy.${one}`)}</b>
                        <span class="quiet">{t(`cap_policy_hint.${one}`)}</span>
                    </span>
                </label>
            ))}
        </fieldset>
    );
}
