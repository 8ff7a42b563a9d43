// Doing what was decided on the timeline, and undoing it: what a programme
// said before is kept until the next change, and written back as it was.

import type { Occurrence, Programme, ProgrammeDraft } from "../../../shared/broadcast";
import { programmeChoose, programmeCreate, programmeRead, programmeRemove, programmeSave } from "../api/broadcast";
import { toastDone } from "../parts/toast";
import { topicTouch } from "../state/live";
import { t } from "../words";
import { clockOf } from "../words/clock";
import { minuteOf } from "./blocks";
import { draftOf } from "./draft";
import { movedAlways, movedOnce, onceOf, withoutDay, type Place, type Stands } from "./moves";

export function standsOf(item: Occurrence): Stands {
    return { day: item.day, start: Math.floor(minuteOf(item.at)), minutes: null, repeat: item.repeat };
}

/** Writes `draft`, whatever version the programme has by now: undoing is meant. */
async function putBack(id: number, draft: ProgrammeDraft): Promise<void> {
    const { version } = await programmeRead(id);
    await programmeSave(id, { ...draft, version });
    topicTouch("programmes");
}

async function changed(programme: Programme, draft: ProgrammeDraft, said: string): Promise<void> {
    await programmeSave(programme.id, draft);
    topicTouch("programmes");
    toastDone(said, () => putBack(programme.id, draftOf(programme)));
}

export async function moveAlways(programme: Programme, from: Stands, to: Place): Promise<void> {
    await changed(programme, movedAlways(programme, from, to), t("timeline.moved", { name: programme.name, time: clockOf(to.start) }));
}

export async function moveOnce(programme: Programme, from: Stands, to: Place): Promise<void> {
    const { rest, single } = movedOnce(programme, from, to);
    // First what is added: whatever fails afterwards, nothing is lost from the air.
    const made = await programmeCreate(single);
    await programmeSave(programme.id, rest);
    topicTouch("programmes");
    toastDone(t("timeline.moved_once", { name: programme.name, time: clockOf(to.start) }), async () => {
        await putBack(programme.id, draftOf(programme));
        await programmeRemove(made.id);
        topicTouch("programmes");
    });
}

export async function copyOnce(programme: Programme, day: string, to: Place): Promise<void> {
    const made = await programmeCreate(onceOf(draftOf(programme), day, to));
    topicTouch("programmes");
    toastDone(t("timeline.copied", { name: programme.name }), async () => {
        await programmeRemove(made.id);
        topicTouch("programmes");
    });
}

export async function leaveOut(programme: Programme, day: string): Promise<void> {
    await changed(programme, withoutDay(programme, day), t("timeline.left_out", { name: programme.name }));
}

/** A programme of a unit above: its time here is a choice of ours. */
export async function chooseStart(item: Occurrence, unit: number, to: Place): Promise<void> {
    const was = await programmeRead(item.programme.id);
    await programmeChoose(item.programme.id, unit, true, clockOf(to.start));
    topicTouch("programmes");
    toastDone(t("timeline.moved", { name: item.programme.name, time: clockOf(to.start) }), async () => {
        await programmeChoose(item.programme.id, unit, was.choice?.taken ?? item.taken, was.choice?.start?.slice(0, 5) ?? null);
        topicTouch("programmes");
    });
}
