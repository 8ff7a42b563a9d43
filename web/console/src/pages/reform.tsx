// One reform: what it would do or has done, its problems, and the three big
// buttons: apply, undo, delete.

import type { Preview, ReformCard } from "../../../shared/api";
import { reformApply, reformRead, reformRemove, reformUndo } from "../api/units";
import { Button, LinkButton } from "../parts/button";
import { ask } from "../parts/dialog";
import { Icon } from "../parts/icon";
import { Page, Panel } from "../parts/page";
import { Empty, FormError, Notice, Show } from "../parts/states";
import { toastDone } from "../parts/toast";
import { stepNames } from "../reforms/names";
import { ReformBadge } from "../reforms/state_badge";
import { stepLine } from "../reforms/step_line";
import type { PageProps } from "../shell/pages";
import { useAct, useLoad } from "../state/load";
import { topicTouch } from "../state/live";
import { go } from "../state/router";
import { can } from "../state/session";
import { t } from "../words";
import { day, instant, number } from "../words/format";

export default function ReformPage({ params }: PageProps) {
    const id = Number(params["id"]);
    const card = useLoad(`reform|${id}`, () => reformRead(id), ["units"]);
    const reform = card.data?.reform;
    return (
        <Page
            title={reform?.title ?? t("section.reforms")}
            crumbs={[{ label: t("section.reforms"), href: "/reforms" }]}
            badge={reform && <ReformBadge state={reform.state} />}
            {...(reform
                ? { lead: t("reform.lead", { decree: reform.decree, day: day(reform.on) }) }
                : {})}
        >
            <Show of={card}>
                {(ready) => (
                    <div class="stack">
                        <Buttons card={ready} onChange={card.set} />
                        {/* What was undone has no outcome: its steps say what it was. */}
                        {ready.reform.state !== "undone" && (
                            <PreviewPanel preview={ready.preview} done={ready.reform.state === "applied"} />
                        )}
                        <Steps card={ready} />
                    </div>
                )}
            </Show>
        </Page>
    );
}

interface ButtonsProps {
    card: ReformCard;
    onChange: (card: ReformCard) => void;
}

function Buttons({ card, onChange }: ButtonsProps) {
    const { reform, preview } = card;
    const act = useAct();
    const undo = async () => {
        onChange(await reformUndo(reform.id));
        topicTouch("units");
    };
    const apply = async () => {
        const sure = await ask({
            title: t("reform.apply_sure"),
            body: t("reform.apply_body", { day: day(reform.on) }),
            yes: t("reform.apply"),
        });
        if (sure) {
            await act.run(async () => {
                onChange(await reformApply(reform.id));
                topicTouch("units");
                toastDone(t("reform.applied"), undo);
            });
        }
    };
    const takeBack = async () => {
        const sure = await ask({ title: t("reform.undo_sure"), body: t("reform.undo_body"), yes: t("reform.undo"), danger: true });
        if (sure) {
            await act.run(async () => {
                await undo();
                toastDone(t("reform.undone"));
            });
        }
    };
    const drop = async () => {
        const sure = await ask({ title: t("reform.delete_sure"), yes: t("action.delete"), danger: true });
        if (sure) {
            await act.run(async () => {
                await reformRemove(reform.id);
                toastDone(t("reform.deleted"));
                void go("/reforms");
            });
        }
    };
    return (
        <div class="stack">
            <FormError error={act.error} />
            <div class="form-foot">
                {reform.state === "draft" && can("reforms_write") && (
                    <>
                        <Button
                            kind="primary"
                            icon="check"
                            busy={act.busy}
                            disabled={preview.problems.some((problem) => problem.severity === "error")}
                            onClick={() => void apply()}
                        >
                            {t("reform.apply")}
                        </Button>
                        <LinkButton icon="edit" href={`/reforms/${reform.id}/edit`}>
                            {t("reform.edit")}
                        </LinkButton>
                        <Button kind="quiet" icon="trash" onClick={() => void drop()}>
                            {t("action.delete")}
                        </Button>
                    </>
                )}
                {reform.state === "applied" && reform.can_undo && can("reforms_write") && (
                    <Button icon="undo" busy={act.busy} onClick={() => void takeBack()}>
                        {t("reform.undo")}
                    </Button>
                )}
                {reform.state === "applied" && (
                    <LinkButton icon="units" href={`/units?at=${reform.on}`}>
                        {t("reform.see_units")}
                    </LinkButton>
                )}
            </div>
            {reform.state === "applied" && reform.applied_at && (
                <p class="quiet">
                    {t("reform.applied_by", { who: reform.applied_by ?? "", at: instant(reform.applied_at) })}
                </p>
            )}
            {reform.state === "applied" && !reform.can_undo && reform.why_not_undo && (
                <Notice>{t("reform.why_not_undo", { why: reform.why_not_undo })}</Notice>
            )}
        </div>
    );
}

function PreviewPanel({ preview, done }: { preview: Preview; done: boolean }) {
    return (
        <Panel title={t(done ? "preview.done" : "preview.title")}>
            <dl class="figures">
                {(["ends", "begins", "renames", "moves", "parts"] as const).map((key) => (
                    <div key={key}>
                        <dt>{t(`preview.${key}`)}</dt>
                        <dd class="figure">{number(preview[key])}</dd>
                    </div>
                ))}
            </dl>
            <Problems preview={preview} severity="error" />
            <Problems preview={preview} severity="warning" />
            {preview.lines.length === 0 ? (
                <Empty picture="tree" title={t("preview.nothing")} />
            ) : (
                <ul class="plain-list">
                    {preview.lines.map((line, index) => (
                        <li key={index}>{line.text}</li>
                    ))}
                </ul>
            )}
        </Panel>
    );
}

/** Errors stop the reform; warnings only want to be known. */
function Problems({ preview, severity }: { preview: Preview; severity: "error" | "warning" }) {
    const problems = preview.problems.filter((problem) => problem.severity === severity);
    if (problems.length === 0) {
        return null;
    }
    const bad = severity === "error";
    return (
        <div class={`notice ${bad ? "notice-danger" : "notice-warning"}`} role={bad ? "alert" : "status"}>
            <Icon name="warning" />
            <div class="notice-body">
                <p>{t(bad ? "preview.problems" : "preview.warnings")}</p>
                <ul class="notice-list">
                    {problems.map((problem, index) => (
                        <li key={index}>
                            {t("preview.problem", { step: problem.step, message: problem.message })}{" "}
                            <code>{problem.code}</code>
                        </li>
                    ))}
                </ul>
            </div>
        </div>
    );
}

function Steps({ card }: { card: ReformCard }) {
    const names = useLoad(`names|${card.reform.id}|${card.steps.length}`, () =>
        stepNames(card.steps, card.reform.on),
    );
    return (
        <Panel title={t("reform.steps")}>
            <Show of={names} lines={card.steps.length}>
                {(known) => (
                    <ol class="plain-list numbered">
                        {card.steps.map((step, index) => (
                            <li key={index}>{stepLine(step, known)}</li>
                        ))}
                    </ol>
                )}
            </Show>
        </Panel>
    );
}
