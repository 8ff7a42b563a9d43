// The life of a unit as a list of days, the newest first: it began, it was
// renamed, got another code, another kind, another parent, and perhaps ended.

import type { Day, Span, UnitCard } from "../../../shared/api";
import { t } from "../words";
import { day } from "../words/format";
import { kindWord } from "./card";

interface Happening {
    on: Day | null;
    text: string;
}

/** A change between two neighbours of a dated list. */
function changes<T extends Span>(list: T[], word: (item: T) => string, say: (from: string, to: string) => string): Happening[] {
    const sorted = [...list].sort((a, b) => (a.from ?? "").localeCompare(b.from ?? ""));
    return sorted.flatMap((item, index) => {
        const before = sorted[index - 1];
        return before === undefined ? [] : [{ on: item.from, text: say(word(before), word(item)) }];
    });
}

function names(list: { unit: { name: string } }[]): string {
    return list.map((one) => one.unit.name).join(", ");
}

function happenings(card: UnitCard): Happening[] {
    const { unit } = card;
    const oldest = [...card.names].sort((a, b) => (a.from ?? "").localeCompare(b.from ?? ""))[0];
    const formed = card.predecessors.filter((kin) => kin.on === unit.from);
    const begun: Happening = {
        on: unit.from,
        text:
            formed.length > 0
                ? t("timeline.formed", { names: names(formed) })
                : t("timeline.began", { name: oldest?.name ?? unit.name }),
    };
    const list = [
        begun,
        ...changes(card.names, (x) => x.name, (from, to) => t("timeline.renamed", { from, to })),
        ...changes(card.codes, (x) => x.code, (from, to) => t("timeline.recoded", { from, to })),
        ...changes(card.kinds, (x) => kindWord(x.kind), (from, to) => t("timeline.rekinded", { from, to })),
        ...changes(card.parents, (x) => x.unit.name, (from, to) => t("timeline.moved", { from, to })),
    ];
    if (unit.to !== null) {
        const text =
            card.successors.length > 0
                ? t("timeline.ended_into", { names: names(card.successors) })
                : t("timeline.ended");
        list.push({ on: unit.to, text });
    }
    return list.sort((a, b) => (b.on ?? "").localeCompare(a.on ?? ""));
}

export function Timeline({ card }: { card: UnitCard }) {
    return (
        <ol class="timeline">
            {happenings(card).map((item) => (
                <li key={`${item.on}${item.text}`}>
                    <span class="timeline-day">{item.on === null ? t("time.before_records") : day(item.on)}</span>
                    <span>{item.text}</span>
                </li>
            ))}
        </ol>
    );
}
