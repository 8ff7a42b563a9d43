// Two wrote at once: both versions side by side, part by part, and a choice.
// Neither is lost: theirs is a version on the server, mine becomes the next.

import { useState } from "preact/hooks";
import type { Bulletin } from "../../../shared/studio";
import { Button } from "../parts/button";
import { Panel } from "../parts/page";
import { Notice } from "../parts/states";
import { UnitName } from "../units/unit_name";
import { t } from "../words";
import { contentOf, type Text } from "./content";
import { draftDecide, type Draft } from "./draft";
import { merged, mergeParts, type Part, type Side } from "./merge";
import { Changed } from "./text_diff";
import { tongueName, validWords } from "./words";

export function Conflict({ draft, theirs }: { draft: Draft; theirs: Bulletin }) {
    const other = contentOf(theirs);
    const mine = draft.content.value;
    const [parts, setParts] = useState(() => mergeParts(draft.base, mine, other));
    const choose = (name: Part["name"], side: Side) => setParts((was) => was.map((part) => (part.name === name ? { ...part, side } : part)));
    const open = parts.filter(({ side }) => side === null).length;
    const all = (side: Side) => setParts((was) => was.map((part) => ({ ...part, side })));
    const who = theirs.written_by?.name ?? t("conflict.somebody");
    return (
        <Panel title={t("conflict.title")} lead={t("conflict.lead")}>
            <div class="stack">
                <div class="form-foot">
                    <Button small onClick={() => all("mine")}>
                        {t("conflict.all_mine")}
                    </Button>
                    <Button small onClick={() => all("theirs")}>
                        {t("conflict.all_theirs")}
                    </Button>
                </div>
                <ul class="conflict">
                    {parts.map((part) => (
                        <li key={part.name}>
                            <fieldset>
                                <legend class="field-label">{partName(part.name)}</legend>
                                <div class="conflict-sides">
                                    {(["mine", "theirs"] as const).map((side) => (
                                        <label key={side} class={`conflict-side${part.side === side ? " conflict-taken" : ""}`}>
                                            <span class="conflict-whose">
                                                <input type="radio" name={part.name} checked={part.side === side} onChange={() => choose(part.name, side)} />
                                                {side === "mine" ? t("conflict.mine") : t("conflict.theirs", { who })}
                                            </span>
                                            <PartShown part={part} side={side} />
                                        </label>
                                    ))}
                                </div>
                            </fieldset>
                        </li>
                    ))}
                </ul>
                {parts.length === 0 && <Notice kind="success">{t("conflict.same")}</Notice>}
                <div class="form-foot">
                    <Button kind="primary" icon="check" disabled={open > 0} onClick={() => draftDecide(draft, merged(mine, other, parts))}>
                        {t("conflict.save")}
                    </Button>
                    {open > 0 && <span class="quiet">{t("conflict.open", { n: open })}</span>}
                </div>
            </div>
        </Panel>
    );
}

function partName(name: Part["name"]): string {
    const [, language, channel] = name.split("|");
    return language === undefined || channel === undefined
        ? t(`part.${name as "title"}`)
        : `${t(`channel.${channel as "sound"}`)} · ${tongueName(language)}`;
}

function PartShown({ part, side }: { part: Part; side: Side }) {
    const value = part[side];
    if (part.name.startsWith("text|")) {
        const [text, against] = [value as Text | undefined, part[side === "mine" ? "theirs" : "mine"] as Text | undefined];
        return text === undefined ? (
            <em class="quiet">{t("diff.nothing")}</em>
        ) : (
            <span class="conflict-text">
                <Changed before={against?.text ?? ""} after={text.text} only="after" />
                {text.media !== (against?.media ?? null) && (
                    <span class="quiet">{t(text.media === null ? "conflict.no_sound" : "conflict.other_sound")}</span>
                )}
            </span>
        );
    }
    if (part.name === "areas") {
        return (
            <span>
                {(value as number[]).map((id, index) => (
                    <span key={id}>
                        {index > 0 && ", "}
                        <UnitName id={id} />
                    </span>
                ))}
            </span>
        );
    }
    if (part.name === "class") {
        return <span>{t(`bulletin_class.${value as "ordinary"}`)}</span>;
    }
    if (part.name === "valid_from" || part.name === "valid_to") {
        const at = (value as string | null) ?? null;
        return <span>{part.name === "valid_from" ? validWords(at, null) : validWords(null, at)}</span>;
    }
    if (part.name === "attachments") {
        return <span>{(value as { name: string }[]).map(({ name }) => name).join(", ") || t("diff.nothing")}</span>;
    }
    return <span>{(value as string | null) || t("diff.nothing")}</span>;
}
