// Changing one's own password. Used at the gate and on my account.

import { useState } from "preact/hooks";
import { mePassword } from "../api/session";
import { Button } from "../parts/button";
import { PasswordField } from "../parts/field";
import { FormError } from "../parts/states";
import { useAct } from "../state/load";
import { t } from "../words";

export function PasswordForm({ onDone }: { onDone: () => void }) {
    const [current, setCurrent] = useState("");
    const [next, setNext] = useState("");
    const [again, setAgain] = useState("");
    const [differs, setDiffers] = useState(false);
    const act = useAct();
    const submit = async () => {
        setDiffers(next !== again);
        if (next !== again) {
            return;
        }
        if (await act.run(() => mePassword(current, next))) {
            setCurrent("");
            setNext("");
            setAgain("");
            onDone();
        }
    };
    return (
        <form
            class="stack form-narrow"
            onSubmit={(event) => {
                event.preventDefault();
                void submit();
            }}
        >
            <FormError error={act.error} shown={["current", "next"]} />
            <PasswordField
                label={t("password.current")}
                value={current}
                onInput={setCurrent}
                error={act.error?.field("current")}
            />
            <PasswordField
                label={t("password.next")}
                hint={t("password.hint")}
                value={next}
                onInput={setNext}
                error={act.error?.field("next")}
                fresh
            />
            <PasswordField
                label={t("password.again")}
                value={again}
                onInput={setAgain}
                error={differs ? t("password.differs") : undefined}
                fresh
            />
            <Button submit kind="primary" busy={act.busy}>
                {t("password.go")}
            </Button>
        </form>
    );
}
