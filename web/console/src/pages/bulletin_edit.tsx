// Writing a bulletin: a new one, one that is there, or one that was begun on
// this phone before it went out of reach.

import soundStyles from "../../styles/sound.css";
import studioStyles from "../../styles/studio.css";
import { useState } from "preact/hooks";
import type { Bulletin } from "../../../shared/studio";
import { markMake } from "../alarm/mark";
import { ApiError } from "../api/client";
import { bulletinRead } from "../api/studio";
import { LinkButton } from "../parts/button";
import { Page } from "../parts/page";
import { sheetUse } from "../parts/sheet";
import { Empty, Show } from "../parts/states";
import type { PageProps } from "../shell/pages";
import { keepGet } from "../state/keep";
import { useLoad } from "../state/load";
import { here } from "../state/router";
import { account } from "../state/session";
import { contentEmpty, contentOf, sameContent } from "../studio/content";
import { draftOpen, draftsMine, type Draft, type KeptDraft } from "../studio/draft";
import { Editor } from "../studio/editor";
import { StateBadge } from "../studio/words";
import { t } from "../words";

sheetUse(studioStyles);
sheetUse(soundStyles);

interface Start {
    draft: Draft;
    bulletin: Bulletin | null;
    restored: boolean;
}

function fresh(mark: string, unit: number): KeptDraft {
    return {
        mark,
        account: account.value?.id ?? 0,
        id: null,
        unit,
        revision: 0,
        base: null,
        content: contentEmpty(unit),
        changed_at: new Date().toISOString(),
    };
}

function startKept(kept: KeptDraft): Start {
    return { draft: draftOpen(kept), bulletin: null, restored: true };
}

async function startNew(mark: string): Promise<Start> {
    const kept = await keepGet<KeptDraft>("drafts", mark).catch(() => null);
    const mine = kept !== null && kept.account === account.value?.id;
    return mine ? startKept(kept) : { draft: draftOpen(fresh(mark, account.value?.unit.id ?? 0)), bulletin: null, restored: false };
}

/** What was kept here goes on from the version it was begun at; a newer one of somebody else shows itself. */
async function startOf(id: number): Promise<Start> {
    const mine = await draftsMine().catch(() => []);
    const kept = mine.find((draft) => draft.id === id);
    let bulletin: Bulletin;
    try {
        bulletin = await bulletinRead(id);
    } catch (cause) {
        if (kept && cause instanceof ApiError && cause.status === 0) {
            return startKept(kept);
        }
        throw cause;
    }
    const content = contentOf(bulletin);
    const own = kept && !sameContent(kept.content, content) ? kept : null;
    const draft = draftOpen({
        mark: bulletin.mark,
        account: account.value?.id ?? 0,
        id,
        unit: bulletin.unit.id,
        revision: bulletin.revision,
        base: content,
        changed_at: bulletin.changed_at,
        ...(own === null ? { content } : { content: own.content, revision: own.revision, base: own.base }),
    });
    if (own !== null && own.revision !== bulletin.revision) {
        draft.theirs.value = bulletin;
    }
    return { draft, bulletin, restored: own !== null };
}

export default function BulletinEdit({ params }: PageProps) {
    const id = params["id"] === undefined ? null : Number(params["id"]);
    const [mark] = useState(() => here.value.query.get("draft") ?? markMake());
    const start = useLoad(`edit|${id ?? mark}`, () => (id === null ? startNew(mark) : startOf(id)));
    const { data } = start;
    const locked = data?.bulletin && !data.bulletin.may.includes("change");
    return (
        <Page
            title={t(id === null ? "bulletin.new" : "bulletin.edit")}
            crumbs={[{ label: t("section.bulletins"), href: "/bulletins" }]}
            badge={data?.bulletin && <StateBadge state={data.bulletin.state} />}
        >
            <Show of={start} lines={8}>
                {(ready) =>
                    locked ? (
                        <Empty picture="paper" title={t("bulletin.locked")}>
                            <LinkButton href={`/bulletins/${id}`}>{t("bulletin.open")}</LinkButton>
                        </Empty>
                    ) : (
                        <Editor key={ready.draft.begun.mark} draft={ready.draft} bulletin={ready.bulletin} restored={ready.restored} />
                    )
                }
            </Show>
        </Page>
    );
}
