// What one block of the timeline is: what plays, whose it is, how it comes
// again; and everything that dragging does, as a form for a phone or a
// keyboard.

import { useState } from "preact/hooks";
import type { Occurrence, Programme } from "../../../shared/broadcast";
import { programmeChoose, programmeRead } from "../api/broadcast";
import { Badge } from "../parts/badge";
import { Button, LinkButton } from "../parts/button";
import { DateField } from "../parts/date_field";
import { Dialog } from "../parts/dialog";
import { TextField } from "../parts/field";
import { FormError, Show } from "../parts/states";
import { topicTouch } from "../state/live";
import { useAct, useLoad } from "../state/load";
import { t } from "../words";
import { clockOf, lengthWords, minutesOf, timeOf } from "../words/clock";
import { chooseStart, copyOnce, leaveOut, moveAlways, moveOnce, standsOf } from "./change";
import { dayHeading } from "./day_name";
import { Hear } from "./hear";
import type { Place } from "./moves";
import { QuotaLine } from "./quota";
import { whenWords } from "./when_words";

interface CardProps {
    item: Occurrence;
    /** Whose timeline it is. */
    unit: number;
    own: boolean;
    writes: boolean;
    onClose: () => void;
}

export function ProgrammeCard(props: CardProps) {
    const { item, onClose } = props;
    const load = useLoad(`card|${item.programme.id}`, () => programmeRead(item.programme.id));
    return (
        <Dialog title={item.programme.name} onClose={onClose} wide>
            <div class="stack">
                <p class="badges">
                    <b class="figure">
                        {timeOf(item.at)} · {dayHeading(item.day)}
                    </b>
                    <Badge tone={item.class === "priority" ? "warn" : "info"}>{t(`class.${item.class}`)}</Badge>
                    {item.repeat && <Badge>{t("programmes.repeat")}</Badge>}
                    {!item.taken && <Badge tone="warn">{t("programmes.not_taken")}</Badge>}
                </p>
                <Show of={load} lines={3}>
                    {(programme) => <Body {...props} programme={programme} />}
                </Show>
            </div>
        </Dialog>
    );
}

function Body(props: CardProps & { programme: Programme }) {
    const { item, unit, own, writes, programme, onClose } = props;
    const onDay = programme.items.filter(({ on }) => on === item.day);
    const items = onDay.length > 0 ? onDay : programme.items.filter(({ on }) => on === null);
    return (
        <>
            <p class="quiet">
                {t(`programme_kind.${programme.kind}`)} · {lengthWords(item.ms)} · {programme.unit.name}
                <br />
                {whenWords(programme.when)}
                {programme.areas.length > 0 && ` · ${programme.areas.map(({ name }) => name).join(", ")}`}
            </p>
            {programme.kind === "relay" && programme.source && <p class="quiet relay-source">{t("card.relay", { source: programme.source })}</p>}
            <Hear items={items} />
            <QuotaLine unit={unit} day={item.day} />
            {writes && own && <Move {...props} />}
            {writes && !own && item.class === "ordinary" && <Choose {...props} />}
            {!own && item.class === "priority" && <p class="quiet">{t("card.must", { unit: programme.unit.name })}</p>}
            <div class="dialog-foot">
                <LinkButton icon={own && writes ? "edit" : "eye"} href={`/programmes/${programme.id}`}>
                    {t(own && writes ? "card.edit" : "card.look")}
                </LinkButton>
                <Button onClick={onClose}>{t("action.close")}</Button>
            </div>
        </>
    );
}

/** Seconds matter for what is short: half a minute is `0,5`. */
function minutesText(ms: number): string {
    return String(Math.round(ms / 6_000) / 10).replace(".", ",");
}

/** Everything that dragging does, as a form. */
function Move({ item, programme, onClose }: CardProps & { programme: Programme }) {
    const from = standsOf(item);
    const once = programme.when.cadence === "once";
    const [time, setTime] = useState(clockOf(from.start));
    const [day, setDay] = useState(item.day);
    const was = minutesText(item.ms);
    const [length, setLength] = useState(was);
    const act = useAct();
    const start = minutesOf(time);
    const minutes = Number(length.replace(",", "."));
    const whole = start !== null && day !== "" && minutes > 0;
    const to: Place = { day, start: start ?? 0, minutes: length.trim() === was ? null : minutes };
    const same = to.day === from.day && to.start === from.start && to.minutes === null;
    const run = (work: () => Promise<void>) => void act.run(work).then((done) => done && onClose());
    return (
        <form
            class="stack card-move"
            onSubmit={(event) => {
                event.preventDefault();
                if (whole && !same) {
                    run(() => (once || (item.repeat && day === item.day) ? moveAlways(programme, from, to) : moveOnce(programme, from, to)));
                }
            }}
        >
            <h3>{t("card.move")}</h3>
            <FormError error={act.error} />
            <div class="form-grid form-thirds">
                <TextField label={t("programmes.start")} value={time} onInput={setTime} error={start === null ? t("form.not_a_time") : undefined} required />
                <DateField label={t("plan.day")} value={day} onInput={setDay} required />
                {!item.repeat && <TextField label={t("card.minutes")} inputMode="numeric" value={length} onInput={setLength} required />}
            </div>
            <div class="form-foot">
                {!item.repeat && (
                    <Button submit kind="primary" busy={act.busy} disabled={!whole || same}>
                        {t(once ? "card.move_go" : "card.move_once")}
                    </Button>
                )}
                {!once && (
                    <Button busy={act.busy} disabled={!whole || same || day !== item.day} onClick={() => run(() => moveAlways(programme, from, to))}>
                        {t(item.repeat ? "card.move_repeat" : "card.move_always")}
                    </Button>
                )}
                <Button icon="copy" busy={act.busy} disabled={!whole || same} onClick={() => run(() => copyOnce(programme, item.day, to))}>
                    {t("card.copy")}
                </Button>
                {!once && !item.repeat && (
                    <Button kind="quiet" icon="close" busy={act.busy} onClick={() => run(() => leaveOut(programme, item.day))}>
                        {t("card.leave_out")}
                    </Button>
                )}
            </div>
        </form>
    );
}

/** A programme that a unit above offers: taken or not, at its time or at ours. */
function Choose({ item, unit, onClose }: CardProps) {
    const [time, setTime] = useState(timeOf(item.at));
    const act = useAct();
    const start = minutesOf(time);
    const run = (work: () => Promise<void>) => void act.run(work).then((done) => done && onClose());
    return (
        <div class="stack card-move">
            <h3>{t("offers.title")}</h3>
            <FormError error={act.error} />
            <div class="form-narrow">
                <TextField label={t("offers.start")} value={time} onInput={setTime} error={start === null ? t("form.not_a_time") : undefined} required />
            </div>
            <div class="form-foot">
                <Button kind="primary" busy={act.busy} disabled={start === null} onClick={() => run(() => chooseStart(item, unit, { day: item.day, start: start ?? 0, minutes: null }))}>
                    {t("offers.take")}
                </Button>
                <Button
                    kind="quiet"
                    busy={act.busy}
                    onClick={() =>
                        run(async () => {
                            await programmeChoose(item.programme.id, unit, false, null);
                            topicTouch("programmes");
                        })
                    }
                >
                    {t("offers.leave")}
                </Button>
            </div>
        </div>
    );
}
