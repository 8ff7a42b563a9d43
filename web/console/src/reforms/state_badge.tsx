// Where a reform stands.

import type { Reform } from "../../../shared/api";
import type { Tone } from "../parts/badge";
import { Badge } from "../parts/badge";
import { t } from "../words";

const tones: Record<Reform["state"], Tone> = { draft: "warn", applied: "good", undone: "calm" };

export function ReformBadge({ state }: { state: Reform["state"] }) {
    return <Badge tone={tones[state]}>{t(`reform_state.${state}`)}</Badge>;
}
