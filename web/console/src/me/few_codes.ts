// Fewer recovery codes than this left, and the person is told to renew them.

export const FEW_CODES = 3;
