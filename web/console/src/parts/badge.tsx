// A short status word. Colour only repeats what the word says.

import type { ComponentChildren } from "preact";

export type Tone = "calm" | "good" | "warn" | "bad" | "info";

export function Badge({ tone = "calm", children }: { tone?: Tone; children: ComponentChildren }) {
    return <span class={`badge badge-${tone}`}>{children}</span>;
}
