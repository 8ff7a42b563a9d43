// The fleet as a list: however long it is, only what the screen shows is drawn
// and read. Rows can be chosen for a change of many.

import { useEffect, useState } from "preact/hooks";
import type { DeviceLine } from "../../../shared/fleet";
import { deviceList } from "../api/fleet";
import { Empty, ErrorState, Skeleton } from "../parts/states";
import { Window } from "../parts/window";
import { topicVersion } from "../state/live";
import { useCalm } from "../state/load";
import { useRows } from "../state/rows";
import { t } from "../words";
import { ago } from "../words/format";
import { FaultBadges, LiveMark, soundWords } from "./marks";
import type { FleetQuery } from "./query";
import { fleetFilter } from "./query";

const PAGE = 200;
const CALM_MS = 3_000;
const WIDE = "(min-width: 60rem)";
const WIDE_ROW_PX = 48;
const NARROW_ROW_PX = 84;

function useWide(): boolean {
    const [wide, setWide] = useState(matchMedia(WIDE).matches);
    useEffect(() => {
        const media = matchMedia(WIDE);
        const turn = () => setWide(media.matches);
        media.addEventListener("change", turn);
        return () => media.removeEventListener("change", turn);
    }, []);
    return wide;
}

interface RowsProps {
    query: FleetQuery;
    chosen: ReadonlySet<number>;
    onChoose: ((id: number, yes: boolean) => void) | null;
    onTotal: (total: number) => void;
}

export function FleetRows({ query, chosen, onChoose, onTotal }: RowsProps) {
    const wide = useWide();
    const key = JSON.stringify(query);
    const version = useCalm(["presence", "devices", "faults"].map((topic) => topicVersion(topic as "devices")).join(), CALM_MS);
    const rows = useRows(key, PAGE, (after) => deviceList({ ...fleetFilter(query), after, limit: PAGE }), version);
    useEffect(() => {
        if (rows.total !== null) {
            onTotal(rows.total);
        }
    }, [rows.total]);
    if (rows.error && rows.total === null) {
        return <ErrorState error={rows.error} retry={rows.retry} />;
    }
    if (rows.total === null) {
        return <Skeleton lines={8} />;
    }
    if (rows.total === 0) {
        return (
            <Empty picture="lost" title={t("speakers.none")}>
                {t("speakers.none_hint")}
            </Empty>
        );
    }
    return (
        <>
            {rows.error && <ErrorState error={rows.error} retry={rows.retry} />}
            <Window
                count={rows.total}
                rowHeight={wide ? WIDE_ROW_PX : NARROW_ROW_PX}
                label={t("section.speakers")}
                onLook={rows.look}
                head={<Head chooses={onChoose !== null} />}
                row={(index) => {
                    const line = rows.row(index);
                    return line ? (
                        <Line line={line} chosen={chosen.has(line.id)} onChoose={onChoose} />
                    ) : (
                        <span role="cell" class="window-wait">
                            <span class="skeleton-line" aria-hidden="true" />
                        </span>
                    );
                }}
            />
        </>
    );
}

function Head({ chooses }: { chooses: boolean }) {
    return (
        <div role="rowgroup" class="fleet-head">
            <div role="row" class={`fleet-line${chooses ? " fleet-chooses" : ""}`} aria-rowindex={1}>
                {chooses && (
                    <span role="columnheader">
                        <span class="hidden-words">{t("speakers.choose")}</span>
                    </span>
                )}
                <span role="columnheader">{t("speakers.name")}</span>
                <span role="columnheader">{t("speakers.commune")}</span>
                <span role="columnheader">{t("speakers.now")}</span>
                <span role="columnheader">{t("speakers.faults")}</span>
                <span role="columnheader">{t("speakers.heard")}</span>
            </div>
        </div>
    );
}

interface LineProps {
    line: DeviceLine;
    chosen: boolean;
    onChoose: ((id: number, yes: boolean) => void) | null;
}

function Line({ line, chosen, onChoose }: LineProps) {
    const playing = line.sound === "item" || line.sound === "alarm" || line.sound === "drill";
    return (
        <div class={`fleet-line${onChoose ? " fleet-chooses" : ""}`}>
            {onChoose && (
                <span role="cell" class="fleet-choose">
                    <input
                        type="checkbox"
                        aria-label={t("speakers.choose_one", { name: line.name })}
                        checked={chosen}
                        onChange={(event) => onChoose(line.id, event.currentTarget.checked)}
                    />
                </span>
            )}
            <span role="cell" class="fleet-name">
                <LiveMark live={line.live} />
                <a href={`/speakers/${line.id}`}>{line.name}</a>
                <span class="hidden-words">{t(`live.${line.live}`)}</span>
            </span>
            <span role="cell" class="fleet-commune">
                {line.unit?.name ?? ""}
            </span>
            <span role="cell" class={`fleet-now fleet-now-${line.sound}`}>
                {playing && <span class="waves" aria-hidden="true" />}
                {line.live === "dead" || line.live === "never" ? "–" : soundWords(line.sound)}
            </span>
            <span role="cell" class="fleet-faults">
                <FaultBadges of={line.faults} most={2} />
            </span>
            <span role="cell" class="fleet-heard quiet">
                {line.live === "alive" ? t("speakers.heard_now") : ago(line.heard_at)}
            </span>
        </div>
    );
}
