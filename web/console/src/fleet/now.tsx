// What a pole plays now, how far it is, how loud, and what comes next.

import type { DeviceCard, DeviceStatus } from "../../../shared/fleet";
import { Badge } from "../parts/badge";
import { Panel } from "../parts/page";
import { useNow } from "../state/now";
import { t } from "../words";
import { lengthOf, timeOf } from "../words/clock";
import { soundWords } from "./marks";
import { Listen } from "./listen";

export function Now({ card }: { card: DeviceCard }) {
    const { device, status } = card;
    const silent = device.live === "dead" || device.live === "never" || status === null;
    return (
        <Panel title={t("device.now")} actions={!silent && <Listen id={device.id} name={device.name} />}>
            {silent ? (
                <p class="quiet-line">{t(device.live === "never" ? "device.never" : "device.silent")}</p>
            ) : (
                <>
                    <Playing status={status} />
                    {status.level_mb !== null && <Level mb={status.level_mb} />}
                    {status.next && (
                        <p class="now-next">
                            <span class="quiet">{t("device.next")}</span> {status.next.at && <b class="figure">{timeOf(status.next.at)}</b>}{" "}
                            {status.next.title}
                        </p>
                    )}
                </>
            )}
        </Panel>
    );
}

function Playing({ status }: { status: DeviceStatus }) {
    const now = useNow();
    const { playing, sound } = status;
    if (playing === null) {
        return <p class="now-title">{soundWords(sound)}</p>;
    }
    const done = playing.since === null ? 0 : Math.max(0, now - new Date(playing.since).getTime());
    const of = playing.since === null ? null : playing.ms;
    const alarming = sound === "alarm" || sound === "drill";
    return (
        <div class={`now now-${sound}`}>
            <p class="now-title">
                <span class="waves" aria-hidden="true" />
                {playing.title || soundWords(sound)}
                {alarming && <Badge tone={sound === "alarm" ? "bad" : "info"}>{soundWords(sound)}</Badge>}
            </p>
            {of !== null && of > 0 && (
                <>
                    <div
                        class="bar"
                        role="progressbar"
                        aria-label={t("device.progress")}
                        aria-valuemin={0}
                        aria-valuemax={Math.round(of / 1000)}
                        aria-valuenow={Math.round(Math.min(done, of) / 1000)}
                    >
                        <span style={{ width: `${Math.min(100, (done / of) * 100)}%` }} />
                    </div>
                    <p class="now-times figure">
                        <span>{lengthOf(Math.min(done, of))}</span>
                        <span>{lengthOf(of)}</span>
                    </p>
                </>
            )}
        </div>
    );
}

const QUIETEST_DB = -60;

function Level({ mb }: { mb: number }) {
    const db = Math.max(QUIETEST_DB, Math.min(0, mb / 100));
    const said = t("device.db", { n: Math.round(db) });
    return (
        <div class="level">
            <span class="quiet">{t("device.level")}</span>
            <span
                class="level-bar"
                role="meter"
                aria-label={t("device.level")}
                aria-valuemin={QUIETEST_DB}
                aria-valuemax={0}
                aria-valuenow={Math.round(db)}
                aria-valuetext={said}
            >
                <span style={{ width: `${(1 - db / QUIETEST_DB) * 100}%` }} />
            </span>
            <span class="figure level-said">{said}</span>
        </div>
    );
}
