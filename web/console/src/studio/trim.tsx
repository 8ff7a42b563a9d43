// The waveform with two handles: what is between them is used. The handles
// are sliders, so that a finger, the arrow keys and a screen reader all work.

import { useEffect, useState } from "preact/hooks";
import { Button } from "../parts/button";
import { Waveform } from "../parts/waveform";
import { DECODE_MOST_BYTES, decode, peaksFewer, peaksOf } from "../sound/decode";
import { takeSound, type Take } from "../sound/takes";
import { t } from "../words";
import { lengthOf } from "../words/clock";
import { useLocalPlay } from "./listen_local";

interface TrimProps {
    take: Take;
    from: number;
    to: number;
    onChange: (from: number, to: number, whole: number) => void;
}

const LEAST_MS = 500;
const STEP_MS = 100;
const BARS = 400;

interface Look {
    peaks: number[];
    ms: number;
    sound: AudioBuffer | null;
}

async function lookAt(take: Take): Promise<Look> {
    const { blob, peaks } = await takeSound(take);
    if (blob.size > DECODE_MOST_BYTES) {
        return { peaks: peaksFewer(peaks, BARS), ms: take.ms, sound: null };
    }
    try {
        const sound = await decode(blob);
        return { peaks: peaksOf(sound, BARS), ms: Math.round(sound.duration * 1000), sound };
    } catch {
        // A kind of file that only the server reads: it draws and cuts it.
        return { peaks: peaksFewer(peaks, BARS), ms: take.ms, sound: null };
    }
}

export function Trim({ take, from, to, onChange }: TrimProps) {
    const [look, setLook] = useState<Look | null>(null);
    const play = useLocalPlay(look?.sound ?? null);
    useEffect(() => {
        let current = true;
        void lookAt(take).then((found) => {
            if (current) {
                setLook(found);
                onChange(0, found.ms, found.ms);
            }
        });
        return () => {
            current = false;
        };
    }, [take.mark]);
    if (look === null) {
        return <div class="trim trim-waits" role="status" aria-label={t("state.loading")} />;
    }
    const whole = look.ms;
    if (whole === 0 || look.peaks.length === 0) {
        return <p class="quiet">{t("trim.by_server")}</p>;
    }
    return (
        <div class="stack">
            <div class="trim">
                <Waveform peaks={look.peaks} from={from / whole} to={to / whole} played={play.playing ? play.at / whole : 0} />
                <Handle label={t("trim.from")} value={from} whole={whole} onInput={(next) => onChange(Math.min(next, to - LEAST_MS), to, whole)} />
                <Handle label={t("trim.to")} value={to} whole={whole} onInput={(next) => onChange(from, Math.max(next, from + LEAST_MS), whole)} />
            </div>
            <div class="trim-line">
                <Button
                    small
                    icon={play.playing ? "pause" : "play"}
                    disabled={look.sound === null}
                    onClick={() => (play.playing ? play.stop() : play.play(from, to))}
                >
                    {t(play.playing ? "sound.pause_short" : "sound.play_short")}
                </Button>
                <span class="figure">{t("trim.length", { length: lengthOf(to - from) })}</span>
                <span class="quiet">{t("trim.hint")}</span>
            </div>
        </div>
    );
}

interface HandleProps {
    label: string;
    value: number;
    whole: number;
    onInput: (value: number) => void;
}

function Handle({ label, value, whole, onInput }: HandleProps) {
    return (
        <input
            class="trim-handle"
            type="range"
            min={0}
            max={whole}
            step={STEP_MS}
            value={value}
            aria-label={label}
            aria-valuetext={lengthOf(value)}
            onInput={(event) => onInput(Number(event.currentTarget.value))}
        />
    );
}
