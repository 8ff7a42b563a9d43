// Packets out of an Ogg stream, as its bytes arrive: only what a live stream
// of one track needs. What is no page is skipped up to the next one.

const HEAD = 27;
const CAPTURE = [0x4f, 0x67, 0x67, 0x53];
const MOST_WAITING = 256 * 1024;

export class OggReader {
    private waiting = new Uint8Array(0);
    private begun: Uint8Array[] = [];

    /** The packets that are whole now. */
    take(bytes: Uint8Array): Uint8Array[] {
        const all = new Uint8Array(this.waiting.length + bytes.length);
        all.set(this.waiting);
        all.set(bytes, this.waiting.length);
        const packets: Uint8Array[] = [];
        let at = 0;
        for (;;) {
            at = pageAt(all, at);
            const size = pageSize(all, at);
            if (size === null) {
                break;
            }
            this.readPage(all.subarray(at, at + size), packets);
            at += size;
        }
        // Garbage without an end must not fill the memory.
        this.waiting = all.length - at > MOST_WAITING ? new Uint8Array(0) : all.slice(at);
        return packets;
    }

    private readPage(page: Uint8Array, packets: Uint8Array[]): void {
        const segments = page[26] ?? 0;
        let at = HEAD + segments;
        let start = at;
        for (let i = 0; i < segments; i++) {
            const size = page[HEAD + i] ?? 0;
            at += size;
            if (size < 255) {
                packets.push(joined([...this.begun, page.slice(start, at)]));
                this.begun = [];
                start = at;
            }
        }
        if (start < at) {
            this.begun.push(page.slice(start, at));
        }
    }
}

function pageAt(bytes: Uint8Array, from: number): number {
    for (let at = from; at + CAPTURE.length <= bytes.length; at++) {
        if (CAPTURE.every((byte, i) => bytes[at + i] === byte)) {
            return at;
        }
    }
    return Math.max(from, bytes.length - CAPTURE.length + 1);
}

/** null while the page is not whole. */
function pageSize(bytes: Uint8Array, at: number): number | null {
    if (at + HEAD > bytes.length) {
        return null;
    }
    const segments = bytes[at + 26] ?? 0;
    if (at + HEAD + segments > bytes.length) {
        return null;
    }
    let size = HEAD + segments;
    for (let i = 0; i < segments; i++) {
        size += bytes[at + HEAD + i] ?? 0;
    }
    return at + size > bytes.length ? null : size;
}

function joined(parts: Uint8Array[]): Uint8Array {
    const [only] = parts;
    if (parts.length === 1 && only) {
        return only;
    }
    const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
        whole.set(part, at);
        at += part.length;
    }
    return whole;
}

/** The first two packets of Opus say what it is; they hold no sound. */
export function isOpusHead(packet: Uint8Array): boolean {
    const text = String.fromCharCode(...packet.slice(0, 8));
    return text === "OpusHead" || text === "OpusTags";
}
