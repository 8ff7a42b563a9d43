// Units through time: the tree on a day, found by opening or by searching,
// and beside it the card of the chosen unit. On a phone one of the two.

import { useEffect, useState } from "preact/hooks";
import type { UnitCard, UnitLine } from "../../../shared/api";
import { unitCard, unitChildren, unitEpochs, unitSearch } from "../api/units";
import { LinkButton } from "../parts/button";
import { DateSlider } from "../parts/date_slider";
import { Icon } from "../parts/icon";
import type { Crumb } from "../parts/page";
import { Page } from "../parts/page";
import { Empty, ErrorState, Show, Skeleton } from "../parts/states";
import { Tree } from "../parts/tree";
import type { PageProps } from "../shell/pages";
import { type Loaded, useLoad } from "../state/load";
import { go, here, querySet } from "../state/router";
import { can } from "../state/session";
import { CardBody, UnitBadges } from "../units/card";
import { t } from "../words";
import { day, dayBefore, isDay } from "../words/format";

function addressOf(id: number, at: string | null): string {
    return at === null ? `/units/${id}` : `/units/${id}?at=${at}`;
}

/** Side by side, choosing in the tree must not take the focus out of it. */
const wide = matchMedia("(min-width: 60rem)");

export default function Units({ params }: PageProps) {
    const { query } = here.value;
    const asked = query.get("at");
    const at = isDay(asked) ? asked : null;
    const q = query.get("q") ?? "";
    const id = params["id"] === undefined ? null : Number(params["id"]);
    const epochs = useLoad("epochs", unitEpochs, ["units"]);
    const card = useLoad<UnitCard | null>(
        `${id}|${at}`,
        async () => (id === null ? null : unitCard(id, at)),
        ["units"],
    );
    const shown = card.data;
    // While the next card loads, the tree keeps the path of the last one.
    const path = shown?.ancestors.map((unit) => unit.id) ?? [];

    return (
        <Page
            title={shown?.unit.name ?? t("units.title")}
            crumbs={crumbsOf(shown, id, at)}
            {...(id === null ? { lead: t("units.lead") } : {})}
            badge={shown && <UnitBadges card={shown} />}
            actions={<Actions card={shown} />}
        >
            {epochs.data && (
                <DateSlider
                    epochs={epochs.data.items}
                    at={at}
                    onChange={(next) => querySet({ at: next })}
                />
            )}
            <div class={`split${id === null ? "" : " split-chosen"}`}>
                <section class="split-list panel" aria-label={t("units.tree")}>
                    <SearchBox q={q} />
                    {q === "" ? (
                        <Tree
                            label={t("units.tree")}
                            at={at}
                            selected={id}
                            path={path}
                            onSelect={(unit) => void go(addressOf(unit.id, at), { quiet: wide.matches })}
                            line={(unit) => <TreeLine unit={unit} />}
                        />
                    ) : (
                        <Results q={q} at={at} selected={id} />
                    )}
                </section>
                <div class="split-card">
                    {id === null ? <Overview at={at} /> : <Chosen card={card} at={at} />}
                </div>
            </div>
        </Page>
    );
}

function crumbsOf(card: UnitCard | null, id: number | null, at: string | null): Crumb[] {
    if (id === null) {
        return [];
    }
    const root = { label: t("units.title"), href: at === null ? "/units" : `/units?at=${at}` };
    const above = (card?.ancestors ?? [])
        .filter((unit) => unit.id !== id)
        .map((unit) => ({ label: unit.name, href: addressOf(unit.id, at) }));
    return [root, ...above];
}

function Actions({ card }: { card: UnitCard | null }) {
    if (!can("units_write")) {
        return null;
    }
    const parent = card?.exists ? `?parent=${card.unit.id}` : "";
    return (
        <>
            {card && (
                <LinkButton icon="edit" href={`/units/${card.unit.id}/change`}>
                    {t("units.change")}
                </LinkButton>
            )}
            <LinkButton icon="plus" href={`/units/new${parent}`}>
                {card ? t("units.new_below") : t("units.new")}
            </LinkButton>
        </>
    );
}

