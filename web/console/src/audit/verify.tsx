// Checking the chain of the audit log, from its first entry to its last: the
// button that starts it, and what came out.

import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { AuditProof } from "../../../shared/api";
import { auditVerify } from "../api/people";
import { Button } from "../parts/button";
import { Copy } from "../parts/copy";
import { FormError, Notice } from "../parts/states";
import { useAct } from "../state/load";
import { t } from "../words";

export function useVerify(): { button: ComponentChildren; outcome: ComponentChildren } {
    const [proof, setProof] = useState<AuditProof | null>(null);
    const act = useAct();
    const run = () =>
        act.run(async () => {
            setProof(null);
            setProof(await auditVerify());
        });
    return {
        button: (
            <Button icon="shield" busy={act.busy} onClick={() => void run()}>
                {t("audit.verify")}
            </Button>
        ),
        outcome: (
            <div class="verify" role="status">
                {act.busy && (
                    <>
                        <p>{t("audit.verifying")}</p>
                        <div class="progress" aria-hidden="true">
                            <span />
                        </div>
                    </>
                )}
                {proof && <Proof proof={proof} />}
                <FormError error={act.error} />
            </div>
        ),
    };
}

function Proof({ proof }: { proof: AuditProof }) {
    if (!proof.ok) {
        return (
            <div class="notice notice-danger">
                <div class="notice-body">
                    <p>{t("audit.broken", { seq: proof.broken_at ?? 0, n: proof.entries })}</p>
                </div>
            </div>
        );
    }
    return (
        <Notice kind="success">
            <p>{t("audit.whole", { n: proof.entries })}</p>
            <p class="hash-line">
                {t("audit.head")} <code>{proof.head}</code> <Copy value={proof.head} />
            </p>
        </Notice>
    );
}
