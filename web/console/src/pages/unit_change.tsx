// Changing one unit from a day on. The past stays as it was: a change is a
// new entry in the unit's life, not a correction of it.

import { useState } from "preact/hooks";
import type { UnitCard, UnitChange, UnitKind, UnitRef } from "../../../shared/api";
import { unitCard, unitChange } from "../api/units";
import { Button, LinkButton } from "../parts/button";
import { ask } from "../parts/dialog";
import { DateField } from "../parts/date_field";
import { CheckField, SelectField, TextField } from "../parts/field";
import { Page } from "../parts/page";
import { FormError, Notice, Show } from "../parts/states";
import { toastDone } from "../parts/toast";
import { UnitPicker } from "../parts/unit_picker";
import type { PageProps } from "../shell/pages";
import { useAct, useLoad } from "../state/load";
import { topicTouch } from "../state/live";
import { go } from "../state/router";
import { unsavedDone, useUnsaved } from "../state/unsaved";
import { kindOptions } from "../units/kinds";
import { t } from "../words";
import { day, today } from "../words/format";

export default function UnitChangePage({ params }: PageProps) {
    const id = Number(params["id"]);
    const card = useLoad(`change|${id}`, () => unitCard(id, null));
    return (
        <Page
            title={t("unit_change.title", { name: card.data?.unit.name ?? "" })}
            crumbs={[
                { label: t("units.title"), href: "/units" },
                { label: card.data?.unit.name ?? "…", href: `/units/${id}` },
            ]}
            lead={t("unit_change.lead")}
        >
            <Show of={card}>{(ready) => <ChangeForm key={id} card={ready} />}</Show>
        </Page>
    );
}

interface Draft {
    on: string;
    name: string;
    code: string;
    kind: UnitKind;
    parent: UnitRef | null;
    ends: boolean;
}

function draftOf({ unit, ancestors }: UnitCard): Draft {
    const parent = ancestors.find((above) => above.id === unit.parent_id) ?? null;
    return { on: today(), name: unit.name, code: unit.code ?? "", kind: unit.kind, parent, ends: false };
}

/** Only what differs is sent; null when nothing does. */
function changeOf(draft: Draft, card: UnitCard): UnitChange | null {
    const { unit } = card;
    if (draft.ends) {
        return { on: draft.on, ends: true };
    }
    const change: UnitChange = { on: draft.on };
    if (draft.name.trim() !== unit.name) {
        change.name = draft.name.trim();
    }
    if (draft.code.trim() !== (unit.code ?? "")) {
        change.code = draft.code.trim();
    }
    if (draft.kind !== unit.kind) {
        change.kind = draft.kind;
    }
    if (draft.parent !== null && draft.parent.id !== unit.parent_id) {
        change.parent_id = draft.parent.id;
    }
    return Object.keys(change).length > 1 ? change : null;
}

function ChangeForm({ card }: { card: UnitCard }) {
    const [draft, setDraft] = useState(() => draftOf(card));
    const set = (change: Partial<Draft>) => setDraft((was) => ({ ...was, ...change }));
    const change = changeOf(draft, card);
    const act = useAct();
    const { unit } = card;
    useUnsaved(change !== null);
    const submit = async () => {
        if (change === null) {
            return;
        }
        const question = {
            title: t("unit_change.end_sure", { name: unit.name, day: day(draft.on) }),
            body: t("unit_change.end_body"),
            yes: t("unit_change.end_yes"),
            danger: true,
        };
        if (draft.ends && !(await ask(question))) {
            return;
        }
        await act.run(async () => {
            await unitChange(unit.id, change);
            unsavedDone();
            topicTouch("units");
            toastDone(t("unit_change.done"));
            void go(`/units/${unit.id}?at=${draft.on}`);
        });
    };
    return (
        <form
            class="panel stack"
            onSubmit={(event) => {
                event.preventDefault();
                void submit();
            }}
        >
            <FormError error={act.error} shown={["on", "name", "code", "kind", "parent_id"]} />
            <div class="form-grid">
                <DateField
                    label={t("unit_change.on")}
                    hint={t("unit_change.on_hint")}
                    value={draft.on}
                    onInput={(on) => set({ on })}
                    error={act.error?.field("on")}
                    required
                />
            </div>
            {draft.ends ? (
                <Notice kind="warning">{t("unit_change.end_body")}</Notice>
            ) : (
                <ChangeFields draft={draft} card={card} set={set} error={act.error} />
            )}
            <CheckField
                label={t("unit_change.ends")}
                hint={t("unit_change.ends_hint")}
                checked={draft.ends}
                onChange={(ends) => set({ ends })}
            />
            <div class="form-foot">
                <Button submit kind={draft.ends ? "danger" : "primary"} busy={act.busy} disabled={change === null}>
                    {t("unit_change.go")}
                </Button>
                <LinkButton href={`/units/${unit.id}`}>{t("action.cancel")}</LinkButton>
            </div>
        </form>
    );
}

interface FieldsProps {
    draft: Draft;
    card: UnitCard;
    set: (change: Partial<Draft>) => void;
    error: ReturnType<typeof useAct>["error"];
}

function ChangeFields({ draft, card, set, error }: FieldsProps) {
    return (
        <div class="form-grid">
            <TextField
                label={t("units.name")}
                value={draft.name}
                onInput={(name) => set({ name })}
                error={error?.field("name")}
                required
            />
            <TextField
                label={t("units.code")}
                value={draft.code}
                onInput={(code) => set({ code })}
                error={error?.field("code")}
                code
            />
            <SelectField
                label={t("units.kind")}
                value={draft.kind}
                options={kindOptions(card.unit.tier)}
                onChange={(kind) => set({ kind })}
                error={error?.field("kind")}
            />
            {card.unit.parent_id !== null && (
                <UnitPicker
                    label={t("units.parent")}
                    value={draft.parent}
                    at={draft.on}
                    onPick={(parent) => set({ parent })}
                    error={error?.field("parent_id")}
                    required
                />
            )}
        </div>
    );
}
