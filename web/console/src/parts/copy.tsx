// A value with a button that copies it.

import { useState } from "preact/hooks";
import { t } from "../words";
import { Button } from "./button";

export function Copy({ value, label }: { value: string; label?: string }) {
    const [done, setDone] = useState(false);
    const copy = async () => {
        await navigator.clipboard.writeText(value);
        setDone(true);
    };
    return (
        <Button small icon={done ? "check" : "copy"} onClick={() => void copy()}>
            {done ? t("action.copied") : (label ?? t("action.copy"))}
        </Button>
    );
}

/** Something shown exactly once: a new password, a secret. */
export function Secret({ label, value }: { label: string; value: string }) {
    return (
        <div class="secret">
            <span class="secret-label">{label}</span>
            <code class="secret-value">{value}</code>
            <Copy value={value} />
        </div>
    );
}
