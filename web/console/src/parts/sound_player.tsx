// Listens to a sound of the server: a big button, the waveform, the time. The
// waveform of an older sound is drawn when somebody first listens to it.

import { useEffect, useRef, useState } from "preact/hooks";
import { mediaUrl } from "../api/broadcast";
import { decode, peaksOf } from "../sound/decode";
import { t } from "../words";
import { lengthOf } from "../words/clock";
import { Icon } from "./icon";
import { Waveform } from "./waveform";

interface SoundPlayerProps {
    media: string;
    ms: number | null;
    title: string;
    peaks?: readonly number[] | null;
}

const BARS = 400;
const DRAW_MOST_MS = 20 * 60_000;
/** Who opens a bulletin is about to listen: what is this short is fetched once, for both. */
const DRAW_AT_ONCE_MS = 3 * 60_000;
const drawn = new Map<string, readonly number[]>();

/** What the server just said about a sound: nobody has to draw it again. */
export function soundKnown(media: string, peaks: readonly number[]): void {
    if (peaks.length > 0) {
        drawn.set(media, peaks);
    }
}

async function draw(media: string): Promise<readonly number[]> {
    const known = drawn.get(media);
    if (known !== undefined) {
        return known;
    }
    const answer = await fetch(mediaUrl(media), { credentials: "same-origin" });
    const peaks = peaksOf(await decode(await answer.blob()), BARS);
    drawn.set(media, peaks);
    return peaks;
}

/** Not when the person pays by the byte and said so. */
function mayFetch(): boolean {
    return (navigator as { connection?: { saveData?: boolean } }).connection?.saveData !== true;
}

export function SoundPlayer({ media, ms, title, peaks: given = null }: SoundPlayerProps) {
    const sound = useRef<HTMLAudioElement>(null);
    const [playing, setPlaying] = useState(false);
    const [at, setAt] = useState(0);
    const [peaks, setPeaks] = useState<readonly number[]>(given ?? drawn.get(media) ?? []);
    const [broken, setBroken] = useState(false);
    useEffect(() => {
        setPeaks(given ?? drawn.get(media) ?? []);
        setAt(0);
        setBroken(false);
    }, [media, given]);
    const [found, setFound] = useState(0);
    const whole = ms ?? found;
    useEffect(() => {
        if (whole > 0 && whole <= DRAW_AT_ONCE_MS && peaks.length === 0 && mayFetch()) {
            // Only a picture: without it one can listen all the same.
            draw(media).then(setPeaks, () => undefined);
        }
    }, [media, whole]);
    const turn = () => {
        if (playing) {
            sound.current?.pause();
            return;
        }
        sound.current?.play().catch(() => setBroken(true));
        if (peaks.length === 0 && whole < DRAW_MOST_MS) {
            draw(media).then(setPeaks, () => undefined);
        }
    };
    return (
        <div class="sound-player">
            <button type="button" class="sound-turn" aria-label={t(playing ? "sound.pause" : "sound.play", { title })} onClick={turn}>
                <Icon name={playing ? "pause" : "play"} />
            </button>
            <div class="sound-wave">
                <Waveform peaks={peaks.length > 0 ? peaks : FLAT} quiet={peaks.length === 0} played={whole === 0 ? 0 : at / whole} to={whole === 0 || at === 0 ? 1 : at / whole} />
                {whole > 0 && (
                    <input
                        class="sound-seek"
                        type="range"
                        min={0}
                        max={whole}
                        step={100}
                        value={at}
                        aria-label={t("sound.seek", { title })}
                        aria-valuetext={lengthOf(at)}
                        onInput={(event) => {
                            const next = Number(event.currentTarget.value);
                            setAt(next);
                            if (sound.current) {
                                sound.current.currentTime = next / 1000;
                            }
                        }}
                    />
                )}
            </div>
            <span class="sound-time figure">
                {broken ? t("sound.broken") : playing || at > 0 ? `${lengthOf(at)} / ${lengthOf(whole)}` : lengthOf(whole)}
            </span>
            <audio
                ref={sound}
                preload={ms === null ? "metadata" : "none"}
                src={mediaUrl(media)}
                onDurationChange={({ currentTarget: { duration } }) => Number.isFinite(duration) && setFound(duration * 1000)}
                onPlay={() => setPlaying(true)}
                onPause={() => setPlaying(false)}
                onEnded={() => setAt(0)}
                onTimeUpdate={(event) => setAt(event.currentTarget.currentTime * 1000)}
                onError={() => setBroken(true)}
            />
        </div>
    );
}

/** Until it is drawn. */
const FLAT: readonly number[] = Array<number>(60).fill(0);
