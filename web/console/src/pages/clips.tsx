// Clips that every speaker keeps, for the day when nothing can be fetched.

import { useState } from "preact/hooks";
import alarmStyles from "../../styles/alarm.css";
import type { AlarmSignal, Clip } from "../../../shared/broadcast";
import { signals } from "../alarm/signals";
import { clipList, clipPut, mediaList, mediaUrl } from "../api/broadcast";
import { Button } from "../parts/button";
import { Dialog } from "../parts/dialog";
import { SelectField, TextField } from "../parts/field";
import { Page, Panel } from "../parts/page";
import { sheetUse } from "../parts/sheet";
import { Empty, FormError, Show } from "../parts/states";
import { TextArea } from "../parts/text_area";
import { toastDone } from "../parts/toast";
import { topicTouch } from "../state/live";
import { useAct, useLoad } from "../state/load";
import { account, can } from "../state/session";
import { t } from "../words";
import { lengthOf } from "../words/clock";

sheetUse(alarmStyles);

const MOST_MEDIA = 200;

export default function Clips() {
    const unit = account.value?.unit.id ?? 0;
    const list = useLoad(`clips|${unit}`, () => clipList(unit), ["alarms", "orders"]);
    const [adding, setAdding] = useState(false);
    const items = list.data?.items ?? [];
    const free = Math.max(0, ...items.map((clip) => clip.number)) + 1;
    return (
        <Page
            title={t("clips.title")}
            crumbs={[{ label: t("section.alarms"), href: "/alarms" }]}
            lead={t("clips.lead")}
            actions={
                can("alarms_write") && (
                    <Button kind="primary" icon="plus" onClick={() => setAdding(true)}>
                        {t("clips.new")}
                    </Button>
                )
            }
        >
            <Panel title={t("clips.all")}>
                <Show of={list}>{() => (items.length === 0 ? <Empty picture="paper" title={t("clips.none")} /> : <Lines clips={items} />)}</Show>
            </Panel>
            {adding && (
                <ClipForm
                    unit={unit}
                    number={free}
                    onClose={() => setAdding(false)}
                    onDone={() => {
                        setAdding(false);
                        list.reload();
                    }}
                />
            )}
        </Page>
    );
}

function Lines({ clips }: { clips: Clip[] }) {
    return (
        <ul class="lines">
            {clips.map((clip) => (
                <li key={`${clip.number}|${clip.language}`} class="line clip">
                    <b class="figure clip-number">{clip.number}</b>
                    <div class="line-body">
                        <p>
                            <b>{clip.title}</b>
                        </p>
                        <p>{clip.text}</p>
                        <p class="quiet">
                            {t(`signal.${clip.signal}`)} · {lengthOf(clip.ms)} · {clip.unit.name}
                        </p>
                    </div>
                    <audio controls preload="none" src={mediaUrl(clip.media)} aria-label={clip.title} />
                </li>
            ))}
        </ul>
    );
}

interface ClipFormProps {
    unit: number;
    number: number;
    onClose: () => void;
    onDone: () => void;
}

function ClipForm({ unit, number, onClose, onDone }: ClipFormProps) {
    const media = useLoad("clip.media", () => mediaList({ limit: MOST_MEDIA }));
    const [title, setTitle] = useState("");
    const [text, setText] = useState("");
    const [signal, setSignal] = useState<AlarmSignal>("siren");
    const [sound, setSound] = useState("");
    const act = useAct();
    const found = media.data?.items.find((one) => one.media === sound);
    const submit = () =>
        act.run(async () => {
            await clipPut({
                unit_id: unit,
                number,
                language: found?.language ?? "vi",
                title: title.trim(),
                text: text.trim(),
                signal,
                media: sound,
            });
            topicTouch("alarms");
            toastDone(t("clips.added", { title: title.trim() }));
            onDone();
        });
    return (
        <Dialog title={t("clips.new")} onClose={onClose}>
            <form
                class="stack"
                onSubmit={(event) => {
                    event.preventDefault();
                    void submit();
                }}
            >
                <FormError error={act.error} shown={["title", "text"]} />
                <SelectField
                    label={t("clips.sound")}
                    value={sound}
                    options={[
                        { value: "", label: t("items.none_chosen") },
                        ...(media.data?.items ?? []).map((one) => ({ value: one.media, label: `${one.title} (${lengthOf(one.ms)})` })),
                    ]}
                    onChange={(value) => {
                        setSound(value);
                        setTitle((was) => was || (media.data?.items.find((one) => one.media === value)?.title ?? ""));
                    }}
                />
                <TextField label={t("alarm.title")} value={title} onInput={setTitle} error={act.error?.field("title")} required />
                <TextArea label={t("alarm.text")} value={text} onInput={setText} error={act.error?.field("text")} />
                <SelectField<AlarmSignal>
                    label={t("alarm.signal")}
                    value={signal}
                    options={signals.map((value) => ({ value, label: t(`signal.${value}`) }))}
                    onChange={setSignal}
                />
                <div class="dialog-foot">
                    <Button onClick={onClose}>{t("action.cancel")}</Button>
                    <Button submit kind="primary" busy={act.busy} disabled={sound === "" || title.trim() === ""}>
                        {t("action.save")}
                    </Button>
                </div>
            </form>
        </Dialog>
    );
}
