// How words are read aloud that a machine would get wrong: names of villages,
// abbreviations, foreign names. A unit has its own over those from above.

import soundStyles from "../../styles/sound.css";
import programmeStyles from "../../styles/programme.css";
import studioStyles from "../../styles/studio.css";
import { useState } from "preact/hooks";
import type { SpokenWord } from "../../../shared/sounds";
import { speechReading, speechWords, speechWordsSave } from "../api/sounds";
import { Button, IconButton } from "../parts/button";
import { TextField } from "../parts/field";
import { Page, Panel } from "../parts/page";
import { sheetUse } from "../parts/sheet";
import { FormError, Show } from "../parts/states";
import { TextArea } from "../parts/text_area";
import { toastDone } from "../parts/toast";
import { useAct, useLoad } from "../state/load";
import { account, can } from "../state/session";
import { t } from "../words";

sheetUse(studioStyles);
sheetUse(programmeStyles);
sheetUse(soundStyles);

export default function Speech() {
    const unit = account.value?.unit.id ?? 0;
    const list = useLoad(`speech|${unit}`, () => speechWords(unit));
    return (
        <Page title={t("section.speech")} crumbs={[{ label: t("section.bulletins"), href: "/bulletins" }]} lead={t("speech.page_lead")}>
            <Show of={list}>
                {({ items }) => (
                    <>
                        <Own key={JSON.stringify(items)} unit={unit} items={items.filter((word) => word.unit.id === unit)} onSaved={list.reload} />
                        <Above items={items.filter((word) => word.unit.id !== unit)} />
                    </>
                )}
            </Show>
            <Try unit={unit} />
        </Page>
    );
}

interface OwnProps {
    unit: number;
    items: SpokenWord[];
    onSaved: () => void;
}

function Own({ unit, items, onSaved }: OwnProps) {
    const [rows, setRows] = useState(items.map(({ word, reading }) => ({ word, reading })));
    const act = useAct();
    const writes = can("bulletins_write");
    const set = (at: number, change: Partial<(typeof rows)[number]>) => setRows(rows.map((row, index) => (index === at ? { ...row, ...change } : row)));
    const submit = () =>
        act.run(async () => {
            const whole = rows.map(({ word, reading }) => ({ word: word.trim(), reading: reading.trim() })).filter(({ word, reading }) => word !== "" && reading !== "");
            await speechWordsSave(unit, whole);
            toastDone(t("speech.saved"));
            onSaved();
        });
    return (
        <Panel title={t("speech.own")}>
            <form
                class="stack"
                onSubmit={(event) => {
                    event.preventDefault();
                    void submit();
                }}
            >
                <fieldset class="stack" disabled={!writes}>
                    {rows.map((row, index) => (
                        <div key={index} class="repeat">
                            <TextField label={t("speech.word")} value={row.word} onInput={(word) => set(index, { word })} required />
                            <TextField label={t("speech.reads")} value={row.reading} onInput={(reading) => set(index, { reading })} required />
                            <IconButton icon="trash" label={t("speech.remove", { word: row.word })} onClick={() => setRows(rows.filter((_, at) => at !== index))} />
                        </div>
                    ))}
                    {rows.length === 0 && <p class="quiet">{t("speech.none")}</p>}
                </fieldset>
                <FormError error={act.error} />
                {writes && (
                    <div class="form-foot">
                        <Button submit kind="primary" busy={act.busy}>
                            {t("action.save")}
                        </Button>
                        <Button icon="plus" onClick={() => setRows([...rows, { word: "", reading: "" }])}>
                            {t("speech.add")}
                        </Button>
                    </div>
                )}
            </form>
        </Panel>
    );
}

function Above({ items }: { items: SpokenWord[] }) {
    return items.length === 0 ? null : (
        <Panel title={t("speech.above")}>
            <ul class="lines">
                {items.map(({ word, reading, unit }) => (
                    <li key={`${unit.id}|${word}`} class="line">
                        <div class="line-body">
                            <b>{word}</b> {reading}
                        </div>
                        <span class="quiet">{unit.name}</span>
                    </li>
                ))}
            </ul>
        </Panel>
    );
}

function Try({ unit }: { unit: number }) {
    const [text, setText] = useState("");
    const [said, setSaid] = useState("");
    const act = useAct();
    return (
        <Panel title={t("speech.try")}>
            <div class="stack">
                <TextArea label={t("speech.text")} value={text} onInput={setText} required />
                <FormError error={act.error} />
                {said !== "" && <p class="reading-text">{said}</p>}
                <div class="form-foot">
                    <Button
                        icon="speech"
                        busy={act.busy}
                        disabled={text.trim() === ""}
                        onClick={() => void act.run(async () => setSaid((await speechReading(unit, text.trim())).reading))}
                    >
                        {t("speech.try_go")}
                    </Button>
                </div>
            </div>
        </Panel>
    );
}
