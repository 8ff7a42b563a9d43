// Loading something for the screen: what it looks like before it is there,
// when it fails, and while a newer copy is on its way (the old one stays).

import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import type { List, Topic } from "../../../shared/api";
import { ApiError } from "../api/client";
import { topicVersion } from "./live";
import { lostAt } from "./online";

export interface Loaded<T> {
    data: T | null;
    error: ApiError | null;
    loading: boolean;
    reload: () => void;
    set: (data: T) => void;
}

export function asApiError(cause: unknown): ApiError {
    if (cause instanceof ApiError) {
        return cause;
    }
    return new ApiError(0, "bug", cause instanceof Error ? cause.message : String(cause));
}

/** The newest value, but not more often than every `pause` ms: what changes all the time is read calmly. */
export function useCalm<T>(value: T, pause: number): T {
    const [calm, setCalm] = useState(value);
    const last = useRef(0);
    useEffect(() => {
        if (value === calm) {
            return;
        }
        const wait = Math.max(0, last.current + pause - Date.now());
        const timer = setTimeout(() => {
            last.current = Date.now();
            setCalm(value);
        }, wait);
        return () => clearTimeout(timer);
    }, [value, calm, pause]);
    return calm;
}

/**
 * Loads again when `key` changes (old data dropped) or a topic changes (old data kept), the latter
 * not more often than every `pause` ms.
 */
export function useLoad<T>(key: string, fetcher: () => Promise<T>, topics: Topic[] = [], pause = 0): Loaded<T> {
    const [state, setState] = useState<{ key: string; data: T | null; error: ApiError | null }>({
        key,
        data: null,
        error: null,
    });
    const [turn, setTurn] = useState(0);
    const [loading, setLoading] = useState(true);
    const latest = useRef(fetcher);
    latest.current = fetcher;
    const versions = useCalm(topics.map(topicVersion).join(), pause);

    useEffect(() => {
        let current = true;
        setLoading(true);
        latest
            .current()
            .then(
                (data) => current && setState({ key, data, error: null }),
                (cause: unknown) =>
                    current &&
                    setState((was) => ({
                        key,
                        data: was.key === key ? was.data : null,
                        error: asApiError(cause),
                    })),
            )
            .finally(() => current && setLoading(false));
        return () => {
            current = false;
        };
    }, [key, turn, versions]);

    const reload = useCallback(() => setTurn((n) => n + 1), []);
    // What failed for want of a connection comes by itself when it is back.
    const back = lostAt.value === null;
    const failedOffline = state.error?.code === "offline";
    useEffect(() => {
        if (back && failedOffline) {
            reload();
        }
    }, [back]);
    const set = useCallback((data: T) => setState({ key, data, error: null }), [key]);
    const fits = state.key === key;
    return {
        data: fits ? state.data : null,
        error: fits ? state.error : null,
        loading: loading || !fits,
        reload,
        set,
    };
}

export interface LoadedList<T> {
    items: T[] | null;
    error: ApiError | null;
    loading: boolean;
    more: (() => void) | null;
    reload: () => void;
}

/** A list that grows page by page, and starts anew when its key changes. */
export function useList<T>(
    key: string,
    fetcher: (after: string | null) => Promise<List<T>>,
    topics: Topic[] = [],
): LoadedList<T> {
    const first = useLoad(key, () => fetcher(null), topics);
    const [rest, setRest] = useState<{ of: List<T> | null; items: T[]; next: string | null }>({
        of: null,
        items: [],
        next: null,
    });
    const [busy, setBusy] = useState(false);
    const [error, setError] = useState<ApiError | null>(null);
    const grown = first.data !== null && rest.of === first.data;
    const next = grown ? rest.next : (first.data?.next ?? null);

    const more = useCallback(() => {
        const of = first.data;
        if (of === null || next === null || busy) {
            return;
        }
        setBusy(true);
        setError(null);
        fetcher(next)
            .then(
                (list) =>
                    setRest((was) => ({
                        of,
                        items: was.of === of ? [...was.items, ...list.items] : list.items,
                        next: list.next,
                    })),
                (cause: unknown) => setError(asApiError(cause)),
            )
            .finally(() => setBusy(false));
    }, [first.data, next, busy]);

    return {
        items: first.data ? [...first.data.items, ...(grown ? rest.items : [])] : null,
        error: first.error ?? error,
        loading: first.loading || busy,
        more: next === null ? null : more,
        reload: first.reload,
    };
}

/** A change that runs once at a time: busy while it runs, its error kept. */
export function useAct(): {
    busy: boolean;
    error: ApiError | null;
    clear: () => void;
    run: (work: () => Promise<void>) => Promise<boolean>;
} {
    const [busy, setBusy] = useState(false);
    const [error, setError] = useState<ApiError | null>(null);
    const running = useRef(false);
    const run = useCallback(async (work: () => Promise<void>) => {
        if (running.current) {
            return false;
        }
        running.current = true;
        setBusy(true);
        setError(null);
        try {
            await work();
            return true;
        } catch (cause) {
            setError(asApiError(cause));
            return false;
        } finally {
            running.current = false;
            setBusy(false);
        }
    }, []);
    const clear = useCallback(() => setError(null), []);
    return { busy, error, clear, run };
}
