// Plays a part of a sound that is still in this browser.

import { useEffect, useRef, useState } from "preact/hooks";

export interface LocalPlay {
    playing: boolean;
    /** Where it is, in milliseconds of the whole. */
    at: number;
    play: (from: number, to: number) => void;
    stop: () => void;
}

export function useLocalPlay(sound: AudioBuffer | null): LocalPlay {
    const [at, setAt] = useState(0);
    const [playing, setPlaying] = useState(false);
    const quit = useRef<() => void>(() => undefined);
    useEffect(() => () => quit.current(), []);
    const stop = () => {
        quit.current();
        setPlaying(false);
    };
    const play = (from: number, to: number) => {
        quit.current();
        if (sound === null) {
            return;
        }
        const context = new AudioContext();
        const source = context.createBufferSource();
        source.buffer = sound;
        source.connect(context.destination);
        const began = context.currentTime;
        let frame = 0;
        const look = () => {
            setAt(from + (context.currentTime - began) * 1000);
            frame = requestAnimationFrame(look);
        };
        const end = () => {
            cancelAnimationFrame(frame);
            source.onended = null;
            void context.close();
            quit.current = () => undefined;
            setPlaying(false);
            setAt(0);
        };
        source.onended = end;
        quit.current = end;
        source.start(0, from / 1000, Math.max(0.05, (to - from) / 1000));
        setPlaying(true);
        look();
    };
    return { playing, at, play, stop };
}
