// Whether there is room for a timeline: the same width at which the side rail
// appears.

import { signal } from "@preact/signals";

const query = matchMedia("(min-width: 60rem)");

export const wide = signal(query.matches);

query.addEventListener("change", () => (wide.value = query.matches));
