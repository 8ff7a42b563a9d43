// Signing in: the password, and then one of the second factors that the
// account has. Both are one page, so that the address the person wanted stays
// in the address bar and opens afterwards.

import { useState } from "preact/hooks";
import type { Session } from "../../../shared/api";
import { sessionClose, sessionOpen } from "../api/session";
import { Button } from "../parts/button";
import { PasswordField, TextField } from "../parts/field";
import { useTitle } from "../parts/page";
import { FormError, Notice } from "../parts/states";
import { useAct } from "../state/load";
import { ended, sessionRefresh, sessionTake } from "../state/session";
import { t } from "../words";
import { useFirstFocus } from "./focus";
import { Gate } from "./gate";
import { SecondFactor } from "./second_factor";

export function SignIn({ session }: { session: Session }) {
    useTitle(t("sign_in.title"));
    const second = session.state === "second_factor";
    return (
        <Gate>{second ? <SecondStep session={session} /> : <PasswordStep />}</Gate>
    );
}

function PasswordStep() {
    const [login, setLogin] = useState("");
    const [password, setPassword] = useState("");
    const act = useAct();
    const form = useFirstFocus<HTMLFormElement>();
    const submit = async () => {
        const done = await act.run(async () => {
            // A page left open for long may hold an outdated anonymous token.
            await sessionRefresh();
            sessionTake(await sessionOpen(login.trim(), password));
        });
        if (!done) {
            setPassword("");
            form.current?.querySelector<HTMLElement>("input[type=password]")?.focus();
        }
    };
    return (
        <form
            ref={form}
            class="stack"
            onSubmit={(event) => {
                event.preventDefault();
                void submit();
            }}
        >
            <h1>{t("sign_in.title")}</h1>
            {ended.value === "expired" && <Notice kind="warning">{t("sign_in.expired")}</Notice>}
            {ended.value === "out" && <Notice kind="success">{t("sign_in.left")}</Notice>}
            <FormError error={act.error} />
            <TextField
                label={t("sign_in.login")}
                value={login}
                onInput={setLogin}
                autocomplete="username"
                code
                required
            />
            <PasswordField label={t("sign_in.password")} value={password} onInput={setPassword} />
            <Button submit kind="primary" busy={act.busy}>
                {t("sign_in.go")}
            </Button>
            <p class="quiet">{t("sign_in.help")}</p>
        </form>
    );
}

function SecondStep({ session }: { session: Session }) {
    const act = useAct();
    const back = () =>
        act.run(async () => {
            await sessionClose();
            await sessionRefresh();
        });
    return (
        <div class="stack">
            <h1>{t("factor.title")}</h1>
            <SecondFactor factors={session.factors} />
            <FormError error={act.error} />
            <Button kind="quiet" icon="left" busy={act.busy} onClick={() => void back()}>
                {t("factor.other_account")}
            </Button>
        </div>
    );
}
