// Plays a live Ogg Opus stream with little delay. An <audio> element would
// wait for tens of kilobytes, which at these rates is half a minute: so the
// packets are decoded as they arrive and put one behind the other.

import { isOpusHead, OggReader } from "./ogg";

const RATE = 48_000;
/** Ahead of the ear, against a network that stutters. */
const CUSHION_S = 0.3;
/** Further ahead than this, something was waiting for us: skip to now. */
const FURTHEST_S = 1.5;
/** What the device and the server bundle before they send. */
const ON_THE_WAY_S = 0.4;

export const liveSoundWorks = "AudioDecoder" in window;

interface Listener {
    onSound: () => void;
    onEnd: (failed: boolean) => void;
}

export class LiveSound {
    private readonly stopper = new AbortController();
    private readonly context = new AudioContext({ sampleRate: RATE });
    private readonly decoder: AudioDecoder;
    private next = 0;
    private stamp = 0;
    private heard = false;
    private ended = false;

    /** Of the last bit that was decoded, 0 to 1. */
    level = 0;

    constructor(url: string, private readonly listener: Listener) {
        this.decoder = new AudioDecoder({
            output: (data) => this.play(data),
            error: () => this.end(true),
        });
        this.decoder.configure({ codec: "opus", sampleRate: RATE, numberOfChannels: 1 });
        this.read(url).then(
            () => this.end(false),
            () => this.end(true),
        );
    }

    stop(): void {
        this.ended = true;
        this.stopper.abort();
        if (this.decoder.state !== "closed") {
            this.decoder.close();
        }
        if (this.context.state !== "closed") {
            void this.context.close();
        }
    }

    /** Seconds between the loudspeaker there and the ear here. */
    behind(): number {
        return Math.max(0, this.next - this.context.currentTime) + ON_THE_WAY_S;
    }

    private end(failed: boolean): void {
        if (!this.ended) {
            this.stop();
            this.listener.onEnd(failed);
        }
    }

    private async read(url: string): Promise<void> {
        const response = await fetch(url, { signal: this.stopper.signal, cache: "no-store" });
        if (!response.ok || response.body === null) {
            throw new Error(String(response.status));
        }
        const ogg = new OggReader();
        const reader = response.body.getReader();
        for (;;) {
            const { value, done } = await reader.read();
            if (done || this.ended) {
                return;
            }
            for (const packet of ogg.take(value)) {
                if (!isOpusHead(packet)) {
                    this.decoder.decode(new EncodedAudioChunk({ type: "key", timestamp: this.stamp, data: packet }));
                    this.stamp += 20_000;
                }
            }
        }
    }

    private play(data: AudioData): void {
        const frames = data.numberOfFrames;
        const samples = new Float32Array(frames);
        data.copyTo(samples, { planeIndex: 0, format: "f32-planar" });
        data.close();
        if (this.ended) {
            return;
        }
        this.level = Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / frames);
        const now = this.context.currentTime;
        if (this.next < now || this.next > now + FURTHEST_S) {
            this.next = now + CUSHION_S;
        }
        const buffer = this.context.createBuffer(1, frames, RATE);
        buffer.copyToChannel(samples, 0);
        const source = this.context.createBufferSource();
        source.buffer = buffer;
        source.connect(this.context.destination);
        source.start(this.next);
        this.next += frames / RATE;
        if (!this.heard) {
            this.heard = true;
            this.listener.onSound();
        }
    }
}
