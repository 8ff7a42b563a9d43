// Who may send alone, for which danger and how long. It is given by somebody
// else, it ends by itself, and each use of it is told to all.

import { useState } from "preact/hooks";
import type { Hazard } from "../../../shared/alert";
import type { NameRef } from "../../../shared/fleet";
import { delegationList, delegationRevoke, delegationSave } from "../api/alert";
import { accountList } from "../api/people";
import { Badge } from "../parts/badge";
import { Button } from "../parts/button";
import { DateField } from "../parts/date_field";
import { ask, Dialog } from "../parts/dialog";
import { SelectField } from "../parts/field";
import { Icon } from "../parts/icon";
import { Page, Panel } from "../parts/page";
import { Picker } from "../parts/picker";
import { Empty, FormError, Show } from "../parts/states";
import { toastDone } from "../parts/toast";
import { topicTouch } from "../state/live";
import { useAct, useLoad } from "../state/load";
import { account, can } from "../state/session";
import { t } from "../words";
import { dayShift, instant, span, today } from "../words/format";

const hazards: Hazard[] = ["flood", "landslide", "storm", "fire", "dam", "epidemic", "missing"];
const MOST = 20;
const YEAR_DAYS = 365;

export default function Delegations() {
    const unit = account.value?.unit.id ?? 0;
    const list = useLoad(`delegations|${unit}`, () => delegationList(unit), ["alarms"]);
    const [adding, setAdding] = useState(false);
    const act = useAct();
    const revoke = async (id: number, name: string) => {
        if (await ask({ title: t("delegations.revoke_sure", { name }), yes: t("delegations.revoke"), danger: true })) {
            await act.run(async () => {
                await delegationRevoke(id);
                topicTouch("alarms");
                toastDone(t("delegations.revoked"));
                list.reload();
            });
        }
    };
    return (
        <Page
            title={t("delegations.title")}
            crumbs={[{ label: t("section.alarms"), href: "/alarms" }]}
            lead={t("delegations.lead")}
            actions={
                can("alarms_write") && (
                    <Button kind="primary" icon="plus" onClick={() => setAdding(true)}>
                        {t("delegations.new")}
                    </Button>
                )
            }
        >
            <FormError error={act.error} />
            <Panel title={t("delegations.all")}>
                <Show of={list}>
                    {({ items }) =>
                        items.length === 0 ? (
                            <Empty picture="people" title={t("delegations.none")} />
                        ) : (
                            <ul class="lines">
                                {items.map((one) => (
                                    <li key={one.id} class="line">
                                        <Icon name="user" />
                                        <div class="line-body">
                                            <p>
                                                <b>{one.account.name}</b> · {t(`hazard.${one.hazard}`)}{" "}
                                                {one.revoked_at && <Badge>{t("delegations.was_revoked", { at: instant(one.revoked_at) })}</Badge>}
                                            </p>
                                            <p class="quiet">
                                                {span(one.from, one.to)} · {one.unit.name}
                                                {one.by && ` · ${t("delegations.by", { name: one.by.name })}`}
                                            </p>
                                        </div>
                                        {can("alarms_write") && one.revoked_at === null && (
                                            <Button small kind="quiet" icon="close" busy={act.busy} onClick={() => void revoke(one.id, one.account.name)}>
                                                {t("delegations.revoke")}
                                            </Button>
                                        )}
                                    </li>
                                ))}
                            </ul>
                        )
                    }
                </Show>
            </Panel>
            {adding && (
                <NewDelegation
                    unit={unit}
                    onClose={() => setAdding(false)}
                    onDone={() => {
                        setAdding(false);
                        list.reload();
                    }}
                />
            )}
        </Page>
    );
}

function NewDelegation({ unit, onClose, onDone }: { unit: number; onClose: () => void; onDone: () => void }) {
    const [who, setWho] = useState<NameRef | null>(null);
    const [hazard, setHazard] = useState<Hazard>("fire");
    const [from, setFrom] = useState(today());
    const [last, setLast] = useState(dayShift(today(), YEAR_DAYS));
    const act = useAct();
    const submit = () =>
        act.run(async () => {
            if (who !== null) {
                await delegationSave({ unit_id: unit, hazard, account_id: who.id, from, to: dayShift(last, 1) });
                topicTouch("alarms");
                toastDone(t("delegations.saved", { name: who.name }));
                onDone();
            }
        });
    return (
        <Dialog title={t("delegations.new")} onClose={onClose}>
            <form
                class="stack"
                onSubmit={(event) => {
                    event.preventDefault();
                    void submit();
                }}
            >
                <FormError error={act.error} />
                <Picker
                    label={t("delegations.who")}
                    value={who}
                    onPick={setWho}
                    find={async (q) => (await accountList({ q, limit: MOST })).items.map(({ id, name, unit: at }) => ({ id, name, path: at.name }))}
                    placeholder={t("picker.placeholder")}
                    none={t("delegations.nobody")}
                    required
                />
                <SelectField<Hazard> label={t("templates.hazard")} value={hazard} options={hazards.map((value) => ({ value, label: t(`hazard.${value}`) }))} onChange={setHazard} />
                <div class="form-grid">
                    <DateField label={t("when.since")} value={from} onInput={(value) => value !== "" && setFrom(value)} required />
                    <DateField label={t("when.until")} value={last} onInput={(value) => value !== "" && setLast(value)} required />
                </div>
                <div class="dialog-foot">
                    <Button onClick={onClose}>{t("action.cancel")}</Button>
                    <Button submit kind="primary" busy={act.busy} disabled={who === null}>
                        {t("action.save")}
                    </Button>
                </div>
            </form>
        </Dialog>
    );
}
