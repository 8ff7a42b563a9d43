// Listening to a programme before it sounds: its items one after the other,
// as they will be played.

import { useEffect, useRef, useState } from "preact/hooks";
import type { ProgrammeItem } from "../../../shared/broadcast";
import { mediaUrl } from "../api/broadcast";
import { Button } from "../parts/button";
import { t } from "../words";
import { lengthOf } from "../words/clock";

export function Hear({ items }: { items: Pick<ProgrammeItem, "media" | "title" | "ms">[] }) {
    const [at, setAt] = useState<number | null>(null);
    const [failed, setFailed] = useState(false);
    const audio = useRef<HTMLAudioElement>(null);
    const current = at === null ? undefined : items[at];
    useEffect(() => {
        const { current: player } = audio;
        if (player === null) {
            return;
        }
        if (current === undefined) {
            player.pause();
            return;
        }
        setFailed(false);
        player.src = mediaUrl(current.media);
        player.play().catch((cause: unknown) => {
            // A player that was told to stop has not failed.
            if (!(cause instanceof DOMException && cause.name === "AbortError")) {
                setFailed(true);
                setAt(null);
            }
        });
    }, [current?.media, at]);
    if (items.length === 0) {
        return null;
    }
    const next = () => setAt((was) => (was === null || was + 1 >= items.length ? null : was + 1));
    return (
        <div class="hear">
            <ol class="hear-list">
                {items.map((item, index) => (
                    <li key={`${item.media}|${index}`} class={index === at ? "hear-now" : ""}>
                        <Button small kind="quiet" icon={index === at ? "stop" : "play"} onClick={() => setAt(index === at ? null : index)}>
                            {item.title}
                        </Button>
                        <span class="quiet figure">{lengthOf(item.ms)}</span>
                    </li>
                ))}
            </ol>
            {items.length > 1 && (
                <Button small icon={at === null ? "play" : "stop"} onClick={() => setAt(at === null ? 0 : null)}>
                    {t(at === null ? "hear.all" : "hear.stop")}
                </Button>
            )}
            {failed && <p class="field-error">{t("hear.failed")}</p>}
            <audio ref={audio} preload="none" onEnded={next} aria-label={t("hear.player")} />
        </div>
    );
}
