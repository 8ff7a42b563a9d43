// Recovery codes, shown once: to copy, to print, to save. The way on opens
// when the person says that they are kept.

import { useState } from "preact/hooks";
import { Button } from "../parts/button";
import { CopyButton } from "../parts/copy";
import { CheckField } from "../parts/field";
import { Notice } from "../parts/states";
import { account } from "../state/session";
import { t } from "../words";
import { day, today } from "../words/format";

function download(codes: string[]): void {
    const text = `${t("app.name")} – ${account.value?.login ?? ""}\n\n${codes.join("\n")}\n`;
    const url = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
    const link = document.createElement("a");
    link.href = url;
    link.download = "loa-recovery-codes.txt";
    link.click();
    URL.revokeObjectURL(url);
}

export function RecoveryView({ codes, onSaved }: { codes: string[]; onSaved: () => void }) {
    const [saved, setSaved] = useState(false);
    return (
        <div class="stack">
            <Notice kind="warning">{t("recovery.body")}</Notice>
            <div class="print-this">
                <p class="paper-only">
                    {t("recovery.paper", { login: account.value?.login ?? "", day: day(today()) })}
                </p>
                <ul class="recovery-codes" aria-label={t("recovery.title")}>
                    {codes.map((code) => (
                        <li key={code}>
                            <code>{code}</code>
                        </li>
                    ))}
                </ul>
            </div>
            <div class="form-foot">
                <CopyButton value={codes.join("\n")} label={t("recovery.copy")} />
                <Button small icon="print" onClick={() => print()}>
                    {t("recovery.print")}
                </Button>
                <Button small icon="export" onClick={() => download(codes)}>
                    {t("recovery.download")}
                </Button>
            </div>
            <CheckField label={t("recovery.saved")} checked={saved} onChange={setSaved} />
            <Button kind="primary" disabled={!saved} onClick={onSaved}>
                {t("action.continue")}
            </Button>
        </div>
    );
}
