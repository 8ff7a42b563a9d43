// The two choices that stand in the corner of every page: language and look.

import { meChange } from "../api/session";
import type { Language } from "../../../shared/api";
import { Button, IconButton } from "../parts/button";
import type { IconName } from "../parts/icon";
import { toastFailed } from "../parts/toast";
import type { Look } from "../state/look";
import { look, lookSet } from "../state/look";
import { account, session, sessionTake } from "../state/session";
import { language, languageSet, t } from "../words";

const next: Record<Look, Look> = { system: "light", light: "dark", dark: "system" };
const icons: Record<Look, IconName> = { system: "system", light: "sun", dark: "moon" };

export function LookSwitch() {
    const now = look.value;
    return (
        <IconButton
            icon={icons[now]}
            label={t(`look.${now}`)}
            onClick={() => lookSet(next[now])}
        />
    );
}

/** Signed in, the language belongs to the account: the server speaks it too. */
async function choose(to: Language): Promise<void> {
    await languageSet(to);
    const now = session.peek();
    if (account.peek() !== null && now?.state === "signed_in" && now.must.length === 0) {
        const me = await meChange({ language: to });
        sessionTake({ ...now, account: me.account });
    }
}

export function LanguageSwitch() {
    const other: Language = language.value === "vi" ? "en" : "vi";
    return (
        <Button small kind="quiet" icon="language" onClick={() => void choose(other).catch(toastFailed)}>
            <span lang={other}>{t("language.other")}</span>
        </Button>
    );
}
