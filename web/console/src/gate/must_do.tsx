// What an account must do before it may do anything else: replace the
// password that somebody handed out, and add a second factor.

import { useState } from "preact/hooks";
import type { Must } from "../../../shared/api";
import { KeyEnrol } from "../me/key_enrol";
import { PasswordForm } from "../me/password_form";
import { RecoveryView } from "../me/recovery_view";
import { TotpEnrol } from "../me/totp_enrol";
import { Button } from "../parts/button";
import { useTitle } from "../parts/page";
import { FormError } from "../parts/states";
import { keysWork } from "../state/keys";
import { useAct } from "../state/load";
import { sessionRefresh, signOut } from "../state/session";
import { t } from "../words";
import { Gate } from "./gate";

export function MustDo({ must }: { must: Must[] }) {
    const leave = useAct();
    return (
        <Gate>
            <div class="stack">
                {must.includes("change_password") ? <NewPassword /> : <NewFactor />}
                <FormError error={leave.error} />
                <Button kind="quiet" icon="leave" onClick={() => void leave.run(signOut)}>
                    {t("action.sign_out")}
                </Button>
            </div>
        </Gate>
    );
}

function NewPassword() {
    useTitle(t("must.password_title"));
    return (
        <>
            <h1>{t("must.password_title")}</h1>
            <p>{t("must.password_body")}</p>
            <PasswordForm onDone={() => void sessionRefresh()} />
        </>
    );
}

function NewFactor() {
    useTitle(t("must.factor_title"));
    const [way, setWay] = useState<"totp" | "webauthn" | null>(null);
    const [codes, setCodes] = useState<string[] | null>(null);
    const act = useAct();
    const done = (fresh: string[] | null) => {
        if (fresh === null) {
            void act.run(sessionRefresh);
        } else {
            setCodes(fresh);
        }
    };
    if (codes !== null) {
        return (
            <>
                <h1>{t("recovery.title")}</h1>
                <RecoveryView codes={codes} onSaved={() => void act.run(sessionRefresh)} />
                <FormError error={act.error} />
            </>
        );
    }
    return (
        <>
            <h1>{t("must.factor_title")}</h1>
            {way === null && (
                <>
                    <p>{t("must.factor_body")}</p>
                    <Button kind="primary" icon="phone" onClick={() => setWay("totp")}>
                        {t("factors.add_totp")}
                    </Button>
                    {keysWork && (
                        <Button icon="key" onClick={() => setWay("webauthn")}>
                            {t("factors.add_webauthn")}
                        </Button>
                    )}
                </>
            )}
            {way === "totp" && <TotpEnrol onDone={done} onCancel={() => setWay(null)} />}
            {way === "webauthn" && <KeyEnrol onDone={done} onCancel={() => setWay(null)} />}
        </>
    );
}
