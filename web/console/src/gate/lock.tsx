// The lock screen: covers everything, keeps everything. It is a modal dialog,
// so even a dialog that was open below is out of sight and out of reach.

import { useEffect, useRef, useState } from "preact/hooks";
import { sessionUnlock } from "../api/session";
import { Button } from "../parts/button";
import { PasswordField } from "../parts/field";
import { Drum } from "../parts/logo";
import { useTitle } from "../parts/page";
import { FormError } from "../parts/states";
import { idleTellUnlocked } from "../state/idle";
import { useAct } from "../state/load";
import { account, sessionTake, signOut } from "../state/session";
import { t } from "../words";

export function Lock() {
    const box = useRef<HTMLDialogElement>(null);
    const [password, setPassword] = useState("");
    const act = useAct();
    useTitle(t("lock.title"));
    useEffect(() => {
        const dialog = box.current;
        const before = document.activeElement;
        const title = document.title;
        dialog?.showModal();
        dialog?.querySelector("input")?.focus();
        return () => {
            dialog?.close();
            document.title = title;
            if (before instanceof HTMLElement && before.isConnected) {
                before.focus();
            }
        };
    }, []);
    const unlock = async () => {
        const done = await act.run(async () => {
            sessionTake(await sessionUnlock(password));
            idleTellUnlocked();
        });
        if (!done) {
            setPassword("");
            box.current?.querySelector("input")?.focus();
        }
    };
    return (
        <dialog ref={box} class="lock" aria-labelledby="lock-title" onCancel={(event) => event.preventDefault()}>
            <Drum class="lock-drum" />
            <form
                class="lock-form stack"
                onSubmit={(event) => {
                    event.preventDefault();
                    void unlock();
                }}
            >
                <h1 id="lock-title">{t("lock.title")}</h1>
                <p>{t("lock.body", { name: account.value?.name ?? "" })}</p>
                <FormError error={act.error} />
                <PasswordField label={t("sign_in.password")} value={password} onInput={setPassword} />
                <Button submit kind="primary" icon="unlock" busy={act.busy}>
                    {t("lock.go")}
                </Button>
                <Button kind="quiet" icon="leave" onClick={() => void act.run(signOut)}>
                    {t("action.sign_out")}
                </Button>
            </form>
        </dialog>
    );
}
