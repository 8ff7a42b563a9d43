// Writing a reform: title, decree, day, steps. Saving it changes no unit; the
// next page shows what it would do.

import { useState } from "preact/hooks";
import type { ReformCard, ReformDraft, Step, UnitRef } from "../../../shared/api";
import { reformCreate, reformRead, reformSave } from "../api/units";
import { Button, LinkButton } from "../parts/button";
import { DateField } from "../parts/date_field";
import { TextField } from "../parts/field";
import { Page } from "../parts/page";
import { FormError, Notice, Show } from "../parts/states";
import { stepNames } from "../reforms/names";
import { StepFields } from "../reforms/step_fields";
import type { DraftStep } from "../reforms/steps";
import { draftOf, draftStep, stepOf } from "../reforms/steps";
import type { PageProps } from "../shell/pages";
import { useAct, useLoad } from "../state/load";
import { go } from "../state/router";
import { unsavedDone, useUnsaved } from "../state/unsaved";
import { t } from "../words";
import { dayBefore, isDay, today } from "../words/format";

interface Start {
    card: ReformCard | null;
    names: Map<number, UnitRef>;
}

async function startFrom(id: number | null): Promise<Start> {
    if (id === null) {
        return { card: null, names: new Map() };
    }
    const card = await reformRead(id);
    return { card, names: await stepNames(card.steps, card.reform.on) };
}

export default function ReformEdit({ params }: PageProps) {
    const id = params["id"] === undefined ? null : Number(params["id"]);
    const start = useLoad(`edit|${id}`, () => startFrom(id));
    return (
        <Page
            title={id === null ? t("reforms.new") : t("reform.edit")}
            crumbs={[{ label: t("section.reforms"), href: "/reforms" }]}
            lead={t("reform.edit_lead")}
        >
            <Show of={start}>{(ready) => <ReformForm key={id} id={id} start={ready} />}</Show>
        </Page>
    );
}

function useDraft({ card, names }: Start) {
    const [title, setTitle] = useState(card?.reform.title ?? "");
    const [decree, setDecree] = useState(card?.reform.decree ?? "");
    const [on, setOn] = useState(card?.reform.on ?? today());
    const [steps, setSteps] = useState<DraftStep[]>(
        () => card?.steps.map((step) => draftOf(step, names)) ?? [draftStep()],
    );
    const [dirty, setDirty] = useState(false);
    const touch =
        <T,>(set: (value: T) => void) =>
        (value: T) => {
            setDirty(true);
            set(value);
        };
    return {
        title,
        decree,
        on,
        steps,
        dirty,
        setTitle: touch(setTitle),
        setDecree: touch(setDecree),
        setOn: touch(setOn),
        setSteps: touch(setSteps),
    };
}

/** The steps ready to send, and the places of those that are not. */
function finished(steps: DraftStep[]): { ready: Step[]; gaps: number[] } {
    const ready: Step[] = [];
    const gaps: number[] = [];
    steps.forEach((draft, index) => {
        const step = stepOf(draft);
        if (step === null) {
            gaps.push(index + 1);
        } else {
            ready.push(step);
        }
    });
    return { ready, gaps };
}

function ReformForm({ id, start }: { id: number | null; start: Start }) {
    const draft = useDraft(start);
    const [gaps, setGaps] = useState<number[]>([]);
    const act = useAct();
    useUnsaved(draft.dirty);
    const submit = async () => {
        const { ready, gaps: missing } = finished(draft.steps);
        setGaps(missing);
        if (missing.length > 0) {
            return;
        }
        await act.run(async () => {
            const { title, decree, on } = draft;
            const body: ReformDraft = { title: title.trim(), decree: decree.trim(), on, steps: ready };
            const card = id === null ? await reformCreate(body) : await reformSave(id, body);
            unsavedDone();
            void go(`/reforms/${card.reform.id}`);
        });
    };
    const before = isDay(draft.on) ? dayBefore(draft.on) : today();
    const replace = (index: number, step: DraftStep) =>
        draft.setSteps(draft.steps.map((old, i) => (i === index ? step : old)));
    return (
        <form
            class="stack"
            noValidate
            onSubmit={(event) => {
                event.preventDefault();
                void submit();
            }}
        >
            <HeadFields draft={draft} error={act.error} />
            <h2>{t("reform.steps")}</h2>
            {draft.steps.map((step, index) => (
                <StepFields
                    key={step.key}
                    step={step}
                    place={index + 1}
                    before={before}
                    onChange={(next) => replace(index, next)}
                    onRemove={() => draft.setSteps(draft.steps.filter((_, i) => i !== index))}
                />
            ))}
            <div>
                <Button icon="plus" onClick={() => draft.setSteps([...draft.steps, draftStep()])}>
                    {t("step.add")}
                </Button>
            </div>
            {gaps.length > 0 && (
                <div role="alert">
                    <Notice kind="warning">{t("reform.gaps", { steps: gaps.join(", ") })}</Notice>
                </div>
            )}
            <FormError error={act.error} shown={["title", "decree", "on"]} />
            <div class="form-foot form-foot-stuck">
                <Button submit kind="primary" busy={act.busy}>
                    {t("reform.save")}
                </Button>
                <LinkButton href={id === null ? "/reforms" : `/reforms/${id}`}>{t("action.cancel")}</LinkButton>
            </div>
        </form>
    );
}

interface HeadProps {
    draft: ReturnType<typeof useDraft>;
    error: ReturnType<typeof useAct>["error"];
}

function HeadFields({ draft, error }: HeadProps) {
    return (
        <div class="panel form-grid">
            <TextField
                label={t("reforms.name")}
                value={draft.title}
                onInput={draft.setTitle}
                error={error?.field("title")}
                required
            />
            <TextField
                label={t("reforms.decree")}
                hint={t("reforms.decree_hint")}
                value={draft.decree}
                onInput={draft.setDecree}
                error={error?.field("decree")}
                required
            />
            <DateField
                label={t("reforms.on")}
                hint={t("reforms.on_hint")}
                value={draft.on}
                onInput={draft.setOn}
                error={error?.field("on")}
                required
            />
        </div>
    );
}
