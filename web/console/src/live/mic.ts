// The microphone as a row of Opus packets of 20 ms, each with the moment at
// which its first sample was heard. Firefox, Safari and Chromium all have
// what it takes; where the encoder is missing the page says so.

import micWorklet from "./mic.worklet.js";

export const RATE = 48_000;
export const FRAME_US = 20_000;
const BITRATE = 24_000;

export const micWorks = "AudioEncoder" in window && "AudioWorkletNode" in window;

export interface MicListener {
    /** `at`: microseconds of this window's clock. */
    onPacket: (packet: Uint8Array, at: number) => void;
    onLevel: (level: number, peak: number) => void;
    onFailed: () => void;
}

interface Frame {
    samples: Float32Array<ArrayBuffer>;
    at: number;
}

/** Music keeps its sound; a voice is freed from noise and echo. */
function constraints(music: boolean): MediaTrackConstraints {
    return { channelCount: 1, sampleRate: RATE, echoCancellation: !music, noiseSuppression: !music, autoGainControl: !music };
}

/** Starting, configured as loudspeakers play it. */
function encoderConfig(music: boolean): AudioEncoderConfig {
    return {
        codec: "opus",
        sampleRate: RATE,
        numberOfChannels: 1,
        bitrate: BITRATE,
        opus: { frameDuration: FRAME_US, application: music ? "audio" : "voip" },
    } as AudioEncoderConfig;
}

export class Mic {
    private encoder: AudioEncoder;
    /** From the sound card's clock to this window's, in seconds: the least that was ever seen. */
    private shift = Infinity;
    private count = 0;
    private readonly stamps = new Map<number, number>();
    private closed = false;

    private constructor(
        private readonly stream: MediaStream,
        private readonly context: AudioContext,
        private readonly listener: MicListener,
        music: boolean,
    ) {
        this.encoder = new AudioEncoder({
            output: (chunk) => this.takeChunk(chunk),
            error: () => this.fail(),
        });
        this.encoder.configure(encoderConfig(music));
        stream.getAudioTracks().forEach((track) => (track.onended = () => this.fail()));
    }

    /** Asks for the microphone; throws what the browser says when it may not be had. */
    static async open(listener: MicListener, music: boolean): Promise<Mic> {
        const stream = await navigator.mediaDevices.getUserMedia({ audio: constraints(music) });
        const context = new AudioContext({ sampleRate: RATE, latencyHint: "interactive" });
        try {
            await context.audioWorklet.addModule(new URL(micWorklet, import.meta.url));
            const mic = new Mic(stream, context, listener, music);
            const node = new AudioWorkletNode(context, "mic", { numberOfOutputs: 0, channelCount: 1, channelCountMode: "explicit" });
            node.port.onmessage = ({ data }: MessageEvent<Frame>) => mic.takeFrame(data);
            context.createMediaStreamSource(stream).connect(node);
            await context.resume();
            return mic;
        } catch (cause) {
            stream.getTracks().forEach((track) => track.stop());
            void context.close();
            throw cause;
        }
    }

    close(): void {
        if (this.closed) {
            return;
        }
        this.closed = true;
        this.stream.getTracks().forEach((track) => track.stop());
        if (this.encoder.state !== "closed") {
            this.encoder.close();
        }
        void this.context.close();
    }

    private fail(): void {
        if (!this.closed) {
            this.close();
            this.listener.onFailed();
        }
    }

    private takeFrame({ samples, at }: Frame): void {
        if (this.closed) {
            return;
        }
        let [sum, peak] = [0, 0];
        for (const sample of samples) {
            sum += sample * sample;
            peak = Math.max(peak, Math.abs(sample));
        }
        this.listener.onLevel(Math.sqrt(sum / samples.length), peak);
        // Messages between threads are late by more or less: the least late one tells the clocks apart.
        this.shift = Math.min(this.shift, performance.now() / 1000 - (at + samples.length / RATE));
        const timestamp = this.count++ * FRAME_US;
        this.stamps.set(timestamp, (at + this.shift) * 1e6);
        const data = new AudioData({ format: "f32-planar", sampleRate: RATE, numberOfFrames: samples.length, numberOfChannels: 1, timestamp, data: samples });
        this.encoder.encode(data);
        data.close();
    }

    private takeChunk(chunk: EncodedAudioChunk): void {
        const packet = new Uint8Array(chunk.byteLength);
        chunk.copyTo(packet);
        const at = this.stamps.get(chunk.timestamp) ?? performance.now() * 1000 - FRAME_US;
        this.stamps.delete(chunk.timestamp);
        this.listener.onPacket(packet, at);
    }
}
