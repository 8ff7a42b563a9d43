// Prepared emergencies: what is said when nobody has time to write. Those of
// the program and of units above are copied by changing them.

import { useState } from "preact/hooks";
import alarmStyles from "../../styles/alarm.css";
import composeStyles from "../../styles/compose.css";
import type { AlarmTemplate } from "../../../shared/alert";
import { HazardIcon } from "../alarm/hazard_icon";
import { TemplateForm } from "../alarm/template_form";
import { alarmTemplateRemove, alarmTemplates } from "../api/alert";
import { Badge } from "../parts/badge";
import { Button } from "../parts/button";
import { ask } from "../parts/dialog";
import { Page, Panel } from "../parts/page";
import { sheetUse } from "../parts/sheet";
import { FormError, Show } from "../parts/states";
import { toastDone } from "../parts/toast";
import { topicTouch } from "../state/live";
import { useAct, useLoad } from "../state/load";
import { account, can } from "../state/session";
import { t, tCode } from "../words";
import { firstText } from "../alarm/compose";

sheetUse(alarmStyles);
sheetUse(composeStyles);

export default function AlarmTemplates() {
    const unit = account.value?.unit.id ?? 0;
    const list = useLoad(`templates|${unit}`, () => alarmTemplates(unit), ["alarms"]);
    const [editing, setEditing] = useState<AlarmTemplate | "new" | null>(null);
    return (
        <Page
            title={t("templates.title")}
            crumbs={[{ label: t("section.alarms"), href: "/alarms" }]}
            lead={t("templates.lead")}
            actions={
                can("alarms_write") && (
                    <Button kind="primary" icon="plus" onClick={() => setEditing("new")}>
                        {t("templates.new")}
                    </Button>
                )
            }
        >
            <Show of={list} lines={6}>
                {({ items }) => (
                    <>
                        {[false, true].map((drill) => {
                            const own = items.filter((one) => one.drill === drill);
                            return own.length === 0 ? null : (
                                <Panel key={String(drill)} title={t(drill ? "templates.drills" : "templates.real")}>
                                    <ul class="lines">
                                        {own.map((template) => (
                                            <li key={template.id} class={`line template${drill ? " drill-world" : ""}`}>
                                                <Line template={template} unit={unit} onEdit={() => setEditing(template)} onChanged={list.reload} />
                                            </li>
                                        ))}
                                    </ul>
                                </Panel>
                            );
                        })}
                    </>
                )}
            </Show>
            {editing !== null && (
                <TemplateForm
                    template={editing === "new" ? null : editing}
                    unit={unit}
                    onClose={() => setEditing(null)}
                    onDone={() => {
                        setEditing(null);
                        list.reload();
                    }}
                />
            )}
        </Page>
    );
}

interface LineProps {
    template: AlarmTemplate;
    unit: number;
    onEdit: () => void;
    onChanged: () => void;
}

function Line({ template, unit, onEdit, onChanged }: LineProps) {
    const act = useAct();
    const own = template.unit?.id === unit;
    const remove = async () => {
        if (await ask({ title: t("templates.remove_sure", { name: template.name }), body: t("templates.remove_body"), yes: t("action.delete"), danger: true })) {
            await act.run(async () => {
                await alarmTemplateRemove(template.id);
                topicTouch("alarms");
                toastDone(t("templates.removed", { name: template.name }));
                onChanged();
            });
        }
    };
    return (
        <>
            <HazardIcon hazard={template.hazard} />
            <div class="line-body">
                <p>
                    <b>{template.name}</b> {!own && <Badge>{template.unit?.name ?? t("templates.builtin")}</Badge>}
                </p>
                <p>{firstText(template)?.short}</p>
                <p class="quiet">{template.texts.map(({ language }) => tCode("tongue", language)).join(", ")}</p>
                <FormError error={act.error} />
            </div>
            {can("alarms_write") && (
                <div class="template-tools">
                    <Button small icon={own ? "edit" : "copy"} onClick={onEdit}>
                        {t(own ? "action.edit" : "templates.own")}
                    </Button>
                    {own && (
                        <Button small kind="quiet" icon="trash" busy={act.busy} onClick={() => void remove()}>
                            {t("action.delete")}
                        </Button>
                    )}
                </div>
            )}
        </>
    );
}
