// Speaking live: the microphone on one side, the socket on the other. When
// the connection is lost it is dialled again for a minute, while loudspeakers
// play what was chosen for that; the page sees every state in one signal.

import { signal, type Signal } from "@preact/signals";
import type { LiveMode, LiveNews } from "../../../shared/live";
import { liveRead, liveSocketUrl } from "../api/live";
import { Mic } from "./mic";
import { ClockGap, nowUs, pieceOf } from "./wire";

export type Phase = "opening" | "on" | "lost" | "ended" | "taken" | "refused" | "no_microphone";

export interface Speaking {
    phase: Phase;
    /** Whether what is said goes out now. */
    talking: boolean;
    news: LiveNews | null;
}

const AGAIN_MS = 1_000;
const PATIENCE_MS = 60_000;
const ASK_MS = 20_000;
const FIRST_ASKS = 4;
/** More than this waits to be sent: what is said now is better than what was said then. */
const MOST_WAITING = 16 * 1024;
const CLOSED_ENDED = new Set([1000, 4002]);
const CLOSED_TAKEN = 4001;
const CLOSED_NONSENSE = 4003;

interface Options {
    id: number;
    mode: LiveMode;
    music: boolean;
}

export class LiveSender {
    readonly state: Signal<Speaking>;
    /** Of the last frame, 0 to 1; read by the meter, not a reason to draw the page. */
    level = 0;
    peak = 0;

    private mic: Mic | null = null;
    private socket: WebSocket | null = null;
    private readonly clock = new ClockGap();
    private lostSince: number | null = null;
    private timer: number | undefined;
    private asker: number | undefined;

    constructor(private readonly options: Options) {
        this.state = signal<Speaking>({ phase: "opening", talking: options.mode === "continuous", news: null });
    }

    async start(): Promise<void> {
        try {
            this.mic = await Mic.open(
                {
                    onPacket: (packet, at) => this.send(packet, at),
                    onLevel: (level, peak) => {
                        this.level = level;
                        this.peak = Math.max(peak, this.peak * 0.96);
                    },
                    onFailed: () => this.finish("no_microphone"),
                },
                this.options.music,
            );
        } catch {
            this.finish("no_microphone");
            return;
        }
        if (this.isOver()) {
            this.mic.close();
            return;
        }
        this.dial();
    }

    /** Push-to-talk: pressed or let go. */
    talk(yes: boolean): void {
        const { talking } = this.state.peek();
        if (yes === talking || this.isOver()) {
            return;
        }
        this.set({ talking: yes });
        if (!yes && this.socket?.readyState === WebSocket.OPEN) {
            this.socket.send(pieceOf(nowUs() + this.clock.gap, []));
        }
    }

    stop(): void {
        this.finish("ended");
    }

    private isOver(): boolean {
        return ["ended", "taken", "refused", "no_microphone"].includes(this.state.peek().phase);
    }

    private set(part: Partial<Speaking>): void {
        this.state.value = { ...this.state.peek(), ...part };
    }

    private finish(phase: Phase): void {
        if (this.isOver()) {
            return;
        }
        clearTimeout(this.timer);
        clearInterval(this.asker);
        this.mic?.close();
        this.socket?.close(1000);
        this.level = this.peak = 0;
        this.set({ phase, talking: false });
    }

    private send(packet: Uint8Array, at: number): void {
        const { socket } = this;
        if (!this.state.peek().talking || socket?.readyState !== WebSocket.OPEN || socket.bufferedAmount > MOST_WAITING) {
            return;
        }
        socket.send(pieceOf(performance.timeOrigin * 1000 + at + this.clock.gap, [packet]));
    }

    private dial(): void {
        const socket = new WebSocket(liveSocketUrl(this.options.id));
        this.socket = socket;
        socket.onopen = () => {
            this.lostSince = null;
            this.set({ phase: "on" });
            let asks = 0;
            const ask = () => {
                this.clock.age();
                socket.send(JSON.stringify({ t1: Math.round(nowUs()) }));
                asks++;
                clearInterval(this.asker);
                this.asker = window.setInterval(ask, asks < FIRST_ASKS ? AGAIN_MS : ASK_MS);
            };
            ask();
        };
        socket.onmessage = ({ data }: MessageEvent<unknown>) => this.hear(data);
        socket.onclose = ({ code }) => this.onClose(code);
    }

    private hear(data: unknown): void {
        if (typeof data !== "string") {
            return;
        }
        let said: Partial<LiveNews & { t1: number; t2: number }>;
        try {
            said = JSON.parse(data) as typeof said;
        } catch {
            return;
        }
        if (typeof said.t1 === "number" && typeof said.t2 === "number") {
            this.clock.hear(said.t1, said.t2, nowUs());
        } else if (said.state !== undefined) {
            this.set({ news: said as LiveNews });
        }
    }

    private onClose(code: number): void {
        clearInterval(this.asker);
        if (this.isOver()) {
            return;
        }
        if (CLOSED_ENDED.has(code)) {
            this.finish("ended");
        } else if (code === CLOSED_TAKEN) {
            this.finish("taken");
        } else if (code === CLOSED_NONSENSE) {
            this.finish("refused");
        } else {
            this.lostSince ??= Date.now();
            if (Date.now() - this.lostSince > PATIENCE_MS) {
                this.finish("refused");
                return;
            }
            this.set({ phase: "lost" });
            // A refusal looks like a lost connection here: the server says which it is.
            liveRead(this.options.id).then(
                ({ state }) => state === "ended" && this.finish("ended"),
                () => undefined,
            );
            this.timer = window.setTimeout(() => this.dial(), AGAIN_MS);
        }
    }
}
