// Asks before an account gets a new password, and whether its second factors
// go too: the person may have lost the phone together with the password.

import { useState } from "preact/hooks";
import { Button } from "../parts/button";
import { Dialog } from "../parts/dialog";
import { CheckField } from "../parts/field";
import { t } from "../words";

interface ResetProps {
    name: string;
    hasFactor: boolean;
    onYes: (factors: boolean) => void;
    onClose: () => void;
}

export function ResetDialog({ name, hasFactor, onYes, onClose }: ResetProps) {
    const [factors, setFactors] = useState(false);
    return (
        <Dialog title={t("account.reset_sure", { name })} onClose={onClose}>
            <p>{t("account.reset_body")}</p>
            {hasFactor && (
                <CheckField
                    label={t("account.reset_factors")}
                    hint={t("account.reset_factors_hint")}
                    checked={factors}
                    onChange={setFactors}
                />
            )}
            <div class="dialog-foot">
                <Button onClick={onClose}>{t("action.cancel")}</Button>
                <Button kind="primary" onClick={() => onYes(factors)}>
                    {t("account.reset")}
                </Button>
            </div>
        </Dialog>
    );
}
