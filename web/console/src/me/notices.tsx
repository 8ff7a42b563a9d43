// How I am told what waits for me: on this phone, by e-mail, and when not.

import dutyStyles from "../../styles/duty.css";
import { useEffect, useState } from "preact/hooks";
import type { Notices, NoticeWishes } from "../../../shared/duty";
import { noticesRead, noticesSave, pushList, pushRemove, pushTest } from "../api/duty";
import { Badge } from "../parts/badge";
import { Button, IconButton } from "../parts/button";
import { CheckField, TextField } from "../parts/field";
import { Panel } from "../parts/page";
import { sheetUse } from "../parts/sheet";
import { FormError, Notice, Show } from "../parts/states";
import { toastDone } from "../parts/toast";
import { useAct, useLoad } from "../state/load";
import { pushOff, pushOn, pushState, type PushState } from "../state/push";
import { t, tOneOf } from "../words";
import { clockText, minutesOf } from "../words/clock";
import { ago, number } from "../words/format";

sheetUse(dutyStyles);

/** Being called while on duty is no wish. */
const ALWAYS = "alarm_call";

export function NoticesPart() {
    const notices = useLoad("notices", noticesRead);
    return (
        <>
            <ThisBrowser />
            <Show of={notices}>{(ready) => <Wishes notices={ready} onSaved={notices.set} />}</Show>
        </>
    );
}

function ThisBrowser() {
    const [state, setState] = useState<PushState | null>(null);
    const list = useLoad("push", pushList);
    const act = useAct();
    useEffect(() => void pushState().then(setState), []);
    const turn = (work: () => Promise<PushState>) =>
        act.run(async () => {
            setState(await work());
            list.reload();
        });
    return (
        <Panel title={t("push.title")} lead={t("push.lead")}>
            <div class="stack">
                {state === "none" && <Notice kind="warning">{t("push.none")}</Notice>}
                {state === "refused" && <Notice kind="warning">{t("push.refused")}</Notice>}
                <FormError error={act.error} />
                <div class="form-foot">
                    {state === "off" && (
                        <Button kind="primary" icon="bell" busy={act.busy} onClick={() => void turn(pushOn)}>
                            {t("push.turn_on")}
                        </Button>
                    )}
                    {state === "on" && (
                        <Button icon="close" busy={act.busy} onClick={() => void turn(pushOff)}>
                            {t("push.turn_off")}
                        </Button>
                    )}
                    {(list.data?.items.length ?? 0) > 0 && (
                        <Button
                            kind="quiet"
                            icon="bell"
                            busy={act.busy}
                            onClick={() => void act.run(async () => toastDone(t("push.tested", { n: number((await pushTest()).sent_to) })))}
                        >
                            {t("push.test")}
                        </Button>
                    )}
                </div>
                <Show of={list} lines={1}>
                    {({ items }) => (
                        <ul class="lines">
                            {items.map((one) => (
                                <li key={one.id} class="line">
                                    <div class="line-body">
                                        <p>
                                            {one.name} {one.failed && <Badge tone="bad">{t("push.failed")}</Badge>}
                                        </p>
                                        <p class="quiet">
                                            {one.host} · {t("push.used", { ago: ago(one.used_at) })}
                                        </p>
                                    </div>
                                    <IconButton
                                        icon="trash"
                                        label={t("push.remove", { name: one.name })}
                                        onClick={() =>
                                            void act.run(async () => {
                                                await pushRemove(one.id);
                                                list.reload();
                                            })
                                        }
                                    />
                                </li>
                            ))}
                        </ul>
                    )}
                </Show>
            </div>
        </Panel>
    );
}

function Wishes({ notices, onSaved }: { notices: Notices; onSaved: (next: Notices) => void }) {
    const { kinds, email, mail_configured, ...start } = notices;
    const [wishes, setWishes] = useState<NoticeWishes>(start);
    const act = useAct();
    const set = (change: Partial<NoticeWishes>) => setWishes((was) => ({ ...was, ...change }));
    const quiet = wishes.quiet_from !== null || wishes.quiet_to !== null;
    const times = [wishes.digest_at, ...(quiet ? [wishes.quiet_from ?? "", wishes.quiet_to ?? ""] : [])];
    const wrong = (text: string) => (minutesOf(text) === null ? t("form.not_a_time") : undefined);
    const submit = () =>
        act.run(async () => {
            const whole = {
                ...wishes,
                digest_at: clockText(wishes.digest_at),
                quiet_from: wishes.quiet_from === null ? null : clockText(wishes.quiet_from),
                quiet_to: wishes.quiet_to === null ? null : clockText(wishes.quiet_to),
            };
            onSaved(await noticesSave(whole));
            toastDone(t("notices.saved"));
        });
    return (
        <form
            class="stack"
            onSubmit={(event) => {
                event.preventDefault();
                void submit();
            }}
        >
            <Panel title={t("notices.how")}>
                <CheckField label={t("notices.push")} checked={wishes.push} onChange={(push) => set({ push })} />
                <CheckField
                    label={t("notices.mail")}
                    hint={!mail_configured ? t("notices.no_mail") : (email ?? t("notices.no_address"))}
                    checked={wishes.mail}
                    onChange={(mail) => set({ mail })}
                />
                <CheckField label={t("notices.digest")} hint={t("notices.digest_hint")} checked={wishes.digest} onChange={(digest) => set({ digest })} />
                <div class="form-grid">
                    {wishes.digest && (
                        <TextField label={t("notices.digest_at")} value={wishes.digest_at} onInput={(digest_at) => set({ digest_at })} error={wrong(wishes.digest_at)} required />
                    )}
                </div>
                <CheckField
                    label={t("notices.quiet")}
                    hint={t("notices.quiet_hint")}
                    checked={quiet}
                    onChange={(yes) => set(yes ? { quiet_from: "21:00", quiet_to: "06:00" } : { quiet_from: null, quiet_to: null })}
                />
                {quiet && (
                    <div class="form-grid">
                        <TextField label={t("notices.quiet_from")} value={wishes.quiet_from ?? ""} onInput={(quiet_from) => set({ quiet_from })} error={wrong(wishes.quiet_from ?? "")} required />
                        <TextField label={t("notices.quiet_to")} value={wishes.quiet_to ?? ""} onInput={(quiet_to) => set({ quiet_to })} error={wrong(wishes.quiet_to ?? "")} required />
                    </div>
                )}
            </Panel>
            <Panel title={t("notices.what")} lead={t("notices.what_lead")}>
                <div class="checks">
                    {kinds
                        .filter((kind) => kind !== ALWAYS)
                        .map((kind) => (
                            <CheckField
                                key={kind}
                                label={tOneOf(["waits"], kind)}
                                checked={!wishes.muted.includes(kind)}
                                onChange={(yes) => set({ muted: yes ? wishes.muted.filter((one) => one !== kind) : [...wishes.muted, kind] })}
                            />
                        ))}
                </div>
            </Panel>
            <FormError error={act.error} />
            <div class="form-foot">
                <Button submit kind="primary" busy={act.busy} disabled={times.some((time) => minutesOf(time) === null)}>
                    {t("action.save")}
                </Button>
            </div>
        </form>
    );
}
