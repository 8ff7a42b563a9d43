// What is only on this phone: drafts and sounds that no server has yet. It
// stands on top of the list until it is sent or thrown away by its writer.

import { useEffect, useState } from "preact/hooks";
import { Button } from "../parts/button";
import { ask } from "../parts/dialog";
import { Icon } from "../parts/icon";
import { Panel } from "../parts/page";
import { sends, sendStart, takeForget } from "../sound/send";
import { takeIsHeld, takeRecover, takesChanged, takesMine, type Take } from "../sound/takes";
import { t } from "../words";
import { lengthOf } from "../words/clock";
import { agoInside } from "../words/format";
import { draftDrop, draftsMine, type KeptDraft } from "./draft";

interface Kept {
    key: string;
    href: string;
    title: string;
    said: string;
    drafts: KeptDraft[];
    takes: Take[];
}

function together(drafts: KeptDraft[], takes: Take[]): Kept[] {
    const marks = [...new Set([...drafts.map(({ mark }) => mark), ...takes.map(({ of }) => of)])];
    return marks.map((mark) => {
        const own = drafts.filter((draft) => draft.mark === mark);
        const sounds = takes.filter((take) => take.of === mark);
        const id = own[0]?.id ?? sounds[0]?.bulletin ?? null;
        const at = own[0]?.changed_at ?? sounds[0]?.began_at ?? "";
        const said = [
            ...(own.length > 0 ? [t("kept.draft")] : []),
            ...sounds.map((take) => (take.ms > 0 ? t("kept.sound", { length: lengthOf(take.ms) }) : t("kept.file", { name: take.name }))),
            agoInside(at || null),
        ].join(" · ");
        return {
            key: mark,
            href: id === null ? `/bulletins/new?draft=${mark}` : `/bulletins/${id}/edit`,
            title: own[0]?.content.title || sounds[0]?.title || t("bulletin.untitled"),
            said,
            drafts: own,
            takes: sounds,
        };
    });
}

export function TakesKept() {
    const [kept, setKept] = useState<Kept[]>([]);
    const [turn, setTurn] = useState(0);
    const version = takesChanged.value;
    const going = sends.value;
    useEffect(() => {
        let current = true;
        const read = async () => {
            const takes = await Promise.all((await takesMine()).map(takeRecover));
            for (const take of takes) {
                if (take.state === "sending" && !going.has(take.mark) && !(await takeIsHeld(take.mark))) {
                    sendStart(take);
                }
            }
            const found = together(await draftsMine(), takes);
            if (current) {
                setKept(found);
            }
        };
        read().catch(() => undefined);
        return () => {
            current = false;
        };
    }, [version, turn]);
    if (kept.length === 0) {
        return null;
    }
    const drop = async (one: Kept) => {
        if (!(await ask({ title: t("kept.drop_sure", { title: one.title }), body: t("kept.drop_body"), yes: t("action.delete"), danger: true }))) {
            return;
        }
        for (const draft of one.drafts) {
            await draftDrop(draft.mark);
        }
        for (const take of one.takes) {
            await takeForget(take);
        }
        setTurn((n) => n + 1);
    };
    return (
        <Panel title={t("kept.title")} lead={t("kept.lead")}>
            <ul class="lines">
                {kept.map((one) => (
                    <li key={one.key} class="line">
                        <Icon name={one.takes.length > 0 ? "microphone" : "edit"} />
                        <div class="line-body">
                            <p>
                                <a href={one.href}>{one.title}</a>
                            </p>
                            <p class="quiet">{one.said}</p>
                        </div>
                        <Button small kind="quiet" icon="trash" onClick={() => void drop(one)}>
                            {t("action.delete")}
                        </Button>
                    </li>
                ))}
            </ul>
        </Panel>
    );
}
