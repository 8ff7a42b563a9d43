// The programmes of a unit on the timeline, or day by day on a phone.

import { useState } from "preact/hooks";
import type { Occurrence } from "../../../shared/broadcast";
import { clashList, holidayList, programmeDays } from "../api/broadcast";
import { quotaRead } from "../api/desk";
import { unitCard } from "../api/units";
import { Show } from "../parts/states";
import { toastFailed } from "../parts/toast";
import { useLoad } from "../state/load";
import { account, can } from "../state/session";
import { wide } from "../state/wide";
import { dayShift } from "../words/format";
import { blocksOf, clashingOf, type Block } from "./blocks";
import { ProgrammeCard } from "./card";
import { chooseStart } from "./change";
import { Clashes } from "./clashes";
import { DayList } from "./day_list";
import type { Place } from "./moves";
import { Offers } from "./offers";
import { Timeline } from "./timeline";
import { daysFrom } from "./week";
import { WhichDays } from "./which";

export interface Span {
    unit: number;
    from: string;
    count: number;
}

/** Units above mine: what they made is theirs to change. */
function useAbove(): ReadonlySet<number> {
    const mine = account.value?.unit.id ?? 0;
    const card = useLoad(`above|${mine}`, async () => (await unitCard(mine, null)).ancestors.map(({ id }) => id));
    return new Set(card.data ?? []);
}

export function UnitDesk({ unit, from, count }: Span) {
    const to = dayShift(from, count);
    const load = useLoad(`days|${unit}|${from}|${to}`, () => programmeDays(unit, from, to), ["programmes"]);
    const quota = useLoad(`quotas|${unit}|${from}|${count}`, () => quotaRead(unit, from, count), ["programmes"]);
    const holidays = useLoad(`desk.holidays|${unit}`, () => holidayList(unit), ["programmes"]);
    const clashes = useLoad(`desk.clashes|${unit}`, () => clashList(String(unit)), ["programmes"]);
    const above = useAbove();
    const [open, setOpen] = useState<Occurrence | null>(null);
    const [moving, setMoving] = useState<{ item: Occurrence; to: Place } | null>(null);
    const isOwn = (item: Occurrence) => !above.has(item.unit.id);
    const mayMove = ({ stands }: Block) =>
        can("programmes_write") && stands !== null && (isOwn(stands) || (stands.class === "ordinary" && stands.taken && !stands.repeat));
    const onMove = ({ stands }: Block, place: Place) => {
        if (stands === null) {
            return;
        }
        if (isOwn(stands)) {
            setMoving({ item: stands, to: place });
        } else if (place.day === stands.day) {
            chooseStart(stands, unit, place).catch(toastFailed);
        }
    };
    return (
        <>
            <Clashes unit={String(unit)} />
            <Show of={load} lines={6}>
                {({ items }) => {
                    const inOrder = [...items].sort((a, b) => a.at.localeCompare(b.at));
                    const days = daysFrom(from, count);
                    const shared = { days, quota: quota.data?.items ?? [], holidays: holidays.data?.items ?? [] };
                    return wide.value ? (
                        <Timeline
                            {...shared}
                            blocks={blocksOf(inOrder, clashingOf(clashes.data?.items ?? []))}
                            mayMove={mayMove}
                            onMove={onMove}
                            onOpen={({ stands }) => setOpen(stands)}
                        />
                    ) : (
                        <DayList {...shared} items={inOrder} onOpen={setOpen} />
                    );
                }}
            </Show>
            <Offers unit={unit} />
            {open && <ProgrammeCard item={open} unit={unit} own={isOwn(open)} writes={can("programmes_write")} onClose={() => setOpen(null)} />}
            {moving && <WhichDays {...moving} unit={unit} onClose={() => setMoving(null)} />}
        </>
    );
}
