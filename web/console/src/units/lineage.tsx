// Where a unit came from and where it went, as a small picture: boxes on the
// left flow into the unit, the unit flows into the boxes on the right. The
// thickness of a line is the share; an undeclared share is dashed and says so.
// On a phone the boxes stand below each other, each with its share as a bar.

import type { Kin, UnitCard } from "../../../shared/api";
import { Icon } from "../parts/icon";
import { t } from "../words";
import { day, percent } from "../words/format";

const ROW = 72;
const WIDE = 72;

export function Lineage({ card }: { card: UnitCard }) {
    const { predecessors, successors } = card;
    const rows = Math.max(predecessors.length, successors.length, 1);
    return (
        <div class="lineage">
            {predecessors.length > 0 && (
                <>
                    <KinList kin={predecessors} title={t("lineage.before")} toward="successor" />
                    <Flow kin={predecessors} rows={rows} into />
                    <Icon name="down" class="lineage-down" />
                </>
            )}
            <div class="lineage-self">
                <span>{card.unit.name}</span>
            </div>
            {successors.length > 0 && (
                <>
                    <Flow kin={successors} rows={rows} />
                    <Icon name="down" class="lineage-down" />
                    <KinList kin={successors} title={t("lineage.after")} toward="predecessor" />
                </>
            )}
        </div>
    );
}

function shareWords(kin: Kin): string {
    if (kin.relation === "whole") {
        return t("lineage.whole");
    }
    if (kin.share === null || !kin.share_declared) {
        return t("lineage.part_unknown");
    }
    return t("lineage.part", { share: percent(kin.share) });
}

interface KinListProps {
    kin: Kin[];
    title: string;
    toward: "successor" | "predecessor";
}

function KinList({ kin, title, toward }: KinListProps) {
    return (
        <ul class="lineage-list" aria-label={title}>
            {kin.map((one) => {
                // A unit that no longer exists is shown on its last day.
                const at = toward === "successor" && one.unit.to !== null ? `?at=${dayInside(one)}` : "";
                return (
                    <li key={`${one.unit.id}-${one.on}`}>
                        <a class="lineage-box" href={`/units/${one.unit.id}${at}`}>
                            <span>{one.unit.name}</span>
                            <small>{`${shareWords(one)} · ${day(one.on)}`}</small>
                            <ShareBar kin={one} />
                        </a>
                    </li>
                );
            })}
        </ul>
    );
}

/** How much of the old unit, as a bar; the words beside it say the same. */
function ShareBar({ kin }: { kin: Kin }) {
    const known = kin.relation === "whole" || kin.share_declared;
    const share = kin.relation === "whole" ? 1 : (kin.share ?? 0);
    return (
        <span class={`share${known ? "" : " share-unsure"}`} aria-hidden="true">
            {known && <span style={{ width: percentOf(share) }} />}
        </span>
    );
}

function percentOf(share: number): string {
    return `${(100 * share).toFixed(2)}%`;
}

function dayInside(kin: Kin): string {
    const date = new Date(`${kin.on}T00:00:00Z`);
    date.setUTCDate(date.getUTCDate() - 1);
    return date.toISOString().slice(0, 10);
}

interface FlowProps {
    kin: Kin[];
    rows: number;
    into?: boolean;
}

/** The curves between the boxes of one side and the unit in the middle. */
function Flow({ kin, rows, into = false }: FlowProps) {
    const height = rows * ROW;
    const top = (height - kin.length * ROW) / 2;
    return (
        <svg class="lineage-flow" viewBox={`0 0 ${WIDE} ${height}`} width={WIDE} height={height} aria-hidden="true">
            {kin.map((one, index) => {
                const side = top + index * ROW + ROW / 2;
                const from = into ? side : height / 2;
                const to = into ? height / 2 : side;
                const unsure = one.relation === "part" && !one.share_declared;
                return (
                    <path
                        key={`${one.unit.id}-${one.on}`}
                        class={unsure ? "flow flow-unsure" : "flow"}
                        stroke-width={3 + 9 * (one.relation === "whole" ? 1 : (one.share ?? 0.3))}
                        d={`M0 ${from}C${WIDE / 2} ${from} ${WIDE / 2} ${to} ${WIDE} ${to}`}
                    />
                );
            })}
        </svg>
    );
}
