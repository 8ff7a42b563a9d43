// Comparing Vietnamese names the way people type them: without marks, and
// without the word for the kind that most names begin with. These words match
// data; they are never shown.

const KIND_WORDS =
    /^(?:tinh|thanh pho|huyen|quan|thi xa|xa|phuong|thi tran|dac khu|thon|ban|khoi pho|to dan pho)\s+/;

/** Marks off, đ as d, small letters. */
export function plainText(text: string): string {
    return text
        .normalize("NFD")
        .replace(/\p{M}/gu, "")
        .replace(/[đĐ]/g, "d")
        .toLowerCase();
}

/** The part of a unit's name that people look for: "Xã Cán Tỷ" is under C. */
export function ownName(name: string): string {
    return plainText(name).replace(KIND_WORDS, "");
}

/** The last word is the given name in Vietnamese. */
export function initials(name: string): string {
    const words = name.trim().split(/\s+/);
    const first = words.length > 1 ? (words[0]?.[0] ?? "") : "";
    return (first + (words[words.length - 1]?.[0] ?? "")).toLocaleUpperCase("vi");
}
