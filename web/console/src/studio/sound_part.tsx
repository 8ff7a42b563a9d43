// The sound of one language of a bulletin: recorded here, taken from a file or
// read by the machine. It becomes a part of the text when the server has it.

import { useEffect, useState } from "preact/hooks";
import { markMake } from "../alarm/mark";
import { Button, IconButton } from "../parts/button";
import { ask } from "../parts/dialog";
import { Icon } from "../parts/icon";
import { SoundPlayer, soundKnown } from "../parts/sound_player";
import { Notice } from "../parts/states";
import { canRecord } from "../sound/record";
import { sends, sendStart, sendStop, takeArrived, takeForget, type Send } from "../sound/send";
import { takeNew, takeOfFile, takePut, takeRecover, takesChanged, takesMine, takeIsHeld, type Take, type TakeKind } from "../sound/takes";
import { t } from "../words";
import { lengthOf, timeOf } from "../words/clock";
import { percent } from "../words/format";
import type { Text } from "./content";
import { RecorderDialog } from "./recorder_dialog";
import { SpeechDialog } from "./speech_dialog";

interface SoundPartProps {
    mark: string;
    bulletin: number | null;
    unit: number;
    title: string;
    text: Text;
    onChange: (change: Partial<Text>) => void;
    /** Something is on its way: nothing can be submitted yet. */
    onWaits: (waits: boolean) => void;
}

/** Takes for this text, newest first; what a dead tab left is made whole. */
function useTakes(of: string, language: string): Take[] {
    const [takes, setTakes] = useState<Take[]>([]);
    const version = takesChanged.value;
    useEffect(() => {
        let current = true;
        void takesMine()
            .then((all) => Promise.all(all.filter((take) => take.of === of && take.language === language).map(takeRecover)))
            .then(
                (mine) => current && setTakes(mine),
                () => undefined,
            );
        return () => {
            current = false;
        };
    }, [of, language, version]);
    return takes;
}

type Open = { kind: "recorder"; take: Take; fresh: boolean } | { kind: "speech" } | null;

export function SoundPart(props: SoundPartProps) {
    const { mark, bulletin, unit, title, text, onChange, onWaits } = props;
    const [open, setOpen] = useState<Open>(null);
    const [lost, setLost] = useState(false);
    const takes = useTakes(mark, text.language);
    const take = takes[0];
    const send = take && sends.value.get(take.mark);
    const begin = (kind: TakeKind, name: string) =>
        takeNew({ mark: markMake(), kind, of: mark, bulletin, unit, title: title || t("bulletin.untitled"), language: text.language, name, type: "" });
    const record = () => setOpen({ kind: "recorder", take: begin("voice", t("record.file_name", { time: timeOf(new Date()) })), fresh: true });
    const choose = async (file: File) => {
        try {
            const made = await takeOfFile(begin("file", file.name), file);
            setOpen({ kind: "recorder", take: made, fresh: false });
        } catch {
            setLost(true);
        }
    };
    const use = async (chosen: Take) => {
        setOpen(null);
        await takePut(chosen);
        sendStart(chosen);
        for (const other of takes.filter((one) => one.mark !== chosen.mark)) {
            await takeForget(other);
        }
    };
    useEffect(() => {
        if (take?.state === "done" && take.media !== null) {
            soundKnown(take.media, send?.sound?.peaks ?? []);
            onChange({ media: take.media });
            void takeArrived(take.mark);
        } else if (take?.state === "sending" && send === undefined) {
            // Begun by a tab that is no more: it goes on here.
            void takeIsHeld(take.mark).then((held) => held || sendStart(take));
        }
        if (take && take.bulletin === null && bulletin !== null) {
            void takePut({ ...take, bulletin });
        }
    }, [take, send, bulletin]);
    const waits = take?.state === "sending" || take?.state === "done";
    useEffect(() => onWaits(waits), [waits]);
    return (
        <div class="sound-part">
            {text.media !== null && !waits && (
                <div class="sound-have">
                    <SoundPlayer media={text.media} ms={null} title={title} />
                    <IconButton
                        icon="trash"
                        label={t("sound.remove")}
                        onClick={() => void askDrop(() => onChange({ media: null }))}
                    />
                </div>
            )}
            {lost && <Notice kind="warning">{t("record.storage")}</Notice>}
            {take && (send || take.state === "sending") && <Sending take={take} send={send} onAgain={() => sendStart(take)} />}
            {take && take.state === "kept" && !send && !open && (
                <Waiting take={take} onOpen={() => setOpen({ kind: "recorder", take, fresh: false })} onDrop={() => void takeForget(take)} />
            )}
            {!waits && (
                <Ways
                    again={text.media !== null}
                    small={text.media !== null || take !== undefined}
                    onRecord={record}
                    onFile={(file) => void choose(file)}
                    onSpeech={() => setOpen({ kind: "speech" })}
                />
            )}
            {open?.kind === "recorder" && (
                <RecorderDialog
                    key={open.take.mark}
                    take={open.take}
                    fresh={open.fresh}
                    transcript={text.text}
                    onUse={(chosen) => void use(chosen)}
                    onAgain={record}
                    onClose={() => setOpen(null)}
                />
            )}
            {open?.kind === "speech" && (
                <SpeechDialog
                    unit={unit}
                    text={text.text}
                    onClose={() => setOpen(null)}
                    onMake={(said, voice, speed) => {
                        onChange({ text: said });
                        void use({ ...begin("speech", ""), state: "sending", speech: { text: said, voice, speed } });
                    }}
                />
            )}
        </div>
    );
}

