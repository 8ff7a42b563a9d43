// My account: who I am, how I prove it, where I am signed in.

import { useState } from "preact/hooks";
import type { Language, Me, SessionLine } from "../../../shared/api";
import { meChange, meRead, meSessionEnd, meSessions, meSessionsEnd } from "../api/session";
import { SessionLines } from "../accounts/sessions";
import { Factors } from "../me/factors";
import { PasswordForm } from "../me/password_form";
import { Badge } from "../parts/badge";
import { Button } from "../parts/button";
import { SelectField, TextField } from "../parts/field";
import { Page, Panel } from "../parts/page";
import { Lazy } from "../parts/lazy";
import { FormError, Show } from "../parts/states";
import { Tabs } from "../parts/tabs";
import { toastDone } from "../parts/toast";
import type { Look } from "../state/look";
import { look, lookSet } from "../state/look";
import { useAct, useLoad } from "../state/load";
import { session, sessionTake } from "../state/session";
import { t, withWords } from "../words";
import { instant, span } from "../words/format";

const notices = withWords("studio", () => import("../me/notices").then(({ NoticesPart }) => NoticesPart));

export default function MePage() {
    const me = useLoad("me", meRead, ["session"]);
    return (
        <Page title={t("section.me")} {...(me.data ? { lead: me.data.account.unit.name } : {})}>
            <Show of={me}>
                {(ready) => (
                    <Tabs
                        label={t("section.me")}
                        tabs={[
                            { key: "profile", title: t("me.profile"), body: () => <ProfilePart me={ready} onChanged={me.set} /> },
                            { key: "security", title: t("me.security"), body: () => <SecurityPart me={ready} onChanged={me.reload} /> },
                            { key: "notices", title: t("me.notices"), body: () => <Lazy name="notices" load={notices} props={{}} /> },
                            { key: "sessions", title: t("me.sessions"), body: () => <SessionsPart /> },
                        ]}
                    />
                )}
            </Show>
        </Page>
    );
}

function ProfilePart({ me, onChanged }: { me: Me; onChanged: (me: Me) => void }) {
    const [name, setName] = useState(me.account.name);
    const [email, setEmail] = useState(me.account.email ?? "");
    const [phone, setPhone] = useState(me.account.phone ?? "");
    const [language, setLanguage] = useState<Language>(me.account.language);
    const act = useAct();
    const submit = () =>
        act.run(async () => {
            const next = await meChange({
                name: name.trim(),
                language,
                email: email.trim() || null,
                phone: phone.trim() || null,
            });
            if (session.value) {
                sessionTake({ ...session.value, account: next.account });
            }
            onChanged(next);
            toastDone(t("me.saved"));
        });
    return (
        <>
            <Panel title={t("me.profile")}>
                <form
                    class="stack"
                    onSubmit={(event) => {
                        event.preventDefault();
                        void submit();
                    }}
                >
                    <FormError error={act.error} shown={["name", "email", "phone", "language"]} />
                    <div class="form-grid">
                        <TextField label={t("accounts.full_name")} value={name} onInput={setName} error={act.error?.field("name")} autocomplete="name" required />
                        <SelectField<Language>
                            label={t("me.language")}
                            value={language}
                            options={[
                                { value: "vi", label: t("language.vi") },
                                { value: "en", label: t("language.en") },
                            ]}
                            onChange={setLanguage}
                            error={act.error?.field("language")}
                        />
                        <TextField label={t("me.email")} type="email" value={email} onInput={setEmail} error={act.error?.field("email")} autocomplete="email" />
                        <TextField label={t("me.phone")} type="tel" value={phone} onInput={setPhone} error={act.error?.field("phone")} autocomplete="tel" />
                    </div>
                    <div class="form-foot">
                        <Button submit kind="primary" busy={act.busy}>
                            {t("action.save")}
                        </Button>
                    </div>
                </form>
            </Panel>
            <LookPart />
            <Panel title={t("me.roles")}>
                <ul class="lines">
                    {me.account.roles.map((grant) => (
                        <li key={grant.id} class="line">
                            <div class="line-body">
                                <p>
                                    {t(`role.${grant.role}`)} <Badge>{grant.unit.name}</Badge>
                                </p>
                                <p class="quiet">{span(grant.from, grant.to)}</p>
                            </div>
                        </li>
                    ))}
                </ul>
            </Panel>
        </>
    );
}

function LookPart() {
    return (
        <Panel title={t("me.look")} lead={t("me.look_lead")}>
            <div class="form-narrow">
                <SelectField<Look>
                    label={t("me.look")}
                    value={look.value}
                    options={(["system", "light", "dark"] as const).map((value) => ({ value, label: t(`look.${value}`) }))}
                    onChange={lookSet}
                />
            </div>
        </Panel>
    );
}

function SecurityPart({ me, onChanged }: { me: Me; onChanged: () => void }) {
    return (
        <>
            <Factors me={me} onChanged={onChanged} />
            <Panel
                title={t("password.title")}
                lead={t("password.changed", { at: instant(me.password_changed_at) })}
            >
                <PasswordForm
                    onDone={() => {
                        toastDone(t("password.done"));
                        onChanged();
                    }}
                />
            </Panel>
        </>
    );
}

function SessionsPart() {
    const list = useLoad("sessions", meSessions, ["session"]);
    const act = useAct();
    const end = (session: SessionLine) =>
        act.run(async () => {
            await meSessionEnd(session.id);
            toastDone(t("sessions.ended"));
            list.reload();
        });
    const endOthers = () =>
        act.run(async () => {
            await meSessionsEnd();
            toastDone(t("sessions.ended"));
            list.reload();
        });
    return (
        <Panel
            title={t("me.sessions")}
            lead={t("sessions.lead")}
            actions={
                <Button small busy={act.busy} onClick={() => void endOthers()}>
                    {t("sessions.end_others")}
                </Button>
            }
        >
            <FormError error={act.error} />
            <Show of={list}>
                {({ items }) => <SessionLines sessions={items} busy={act.busy} onEnd={(one) => void end(one)} />}
            </Show>
        </Panel>
    );
}
