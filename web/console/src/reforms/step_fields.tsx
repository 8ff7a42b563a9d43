// One step of a reform being written: what happens, to whom, and how.

import type { NewUnit, UnitRef } from "../../../shared/api";
import { Button, IconButton } from "../parts/button";
import { SelectField, TextField } from "../parts/field";
import { UnitPicker } from "../parts/unit_picker";
import { IntoFields } from "../units/into_fields";
import { kindsOf } from "../units/kinds";
import { t } from "../words";
import type { DraftStep, How, Op, Source } from "./steps";
import { newSource, ops } from "./steps";

const hows: How[] = ["whole", "part", "rest", "unknown"];

interface StepProps {
    step: DraftStep;
    place: number;
    /** The day before the reform: the units that it takes must still exist. */
    before: string;
    onChange: (step: DraftStep) => void;
    onRemove: () => void;
}

export function StepFields({ step, place, before, onChange, onRemove }: StepProps) {
    const set = (change: Partial<DraftStep>) => onChange({ ...step, ...change });
    return (
        <fieldset class="step panel">
            <legend class="hidden-words">{t("step.place", { n: place })}</legend>
            <div class="step-head">
                <span class="step-number" aria-hidden="true">
                    {place}
                </span>
                <SelectField<Op>
                    label={t("step.op")}
                    value={step.op}
                    options={ops.map((value) => ({ value, label: t(`op.${value}`) }))}
                    onChange={(op) => set({ op })}
                />
                <IconButton icon="trash" label={t("step.remove", { n: place })} onClick={onRemove} />
            </div>
            <p class="field-hint">{t(`op_hint.${step.op}`)}</p>
            <StepBody step={step} before={before} set={set} />
        </fieldset>
    );
}

interface BodyProps {
    step: DraftStep;
    before: string;
    set: (change: Partial<DraftStep>) => void;
}

function StepBody({ step, before, set }: BodyProps) {
    const onInto = (into: NewUnit, parent: UnitRef | null) => set({ into, parent });
    const into = <IntoFields value={step.into} parent={step.parent} at={before} onChange={onInto} />;
    if (step.op === "begin") {
        return into;
    }
    if (step.op === "merge") {
        return (
            <>
                <h3>{t("step.from")}</h3>
                <Sources from={step.from} before={before} onChange={(from) => set({ from })} />
                <h3>{t("step.target")}</h3>
                <div class="form-grid">
                    <SelectField<"new" | "old">
                        label={t("step.goes")}
                        value={step.makesNew ? "new" : "old"}
                        options={[
                            { value: "new", label: t("step.into") },
                            { value: "old", label: t("step.into_old") },
                        ]}
                        onChange={(value) => set({ makesNew: value === "new" })}
                    />
                    {!step.makesNew && (
                        <UnitPicker
                            label={t("step.unit")}
                            value={step.unit}
                            at={before}
                            onPick={(unit) => set({ unit })}
                            required
                        />
                    )}
                </div>
                {step.makesNew && into}
            </>
        );
    }
    return (
        <div class="form-grid">
            <UnitPicker
                label={t("step.unit")}
                value={step.unit}
                at={before}
                onPick={(unit) => set({ unit })}
                required
            />
            <StepTarget step={step} before={before} set={set} />
        </div>
    );
}

function StepTarget({ step, before, set }: BodyProps) {
    switch (step.op) {
        case "rename":
        case "recode":
            return (
                <TextField
                    label={t(step.op === "rename" ? "step.new_name" : "step.new_code")}
                    value={step.text}
                    onInput={(text) => set({ text })}
                    code={step.op === "recode"}
                    required
                />
            );
        case "rekind":
            return (
                <SelectField
                    label={t("step.new_kind")}
                    value={step.kind}
                    options={Object.values(kindsOf)
                        .flat()
                        .map((value) => ({ value, label: t(`kind.${value}`) }))}
                    onChange={(kind) => set({ kind })}
                />
            );
        case "move":
            return (
                <UnitPicker
                    label={t("step.new_parent")}
                    value={step.parent}
                    at={before}
                    onPick={(parent) => set({ parent })}
                    required
                />
            );
        default:
            return null;
    }
}

interface SourcesProps {
    from: Source[];
    before: string;
    onChange: (from: Source[]) => void;
}

function Sources({ from, before, onChange }: SourcesProps) {
    const set = (index: number, change: Partial<Source>) =>
        onChange(from.map((source, i) => (i === index ? { ...source, ...change } : source)));
    return (
        <div class="stack">
            {from.map((source, index) => (
                <div key={index} class="source">
                    <UnitPicker
                        label={t("step.source", { n: index + 1 })}
                        value={source.unit}
                        at={before}
                        onPick={(unit) => set(index, { unit })}
                        required
                    />
                    <SelectField<How>
                        label={t("step.how")}
                        value={source.how}
                        options={hows.map((value) => ({ value, label: t(`how.${value}`) }))}
                        onChange={(how) => set(index, { how })}
                    />
                    {source.how === "part" && (
                        <TextField
                            label={t("step.share")}
                            value={source.share}
                            onInput={(share) => set(index, { share })}
                            required
                        />
                    )}
                    <IconButton
                        icon="close"
                        label={t("step.source_remove", { n: index + 1 })}
                        disabled={from.length === 1}
                        onClick={() => onChange(from.filter((_, i) => i !== index))}
                    />
                </div>
            ))}
            <div>
                <Button small icon="plus" onClick={() => onChange([...from, newSource()])}>
                    {t("step.source_add")}
                </Button>
            </div>
        </div>
    );
}
