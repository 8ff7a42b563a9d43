// Exactly what the loudspeakers will say: the signal, the words, the sounds
// that speak them, each of which can be heard here first.

import type { AlarmSignal, Clip, Hash } from "../../../shared/broadcast";
import { mediaUrl } from "../api/broadcast";
import { Notice } from "../parts/states";
import { t, tCode } from "../words";
import { lengthOf } from "../words/clock";

interface HeardProps {
    title: string;
    text: string;
    signal: AlarmSignal;
    times: number;
    clip: Clip | null;
    voices: { language: string; media: Hash; ms?: number }[];
}

export function Heard({ title, text, signal, times, clip, voices }: HeardProps) {
    const spoken = voices.some(({ language }) => language === "vi");
    const other = !spoken && clip !== null && clip.text !== "" && clip.text.trim() !== text.trim();
    return (
        <div class="stack heard">
            <p class="heard-how">
                {signal !== "none" && `${t(`signal.${signal}`)} · `}
                {t("alarm.times_n", { n: times })}
            </p>
            <p>
                <b>{title}</b>
            </p>
            {text !== "" && <blockquote class="alarm-said">{text}</blockquote>}
            {other && (
                <Notice kind="warning">
                    <p>{t("heard.other")}</p>
                </Notice>
            )}
            <ul class="lines">
                {voices.map(({ language, media, ms }) => (
                    <li key={media} class="line heard-line">
                        <span class="line-body">
                            {tCode("tongue", language)} {ms !== undefined && <span class="quiet figure">{lengthOf(ms)}</span>}
                        </span>
                        <audio controls preload="none" src={mediaUrl(media)} aria-label={t("tongues.hear", { name: tCode("tongue", language) })} />
                    </li>
                ))}
                {clip && (
                    <li class="line heard-line">
                        <span class="line-body">
                            {t(voices.length > 0 ? "heard.clip_else" : "heard.clip", { title: clip.title })}
                            {clip.text !== "" && clip.text.trim() !== text.trim() && <span class="quiet heard-text">{clip.text}</span>}
                        </span>
                        <audio controls preload="none" src={mediaUrl(clip.media)} aria-label={clip.title} />
                    </li>
                )}
            </ul>
        </div>
    );
}
