// Creating an account. The server makes the first password; it is shown once
// and must be replaced at the first sign-in.

import { useState } from "preact/hooks";
import type { Language, NewAccount, UnitRef } from "../../../shared/api";
import { accountCreate } from "../api/people";
import type { GrantDraft } from "../accounts/grant_form";
import { GrantFields, grantOf } from "../accounts/grant_form";
import { PasswordOnce } from "../accounts/once";
import { Button, LinkButton } from "../parts/button";
import { CheckField, SelectField, TextField } from "../parts/field";
import { Page } from "../parts/page";
import { FormError } from "../parts/states";
import { UnitPicker } from "../parts/unit_picker";
import { useAct } from "../state/load";
import { topicTouch } from "../state/live";
import { go } from "../state/router";
import { account as self, can } from "../state/session";
import { unsavedDone, useUnsaved } from "../state/unsaved";
import { t } from "../words";

interface Draft {
    login: string;
    name: string;
    unit: UnitRef | null;
    language: Language;
    email: string;
    phone: string;
    grant: GrantDraft | null;
}

const shownFields = ["login", "name", "unit_id", "language", "email", "phone"];

function bodyOf(draft: Draft, unit: UnitRef): NewAccount {
    const body: NewAccount = {
        login: draft.login.trim(),
        name: draft.name.trim(),
        unit_id: unit.id,
        language: draft.language,
        roles: [],
    };
    if (draft.email.trim()) {
        body.email = draft.email.trim();
    }
    if (draft.phone.trim()) {
        body.phone = draft.phone.trim();
    }
    if (draft.grant) {
        // Without a unit of its own the role stands over the account's unit.
        const { role, unit_id, from, to } = grantOf({ ...draft.grant, unit: draft.grant.unit ?? unit }) ?? {
            role: draft.grant.role,
            unit_id: unit.id,
            from: null,
            to: null,
        };
        body.roles.push({
            role,
            unit_id,
            ...(from === null ? {} : { from }),
            ...(to === null ? {} : { to }),
        });
    }
    return body;
}

export default function AccountNew() {
    const [draft, setDraft] = useState<Draft>({
        login: "",
        name: "",
        unit: self.value?.unit ?? null,
        language: "vi",
        email: "",
        phone: "",
        grant: can("roles_grant") ? { role: "commune_officer", unit: null, from: "", last: "" } : null,
    });
    const [made, setMade] = useState<{ id: number; login: string; password: string } | null>(null);
    const act = useAct();
    useUnsaved(made === null && (draft.login !== "" || draft.name !== ""));
    const submit = () =>
        act.run(async () => {
            if (draft.unit !== null) {
                const { account, password } = await accountCreate(bodyOf(draft, draft.unit));
                unsavedDone();
                topicTouch("accounts");
                setMade({ id: account.id, login: account.login, password });
            }
        });
    return (
        <Page
            title={t("accounts.new")}
            crumbs={[{ label: t("section.accounts"), href: "/accounts" }]}
            lead={t("account_new.lead")}
        >
            <form
                class="stack"
                onSubmit={(event) => {
                    event.preventDefault();
                    void submit();
                }}
            >
                <FormError error={act.error} shown={shownFields} />
                <PersonFields draft={draft} set={(change) => setDraft({ ...draft, ...change })} error={act.error} />
                {can("roles_grant") && (
                    <RolePart grant={draft.grant} onChange={(grant) => setDraft({ ...draft, grant })} />
                )}
                <div class="form-foot form-foot-stuck">
                    <Button submit kind="primary" busy={act.busy}>
                        {t("account_new.go")}
                    </Button>
                    <LinkButton href="/accounts">{t("action.cancel")}</LinkButton>
                </div>
            </form>
            {made && (
                <PasswordOnce
                    login={made.login}
                    password={made.password}
                    onClose={() => void go(`/accounts/${made.id}`)}
                />
            )}
        </Page>
    );
}

interface PersonProps {
    draft: Draft;
    set: (change: Partial<Draft>) => void;
    error: ReturnType<typeof useAct>["error"];
}

function PersonFields({ draft, set, error }: PersonProps) {
    return (
        <div class="panel form-grid">
            <TextField
                label={t("accounts.full_name")}
                value={draft.name}
                onInput={(name) => set({ name })}
                error={error?.field("name")}
                maxLength={200}
                required
            />
            <TextField
                label={t("sign_in.login")}
                hint={t("accounts.login_hint")}
                value={draft.login}
                onInput={(login) => set({ login })}
                error={error?.field("login")}
                maxLength={64}
                code
                required
            />
            <UnitPicker
                label={t("accounts.unit")}
                hint={t("accounts.unit_hint")}
                value={draft.unit}
                onPick={(unit) => set({ unit })}
                error={error?.field("unit_id")}
                required
            />
            <SelectField<Language>
                label={t("me.language")}
                value={draft.language}
                options={[
                    { value: "vi", label: t("language.vi") },
                    { value: "en", label: t("language.en") },
                ]}
                onChange={(language) => set({ language })}
            />
            <TextField
                label={t("me.email")}
                type="email"
                value={draft.email}
                onInput={(email) => set({ email })}
                error={error?.field("email")}
            />
            <TextField
                label={t("me.phone")}
                type="tel"
                value={draft.phone}
                onInput={(phone) => set({ phone })}
                error={error?.field("phone")}
            />
        </div>
    );
}

function RolePart({ grant, onChange }: { grant: GrantDraft | null; onChange: (grant: GrantDraft | null) => void }) {
    return (
        <section class="panel stack">
            <h2>{t("account_new.role")}</h2>
            <CheckField
                label={t("account_new.with_role")}
                checked={grant !== null}
                onChange={(yes) =>
                    onChange(yes ? { role: "commune_officer", unit: null, from: "", last: "" } : null)
                }
            />
            {grant && <GrantFields value={grant} onChange={onChange} />}
        </section>
    );
}
