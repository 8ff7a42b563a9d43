// Light, dark, or what the device says.

import { effect, signal } from "@preact/signals";
import { remember, remembered } from "./store";

export type Look = "system" | "light" | "dark";

function initial(): Look {
    const kept = remembered("look");
    return kept === "light" || kept === "dark" ? kept : "system";
}

export const look = signal<Look>(initial());

export function lookSet(next: Look): void {
    look.value = next;
    remember("look", next === "system" ? null : next);
}

effect(() => {
    if (look.value === "system") {
        delete document.documentElement.dataset["look"];
    } else {
        document.documentElement.dataset["look"] = look.value;
    }
});
