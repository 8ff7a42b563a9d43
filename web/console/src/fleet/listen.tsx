// Listening to a pole: the very sound that goes to its loudspeaker, a moment
// later. How much later is measured and said, so that nobody judges the
// timing of two poles by ear from here.

import { useEffect, useRef, useState } from "preact/hooks";
import { deviceListenUrl } from "../api/fleet";
import { Button } from "../parts/button";
import { useNow } from "../state/now";
import { t } from "../words";
import { number } from "../words/format";

/** Sound is bundled on the device and once more on its way before a byte of it is here. */
const ON_THE_WAY_S = 1;
/** A speaker that has sent nothing for so long does not answer. */
const PATIENCE_MS = 15_000;

type State = "off" | "waiting" | "playing" | "failed";

function behind(audio: HTMLAudioElement): number {
    const { buffered, currentTime } = audio;
    const ahead = buffered.length > 0 ? buffered.end(buffered.length - 1) - currentTime : 0;
    return Math.max(1, Math.round(ahead + ON_THE_WAY_S));
}

export function Listen({ id, name }: { id: number; name: string }) {
    const [state, setState] = useState<State>("off");
    const audio = useRef<HTMLAudioElement>(null);
    useNow();
    const stop = () => {
        const { current } = audio;
        if (current) {
            current.pause();
            // Without this the browser would go on reading.
            current.removeAttribute("src");
            current.load();
        }
        setState("off");
    };
    useEffect(() => stop, [id]);
    useEffect(() => {
        if (state !== "waiting") {
            return;
        }
        const timer = setTimeout(() => {
            stop();
            setState("failed");
        }, PATIENCE_MS);
        return () => clearTimeout(timer);
    }, [state]);
    const start = () => {
        const { current } = audio;
        if (current) {
            setState("waiting");
            current.src = deviceListenUrl(id);
            current.play().catch(() => setState((was) => (was === "off" ? "off" : "failed")));
        }
    };
    const on = state === "waiting" || state === "playing";
    return (
        <div class="listen">
            <p class="quiet" role="status">
                {state === "waiting" && t("listen.waiting")}
                {state === "failed" && t("listen.failed")}
                {state === "playing" && audio.current && t("listen.behind", { n: number(behind(audio.current)) })}
            </p>
            <Button small kind={on ? "secondary" : "primary"} icon={on ? "stop" : "listen"} onClick={on ? stop : start}>
                {on ? t("listen.stop") : t("listen.go")}
            </Button>
            <audio
                ref={audio}
                preload="none"
                aria-label={t("listen.of", { name })}
                onPlaying={() => setState("playing")}
                onEnded={stop}
                onError={() => setState((was) => (was === "off" ? "off" : "failed"))}
            />
        </div>
    );
}
