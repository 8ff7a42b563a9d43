// Adding an authenticator app: the picture to scan, the secret to type where
// no camera helps, and the first code as a proof that it works.

import { useState } from "preact/hooks";
import { meTotp, meTotpConfirm } from "../api/session";
import { Button } from "../parts/button";
import { Secret } from "../parts/copy";
import { TextField } from "../parts/field";
import { FormError, Show } from "../parts/states";
import { useAct, useLoad } from "../state/load";
import { t } from "../words";

export interface EnrolProps {
    /** Recovery codes come with the first factor only. */
    onDone: (codes: string[] | null) => void;
    onCancel: () => void;
}

/** As a picture, so that whatever the drawing holds cannot run. */
function pictureOf(svg: string): string {
    return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}

export function TotpEnrol({ onDone, onCancel }: EnrolProps) {
    const offer = useLoad("totp", meTotp);
    const [code, setCode] = useState("");
    const act = useAct();
    const confirm = (id: number) =>
        act.run(async () => onDone((await meTotpConfirm(id, code.trim())).recovery_codes));
    return (
        <Show of={offer}>
            {({ id, secret, qr_svg }) => (
                <form
                    class="stack form-narrow"
                    onSubmit={(event) => {
                        event.preventDefault();
                        void confirm(id);
                    }}
                >
                    <ol class="steps">
                        <li>{t("totp.install")}</li>
                        <li>{t("totp.scan")}</li>
                        <li>{t("totp.type")}</li>
                    </ol>
                    <img class="qr" src={pictureOf(qr_svg)} alt={t("totp.picture")} width={208} height={208} />
                    <Secret label={t("totp.secret")} value={secret} />
                    <FormError error={act.error} shown={["code"]} />
                    <TextField
                        label={t("factor.totp")}
                        value={code}
                        onInput={setCode}
                        error={act.error?.field("code")}
                        inputMode="numeric"
                        autocomplete="one-time-code"
                        code
                        required
                    />
                    <div class="form-foot">
                        <Button submit kind="primary" busy={act.busy}>
                            {t("totp.go")}
                        </Button>
                        <Button onClick={onCancel}>{t("action.cancel")}</Button>
                    </div>
                </form>
            )}
        </Show>
    );
}
