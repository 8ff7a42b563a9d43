// The life of a station, in order.

import type { Stage } from "../../../shared/fleet";
import type { Tone } from "../parts/badge";

export const stages: Stage[] = [
    "surveyed",
    "outline_submitted",
    "approved",
    "building",
    "accepted",
    "working",
    "degraded",
    "broken",
    "retired",
];

export const stageTones: Record<Stage, Tone> = {
    surveyed: "calm",
    outline_submitted: "info",
    approved: "info",
    building: "info",
    accepted: "info",
    working: "good",
    degraded: "warn",
    broken: "bad",
    retired: "calm",
};
