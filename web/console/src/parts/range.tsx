// A number chosen with a slider, and said beside it.

import type { FieldBase } from "./field";
import { Field } from "./field";

interface RangeProps extends FieldBase {
    value: number;
    min: number;
    max: number;
    step: number;
    /** The value in words. */
    said: string;
    onInput: (value: number) => void;
}

export function RangeField({ value, min, max, step, said, onInput, ...base }: RangeProps) {
    return (
        <Field {...base} required>
            {({ id, described }) => (
                <div class="range">
                    <input
                        id={id}
                        type="range"
                        min={min}
                        max={max}
                        step={step}
                        value={value}
                        aria-valuetext={said}
                        aria-describedby={described}
                        onInput={(event) => onInput(Number(event.currentTarget.value))}
                    />
                    <output class="figure" for={id}>
                        {said}
                    </output>
                </div>
            )}
        </Field>
    );
}
