// The second step of signing in: a code from the phone, a security key, or
// one of the recovery codes. The best of what the account has comes first.

import { useState } from "preact/hooks";
import type { FactorKind } from "../../../shared/api";
import { sessionKey, sessionKeyAsk, sessionRecovery, sessionTotp } from "../api/session";
import { Button } from "../parts/button";
import { TextField } from "../parts/field";
import type { IconName } from "../parts/icon";
import { FormError, Notice } from "../parts/states";
import { keysWork, keyUse } from "../state/keys";
import { useAct } from "../state/load";
import { sessionTake } from "../state/session";
import { t } from "../words";
import { useFirstFocus } from "./focus";

const order: FactorKind[] = ["webauthn", "totp", "recovery"];
const icons: Record<FactorKind, IconName> = { webauthn: "key", totp: "phone", recovery: "print" };

export function SecondFactor({ factors }: { factors: FactorKind[] }) {
    const usable = order.filter(
        (kind) => factors.includes(kind) && (kind !== "webauthn" || keysWork),
    );
    const [chosen, setChosen] = useState<FactorKind | null>(null);
    const kind = chosen ?? usable[0];
    if (kind === undefined) {
        return <Notice kind="warning">{t("factor.none")}</Notice>;
    }
    return (
        <>
            {kind === "webauthn" ? <KeyForm /> : <CodeForm key={kind} kind={kind} />}
            {usable.length > 1 && (
                <div class="factor-others">
                    <p class="quiet">{t("factor.or")}</p>
                    {usable
                        .filter((other) => other !== kind)
                        .map((other) => (
                            <Button key={other} icon={icons[other]} onClick={() => setChosen(other)}>
                                {t(`factor.use_${other}`)}
                            </Button>
                        ))}
                </div>
            )}
        </>
    );
}

function CodeForm({ kind }: { kind: "totp" | "recovery" }) {
    const [code, setCode] = useState("");
    const act = useAct();
    const form = useFirstFocus<HTMLFormElement>();
    const submit = async () => {
        const send = kind === "totp" ? sessionTotp : sessionRecovery;
        if (!(await act.run(async () => sessionTake(await send(code.trim()))))) {
            setCode("");
            form.current?.querySelector("input")?.focus();
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
            <FormError error={act.error} />
            <TextField
                label={t(`factor.${kind}`)}
                hint={t(`factor.${kind}_hint`)}
                value={code}
                onInput={setCode}
                inputMode={kind === "totp" ? "numeric" : "text"}
                autocomplete="one-time-code"
                code
                required
            />
            <Button submit kind="primary" busy={act.busy}>
                {t("factor.go")}
            </Button>
        </form>
    );
}

function KeyForm() {
    const act = useAct();
    const [cancelled, setCancelled] = useState(false);
    const use = () =>
        act.run(async () => {
            setCancelled(false);
            const answer = await keyUse(await sessionKeyAsk());
            if (answer === null) {
                setCancelled(true);
            } else {
                sessionTake(await sessionKey(answer));
            }
        });
    return (
        <div class="stack">
            <p>{t("factor.webauthn_hint")}</p>
            <FormError error={act.error} />
            {cancelled && <Notice kind="warning">{t("factor.cancelled")}</Notice>}
            <Button kind="primary" icon="key" busy={act.busy} onClick={() => void use()}>
                {t("factor.webauthn")}
            </Button>
        </div>
    );
}
