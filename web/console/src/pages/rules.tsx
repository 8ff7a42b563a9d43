// The limits of a unit: hours, lengths, days without sound, quiet zones. They
// are dated decisions; only an emergency passes them.

import { useState } from "preact/hooks";
import programmeStyles from "../../styles/programme.css";
import type { Rule, Rules } from "../../../shared/broadcast";
import { UnitFilter } from "../accounts/filters";
import { ruleList, rulesSave } from "../api/broadcast";
import { Badge } from "../parts/badge";
import { Button } from "../parts/button";
import { ask } from "../parts/dialog";
import { Page, Panel } from "../parts/page";
import { sheetUse } from "../parts/sheet";
import { Empty, FormError, Show } from "../parts/states";
import { toastDone } from "../parts/toast";
import { Holidays } from "../programme/holidays";
import { newRule, RuleForm } from "../programme/rule_form";
import { ruleSentences } from "../programme/rule_words";
import { Sounds } from "../programme/sounds";
import { topicTouch } from "../state/live";
import { useAct, useLoad } from "../state/load";
import { here } from "../state/router";
import { account, can } from "../state/session";
import { t } from "../words";
import { span } from "../words/format";

sheetUse(programmeStyles);

export default function RulesPage() {
    const unit = Number(here.value.query.get("unit")) || (account.value?.unit.id ?? 0);
    const rules = useLoad(`rules|${unit}`, () => ruleList(unit), ["programmes"]);
    return (
        <Page title={t("section.rules")} lead={t("rules.lead")}>
            <div class="form-narrow">
                <UnitFilter unit={String(unit)} />
            </div>
            <Show of={rules}>{(ready) => <Lists key={unit} unit={unit} rules={ready} onChanged={rules.reload} />}</Show>
        </Page>
    );
}

function Lists({ unit, rules, onChanged }: { unit: number; rules: Rules; onChanged: () => void }) {
    const [editing, setEditing] = useState<{ rule: Rule; at: number | null } | null>(null);
    const act = useAct();
    const own = rules.items.filter(({ inherited }) => !inherited);
    const above = rules.items.filter(({ inherited }) => inherited);
    const save = (items: Rule[]) =>
        act.run(async () => {
            await rulesSave(unit, { ...rules, items });
            topicTouch("programmes");
            toastDone(t("rules.saved"));
            setEditing(null);
            onChanged();
        });
    const remove = async (at: number) => {
        if (await ask({ title: t("rules.remove_sure"), body: t("rules.remove_body"), yes: t("action.delete"), danger: true })) {
            await save(own.filter((_, index) => index !== at));
        }
    };
    return (
        <>
            <Panel
                title={t("rules.own")}
                actions={
                    can("programmes_write") && (
                        <Button small icon="plus" onClick={() => setEditing({ rule: newRule(), at: null })}>
                            {t("rules.new")}
                        </Button>
                    )
                }
            >
                {editing === null && <FormError error={act.error} />}
                {own.length === 0 ? (
                    <Empty picture="paper" title={t("rules.none")} />
                ) : (
                    <ul class="lines">
                        {own.map((rule, index) => (
                            <li key={rule.id ?? index} class="line">
                                <RuleLine rule={rule} />
                                {can("programmes_write") && (
                                    <>
                                        <Button small icon="edit" onClick={() => setEditing({ rule, at: index })}>
                                            {t("action.edit")}
                                        </Button>
                                        <Button small kind="quiet" icon="trash" busy={act.busy} onClick={() => void remove(index)}>
                                            {t("action.delete")}
                                        </Button>
                                    </>
                                )}
                            </li>
                        ))}
                    </ul>
                )}
            </Panel>
            {above.length > 0 && (
                <Panel title={t("rules.above")} lead={t("rules.above_lead")}>
                    <ul class="lines">
                        {above.map((rule, index) => (
                            <li key={rule.id ?? index} class="line">
                                <RuleLine rule={rule} />
                            </li>
                        ))}
                    </ul>
                </Panel>
            )}
            <Sounds unit={unit} rules={rules} onChanged={onChanged} />
            <Holidays unit={unit} />
            {editing && (
                <RuleForm
                    rule={editing.rule}
                    busy={act.busy}
                    error={act.error}
                    onClose={() => {
                        act.clear();
                        setEditing(null);
                    }}
                    onSave={(rule) =>
                        void save(editing.at === null ? [...own, rule] : own.map((one, index) => (index === editing.at ? rule : one)))
                    }
                />
            )}
        </>
    );
}

function RuleLine({ rule }: { rule: Rule }) {
    return (
        <div class="line-body">
            <p>
                <b>{rule.name}</b> {rule.quiet_zone && <Badge tone="info">{t("rules.quiet_zone")}</Badge>}
            </p>
            <p>{ruleSentences(rule).join("; ")}</p>
            <p class="quiet">
                {span(rule.from, rule.to)}
                {rule.inherited && rule.unit && ` · ${rule.unit.name}`}
            </p>
        </div>
    );
}
