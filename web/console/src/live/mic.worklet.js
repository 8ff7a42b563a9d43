// Runs on the sound thread: cuts what the microphone hears into frames of
// 20 ms and hands them over with the time at which they began.

const FRAME = 960;

class Mic extends AudioWorkletProcessor {
    constructor() {
        super();
        this.frame = new Float32Array(FRAME);
        this.filled = 0;
    }

    process([input]) {
        const channel = input?.[0];
        if (channel === undefined) {
            return true;
        }
        let taken = 0;
        while (taken < channel.length) {
            const part = Math.min(FRAME - this.filled, channel.length - taken);
            this.frame.set(channel.subarray(taken, taken + part), this.filled);
            taken += part;
            this.filled += part;
            if (this.filled === FRAME) {
                const at = currentTime + (taken - FRAME) / sampleRate;
                this.port.postMessage({ samples: this.frame, at }, [this.frame.buffer]);
                this.frame = new Float32Array(FRAME);
                this.filled = 0;
            }
        }
        return true;
    }
}

registerProcessor("mic", Mic);
