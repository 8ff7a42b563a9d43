// Programmes from a calendar that somebody keeps elsewhere (iCalendar). The
// file is read twice: first to say what it would change, then to change it.

import { useState } from "preact/hooks";
import type { CalendarLine, CalendarRead } from "../../../shared/desk";
import { calendarSend } from "../api/desk";
import type { Tone } from "../parts/badge";
import { Badge } from "../parts/badge";
import { Button } from "../parts/button";
import { Dialog } from "../parts/dialog";
import { Icon } from "../parts/icon";
import { FormError } from "../parts/states";
import { toastDone } from "../parts/toast";
import { topicTouch } from "../state/live";
import { useAct } from "../state/load";
import { t } from "../words";
import { whenWords } from "./when_words";

const tones: Record<CalendarLine["result"], Tone> = { added: "good", changed: "info", same: "calm", skipped: "warn" };

export function CalendarIn({ unit, name, onClose }: { unit: number; name: string; onClose: () => void }) {
    const [file, setFile] = useState<File | null>(null);
    const [read, setRead] = useState<CalendarRead | null>(null);
    const act = useAct();
    const look = (chosen: File) =>
        act.run(async () => {
            setRead(null);
            setFile(chosen);
            setRead(await calendarSend(unit, true, chosen));
        });
    const take = () =>
        act.run(async () => {
            if (file !== null) {
                const done = await calendarSend(unit, false, file);
                topicTouch("programmes");
                toastDone(t("calendar.done", { added: done.added, changed: done.changed }));
                onClose();
            }
        });
    return (
        <Dialog title={t("calendar.title")} onClose={onClose} wide>
            <div class="stack">
                <p>{t("calendar.lead", { unit: name })}</p>
                <div class="file">
                    <label for="calendar-file">
                        <Icon name="import" />
                        {file?.name ?? t("calendar.choose")}
                    </label>
                    <input
                        id="calendar-file"
                        type="file"
                        accept=".ics,text/calendar"
                        onChange={(event) => {
                            const [chosen] = event.currentTarget.files ?? [];
                            if (chosen) {
                                void look(chosen);
                            }
                        }}
                    />
                </div>
                <FormError error={act.error} />
                {read && (
                    <ul class="lines">
                        {read.items.map((line) => (
                            <li key={line.uid} class="line">
                                <div class="line-body">
                                    <p>
                                        {line.start && <b class="figure">{line.start.slice(0, 5)} </b>}
                                        <b>{line.name}</b>
                                    </p>
                                    <p class="quiet">{line.message ?? (line.when ? whenWords(line.when) : "")}</p>
                                </div>
                                <Badge tone={tones[line.result]}>{t(`calendar_result.${line.result}`)}</Badge>
                            </li>
                        ))}
                    </ul>
                )}
                <div class="dialog-foot">
                    <Button onClick={onClose}>{t("action.cancel")}</Button>
                    <Button kind="primary" busy={act.busy} disabled={read === null || read.added + read.changed === 0} onClick={() => void take()}>
                        {t("calendar.go", { n: read === null ? 0 : read.added + read.changed })}
                    </Button>
                </div>
            </div>
        </Dialog>
    );
}
