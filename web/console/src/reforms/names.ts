// The names behind the ids in a reform's steps, as of the day before it.

import type { Step, UnitRef } from "../../../shared/api";
import { unitCard } from "../api/units";
import { dayBefore } from "../words/format";
import { stepUnits } from "./steps";

/** More than this many at once would hammer the server for a big reform. */
const AT_ONCE = 6;

export async function stepNames(steps: readonly Step[], on: string): Promise<Map<number, UnitRef>> {
    const names = new Map<number, UnitRef>();
    const ids = stepUnits(steps);
    while (ids.length > 0) {
        const batch = ids.splice(0, AT_ONCE).map(async (id) => {
            try {
                const { unit } = await unitCard(id, dayBefore(on));
                names.set(id, unit);
            } catch {
                // Out of sight or gone: the step is shown with the bare id.
            }
        });
        await Promise.all(batch);
    }
    return names;
}
