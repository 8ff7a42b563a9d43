// What a message says, in each of its languages.

import type { CapMessage } from "../../../shared/alert";
import { t, tCode } from "../words";

export function Infos({ message }: { message: CapMessage }) {
    const infos = message.infos ?? [message];
    return (
        <div class="stack">
            {infos.map((info, index) => (
                <section key={index} lang={info.language} class="cap-info">
                    {infos.length > 1 && <h3>{tCode("tongue", info.language.slice(0, 2))}</h3>}
                    <p>
                        <b>{info.headline || info.event}</b>
                    </p>
                    {info.description && <p class="cap-text">{info.description}</p>}
                    {info.instruction && <blockquote class="alarm-said">{info.instruction}</blockquote>}
                </section>
            ))}
            {message.infos?.some(({ resources }) => resources.length > 0) && (
                <ul class="plain-list">
                    {message.infos.flatMap(({ resources }) => resources).map((one, index) => (
                        <li key={index}>
                            {one.name} <span class="quiet">{[one.mime, one.uri].filter(Boolean).join(" · ")}</span>
                        </li>
                    ))}
                </ul>
            )}
            {message.infos?.some(({ areas }) => areas.length > 0) && (
                <p class="quiet">
                    {t("cap.its_areas")} {message.infos.flatMap(({ areas }) => areas.map(({ name }) => name)).filter((name, at, all) => all.indexOf(name) === at).join(", ")}
                </p>
            )}
        </div>
    );
}
