// My second factors and recovery codes.

import { useState } from "preact/hooks";
import type { Factor, Me } from "../../../shared/api";
import { meFactorRemove, meRecoveryCodes } from "../api/session";
import { Badge } from "../parts/badge";
import { Button } from "../parts/button";
import { ask, Dialog } from "../parts/dialog";
import { Icon } from "../parts/icon";
import { Panel } from "../parts/page";
import { FormError, Notice } from "../parts/states";
import { toastDone } from "../parts/toast";
import { keysWork } from "../state/keys";
import { useAct } from "../state/load";
import { t } from "../words";
import { agoInside, instant } from "../words/format";
import { FEW_CODES } from "./few_codes";
import { KeyEnrol } from "./key_enrol";
import { RecoveryView } from "./recovery_view";
import { TotpEnrol } from "./totp_enrol";

interface FactorsProps {
    me: Me;
    onChanged: () => void;
}


export function Factors({ me, onChanged }: FactorsProps) {
    const [adding, setAdding] = useState<"totp" | "webauthn" | null>(null);
    const [codes, setCodes] = useState<string[] | null>(null);
    const act = useAct();
    const done = (fresh: string[] | null) => {
        setAdding(null);
        setCodes(fresh);
        toastDone(t("factors.added"));
        onChanged();
    };
    const remove = async (factor: Factor) => {
        const sure = await ask({ title: t("factors.remove_sure", { name: factor.name }), yes: t("factors.remove"), danger: true });
        if (sure) {
            await act.run(async () => {
                await meFactorRemove(factor.id);
                toastDone(t("factors.removed"));
                onChanged();
            });
        }
    };
    return (
        <>
            <Panel title={t("factors.title")} lead={me.second_factor_required ? t("factors.required") : t("factors.lead")}>
                <FormError error={act.error} />
                {me.factors.length === 0 && <Notice kind="warning">{t("factors.none")}</Notice>}
                <ul class="lines">
                    {me.factors.map((factor) => (
                        <FactorLine key={factor.id} factor={factor} busy={act.busy} onRemove={() => void remove(factor)} />
                    ))}
                </ul>
                <div class="form-foot">
                    <Button icon="phone" onClick={() => setAdding("totp")}>
                        {t("factors.add_totp")}
                    </Button>
                    {keysWork && (
                        <Button icon="key" onClick={() => setAdding("webauthn")}>
                            {t("factors.add_webauthn")}
                        </Button>
                    )}
                </div>
            </Panel>
            {me.factors.length > 0 && <Recovery me={me} onCodes={setCodes} />}
            {adding === "totp" && (
                <Dialog title={t("factors.add_totp")} onClose={() => setAdding(null)}>
                    <TotpEnrol onDone={done} onCancel={() => setAdding(null)} />
                </Dialog>
            )}
            {adding === "webauthn" && (
                <Dialog title={t("factors.add_webauthn")} onClose={() => setAdding(null)}>
                    <KeyEnrol onDone={done} onCancel={() => setAdding(null)} />
                </Dialog>
            )}
            {codes !== null && (
                <Dialog title={t("recovery.title")} onClose={() => setCodes(null)} closable={false}>
                    <RecoveryView
                        codes={codes}
                        onSaved={() => {
                            setCodes(null);
                            onChanged();
                        }}
                    />
                </Dialog>
            )}
        </>
    );
}

interface LineProps {
    factor: Factor;
    busy: boolean;
    onRemove: () => void;
}

function FactorLine({ factor, busy, onRemove }: LineProps) {
    return (
        <li class="line">
            <Icon name={factor.kind === "totp" ? "phone" : "key"} />
            <div class="line-body">
                <p>
                    {factor.name} <Badge>{t(`factors.${factor.kind}`)}</Badge>
                </p>
                <p class="quiet">
                    {t("factors.line", { added: instant(factor.added_at), used: agoInside(factor.used_at) })}
                </p>
            </div>
            <Button small busy={busy} onClick={onRemove}>
                {t("factors.remove")}
                <span class="hidden-words"> {factor.name}</span>
            </Button>
        </li>
    );
}

function Recovery({ me, onCodes }: { me: Me; onCodes: (codes: string[]) => void }) {
    const act = useAct();
    const renew = async () => {
        const sure = await ask({ title: t("recovery.renew_sure"), body: t("recovery.renew_body"), yes: t("recovery.renew") });
        if (sure) {
            await act.run(async () => onCodes((await meRecoveryCodes()).recovery_codes));
        }
    };
    return (
        <Panel title={t("recovery.title")} lead={t("recovery.lead")}>
            <FormError error={act.error} />
            {me.recovery_left < FEW_CODES && <Notice kind="warning">{t("recovery.few")}</Notice>}
            <p>{t("recovery.left", { n: me.recovery_left })}</p>
            <div class="form-foot">
                <Button icon="refresh" busy={act.busy} onClick={() => void renew()}>
                    {t("recovery.renew")}
                </Button>
            </div>
        </Panel>
    );
}
