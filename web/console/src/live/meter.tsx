// The level of the microphone, drawn as often as the screen is; the number
// beside it is for those who do not see the bar, and changes calmly.

import { useEffect, useRef } from "preact/hooks";
import { t } from "../words";
import type { LiveSender } from "./sender";
import { millibel, shareOf } from "./words";

const HOT_MB = -300;
const LOW_MB = -4_000;

export function MicMeter({ sender }: { sender: LiveSender }) {
    const bar = useRef<HTMLSpanElement>(null);
    const mark = useRef<HTMLSpanElement>(null);
    const words = useRef<HTMLParagraphElement>(null);
    useEffect(() => {
        let frame = 0;
        let said = "";
        const draw = () => {
            const level = millibel(sender.level);
            const peak = millibel(sender.peak);
            if (bar.current && mark.current && words.current) {
                bar.current.style.transform = `scaleX(${shareOf(level)})`;
                mark.current.style.left = `${shareOf(peak) * 100}%`;
                const next = peak > HOT_MB ? t("live.hot") : peak < LOW_MB ? t("live.faint") : t("live.good");
                if (next !== said) {
                    said = next;
                    words.current.textContent = next;
                    words.current.className = peak > HOT_MB ? "mic-words mic-hot" : "mic-words";
                }
            }
            frame = requestAnimationFrame(draw);
        };
        draw();
        return () => cancelAnimationFrame(frame);
    }, [sender]);
    return (
        <div class="mic-meter">
            <div class="mic-bar" aria-hidden="true">
                <span ref={bar} class="mic-level" />
                <span ref={mark} class="mic-peak" />
            </div>
            <p ref={words} class="mic-words" role="status" />
        </div>
    );
}
