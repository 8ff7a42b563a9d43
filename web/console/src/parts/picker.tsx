// Choosing one thing by typing part of its name. The ARIA combobox pattern:
// the list is announced, arrows move, Enter takes.

import { useEffect, useId, useRef, useState } from "preact/hooks";
import { ApiError } from "../api/client";
import { asApiError } from "../state/load";
import type { FieldBase } from "./field";
import { Field } from "./field";
import { Icon } from "./icon";

export interface Option {
    id: number;
    name: string;
    /** What tells two of one name apart. */
    path: string;
}

interface PickerProps<T extends Option> extends FieldBase {
    value: { id: number; name: string } | null;
    onPick: (found: T | null) => void;
    /** What fits the text; with an empty text, what to begin with. */
    find: (text: string, stop: AbortSignal) => Promise<T[]>;
    placeholder: string;
    none: string;
}

type PickerFind<T> = (text: string, stop: AbortSignal) => Promise<T[]>;

const PAUSE_MS = 150;

function useOptions<T>(text: string, find: PickerFind<T>, open: boolean) {
    const [options, setOptions] = useState<T[]>([]);
    const latest = useRef(find);
    latest.current = find;
    const [error, setError] = useState<ApiError | null>(null);
    useEffect(() => {
        if (!open) {
            return;
        }
        const stop = new AbortController();
        const timer = setTimeout(() => {
            latest.current(text.trim(), stop.signal).then(
                (items) => {
                    setError(null);
                    setOptions(items);
                },
                (cause: unknown) => !stop.signal.aborted && setError(asApiError(cause)),
            );
        }, PAUSE_MS);
        return () => {
            clearTimeout(timer);
            stop.abort();
        };
    }, [text, open]);
    return { options, error };
}

export function Picker<T extends Option>({ value, onPick, find, placeholder, none, ...base }: PickerProps<T>) {
    const listId = useId();
    const [typed, setTyped] = useState<string | null>(null);
    const [open, setOpen] = useState(false);
    const [mark, setMark] = useState(0);
    const list = useRef<HTMLUListElement>(null);
    const { options, error } = useOptions(typed ?? "", find, open);
    const marked = Math.min(mark, options.length - 1);

    useEffect(() => {
        list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
    }, [marked]);

    const close = () => {
        setOpen(false);
        setTyped(null);
        setMark(0);
    };
    const take = (option: T | undefined) => {
        if (option) {
            onPick(option);
            close();
        }
    };
    const onKey = (event: KeyboardEvent) => {
        if (event.key === "ArrowDown" || event.key === "ArrowUp") {
            event.preventDefault();
            setOpen(true);
            setMark(Math.max(0, Math.min(options.length - 1, marked + (event.key === "ArrowDown" ? 1 : -1))));
        } else if (event.key === "Enter" && open) {
            event.preventDefault();
            take(options[marked]);
        } else if (event.key === "Escape" && open) {
            event.preventDefault();
            event.stopPropagation();
            close();
        }
    };

    return (
        <Field {...base} error={base.error ?? error?.message}>
            {({ id, described, invalid }) => (
                <div class="picker">
                    <input
                        id={id}
                        class="input"
                        role="combobox"
                        autocomplete="off"
                        spellcheck={false}
                        placeholder={placeholder}
                        value={typed ?? value?.name ?? ""}
                        aria-expanded={open}
                        aria-controls={listId}
                        aria-autocomplete="list"
                        aria-activedescendant={open && options[marked] ? `${listId}-${marked}` : undefined}
                        aria-describedby={described}
                        aria-invalid={invalid}
                        onFocus={(event) => event.currentTarget.select()}
                        onClick={() => setOpen(true)}
                        onInput={(event) => {
                            setTyped(event.currentTarget.value);
                            setMark(0);
                            setOpen(true);
                            if (event.currentTarget.value === "") {
                                onPick(null);
                            }
                        }}
                        onKeyDown={onKey}
                        onBlur={close}
                    />
                    <Icon name="search" />
                    <ul
                        id={listId}
                        ref={list}
                        class="picker-list"
                        role="listbox"
                        aria-label={base.label}
                        hidden={!open}
                        // The input must keep the focus while an option is pressed.
                        onPointerDown={(event) => event.preventDefault()}
                    >
                        {options.map((option, index) => (
                            <li
                                key={option.id}
                                id={`${listId}-${index}`}
                                role="option"
                                class="picker-option"
                                aria-selected={index === marked}
                                onClick={() => take(option)}
                            >
                                <span>{option.name}</span>
                                {option.path && <span class="quiet">{option.path}</span>}
                            </li>
                        ))}
                        {options.length === 0 && (
                            <li class="picker-none" role="option" aria-selected={false} aria-disabled="true">
                                {none}
                            </li>
                        )}
                    </ul>
                </div>
            )}
        </Field>
    );
}
