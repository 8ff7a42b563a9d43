// Short messages after an act, with an undo where the act can be undone. They
// are spoken by screen readers, stay while the pointer or the focus is on
// them, and a toast with an undo stays longer.

import { signal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import { asApiError } from "../state/load";
import { t } from "../words";
import { Button, IconButton } from "./button";
import { Icon } from "./icon";

interface Toast {
    id: number;
    text: string;
    tone: "good" | "bad";
    undo: (() => Promise<void>) | null;
}

const toasts = signal<Toast[]>([]);
const MOST_TOASTS = 3;
const STAY_MS = 6_000;
const STAY_WITH_UNDO_MS = 15_000;
let nextId = 1;

function push(text: string, tone: Toast["tone"], undo: Toast["undo"]): void {
    const toast = { id: nextId++, text, tone, undo };
    toasts.value = [...toasts.peek(), toast].slice(-MOST_TOASTS);
}

export function toastDone(text: string, undo: (() => Promise<void>) | null = null): void {
    push(text, "good", undo);
}

export function toastFailed(cause: unknown): void {
    const error = asApiError(cause);
    push(`${error.message} (${error.code})`, "bad", null);
}

function drop(id: number): void {
    toasts.value = toasts.peek().filter((toast) => toast.id !== id);
}

function ToastLine({ toast }: { toast: Toast }) {
    const [held, setHeld] = useState(false);
    useEffect(() => {
        if (held) {
            return;
        }
        const stay = toast.undo ? STAY_WITH_UNDO_MS : STAY_MS;
        const timer = setTimeout(() => drop(toast.id), stay);
        return () => clearTimeout(timer);
    }, [held]);
    const undo = toast.undo;
    return (
        <div
            class={`toast toast-${toast.tone}`}
            onPointerEnter={() => setHeld(true)}
            onPointerLeave={() => setHeld(false)}
            onFocusIn={() => setHeld(true)}
            onFocusOut={() => setHeld(false)}
        >
            <Icon name={toast.tone === "good" ? "check" : "warning"} />
            <p>{toast.text}</p>
            {undo && (
                <Button
                    small
                    kind="quiet"
                    icon="undo"
                    onClick={() => {
                        drop(toast.id);
                        undo().then(() => toastDone(t("toast.undone")), toastFailed);
                    }}
                >
                    {t("action.undo")}
                </Button>
            )}
            <IconButton icon="close" label={t("action.close")} onClick={() => drop(toast.id)} />
        </div>
    );
}

/** Mounted once by the shell. */
export function ToastHost() {
    return (
        <div class="toasts" role="status" aria-live="polite">
            {toasts.value.map((toast) => (
                <ToastLine key={toast.id} toast={toast} />
            ))}
        </div>
    );
}
