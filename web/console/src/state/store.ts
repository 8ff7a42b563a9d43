// Small choices that a browser remembers for one person (look, language
// before sign-in). Storage may be forbidden: then they live until reload.

const memory = new Map<string, string>();

export function remembered(key: string): string | null {
    try {
        return localStorage.getItem(`loa.${key}`);
    } catch {
        return memory.get(key) ?? null;
    }
}

export function remember(key: string, value: string | null): void {
    try {
        if (value === null) {
            localStorage.removeItem(`loa.${key}`);
        } else {
            localStorage.setItem(`loa.${key}`, value);
        }
    } catch {
        if (value === null) {
            memory.delete(key);
        } else {
            memory.set(key, value);
        }
    }
}
