// Bulletins as lines: what, in which state, whose, when it sounds.

import type { BulletinLine } from "../../../shared/studio";
import { Icon } from "../parts/icon";
import { t } from "../words";
import { lengthOf } from "../words/clock";
import { ago, instant } from "../words/format";
import { ClassBadge, StateBadge, tongueName } from "./words";

function whenWords(line: BulletinLine): string {
    if (line.first_at !== null && new Date(line.first_at).getTime() > Date.now()) {
        return t("bulletins.sounds_at", { at: instant(line.first_at) });
    }
    return line.last_at !== null ? t("bulletins.sounded_at", { at: instant(line.last_at) }) : ago(line.changed_at);
}

export function BulletinLines({ lines }: { lines: BulletinLine[] }) {
    return (
        <ul class="bulletins">
            {lines.map((line) => (
                <li key={line.id} class="bulletin">
                    <a class="bulletin-title" href={`/bulletins/${line.id}`}>
                        {line.title}
                    </a>
                    <p class="badges">
                        <StateBadge state={line.state} />
                        <ClassBadge of={line.class} />
                    </p>
                    <p class="quiet bulletin-said">
                        {[line.category?.name, line.unit.name, line.written_by?.name].filter(Boolean).join(" · ")}
                    </p>
                    <p class="quiet bulletin-facts">
                        {line.ms !== null && line.ms > 0 && (
                            <span>
                                <Icon name="played" />
                                {lengthOf(line.ms)}
                            </span>
                        )}
                        {line.languages.length > 1 && (
                            <span>
                                <Icon name="language" />
                                {line.languages.map(tongueName).join(", ")}
                            </span>
                        )}
                        <span>
                            <Icon name="clock" />
                            {whenWords(line)}
                        </span>
                    </p>
                </li>
            ))}
        </ul>
    );
}
