// Form fields: a label, a hint, an error that is tied to the input, and the
// input itself. The error from the server for one field lands here.

import type { ComponentChildren } from "preact";
import { useId, useState } from "preact/hooks";
import { t } from "../words";
import { IconButton } from "./button";
import { Icon } from "./icon";

export interface FieldBase {
    label: string;
    hint?: string | undefined;
    error?: string | undefined;
    required?: boolean;
}

interface Ids {
    id: string;
    described: string | undefined;
    invalid: true | undefined;
}

interface FieldProps extends FieldBase {
    children: (ids: Ids) => ComponentChildren;
}

export function Field({ label, hint, error, required = false, children }: FieldProps) {
    const id = useId();
    const hintId = hint ? `${id}-hint` : "";
    const errorId = error ? `${id}-error` : "";
    const described = `${errorId} ${hintId}`.trim() || undefined;
    return (
        <div class={`field${error ? " field-bad" : ""}`}>
            <label class="field-label" for={id}>
                {label}
                {!required && <span class="field-optional">{t("form.optional")}</span>}
            </label>
            {children({ id, described, invalid: error ? true : undefined })}
            {hint && (
                <p class="field-hint" id={hintId}>
                    {hint}
                </p>
            )}
            {error && (
                <p class="field-error" id={errorId}>
                    <Icon name="warning" />
                    {error}
                </p>
            )}
        </div>
    );
}

export interface TextProps extends FieldBase {
    value: string;
    onInput: (value: string) => void;
    type?: "text" | "email" | "tel" | "date" | "number" | "search";
    autocomplete?: string;
    inputMode?: "text" | "numeric" | "email" | "tel";
    focus?: boolean;
    disabled?: boolean;
    min?: string;
    max?: string;
    maxLength?: number;
    code?: boolean;
}

/** Preact's types tie other attributes to the literal kind of input; ours is chosen at run time. */
function kindOf(type: TextProps["type"] | "password"): { type: "text" } {
    return { type } as { type: "text" };
}

export function TextField(props: TextProps) {
    const { value, onInput, type = "text", required = false } = props;
    return (
        <Field {...props}>
            {({ id, described, invalid }) => (
                <input
                    id={id}
                    class={`input${props.code ? " input-code" : ""}`}
                    {...kindOf(type)}
                    value={value}
                    required={required}
                    disabled={props.disabled}
                    autocomplete={props.autocomplete ?? "off"}
                    inputMode={props.inputMode}
                    autofocus={props.focus}
                    min={props.min}
                    max={props.max}
                    maxLength={props.maxLength}
                    spellcheck={false}
                    autocapitalize={props.code ? "none" : undefined}
                    aria-describedby={described}
                    aria-invalid={invalid}
                    onInput={(event) => onInput(event.currentTarget.value)}
                />
            )}
        </Field>
    );
}

interface PasswordProps extends FieldBase {
    value: string;
    onInput: (value: string) => void;
    fresh?: boolean;
    focus?: boolean;
}

export function PasswordField(props: PasswordProps) {
    const [shown, setShown] = useState(false);
    return (
        <Field {...props} required>
            {({ id, described, invalid }) => (
                <div class="input-row">
                    <input
                        id={id}
                        class="input"
                        {...kindOf(shown ? "text" : "password")}
                        value={props.value}
                        required
                        autocomplete={props.fresh ? "new-password" : "current-password"}
                        autofocus={props.focus}
                        autocapitalize="none"
                        spellcheck={false}
                        aria-describedby={described}
                        aria-invalid={invalid}
                        onInput={(event) => props.onInput(event.currentTarget.value)}
                    />
                    <IconButton
                        icon="eye"
                        label={shown ? t("form.password_hide") : t("form.password_show")}
                        onClick={() => setShown(!shown)}
                    />
                </div>
            )}
        </Field>
    );
}

interface SelectProps<T extends string> extends FieldBase {
    value: T;
    options: { value: T; label: string }[];
    onChange: (value: T) => void;
    disabled?: boolean;
}

export function SelectField<T extends string>(props: SelectProps<T>) {
    return (
        <Field {...props} required={props.required ?? true}>
            {({ id, described, invalid }) => (
                <div class="select">
                    <select
                        id={id}
                        class="input"
                        value={props.value}
                        disabled={props.disabled}
                        aria-describedby={described}
                        aria-invalid={invalid}
                        onChange={(event) => {
                            const found = props.options[event.currentTarget.selectedIndex];
                            if (found) {
                                props.onChange(found.value);
                            }
                        }}
                    >
                        {props.options.map((option) => (
                            <option
                                key={option.value}
                                value={option.value}
                                selected={option.value === props.value}
                            >
                                {option.label}
                            </option>
                        ))}
                    </select>
                    <Icon name="down" />
                </div>
            )}
        </Field>
    );
}

interface CheckProps {
    label: string;
    hint?: string;
    checked: boolean;
    onChange: (checked: boolean) => void;
}

export function CheckField({ label, hint, checked, onChange }: CheckProps) {
    const id = useId();
    return (
        <div class="check">
            <input
                id={id}
                type="checkbox"
                checked={checked}
                aria-describedby={hint ? `${id}-hint` : undefined}
                onChange={(event) => onChange(event.currentTarget.checked)}
            />
            <label for={id}>{label}</label>
            {hint && (
                <p class="field-hint" id={`${id}-hint`}>
                    {hint}
                </p>
            )}
        </div>
    );
}
