// Finds the page for the address, fetches its chunk, and shows it; or says
// why it cannot: no such page, not allowed, not reachable.

import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { ApiError } from "../api/client";
import { Page } from "../parts/page";
import { Empty, ErrorState, Skeleton } from "../parts/states";
import { lostAt } from "../state/online";
import { here, pathMatch } from "../state/router";
import { can } from "../state/session";
import { outdated, versionCheck } from "../state/version";
import { t } from "../words";
import type { PageProps, PageRow, Section } from "./pages";
import { pages } from "./pages";

interface Found {
    row: PageRow;
    params: Record<string, string>;
}

function find(path: string): Found | null {
    for (const row of pages) {
        const params = pathMatch(row.path, path);
        if (params !== null) {
            return { row, params };
        }
    }
    return null;
}

export function sectionNow(): Section | null {
    return find(here.value.path)?.row.section ?? null;
}

const ready = new Map<PageRow["load"], ComponentType<PageProps>>();

export function Outlet() {
    const found = find(here.value.path);
    const load = found?.row.load;
    const [, redraw] = useState(0);
    const [failed, setFailed] = useState<PageRow["load"] | null>(null);

    const fetchPage = () => {
        if (load === undefined || ready.has(load)) {
            return;
        }
        setFailed(null);
        load().then(
            (chunk) => {
                ready.set(load, chunk.default);
                redraw((n) => n + 1);
            },
            () => {
                setFailed(() => load);
                // Not out of reach but replaced: the part has another name now.
                void versionCheck();
            },
        );
    };
    const back = lostAt.value === null;
    useEffect(fetchPage, [load, back]);

    if (found === null) {
        return <Missing title={t("missing.title")} body={t("missing.body")} />;
    }
    if (!can(found.row.right)) {
        return <Missing title={t("forbidden.title")} body={t("forbidden.body")} />;
    }
    const Body = ready.get(found.row.load);
    if (Body !== undefined) {
        return <Body params={found.params} />;
    }
    return (
        <Page title={t(`section.${found.row.section}`)}>
            {failed === load ? (
                <ErrorState
                    error={outdated.value ? new ApiError(0, "outdated", t("outdated.body")) : new ApiError(0, "offline", t("state.offline"))}
                    retry={outdated.value ? () => location.reload() : fetchPage}
                />
            ) : (
                <Skeleton />
            )}
        </Page>
    );
}

function Missing({ title, body }: { title: string; body: string }) {
    return (
        <Page title={title}>
            <Empty picture="lost" title={body}>
                <a href="/">{t("missing.home")}</a>
            </Empty>
        </Page>
    );
}
