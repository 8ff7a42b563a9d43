// Each language with the sound that speaks it: heard before it is sent, taken
// from the store, or read aloud by the machine. A sound that says something
// else than the text is named as such.

import { useState } from "preact/hooks";
import type { Media } from "../../../shared/broadcast";
import { mediaUrl } from "../api/broadcast";
import { Button } from "../parts/button";
import { CheckField, SelectField } from "../parts/field";
import { FormError } from "../parts/states";
import { readAloud } from "../sound/ready";
import { useAct } from "../state/load";
import { t, tCode } from "../words";
import { lengthOf } from "../words/clock";
import type { Composed, Spoken } from "./compose";

interface TonguesProps {
    composed: Composed;
    media: Media[];
    change: (next: (was: Composed) => Composed) => void;
}

const MACHINE = "vi";

export function Tongues({ composed, media, change }: TonguesProps) {
    const [adding, setAdding] = useState("");
    const there = new Set(composed.spoken.map(({ language }) => language));
    const others = [...new Set([MACHINE, ...media.map(({ language }) => language ?? MACHINE)])].filter((code) => !there.has(code));
    const set = (language: string, part: Partial<Spoken>) =>
        change((was) => ({ ...was, spoken: was.spoken.map((one) => (one.language === language ? { ...one, ...part } : one)) }));
    const add = () => {
        const language = adding || others[0];
        if (language !== undefined) {
            change((was) => ({ ...was, spoken: [...was.spoken, { language, media: null, ms: 0, says: "", on: true }] }));
            setAdding("");
        }
    };
    return (
        <div class="voice-rows">
            {composed.spoken.map((spoken) => (
                <Tongue key={spoken.language} spoken={spoken} composed={composed} media={media} set={(part) => set(spoken.language, part)} />
            ))}
            {others.length > 0 && (
                <div class="items-add">
                    <SelectField
                        label={t("tongues.another")}
                        value={adding || (others[0] ?? "")}
                        options={others.map((value) => ({ value, label: tCode("tongue", value) }))}
                        onChange={setAdding}
                    />
                    <Button small icon="plus" onClick={add}>
                        {t("tongues.add")}
                    </Button>
                </div>
            )}
        </div>
    );
}

interface TongueProps {
    spoken: Spoken;
    composed: Composed;
    media: Media[];
    set: (part: Partial<Spoken>) => void;
}

function Tongue({ spoken, composed, media, set }: TongueProps) {
    const act = useAct();
    const { language } = spoken;
    const { title, text, unit_id } = composed.draft;
    const name = tCode("tongue", language);
    const fits = media.filter((one) => (one.language ?? MACHINE) === language || one.media === spoken.media);
    const other = language === MACHINE && spoken.media !== null && spoken.says !== text;
    const read = () =>
        act.run(async () => {
            const made = await readAloud({ unit_id, title, text, language });
            set({ media: made.media, ms: made.ms, says: text, on: true });
        });
    return (
        <div class={`voice-row${spoken.on ? "" : " voice-off"}`}>
            <div class="voice-head">
                <CheckField label={name} checked={spoken.on} onChange={(on) => set({ on })} />
                {spoken.media !== null && (
                    <>
                        <audio controls preload="none" src={mediaUrl(spoken.media)} aria-label={t("tongues.hear", { name })} />
                        <span class="quiet figure">{lengthOf(spoken.ms)}</span>
                    </>
                )}
            </div>
            {spoken.says !== "" && <p class="voice-says">{spoken.says}</p>}
            {other && <p class="field-error">{t("tongues.other")}</p>}
            {spoken.on && spoken.media === null && <p class="field-error">{t("tongues.mute")}</p>}
            <div class="voice-tools">
                {fits.length > 0 && (
                    <SelectField
                        label={t("tongues.sound")}
                        value={spoken.media ?? ""}
                        options={[
                            { value: "", label: t("alarm.no_voice") },
                            ...fits.map((one) => ({ value: one.media, label: `${one.title} (${lengthOf(one.ms)})` })),
                        ]}
                        onChange={(value) => {
                            const found = fits.find((one) => one.media === value);
                            set({ media: found?.media ?? null, ms: found?.ms ?? 0, says: "", on: true });
                        }}
                    />
                )}
                {language === MACHINE && (
                    <Button small icon="listen" busy={act.busy} disabled={text.trim() === ""} onClick={() => void read()}>
                        {t("tongues.read")}
                    </Button>
                )}
            </div>
            <FormError error={act.error} />
        </div>
    );
}
