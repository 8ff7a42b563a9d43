// Recording: what is read aloud on top in big letters, the level below, and
// one button. What was said is kept while it is said.

import { useEffect, useRef, useState } from "preact/hooks";
import { Button } from "../parts/button";
import { ask, Dialog } from "../parts/dialog";
import { Notice } from "../parts/states";
import { Waveform } from "../parts/waveform";
import { shown } from "../sound/meter";
import { recordStart, type Recorder } from "../sound/record";
import { takeForget } from "../sound/send";
import type { Take } from "../sound/takes";
import { t } from "../words";
import { lengthOf } from "../words/clock";
import { Trim } from "./trim";

interface RecorderDialogProps {
    /** A new take that nothing was said into yet, or one that is there. */
    take: Take;
    fresh: boolean;
    transcript: string;
    onUse: (take: Take) => void;
    /** Once more; this one stays until another is used. */
    onAgain: () => void;
    /** Closed; the take is still kept. */
    onClose: () => void;
}

export function RecorderDialog(props: RecorderDialogProps) {
    const { take, fresh, transcript } = props;
    const [recorder, setRecorder] = useState<Recorder | null>(null);
    const [kept, setKept] = useState<Take | null>(fresh ? null : take);
    const [refused, setRefused] = useState(false);
    const running = useRef<Recorder | null>(null);
    const begin = () => {
        setRefused(false);
        recordStart(take).then(
            (begun) => {
                running.current = begun;
                setRecorder(begun);
                begun.ended.then(setKept, () => setRefused(true));
            },
            () => setRefused(true),
        );
    };
    useEffect(() => {
        if (fresh) {
            begin();
        }
        // Leaving the page ends the recording; it stays kept.
        return () => void running.current?.stop();
    }, []);
    const speaks = kept === null && recorder !== null;
    return (
        <Dialog title={t(kept ? "record.listen" : "record.title")} onClose={props.onClose} closable={!speaks} wide>
            {kept === null && transcript !== "" && <p class="record-script">{transcript}</p>}
            {refused && (
                <Notice kind="warning">
                    <p>{t("record.refused")}</p>
                    <p>{t("record.refused_hint")}</p>
                </Notice>
            )}
            {refused && (
                <div class="dialog-foot">
                    <Button onClick={props.onClose}>{t("action.close")}</Button>
                    <Button kind="primary" icon="microphone" onClick={begin}>
                        {t("state.retry")}
                    </Button>
                </div>
            )}
            {!refused && kept === null && (recorder ? <Speaking recorder={recorder} /> : <p class="quiet">{t("record.asking")}</p>)}
            {kept && <Kept {...props} take={kept} lost={recorder?.trouble.value === "gone"} />}
        </Dialog>
    );
}

function Speaking({ recorder }: { recorder: Recorder }) {
    const { level, ms, peaks, paused, trouble } = recorder;
    const width = `${Math.round(shown(level.value) * 100)}%`;
    const recent = peaks.value.slice(-RECENT);
    return (
        <div class="record">
            <p class="record-time figure" role="timer" aria-live="off">
                <span class={`record-dot${paused.value ? " record-paused" : ""}`} aria-hidden="true" />
                {lengthOf(ms.value)}
            </p>
            <Waveform peaks={[...Array<number>(RECENT - recent.length).fill(0), ...recent]} />
            <div class="record-meter" role="meter" aria-label={t("record.level")} aria-valuemin={0} aria-valuemax={255} aria-valuenow={level.value}>
                <span style={{ width }} class={level.value > LOUD ? "record-loud" : undefined} />
            </div>
            <p class="quiet" role="status">
                {trouble.value !== null
                    ? t(`record.${trouble.value}`)
                    : paused.value
                      ? t("record.is_paused")
                      : level.value > LOUD
                        ? t("record.too_loud")
                        : t("record.kept_here")}
            </p>
            <div class="record-acts">
                <Button icon={paused.value ? "microphone" : "pause"} onClick={paused.value ? recorder.resume : recorder.pause}>
                    {t(paused.value ? "record.resume" : "record.pause")}
                </Button>
                <Button kind="danger" icon="stop" onClick={() => void recorder.stop()}>
                    {t("record.stop")}
                </Button>
            </div>
        </div>
    );
}

const RECENT = 120;
const LOUD = 250;

function Kept({ take, lost, onUse, onAgain, onClose }: RecorderDialogProps & { lost: boolean }) {
    const [cut, setCut] = useState({ from: 0, to: 0, whole: 0 });
    const drop = async () => {
        if (await ask({ title: t("record.drop_sure"), body: t("record.drop_body"), yes: t("action.delete"), danger: true })) {
            await takeForget(take);
            onClose();
        }
    };
    return (
        <div class="stack">
            {lost && <Notice kind="warning">{t("record.gone")}</Notice>}
            <Trim take={take} from={cut.from} to={cut.to} onChange={(from, to, whole) => setCut({ from, to, whole })} />
            <div class="dialog-foot">
                <Button kind="quiet" icon="trash" onClick={() => void drop()}>
                    {t("action.delete")}
                </Button>
                {take.kind === "voice" && (
                    <Button icon="undo" onClick={onAgain}>
                        {t("record.again")}
                    </Button>
                )}
                <Button
                    kind="primary"
                    icon="check"
                    onClick={() => onUse({ ...take, from_ms: cut.from, to_ms: cut.to === cut.whole ? 0 : cut.to, ms: cut.to - cut.from || take.ms })}
                >
                    {t("record.use")}
                </Button>
            </div>
        </div>
    );
}
