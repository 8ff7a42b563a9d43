// A value with a button that copies it.

import { useState } from "preact/hooks";
import { t } from "../words";
import { Button, IconButton } from "./button";

function useCopy(value: string): [boolean, () => void] {
    const [done, setDone] = useState(false);
    const copy = async () => {
        await navigator.clipboard.writeText(value);
        setDone(true);
    };
    return [done, () => void copy()];
}

/** Beside a value: small, and saying what it copies only to screen readers. */
export function Copy({ value }: { value: string }) {
    const [done, copy] = useCopy(value);
    return (
        <IconButton
            class="copy"
            icon={done ? "check" : "copy"}
            label={done ? t("action.copied") : t("action.copy")}
            onClick={copy}
        />
    );
}

export function CopyButton({ value, label }: { value: string; label: string }) {
    const [done, copy] = useCopy(value);
    return (
        <Button small icon={done ? "check" : "copy"} onClick={copy}>
            {done ? t("action.copied") : label}
        </Button>
    );
}

/** Something shown exactly once: a new password, a secret. */
export function Secret({ label, value }: { label: string; value: string }) {
    const [done, copy] = useCopy(value);
    return (
        <div class="secret">
            <span class="secret-label">{label}</span>
            <code class="secret-value">{value}</code>
            <Button small icon={done ? "check" : "copy"} onClick={copy}>
                {done ? t("action.copied") : t("action.copy")}
            </Button>
        </div>
    );
}
