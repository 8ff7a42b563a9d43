// Bulletins of the unit and below: what waits on top, the rest by filter and
// search, with or without the marks.

import studioStyles from "../../styles/studio.css";
import { useEffect, useState } from "preact/hooks";
import type { BulletinLine, BulletinState } from "../../../shared/studio";
import { UnitFilter } from "../accounts/filters";
import { bulletinList, categoryList, feedUrl } from "../api/studio";
import { LinkButton } from "../parts/button";
import { SelectField, TextField } from "../parts/field";
import { Filters } from "../parts/filters";
import { Page } from "../parts/page";
import { sheetUse } from "../parts/sheet";
import { Empty, ErrorState, Skeleton } from "../parts/states";
import { More } from "../parts/table";
import { useList, useLoad } from "../state/load";
import { here, querySet } from "../state/router";
import { account, can } from "../state/session";
import { BulletinLines } from "../studio/lines";
import { TakesKept } from "../studio/takes_kept";
import { bulletinClasses, bulletinStates } from "../studio/words";
import { t } from "../words";

sheetUse(studioStyles);

const keys = ["q", "unit", "state", "category", "class", "mine"] as const;

export default function Bulletins() {
    const { query } = here.value;
    const filter = Object.fromEntries(keys.map((key) => [key, query.get(key)]));
    const list = useList<BulletinLine>(
        JSON.stringify(filter),
        async (before) => {
            const page = await bulletinList({ ...filter, before, limit: 30 });
            return { items: page.items, next: page.next === null ? null : String(page.next) };
        },
        ["bulletins"],
    );
    const set = keys.filter((key) => key !== "state" && query.has(key)).length;
    return (
        <Page
            title={t("section.bulletins")}
            lead={t("bulletins.lead")}
            actions={
                <>
                    {can("bulletins_write") && (
                        <LinkButton kind="primary" icon="plus" href="/bulletins/new">
                            {t("bulletin.new")}
                        </LinkButton>
                    )}
                    <LinkButton icon="paper" href="/templates">
                        {t("section.templates")}
                    </LinkButton>
                </>
            }
        >
            <TakesKept />
            <StateChips />
            <BulletinFilters set={set} />
            {list.error && <ErrorState error={list.error} retry={list.reload} />}
            {list.items === null && !list.error && <Skeleton lines={6} />}
            {list.items?.length === 0 && (
                <Empty picture="paper" title={t(set > 0 || query.has("state") ? "bulletins.none_found" : "bulletins.none")}>
                    {can("bulletins_write") && t("bulletins.none_hint")}
                </Empty>
            )}
            {list.items && list.items.length > 0 && <BulletinLines lines={list.items} />}
            <More more={list.more} busy={list.loading} />
            <p class="quiet">
                <a href={feedUrl(account.value?.unit.id ?? 0, "rss")} download>
                    {t("bulletins.rss")}
                </a>
            </p>
        </Page>
    );
}

const shownStates: BulletinState[] = ["submitted", "returned", "draft", "approved", "scheduled", "on_air"];

function StateChips() {
    const now = here.value.query.get("state") ?? "";
    const rest = bulletinStates.filter((state) => !shownStates.includes(state));
    return (
        <div class="chips" role="group" aria-label={t("list.state")}>
            {["", ...shownStates, ...rest].map((state) => (
                <button key={state} type="button" class="chip" aria-pressed={now === state} onClick={() => querySet({ state: state || null })}>
                    {state === "" ? t("list.all") : t(`bulletin_state.${state as BulletinState}`)}
                </button>
            ))}
        </div>
    );
}

const PAUSE_MS = 250;

function BulletinFilters({ set }: { set: number }) {
    const { query } = here.value;
    const q = query.get("q") ?? "";
    const [text, setText] = useState(q);
    const categories = useLoad("categories", categoryList);
    useEffect(() => {
        if (text.trim() === q) {
            return;
        }
        const timer = setTimeout(() => querySet({ q: text.trim() }), PAUSE_MS);
        return () => clearTimeout(timer);
    }, [text]);
    return (
        <Filters
            label={t("bulletins.filters")}
            set={set}
            onClear={() => {
                setText("");
                querySet({ q: null, unit: null, category: null, class: null, mine: null });
            }}
        >
            <TextField label={t("bulletins.q")} type="search" value={text} onInput={setText} required />
            <SelectField
                label={t("bulletin.category")}
                value={query.get("category") ?? ""}
                options={[{ value: "", label: t("list.all") }, ...(categories.data?.items ?? []).map(({ code, name }) => ({ value: code, label: name }))]}
                onChange={(category) => querySet({ category })}
            />
            <SelectField
                label={t("bulletin.class")}
                value={query.get("class") ?? ""}
                options={[{ value: "", label: t("list.all") }, ...bulletinClasses.map((value) => ({ value: value as string, label: t(`bulletin_class.${value}`) }))]}
                onChange={(value) => querySet({ class: value })}
            />
            <SelectField
                label={t("bulletins.whose")}
                value={query.get("mine") ?? ""}
                options={[
                    { value: "", label: t("list.all") },
                    { value: "1", label: t("bulletins.mine") },
                ]}
                onChange={(mine) => querySet({ mine })}
            />
            <UnitFilter unit={query.get("unit")} />
        </Filters>
    );
}
