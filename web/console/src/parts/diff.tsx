// Before and after, field by field: what went is struck, what came is marked,
// and both say so in words for those who do not see the colours.

import type { Json } from "../../../shared/api";
import { t, tCode } from "../words";

type Fields = { [key: string]: Json } | null;

function show(value: Json | undefined): string {
    if (value === undefined || value === null) {
        return t("diff.nothing");
    }
    if (typeof value === "object") {
        return JSON.stringify(value);
    }
    return typeof value === "boolean" ? (value ? t("diff.yes") : t("diff.no")) : String(value);
}

export function Diff({ before, after }: { before: Fields; after: Fields }) {
    const keys = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])];
    const same = (key: string) => JSON.stringify(before?.[key]) === JSON.stringify(after?.[key]);
    const changed = keys.filter((key) => !same(key));
    if (changed.length === 0) {
        return <p class="quiet">{t("diff.none")}</p>;
    }
    return (
        <dl class="diff">
            {changed.map((key) => (
                <div key={key} class="diff-line">
                    <dt>{tCode("field", key)}</dt>
                    {before && (
                        <dd class="diff-before">
                            <span class="hidden-words">{t("diff.before")} </span>
                            {before[key] === null || before[key] === undefined ? (
                                <em>{show(null)}</em>
                            ) : (
                                <del>{show(before[key])}</del>
                            )}
                        </dd>
                    )}
                    {after && (
                        <dd class="diff-after">
                            <span class="hidden-words">{t("diff.after")} </span>
                            <ins>{show(after[key])}</ins>
                        </dd>
                    )}
                </div>
            ))}
        </dl>
    );
}
