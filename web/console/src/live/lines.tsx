// What is live and what was, as lines.

import type { Live } from "../../../shared/live";
import { mediaUrl } from "../api/broadcast";
import { Badge } from "../parts/badge";
import { Icon } from "../parts/icon";
import { t } from "../words";
import { lengthWords } from "../words/clock";
import { instant, number } from "../words/format";
import { liveTones } from "./words";

export function LiveLines({ lives }: { lives: Live[] }) {
    return (
        <ul class="lines">
            {lives.map((live) => (
                <li key={live.id} class="line live-line">
                    <Icon name={live.source === "browser" ? "microphone" : live.source === "relay" ? "swap" : "station"} />
                    <div class="line-body">
                        <p>
                            <a href={`/lives/${live.id}`}>{live.title}</a> <Badge tone={liveTones[live.state]}>{t(`live_state.${live.state}`)}</Badge>
                        </p>
                        <p class="quiet">
                            {instant(live.begun_at ?? live.created_at)} · {live.by?.name ?? live.source_name} · {live.areas.map(({ name }) => name).join(", ")}
                            {live.state === "ended" && live.ms > 0 && ` · ${lengthWords(live.ms)}`}
                            {live.reason_text && ` · ${live.reason_text}`}
                        </p>
                    </div>
                    {live.state !== "ended" && <p class="figure quiet">{t("live.heard_by", { n: number(live.devices), listeners: number(live.listeners) })}</p>}
                    {live.recording && <audio controls preload="none" src={mediaUrl(live.recording)} aria-label={t("live.recording", { title: live.title })} />}
                </li>
            ))}
        </ul>
    );
}
