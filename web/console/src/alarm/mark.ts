// The mark of one wish to raise something: made once by the page, so that a
// second press, or a retry after a lost answer, raises nothing twice.

export function markMake(): string {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
