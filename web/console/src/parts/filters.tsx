// The frame around a list's filters: always open on a wide screen, folded
// behind one button on a phone, where the list itself must come first.

import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { t } from "../words";
import { Button } from "./button";

interface FiltersProps {
    label: string;
    /** How many filters are set; said on the folded button. */
    set: number;
    onClear: () => void;
    children: ComponentChildren;
}

export function Filters({ label, set, onClear, children }: FiltersProps) {
    const [open, setOpen] = useState(false);
    return (
        <div class="filters-frame" role="search" aria-label={label}>
            <div class="filters-fold">
                <Button icon="settings" expanded={open} onClick={() => setOpen(!open)}>
                    {set === 0 ? t("list.filter") : t("list.filter_set", { n: set })}
                </Button>
            </div>
            <div class={`filters${open ? " filters-open" : ""}`}>
                {children}
                {set > 0 && (
                    <Button kind="quiet" icon="close" onClick={onClear}>
                        {t("list.clear")}
                    </Button>
                )}
            </div>
        </div>
    );
}
