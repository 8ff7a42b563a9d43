// A password that the server gives out once. It is on nobody's screen again.

import { Button } from "../parts/button";
import { Secret } from "../parts/copy";
import { Dialog } from "../parts/dialog";
import { Notice } from "../parts/states";
import { t } from "../words";

interface OnceProps {
    login: string;
    password: string;
    onClose: () => void;
}

export function PasswordOnce({ login, password, onClose }: OnceProps) {
    return (
        <Dialog title={t("once.title")} onClose={onClose} closable={false}>
            <div class="stack">
                <Notice kind="warning">{t("once.body")}</Notice>
                <Secret label={t("sign_in.login")} value={login} />
                <Secret label={t("sign_in.password")} value={password} />
                <div class="dialog-foot">
                    <Button kind="primary" onClick={onClose}>
                        {t("once.go")}
                    </Button>
                </div>
            </div>
        </Dialog>
    );
}