function SearchBox({ q }: { q: string }) {
    const [text, setText] = useState(q);
    useEffect(() => {
        if (q !== text.trim()) {
            setText(q);
        }
    }, [q]);
    return (
        <form
            class="search"
            role="search"
            onSubmit={(event) => {
                event.preventDefault();
                querySet({ q: text.trim() });
            }}
        >
            <Icon name="search" />
            <input
                type="search"
                class="input"
                aria-label={t("units.search")}
                placeholder={t("units.search")}
                value={text}
                onInput={(event) => {
                    const value = event.currentTarget.value;
                    setText(value);
                    querySet({ q: value.trim() });
                }}
            />
        </form>
    );
}

function TreeLine({ unit }: { unit: UnitLine }) {
    return (
        <>
            <span class="tree-name">{unit.name}</span>
            {unit.children > 0 && <span class="tree-count">{unit.children}</span>}
            {/* Merged communes have several villages of one name. */}
            {unit.tier === "village" && unit.code && <code class="quiet">{unit.code}</code>}
        </>
    );
}

function Results({ q, at, selected }: { q: string; at: string | null; selected: number | null }) {
    const found = useLoad(`${q}|${at}`, () => unitSearch(q, at), ["units"]);
    return (
        <Show of={found}>
            {({ items }) =>
                items.length === 0 ? (
                    <Empty picture="tree" title={t("units.none", { q })}>
                        {at !== null && t("units.none_on_day")}
                    </Empty>
                ) : (
                    <ul class="found" aria-label={t("units.found")}>
                        {items.map((unit) => (
                            <li key={unit.id}>
                                <a
                                    class="found-link"
                                    href={`${addressOf(unit.id, at)}${at === null ? "?" : "&"}q=${encodeURIComponent(q)}`}
                                    aria-current={unit.id === selected ? "true" : undefined}
                                >
                                    <span class="found-name">{unit.name}</span>
                                    {unit.to !== null && (
                                        <span class="quiet found-past">
                                            {t("units.until", { day: day(dayBefore(unit.to)) })}
                                        </span>
                                    )}
                                    {unit.matched_name !== unit.name && (
                                        <span class="quiet">
                                            {t("units.formerly", { name: unit.matched_name })}
                                        </span>
                                    )}
                                    <span class="quiet">{unit.path}</span>
                                </a>
                            </li>
                        ))}
                    </ul>
                )
            }
        </Show>
    );
}

/** Beside the tree, before a choice: the one root that stands above all. */
async function onlyRoot(at: string | null): Promise<UnitCard | null> {
    if (!wide.matches) {
        return null;
    }
    const [root, ...others] = await unitChildren(null, at);
    return root === undefined || others.length > 0 ? null : unitCard(root.id, at);
}

function Overview({ at }: { at: string | null }) {
    const root = useLoad(`root|${at}`, () => onlyRoot(at), ["units"]);
    const card = root.data;
    return (
        <div class="wide-only">
            {card === null ? (
                <div class="panel">
                    <Empty picture="tree" title={t("units.choose")}>
                        {t("units.choose_hint")}
                    </Empty>
                </div>
            ) : (
                <>
                    <div class="overview">
                        <h2>
                            <a href={addressOf(card.unit.id, at)}>{card.unit.name}</a>
                        </h2>
                        <UnitBadges card={card} />
                    </div>
                    <CardBody card={card} at={at} />
                </>
            )}
        </div>
    );
}

function Chosen({ card, at }: { card: Loaded<UnitCard | null>; at: string | null }) {
    if (card.error) {
        return <ErrorState error={card.error} retry={card.reload} />;
    }
    return card.data === null ? (
        <div class="panel">
            <Skeleton lines={6} />
        </div>
    ) : (
        <CardBody card={card.data} at={at} />
    );
}
