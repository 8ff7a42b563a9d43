// Weeks begin on Monday.

import { dayShift } from "../words/format";

export const WEEK = 7;

export function monday(day: string): string {
    return dayShift(day, -((new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7));
}

export function daysFrom(first: string, count: number): string[] {
    return Array.from({ length: count }, (_, index) => dayShift(first, index));
}
