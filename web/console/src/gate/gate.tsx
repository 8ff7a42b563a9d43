// The page outside the shell: the drum and the name on one side, one small
// form on the other. Used before anybody is signed in.

import type { ComponentChildren } from "preact";
import { Drum, Logo } from "../parts/logo";
import { OfflineBanner } from "../shell/offline";
import { LanguageSwitch, LookSwitch } from "../shell/switches";
import { t } from "../words";

export function Gate({ children }: { children: ComponentChildren }) {
    return (
        <div class="gate">
            <aside class="gate-art">
                <Drum />
                <div class="gate-words">
                    <p class="gate-name">
                        <Logo /> {t("app.name")}
                    </p>
                    <p class="gate-line">{t("gate.line")}</p>
                    <p class="gate-about">{t("gate.about")}</p>
                </div>
            </aside>
            <div class="gate-side">
                <OfflineBanner />
                <div class="gate-tools">
                    <LanguageSwitch />
                    <LookSwitch />
                </div>
                <main class="gate-main" id="main">
                    {children}
                </main>
            </div>
        </div>
    );
}
