// One account: who, what it may, where it is signed in, what happened to it.

import { accountRead, accountSessionsEnd } from "../api/people";
import { AccountBadge } from "../accounts/badges";
import { Grants } from "../accounts/grants";
import { Profile } from "../accounts/profile";
import { SessionLines } from "../accounts/sessions";
import { AuditLines } from "../audit/lines";
import { Button } from "../parts/button";
import { ask } from "../parts/dialog";
import { Page, Panel } from "../parts/page";
import { FormError, Show } from "../parts/states";
import { Tabs } from "../parts/tabs";
import { toastDone } from "../parts/toast";
import type { AccountCard } from "../../../shared/api";
import type { PageProps } from "../shell/pages";
import { useAct, useLoad } from "../state/load";
import { can } from "../state/session";
import { t } from "../words";

export default function AccountPage({ params }: PageProps) {
    const id = Number(params["id"]);
    const card = useLoad(`account|${id}`, () => accountRead(id), ["accounts"]);
    const account = card.data?.account;
    return (
        <Page
            title={account?.name ?? t("section.accounts")}
            crumbs={[{ label: t("section.accounts"), href: "/accounts" }]}
            badge={account && <AccountBadge account={account} />}
            {...(account ? { lead: `${account.login} · ${account.unit.name}` } : {})}
        >
            <Show of={card}>
                {(ready) => (
                    <Tabs
                        label={t("account.parts")}
                        tabs={[
                            {
                                key: "profile",
                                title: t("account.profile"),
                                body: () => <Profile key={id} account={ready.account} onChanged={card.reload} />,
                            },
                            {
                                key: "roles",
                                title: t("account.roles"),
                                body: () => <Grants account={ready.account} onChanged={card.reload} />,
                            },
                            {
                                key: "sessions",
                                title: t("account.sessions"),
                                body: () => <Sessions card={ready} onChanged={card.reload} />,
                            },
                            {
                                key: "history",
                                title: t("account.history"),
                                body: () => (
                                    <Panel title={t("account.history")}>
                                        <AuditLines lines={ready.history ?? []} />
                                    </Panel>
                                ),
                            },
                        ]}
                    />
                )}
            </Show>
        </Page>
    );
}

function Sessions({ card, onChanged }: { card: AccountCard; onChanged: () => void }) {
    const act = useAct();
    const end = async () => {
        if (await ask({ title: t("sessions.end_all_sure"), yes: t("sessions.end_all"), danger: true })) {
            await act.run(async () => {
                await accountSessionsEnd(card.account.id);
                toastDone(t("sessions.ended"));
                onChanged();
            });
        }
    };
    return (
        <Panel
            title={t("account.sessions")}
            actions={
                can("accounts_write") &&
                (card.sessions ?? []).length > 0 && (
                    <Button small busy={act.busy} onClick={() => void end()}>
                        {t("sessions.end_all")}
                    </Button>
                )
            }
        >
            <FormError error={act.error} />
            <SessionLines sessions={card.sessions ?? []} />
        </Panel>
    );
}
