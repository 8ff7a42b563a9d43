// How the whole fleet is, as numbers that are filters at the same time: by
// state on top, by commune beside the list.

import type { DeviceLive, DeviceSummary } from "../../../shared/fleet";
import { Icon } from "../parts/icon";
import { here, querySet } from "../state/router";
import { t } from "../words";
import { number } from "../words/format";
import { byName } from "../words/format";
import { LiveMark, lives } from "./marks";

export function StateCounts({ summary }: { summary: DeviceSummary }) {
    const now = here.value.query.get("state");
    return (
        <ul class="tiles" aria-label={t("speakers.by_state")}>
            {lives.map((live) => (
                <li key={live}>
                    <button
                        type="button"
                        class={`tile tile-${live}`}
                        aria-pressed={now === live}
                        onClick={() => querySet({ state: now === live ? null : live })}
                    >
                        <span class="tile-figure">{number(summary.states[live])}</span>
                        <span class="tile-name">
                            <LiveMark live={live} />
                            {t(`live.${live}`)}
                        </span>
                    </button>
                </li>
            ))}
        </ul>
    );
}

function share(states: Record<DeviceLive, number>, live: DeviceLive, of: number): string {
    return `${of === 0 ? 0 : (states[live] / of) * 100}%`;
}

export function StateBar({ states, of }: { states: Record<DeviceLive, number>; of: number }) {
    return (
        <span class="state-bar" aria-hidden="true">
            {lives.map((live) => (
                <span key={live} class={`state-bar-${live}`} style={{ width: share(states, live, of) }} />
            ))}
        </span>
    );
}

export function CommuneCounts({ summary }: { summary: DeviceSummary }) {
    const now = Number(here.value.query.get("unit"));
    return (
        <section class="panel communes">
            <h2>{t("speakers.by_commune")}</h2>
            <ul>
                {byName(summary.units.filter(({ devices }) => devices > 0)).map((unit) => {
                    const quiet = unit.states.dead + unit.states.late;
                    return (
                        <li key={unit.id}>
                            <button
                                type="button"
                                class="commune"
                                aria-pressed={now === unit.id}
                                onClick={() => querySet({ unit: now === unit.id ? null : String(unit.id) })}
                            >
                                <span class="commune-name">{unit.name}</span>
                                <span class="commune-count">
                                    {quiet > 0 && (
                                        <span class="commune-bad">
                                            <Icon name="warning" />
                                            {number(quiet)}
                                            <span class="hidden-words">{t("speakers.not_heard")}</span>
                                        </span>
                                    )}
                                    {number(unit.devices)}
                                </span>
                                <StateBar states={unit.states} of={unit.devices} />
                            </button>
                        </li>
                    );
                })}
            </ul>
        </section>
    );
}
