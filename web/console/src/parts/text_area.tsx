// A longer text, in a field that grows with it.

import type { FieldBase } from "./field";
import { Field } from "./field";

interface TextAreaProps extends FieldBase {
    value: string;
    rows?: number;
    onInput: (value: string) => void;
}

export function TextArea({ value, rows = 3, onInput, ...base }: TextAreaProps) {
    return (
        <Field {...base}>
            {({ id, described, invalid }) => (
                <textarea
                    id={id}
                    class="input text-area"
                    rows={rows}
                    value={value}
                    required={base.required}
                    aria-describedby={described}
                    aria-invalid={invalid}
                    onInput={(event) => onInput(event.currentTarget.value)}
                />
            )}
        </Field>
    );
}