interface WaysProps {
    again: boolean;
    small: boolean;
    onRecord: () => void;
    onFile: (file: File) => void;
    onSpeech: () => void;
}

/** The three ways in which a sound comes in. */
function Ways({ again, small, onRecord, onFile, onSpeech }: WaysProps) {
    return (
        <div class={`sound-ways${small ? " sound-ways-more" : ""}`}>
            {canRecord() && (
                <button type="button" class="sound-way sound-way-first" onClick={onRecord}>
                    <Icon name="microphone" />
                    <span>{t(again ? "record.again" : "record.go")}</span>
                </button>
            )}
            <label class="sound-way">
                <Icon name="import" />
                <span>{t("sound.file")}</span>
                <input
                    type="file"
                    accept="audio/*,video/*"
                    onChange={(event) => {
                        const file = event.currentTarget.files?.[0];
                        if (file) {
                            onFile(file);
                        }
                        event.currentTarget.value = "";
                    }}
                />
            </label>
            <button type="button" class="sound-way" onClick={onSpeech}>
                <Icon name="speech" />
                <span>{t("speech.go")}</span>
            </button>
        </div>
    );
}

async function askDrop(yes: () => void): Promise<void> {
    if (await ask({ title: t("sound.remove_sure"), yes: t("sound.remove"), danger: true })) {
        yes();
    }
}

function Waiting({ take, onOpen, onDrop }: { take: Take; onOpen: () => void; onDrop: () => void }) {
    const drop = async () => {
        if (await ask({ title: t("record.drop_sure"), body: t("record.drop_body"), yes: t("action.delete"), danger: true })) {
            onDrop();
        }
    };
    return (
        <Notice>
            <p>
                {take.ms > 0
                    ? t("take.kept", { length: lengthOf(take.ms), time: timeOf(take.began_at) })
                    : t("take.kept_file", { name: take.name })}
            </p>
            <div class="form-foot">
                <Button small kind="primary" icon="play" onClick={onOpen}>
                    {t("take.open")}
                </Button>
                <Button small kind="quiet" icon="trash" onClick={() => void drop()}>
                    {t("action.delete")}
                </Button>
            </div>
        </Notice>
    );
}

interface SendingProps {
    take: Take;
    send: Send | undefined;
    onAgain: () => void;
}

function Sending({ take, send, onAgain }: SendingProps) {
    const phase = send?.phase ?? "upload";
    const share = send?.share ?? 0;
    if (phase === "failed") {
        return (
            <div class="notice notice-danger" role="alert">
                <Icon name="warning" />
                <div class="notice-body">
                    <p>{send?.error?.message}</p>
                    <p class="notice-code">{t("take.still_kept")}</p>
                </div>
                <div class="form-foot">
                    <Button small icon="refresh" onClick={onAgain}>
                        {t("state.retry")}
                    </Button>
                    <Button small kind="quiet" icon="trash" onClick={() => void takeForget(take)}>
                        {t("action.delete")}
                    </Button>
                </div>
            </div>
        );
    }
    return (
        <div class="sending">
            <div class="sending-words" role="status">
                {t(`sending.${phase}`)} {phase !== "away" && share > 0 && <span class="figure">{percent(Math.round(share * 100) / 100)}</span>}
            </div>
            <progress class="sending-bar" max={1} {...(share > 0 ? { value: share } : {})} aria-label={t(`sending.${phase}`)} />
            <Button small kind="quiet" icon="close" onClick={() => void sendStop(take.mark)}>
                {t("action.cancel")}
            </Button>
        </div>
    );
}
