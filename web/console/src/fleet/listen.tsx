// Listening to a pole: the very sound that goes to its loudspeaker, a moment
// later. How much later is measured and said, so that nobody judges the
// timing of two poles by ear from here.

import { useEffect, useRef, useState } from "preact/hooks";
import { deviceListenUrl } from "../api/fleet";
import { Button } from "../parts/button";
import { useNow } from "../state/now";
import { t } from "../words";
import { number } from "../words/format";
import { LiveSound, liveSoundWorks } from "./live_sound";

/** A speaker that has sent nothing for so long does not answer. */
const PATIENCE_MS = 15_000;
/** An <audio> element wants a block of bytes before it begins. */
const SLOW_PATIENCE_MS = 60_000;
const LOOK_MS = 200;

type State = "off" | "waiting" | "playing" | "failed";

function secondsBehind(live: LiveSound | null, audio: HTMLAudioElement | null): number {
    if (live !== null) {
        return live.behind();
    }
    const { buffered, currentTime } = audio ?? { buffered: null, currentTime: 0 };
    return buffered && buffered.length > 0 ? buffered.end(buffered.length - 1) - currentTime : 0;
}

export function Listen({ id, name }: { id: number; name: string }) {
    const [state, setState] = useState<State>("off");
    const live = useRef<LiveSound | null>(null);
    const audio = useRef<HTMLAudioElement>(null);
    const stop = (next: State = "off") => {
        live.current?.stop();
        live.current = null;
        const { current } = audio;
        if (current?.hasAttribute("src")) {
            current.pause();
            // Without this the browser would go on reading.
            current.removeAttribute("src");
            current.load();
        }
        setState(next);
    };
    useEffect(() => () => stop(), [id]);
    useEffect(() => {
        if (state !== "waiting") {
            return;
        }
        const timer = setTimeout(() => stop("failed"), liveSoundWorks ? PATIENCE_MS : SLOW_PATIENCE_MS);
        return () => clearTimeout(timer);
    }, [state]);
    const start = () => {
        setState("waiting");
        if (liveSoundWorks) {
            live.current = new LiveSound(deviceListenUrl(id), {
                onSound: () => setState("playing"),
                onEnd: (failed) => stop(failed ? "failed" : "off"),
            });
        } else if (audio.current) {
            audio.current.src = deviceListenUrl(id);
            audio.current.play().catch(() => stop("failed"));
        }
    };
    const on = state === "waiting" || state === "playing";
    return (
        <div class="listen">
            {state === "playing" && <Heard live={live.current} audio={audio.current} />}
            <p class="quiet" role="status">
                {state === "waiting" && t("listen.waiting")}
                {state === "failed" && t("listen.failed")}
            </p>
            <Button small kind={on ? "secondary" : "primary"} icon={on ? "stop" : "listen"} onClick={on ? () => stop() : start}>
                {on ? t("listen.stop") : t("listen.go")}
            </Button>
            <audio
                ref={audio}
                preload="none"
                aria-label={t("listen.of", { name })}
                onPlaying={() => setState("playing")}
                onEnded={() => stop()}
            />
        </div>
    );
}

/** That sound arrives, even when the pole is silent, and how late. */
function Heard({ live, audio }: { live: LiveSound | null; audio: HTMLAudioElement | null }) {
    useNow(LOOK_MS);
    const behind = Math.max(1, Math.round(secondsBehind(live, audio)));
    return (
        <p class="quiet listen-heard">
            {live && (
                <span class="level-bar listen-level" aria-hidden="true">
                    <span style={{ width: `${Math.min(100, Math.sqrt(live.level) * 140)}%` }} />
                </span>
            )}
            {t("listen.behind", { n: number(behind) })}
        </p>
    );
}
