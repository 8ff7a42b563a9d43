// A dialog in the middle of a desktop, a sheet from the bottom of a phone:
// the same native <dialog>, so that focus stays inside, Escape closes and the
// page behind is out of reach. `ask` is the one way to ask "are you sure".

import { signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { t } from "../words";
import { Button, IconButton } from "./button";

interface DialogProps {
    title: string;
    onClose: () => void;
    children: ComponentChildren;
    wide?: boolean;
    /** False while closing would lose something, for example codes not yet saved. */
    closable?: boolean;
}

export function Dialog({ title, onClose, children, wide = false, closable = true }: DialogProps) {
    const box = useRef<HTMLDialogElement>(null);
    const id = useId();
    useEffect(() => {
        const dialog = box.current;
        if (dialog === null) {
            return;
        }
        const before = document.activeElement;
        dialog.showModal();
        return () => {
            dialog.close();
            if (before instanceof HTMLElement && before.isConnected) {
                before.focus();
            }
        };
    }, []);
    return (
        <dialog
            ref={box}
            class={`dialog${wide ? " dialog-wide" : ""}`}
            aria-labelledby={id}
            onCancel={(event) => {
                event.preventDefault();
                if (closable) {
                    onClose();
                }
            }}
            onClick={(event) => {
                if (closable && event.target === box.current) {
                    onClose();
                }
            }}
        >
            <div class="dialog-inside">
                <header class="dialog-head">
                    <h2 id={id} tabIndex={-1}>
                        {title}
                    </h2>
                    {closable && <IconButton icon="close" label={t("action.close")} onClick={onClose} />}
                </header>
                {children}
            </div>
        </dialog>
    );
}

interface Question {
    title: string;
    body?: string;
    yes: string;
    danger?: boolean;
}

const asked = signal<(Question & { answer: (yes: boolean) => void }) | null>(null);

export function ask(question: Question): Promise<boolean> {
    return new Promise((resolve) => {
        asked.peek()?.answer(false);
        asked.value = {
            ...question,
            answer: (yes) => {
                asked.value = null;
                resolve(yes);
            },
        };
    });
}

/** Mounted once by the shell. */
export function AskHost() {
    const question = asked.value;
    if (question === null) {
        return null;
    }
    return (
        <Dialog title={question.title} onClose={() => question.answer(false)}>
            {question.body && <p>{question.body}</p>}
            <div class="dialog-foot">
                <Button onClick={() => question.answer(false)}>{t("action.cancel")}</Button>
                <Button
                    kind={question.danger ? "danger" : "primary"}
                    onClick={() => question.answer(true)}
                >
                    {question.yes}
                </Button>
            </div>
        </Dialog>
    );
}
