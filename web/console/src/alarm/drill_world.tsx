// Around every page of drills: another colour, and the word on top.

import type { ComponentChildren } from "preact";
import { Icon } from "../parts/icon";
import { t } from "../words";

export function DrillWorld({ children }: { children: ComponentChildren }) {
    return (
        <div class="drill-world">
            <p class="drill-band">
                <Icon name="drill" />
                {t("drill.band")}
            </p>
            {children}
        </div>
    );
}
