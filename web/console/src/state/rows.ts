// A list of ten thousand rows of which the screen shows thirty: pages are
// fetched as far as somebody scrolls, and only those on the screen are read
// again when something changes.

import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import type { ApiError } from "../api/client";
import { asApiError } from "./load";
import { lostAt } from "./online";

export interface RowPage<T> {
    items: T[];
    next: string | null;
    total: number;
}

export interface Rows<T> {
    total: number | null;
    row: (index: number) => T | undefined;
    /** These rows are on the screen now. */
    look: (from: number, to: number) => void;
    error: ApiError | null;
    retry: () => void;
}

interface Kept<T> {
    pages: T[][];
    /** Where each page begins; one more than there are pages, unless the end was reached. */
    starts: (string | null)[];
    total: number | null;
    from: number;
    to: number;
    busy: boolean;
}

function empty<T>(): Kept<T> {
    return { pages: [], starts: [null], total: null, from: 0, to: 0, busy: false };
}

export function useRows<T>(
    key: string,
    pageSize: number,
    fetchPage: (after: string | null) => Promise<RowPage<T>>,
    version: string,
): Rows<T> {
    const [, redraw] = useState(0);
    const [error, setError] = useState<ApiError | null>(null);
    const kept = useRef<Kept<T>>(empty());
    const latest = useRef(fetchPage);
    latest.current = fetchPage;

    /** Pages up to the last row on the screen, one after the other. */
    const fill = useCallback(async () => {
        const mine = kept.current;
        if (mine.busy) {
            return;
        }
        mine.busy = true;
        try {
            while (mine.pages.length < mine.starts.length && mine.pages.length * pageSize <= mine.to) {
                const page = await latest.current(mine.starts[mine.pages.length] ?? null);
                mine.pages.push(page.items);
                mine.total = page.total;
                if (page.next !== null) {
                    mine.starts.push(page.next);
                }
                if (kept.current !== mine) {
                    return;
                }
                setError(null);
                redraw((n) => n + 1);
            }
        } catch (cause) {
            if (kept.current === mine) {
                setError(asApiError(cause));
            }
        } finally {
            mine.busy = false;
        }
    }, [pageSize]);

    /** What is on the screen, again. */
    const refresh = useCallback(async () => {
        const mine = kept.current;
        const last = Math.min(Math.floor(mine.to / pageSize), mine.pages.length - 1);
        for (let at = Math.floor(mine.from / pageSize); at <= last; at++) {
            const page = await latest.current(mine.starts[at] ?? null);
            if (kept.current !== mine) {
                return;
            }
            mine.pages[at] = page.items;
            mine.total = page.total;
        }
        redraw((n) => n + 1);
    }, [pageSize]);

    useEffect(() => {
        kept.current = empty();
        setError(null);
        redraw((n) => n + 1);
        void fill();
    }, [key]);
    // What failed for want of a connection comes by itself when it is back.
    const back = lostAt.value === null;
    useEffect(() => {
        if (back && error !== null) {
            void fill();
        }
    }, [back]);
    const first = useRef(true);
    useEffect(() => {
        if (first.current) {
            first.current = false;
        } else {
            // A missed refresh is made good by the next one.
            refresh().catch(() => undefined);
        }
    }, [version]);

    return {
        total: kept.current.total,
        row: (index) => kept.current.pages[Math.floor(index / pageSize)]?.[index % pageSize],
        look: (from, to) => {
            kept.current.from = from;
            kept.current.to = to;
            void fill();
        },
        error,
        retry: () => void fill(),
    };
}
