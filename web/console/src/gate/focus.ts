// Puts the cursor into the first empty input of a form that has just come.

import { useEffect, useRef } from "preact/hooks";

export function useFirstFocus<T extends HTMLElement>() {
    const box = useRef<T>(null);
    useEffect(() => {
        box.current?.querySelector<HTMLElement>("input:not([type=checkbox])")?.focus();
    }, []);
    return box;
}
