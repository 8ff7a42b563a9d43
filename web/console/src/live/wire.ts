// What goes over the live socket, as bytes and as arithmetic: packets with
// their stamp, and how far the server's clock is from ours.

const HEAD = 9;

/** Stamp of the first packet, how many there are, each with its length. None: a pause on purpose. */
export function pieceOf(at_us: number, packets: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
    const size = packets.reduce((sum, packet) => sum + 2 + packet.length, HEAD);
    const bytes = new Uint8Array(size);
    const view = new DataView(bytes.buffer);
    view.setBigUint64(0, BigInt(Math.max(0, Math.round(at_us))));
    view.setUint8(8, packets.length);
    let at = HEAD;
    for (const packet of packets) {
        view.setUint16(at, packet.length);
        bytes.set(packet, at + 2);
        at += 2 + packet.length;
    }
    return bytes;
}

/** The window's clock, in microseconds since 1970. */
export function nowUs(): number {
    return (performance.timeOrigin + performance.now()) * 1000;
}

/** The difference to the server's clock, from the question that came back soonest. */
export class ClockGap {
    private best = Infinity;
    gap = 0;

    hear(t1: number, t2: number, now: number): void {
        const trip = now - t1;
        if (trip >= 0 && trip <= this.best) {
            this.best = trip;
            this.gap = t2 - (t1 + now) / 2;
        }
    }

    /** An old answer says less and less: clocks drift. */
    age(): void {
        this.best *= 1.5;
    }
}
