// One import: what it would do, every fault with its line, and the decision.

import type { Import } from "../../../shared/api";
import { importApply, importDiscard, importRead } from "../api/units";
import { Button, LinkButton } from "../parts/button";
import { ask } from "../parts/dialog";
import { Page, Panel } from "../parts/page";
import { FormError, Notice, Show } from "../parts/states";
import { Table } from "../parts/table";
import { toastDone } from "../parts/toast";
import type { PageProps } from "../shell/pages";
import { useAct, useLoad } from "../state/load";
import { topicTouch } from "../state/live";
import { go } from "../state/router";
import { t } from "../words";
import { day, instant, number } from "../words/format";
import { ImportBadge } from "./imports";

export default function ImportPage({ params }: PageProps) {
    const id = Number(params["id"]);
    const found = useLoad(`import|${id}`, () => importRead(id), ["units"]);
    const one = found.data;
    return (
        <Page
            title={one?.filename ?? t("section.imports")}
            crumbs={[{ label: t("section.imports"), href: "/imports" }]}
            badge={one && <ImportBadge state={one.state} />}
            {...(one ? { lead: leadOf(one) } : {})}
        >
            <Show of={found}>
                {(ready) => (
                    <div class="stack">
                        <Decision one={ready} onChange={found.set} />
                        <Figures one={ready} />
                        {ready.errors.length > 0 && <Errors one={ready} />}
                        {ready.notes.length > 0 && <Notes one={ready} />}
                    </div>
                )}
            </Show>
        </Page>
    );
}

function leadOf(one: Import): string {
    const kind = t(`import_kind.${one.kind}`);
    return t("import.of", { kind, on: day(one.on), at: instant(one.created_at) });
}

function Decision({ one, onChange }: { one: Import; onChange: (one: Import) => void }) {
    const act = useAct();
    const apply = () =>
        act.run(async () => {
            onChange(await importApply(one.id));
            topicTouch("units");
            toastDone(t("import.applied"));
        });
    const discard = async () => {
        if (await ask({ title: t("import.discard_sure"), yes: t("import.discard"), danger: true })) {
            await act.run(async () => {
                await importDiscard(one.id);
                toastDone(t("import.discarded"));
                void go("/imports");
            });
        }
    };
    return (
        <div class="stack">
            <FormError error={act.error} />
            {one.state === "refused" && <Notice kind="warning">{t("import.refused")}</Notice>}
            {one.state === "checked" && <Notice kind="success">{t("import.checked")}</Notice>}
            <div class="form-foot">
                {one.state === "checked" && (
                    <Button kind="primary" icon="check" busy={act.busy} onClick={() => void apply()}>
                        {t("import.apply")}
                    </Button>
                )}
                {one.state === "refused" && (
                    <LinkButton kind="primary" icon="import" href="/imports/new">
                        {t("import.again")}
                    </LinkButton>
                )}
                {one.state === "applied" && (
                    <LinkButton icon="units" href={`/units?at=${one.on}`}>
                        {t("reform.see_units")}
                    </LinkButton>
                )}
                {(one.state === "checked" || one.state === "refused") && (
                    <Button kind="quiet" icon="trash" onClick={() => void discard()}>
                        {t("import.discard")}
                    </Button>
                )}
            </div>
        </div>
    );
}

function Figures({ one }: { one: Import }) {
    return (
        <Panel title={t("import.result")}>
            <dl class="figures">
                {(["lines", "adds", "keeps", "changes", "ends", "unresolved"] as const).map((key) => (
                    <div key={key}>
                        <dt>{t(`import.${key}`)}</dt>
                        <dd class="figure">{number(one[key])}</dd>
                    </div>
                ))}
            </dl>
        </Panel>
    );
}

/** On a phone a line is a card of its own, and its number needs a word. */
function lineOf(row: { line: number }) {
    return (
        <>
            <span class="narrow-only">{t("import.line")} </span>
            {number(row.line)}
        </>
    );
}

function Errors({ one }: { one: Import }) {
    return (
        <Panel title={t("import.errors", { n: one.errors.length })} lead={t("import.errors_lead")}>
            <Table
                caption={t("import.errors", { n: one.errors.length })}
                columns={[
                    { key: "line", title: t("import.line"), cell: lineOf },
                    { key: "column", title: t("import.column"), cell: (row) => row.column ?? "–" },
                    { key: "message", title: t("import.message"), cell: (row) => row.message },
                    { key: "code", title: t("import.code"), cell: (row) => <code>{row.code}</code> },
                ]}
                rows={[...one.errors].sort((a, b) => a.line - b.line)}
                id={(row) => `${row.line}|${row.column}|${row.code}`}
            />
        </Panel>
    );
}

function Notes({ one }: { one: Import }) {
    return (
        <Panel title={t("import.notes")}>
            <ul class="plain-list">
                {one.notes.map((note, index) => (
                    <li key={index}>{t("import.note", { line: note.line, message: note.message })}</li>
                ))}
            </ul>
        </Panel>
    );
}
