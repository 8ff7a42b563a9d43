// The data of one account, and what an administrator may do with it.

import { useState } from "preact/hooks";
import type { Account, AccountChange, Language, UnitRef } from "../../../shared/api";
import { accountChange, accountReset, accountTurn } from "../api/people";
import { Button } from "../parts/button";
import { ask } from "../parts/dialog";
import { SelectField, TextField } from "../parts/field";
import { Panel } from "../parts/page";
import { FormError } from "../parts/states";
import { toastDone } from "../parts/toast";
import { UnitPicker } from "../parts/unit_picker";
import { useAct } from "../state/load";
import { account as self, can } from "../state/session";
import { t } from "../words";
import { ago, instant } from "../words/format";
import { PasswordOnce } from "./once";
import { ResetDialog } from "./reset";

interface PartProps {
    account: Account;
    onChanged: () => void;
}

export function Profile({ account, onChanged }: PartProps) {
    return (
        <>
            <Panel title={t("account.facts")}>
                <dl class="facts">
                    <Fact name={t("sign_in.login")} value={account.login} />
                    <Fact name={t("accounts.unit")} value={account.unit.name} />
                    <Fact name={t("account.created")} value={instant(account.created_at)} />
                    <Fact name={t("accounts.seen")} value={ago(account.last_seen_at)} />
                    <Fact
                        name={t("account.factor")}
                        value={account.second_factor ? t("account.factor_yes") : t("account.factor_no")}
                    />
                    {account.must_change_password && (
                        <Fact name={t("account.password")} value={t("account.password_first")} />
                    )}
                </dl>
            </Panel>
            {can("accounts_write") && <EditForm account={account} onChanged={onChanged} />}
            {can("accounts_write") && account.id !== self.value?.id && (
                <Power account={account} onChanged={onChanged} />
            )}
        </>
    );
}

function Fact({ name, value }: { name: string; value: string }) {
    return (
        <div>
            <dt>{name}</dt>
            <dd>{value}</dd>
        </div>
    );
}

function EditForm({ account, onChanged }: PartProps) {
    const [name, setName] = useState(account.name);
    const [unit, setUnit] = useState<UnitRef | null>(account.unit);
    const [language, setLanguage] = useState<Language>(account.language);
    const [email, setEmail] = useState(account.email ?? "");
    const [phone, setPhone] = useState(account.phone ?? "");
    const act = useAct();
    const submit = () =>
        act.run(async () => {
            const change: AccountChange = {
                name: name.trim(),
                language,
                email: email.trim() || null,
                phone: phone.trim() || null,
            };
            if (unit !== null && unit.id !== account.unit.id) {
                change.unit_id = unit.id;
            }
            await accountChange(account.id, change);
            toastDone(t("account.saved"));
            onChanged();
        });
    return (
        <Panel title={t("account.edit")}>
            <form
                class="stack"
                onSubmit={(event) => {
                    event.preventDefault();
                    void submit();
                }}
            >
                <FormError error={act.error} shown={["name", "unit_id", "email", "phone"]} />
                <div class="form-grid">
                    <TextField label={t("accounts.full_name")} value={name} onInput={setName} error={act.error?.field("name")} required />
                    <UnitPicker label={t("accounts.unit")} value={unit} onPick={setUnit} error={act.error?.field("unit_id")} required />
                    <TextField label={t("me.email")} type="email" value={email} onInput={setEmail} error={act.error?.field("email")} />
                    <TextField label={t("me.phone")} type="tel" value={phone} onInput={setPhone} error={act.error?.field("phone")} />
                    <SelectField<Language>
                        label={t("me.language")}
                        value={language}
                        options={[
                            { value: "vi", label: t("language.vi") },
                            { value: "en", label: t("language.en") },
                        ]}
                        onChange={setLanguage}
                    />
                </div>
                <div class="form-foot">
                    <Button submit kind="primary" busy={act.busy}>
                        {t("action.save")}
                    </Button>
                </div>
            </form>
        </Panel>
    );
}

/** Unlock, reset, disable: what helps a person, and what stops one. */
function Power({ account, onChanged }: PartProps) {
    const [password, setPassword] = useState<string | null>(null);
    const [resetting, setResetting] = useState(false);
    const act = useAct();
    const turn = (to: "unlock" | "disable" | "enable") =>
        act.run(async () => {
            await accountTurn(account.id, to);
            const back = to === "disable" ? "enable" : to === "enable" ? "disable" : null;
            toastDone(
                t(`account.done_${to}`),
                back && (async () => {
                    await accountTurn(account.id, back);
                    onChanged();
                }),
            );
            onChanged();
        });
    const disable = async () => {
        const sure = await ask({
            title: t("account.disable_sure", { name: account.name }),
            body: t("account.disable_body"),
            yes: t("account.disable"),
            danger: true,
        });
        if (sure) {
            await turn("disable");
        }
    };
    const reset = async (factors: boolean) => {
        setResetting(false);
        await act.run(async () => {
            setPassword((await accountReset(account.id, factors)).password);
            onChanged();
        });
    };
    const off = account.state === "disabled" || account.state === "inactive";
    return (
        <Panel title={t("account.power")}>
            <div class="stack">
                <FormError error={act.error} />
                <div class="form-foot">
                    <Button icon="key" busy={act.busy} onClick={() => setResetting(true)}>
                        {t("account.reset")}
                    </Button>
                    {account.state === "locked" && (
                        <Button icon="unlock" busy={act.busy} onClick={() => void turn("unlock")}>
                            {t("account.unlock")}
                        </Button>
                    )}
                    {off ? (
                        <Button icon="check" busy={act.busy} onClick={() => void turn("enable")}>
                            {t("account.enable")}
                        </Button>
                    ) : (
                        <Button kind="danger" icon="lock" busy={act.busy} onClick={() => void disable()}>
                            {t("account.disable")}
                        </Button>
                    )}
                </div>
            </div>
            {resetting && (
                <ResetDialog
                    name={account.name}
                    hasFactor={account.second_factor}
                    onYes={(factors) => void reset(factors)}
                    onClose={() => setResetting(false)}
                />
            )}
            {password !== null && (
                <PasswordOnce login={account.login} password={password} onClose={() => setPassword(null)} />
            )}
        </Panel>
    );
}
