// Adding a security key or a passkey.

import { useState } from "preact/hooks";
import { meKey, meKeyOffer } from "../api/session";
import { Button } from "../parts/button";
import { TextField } from "../parts/field";
import { FormError, Notice } from "../parts/states";
import { keyMake } from "../state/keys";
import { useAct } from "../state/load";
import { t } from "../words";
import type { EnrolProps } from "./totp_enrol";

export function KeyEnrol({ onDone, onCancel }: EnrolProps) {
    const [name, setName] = useState(t("webauthn.default_name"));
    const [cancelled, setCancelled] = useState(false);
    const act = useAct();
    const enrol = () =>
        act.run(async () => {
            setCancelled(false);
            const made = await keyMake(await meKeyOffer(), name.trim());
            if (made === null) {
                setCancelled(true);
            } else {
                onDone((await meKey(made)).recovery_codes);
            }
        });
    return (
        <form
            class="stack form-narrow"
            onSubmit={(event) => {
                event.preventDefault();
                void enrol();
            }}
        >
            <p>{t("webauthn.body")}</p>
            <FormError error={act.error} shown={["name"]} />
            {cancelled && <Notice kind="warning">{t("factor.cancelled")}</Notice>}
            <TextField
                label={t("webauthn.name")}
                hint={t("webauthn.name_hint")}
                value={name}
                onInput={setName}
                error={act.error?.field("name")}
                required
            />
            <div class="form-foot">
                <Button submit kind="primary" icon="key" busy={act.busy}>
                    {t("webauthn.go")}
                </Button>
                <Button onClick={onCancel}>{t("action.cancel")}</Button>
            </div>
        </form>
    );
}
