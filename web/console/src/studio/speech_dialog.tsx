// Text that the machine reads aloud: what it will say, word by word, is shown
// before, because numbers and abbreviations are where machines go wrong.

import { useEffect, useState } from "preact/hooks";
import { speechReading, speechVoices } from "../api/sounds";
import { Button } from "../parts/button";
import { Dialog } from "../parts/dialog";
import { SelectField } from "../parts/field";
import { RangeField } from "../parts/range";
import { Notice } from "../parts/states";
import { TextArea } from "../parts/text_area";
import { useLoad } from "../state/load";
import { t, tOneOf } from "../words";
import { percent } from "../words/format";

interface SpeechDialogProps {
    unit: number;
    text: string;
    onMake: (text: string, voice: string, speed: number) => void;
    onClose: () => void;
}

const PAUSE_MS = 400;

export function SpeechDialog({ unit, text: begun, onMake, onClose }: SpeechDialogProps) {
    const voices = useLoad("voices", speechVoices);
    const [text, setText] = useState(begun);
    const [asked, setAsked] = useState(begun.trim());
    const [voice, setVoice] = useState("");
    const [speed, setSpeed] = useState<number | null>(null);
    const shownSpeed = speed ?? voices.data?.speed ?? 100;
    const reading = useLoad(`reading|${unit}|${asked}`, async () => (asked === "" ? { reading: "" } : speechReading(unit, asked)));
    useEffect(() => {
        const timer = setTimeout(() => setAsked(text.trim()), PAUSE_MS);
        return () => clearTimeout(timer);
    }, [text]);
    const said = reading.data?.reading ?? "";
    return (
        <Dialog title={t("speech.title")} onClose={onClose} wide>
            <TextArea label={t("speech.text")} value={text} rows={5} onInput={setText} required />
            {said !== "" && said !== asked && (
                <div class="reading">
                    <p class="field-label">{t("speech.reading")}</p>
                    <p class="reading-text" lang="vi">
                        {said}
                    </p>
                    <p class="field-hint">
                        {t("speech.reading_hint")} <a href="/speech">{t("speech.words")}</a>
                    </p>
                </div>
            )}
            {reading.error && <Notice kind="warning">{reading.error.message}</Notice>}
            <div class="form-grid">
                <SelectField
                    label={t("speech.voice")}
                    value={voice || (voices.data?.voice ?? "")}
                    options={(voices.data?.items ?? []).map(({ name }) => ({ value: name, label: tOneOf(["voice"], name) }))}
                    onChange={setVoice}
                />
                <RangeField
                    label={t("speech.speed")}
                    min={70}
                    max={130}
                    step={5}
                    value={shownSpeed}
                    said={percent(shownSpeed / 100)}
                    onInput={setSpeed}
                />
            </div>
            <div class="dialog-foot">
                <Button onClick={onClose}>{t("action.cancel")}</Button>
                <Button kind="primary" icon="speech" disabled={text.trim() === ""} onClick={() => onMake(text.trim(), voice, shownSpeed)}>
                    {t("speech.make")}
                </Button>
            </div>
        </Dialog>
    );
}
