// Who I am, and the four small things one does from anywhere: change the
// language, change the look, lock, leave.

import { IconButton } from "../parts/button";
import { toastFailed } from "../parts/toast";
import { account, lockNow, signOut } from "../state/session";
import { t } from "../words";
import { initials } from "../words/names";
import { LanguageSwitch, LookSwitch } from "./switches";

export function AccountTools() {
    const me = account.value;
    if (me === null) {
        return null;
    }
    return (
        <div class="tools">
            <a class="tools-me" href="/me">
                <span class="avatar" aria-hidden="true">
                    {initials(me.name)}
                </span>
                <span class="tools-name">
                    {me.name}
                    <small>{me.unit.name}</small>
                </span>
            </a>
            <div class="tools-row">
                <LanguageSwitch />
                <LookSwitch />
                <IconButton icon="lock" label={t("action.lock")} onClick={() => void lockNow().catch(toastFailed)} />
                <IconButton
                    icon="leave"
                    label={t("action.sign_out")}
                    onClick={() => void signOut().catch(toastFailed)}
                />
            </div>
        </div>
    );
}
