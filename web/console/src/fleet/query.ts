// The filters of the fleet, as the address bar holds them.

import type { Query } from "../api/client";
import { here } from "../state/router";

export const fleetKeys = ["unit", "state", "fault", "group", "q"] as const;

export type FleetQuery = Record<(typeof fleetKeys)[number], string | null>;

export function fleetQuery(): FleetQuery {
    const { query } = here.value;
    return {
        unit: query.get("unit"),
        state: query.get("state"),
        fault: query.get("fault"),
        group: query.get("group"),
        q: query.get("q"),
    };
}

export function fleetFilter(query: FleetQuery): Query {
    return { ...query };
}
