// CAP in words: states, severities, signatures, and codes that the standard
// knows and people need not.

import type { CapMessage, CapSeverity, CapState } from "../../../shared/alert";
import type { Tone } from "../parts/badge";

export const stateTones: Record<CapState, Tone> = {
    draft: "calm",
    waiting: "warn",
    used: "good",
    dismissed: "calm",
    noted: "calm",
    replaced: "calm",
    cancelled: "calm",
    expired: "calm",
};

export const severityTones: Record<CapSeverity, Tone> = {
    Extreme: "bad",
    Severe: "bad",
    Moderate: "warn",
    Minor: "info",
    Unknown: "calm",
};

export const signatureTones: Record<CapMessage["signature"], Tone> = { good: "good", none: "calm", unknown_key: "warn" };

export const severities: CapSeverity[] = ["Extreme", "Severe", "Moderate", "Minor", "Unknown"];
export const states: CapState[] = ["waiting", "draft", "used", "dismissed", "noted", "replaced", "cancelled", "expired"];

/** Whether a person still has to decide. */
export function isOpen({ state }: CapMessage): boolean {
    return state === "waiting" || state === "draft";
}

/** An exercise can only become a drill; a test, a draft and an answer nothing at all. */
export function becomes({ status, type }: CapMessage): "alarm" | "drill" | null {
    if (type === "Ack" || type === "Error" || status === "System" || status === "Test" || status === "Draft") {
        return null;
    }
    return status === "Exercise" ? "drill" : "alarm";
}
