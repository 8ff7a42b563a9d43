// Before and after, field by field: what went is struck, what came is marked,
// and both say so in words for those who do not see the colours. What only
// came, or only went, is a plain list: there is nothing to compare.

import type { ComponentChildren } from "preact";
import type { Json } from "../../../shared/api";
import { UnitName } from "../units/unit_name";
import { t, tCode, tOneOf } from "../words";
import { day, dayBefore, isDay, number } from "../words/format";

type Fields = { [key: string]: Json };

/** Codes that have a word, by the field that they stand in. */
const coded: Record<string, string[]> = {
    role: ["role"],
    kind: ["kind", "factors", "import_kind"],
    tier: ["tier"],
    state: ["reform_state", "import_state", "account_state"],
    language: ["language"],
    by: ["factors", "factor"],
    stage: ["stage"],
    technology: ["technology"],
    class: ["class"],
};

const MOST_ITEMS = 20;

function isNothing(value: Json | undefined): boolean {
    return (
        value === undefined ||
        value === null ||
        value === "" ||
        (Array.isArray(value) && value.length === 0)
    );
}

function text(name: string, value: string): string {
    const groups = coded[name];
    if (groups !== undefined) {
        return tOneOf(groups, value);
    }
    if (isDay(value)) {
        // The end of a span is the first day after it; people read the last day in it.
        return day(name === "to" ? dayBefore(value) : value);
    }
    return value;
}

function show(name: string, value: Json | undefined): ComponentChildren {
    if (value === undefined || isNothing(value)) {
        return t("diff.nothing");
    }
    if (typeof value === "number") {
        return /^(unit|parent)_id$/.test(name) ? <UnitName id={value} /> : number(value);
    }
    if (typeof value === "boolean") {
        return value ? t("diff.yes") : t("diff.no");
    }
    if (Array.isArray(value)) {
        return <Items name={name} items={value} />;
    }
    return value !== null && typeof value === "object" ? <Inline fields={value} /> : text(name, String(value));
}

function Items({ name, items }: { name: string; items: Json[] }) {
    return (
        <ul>
            {items.slice(0, MOST_ITEMS).map((item, index) => (
                <li key={index}>{show(name, item)}</li>
            ))}
            {items.length > MOST_ITEMS && <li>{t("diff.more", { n: items.length - MOST_ITEMS })}</li>}
        </ul>
    );
}

/** A value that has parts of its own, in one line. */
function Inline({ fields }: { fields: Fields }) {
    const parts = Object.entries(fields).filter(([, value]) => !isNothing(value));
    return (
        <>
            {parts.map(([name, value], index) => (
                <span key={name}>
                    {index > 0 && " · "}
                    <span class="quiet">{tCode("field", name)}</span> {show(name, value)}
                </span>
            ))}
        </>
    );
}

interface DiffProps {
    before: Fields | null;
    after: Fields | null;
}

export function Diff({ before, after }: DiffProps) {
    if (before === null || after === null) {
        return <Whole fields={before ?? after ?? {}} />;
    }
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    const changed = names.filter(
        (name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]),
    );
    return changed.length === 0 ? null : (
        <dl class="diff">
            {changed.map((name) => (
                <div key={name} class="diff-line">
                    <dt>{tCode("field", name)}</dt>
                    <dd class={`diff-before${isNothing(before[name]) ? " diff-empty" : ""}`}>
                        <span class="hidden-words">{t("diff.before")} </span>
                        {isNothing(before[name]) ? (
                            <em>{t("diff.nothing")}</em>
                        ) : (
                            <del>{show(name, before[name])}</del>
                        )}
                    </dd>
                    <dd class={`diff-after${isNothing(after[name]) ? " diff-empty" : ""}`}>
                        <span class="hidden-words">{t("diff.after")} </span>
                        <ins>{show(name, after[name])}</ins>
                    </dd>
                </div>
            ))}
        </dl>
    );
}

function Whole({ fields }: { fields: Fields }) {
    const parts = Object.entries(fields).filter(([, value]) => !isNothing(value));
    return parts.length === 0 ? null : (
        <dl class="diff-whole">
            {parts.map(([name, value]) => (
                <div key={name} class={typeof value === "object" ? "diff-wide" : undefined}>
                    <dt>{tCode("field", name)}</dt>
                    <dd>{show(name, value)}</dd>
                </div>
            ))}
        </dl>
    );
}
