// What a page shows when it has nothing to show: still loading, empty, or
// failed. A failure always gives the server's words, its code, and a way on.

import type { ComponentChildren } from "preact";
import type { ApiError } from "../api/client";
import type { Loaded } from "../state/load";
import { t } from "../words";
import { Button } from "./button";
import { Icon } from "./icon";

export function Skeleton({ lines = 4 }: { lines?: number }) {
    return (
        <div class="skeleton" role="status">
            <span class="hidden-words">{t("state.loading")}</span>
            {Array.from({ length: lines }, (_, i) => (
                <span key={i} class="skeleton-line" aria-hidden="true" />
            ))}
        </div>
    );
}

export type Picture = "tree" | "people" | "log" | "paper" | "lost";

const pictures: Record<Picture, string> = {
    tree: "M80 26v20M80 46H44v18M80 46h36v18M80 46v18M34 64h20v16H34zM70 64h20v16H70zM106 64h20v16h-20zM68 10h24v16H68z",
    people: "M80 48a14 14 0 1 0 0-28 14 14 0 0 0 0 28zM54 86c2-18 12-28 26-28s24 10 26 28M42 52a9 9 0 1 0 0-18M118 34a9 9 0 1 0 0 18M28 78c1-9 6-14 13-15M132 78c-1-9-6-14-13-15",
    log: "M56 12h48v76l-12-7-12 7-12-7-12 7zM68 30h24M68 44h24M68 58h14",
    paper: "M52 12h38l18 18v58H52zM90 12v18h18M64 46h32M64 58h32M64 70h20",
    lost: "M80 88a40 40 0 1 0 0-80 40 40 0 0 0 0 80zM96 32L86 54l-22 10 10-22zM80 4v6M80 86v6M36 48h6M118 48h6",
};

interface EmptyProps {
    picture: Picture;
    title: string;
    children?: ComponentChildren;
}

export function Empty({ picture, title, children }: EmptyProps) {
    return (
        <div class="empty">
            <svg class="empty-picture" viewBox="0 0 160 100" aria-hidden="true" focusable="false">
                <ellipse class="empty-ground" cx="80" cy="90" rx="62" ry="7" />
                <circle class="empty-sun" cx="118" cy="26" r="15" />
                <path class="empty-lines" d={pictures[picture]} />
            </svg>
            <p class="empty-title">{title}</p>
            {children && <div class="empty-more">{children}</div>}
        </div>
    );
}

interface ErrorStateProps {
    error: ApiError;
    retry?: () => void;
}

export function ErrorState({ error, retry }: ErrorStateProps) {
    return (
        <div class="notice notice-danger" role="alert">
            <Icon name={error.code === "offline" ? "offline" : "warning"} />
            <div class="notice-body">
                <p>{error.code === "bug" ? t("state.bug") : error.message}</p>
                <p class="notice-code">{t("state.code", { code: error.code })}</p>
            </div>
            {retry && (
                <Button small icon="refresh" onClick={retry}>
                    {t("state.retry")}
                </Button>
            )}
        </div>
    );
}

/** The error of a form, unless every part of it is already shown at a field. */
export function FormError({ error, shown = [] }: { error: ApiError | null; shown?: string[] }) {
    if (error === null) {
        return null;
    }
    const rest = error.fields.filter((field) => !shown.includes(field.name));
    return (
        <div class="notice notice-danger" role="alert">
            <Icon name="warning" />
            <div class="notice-body">
                <p>{error.code === "bug" ? t("state.bug") : error.message}</p>
                {rest.map((field) => (
                    <p key={field.name}>{field.message}</p>
                ))}
                <p class="notice-code">{t("state.code", { code: error.code })}</p>
            </div>
        </div>
    );
}

export function Notice({ kind = "info", children }: { kind?: "info" | "warning" | "success"; children: ComponentChildren }) {
    return (
        <div class={`notice notice-${kind}`}>
            <Icon name={kind === "success" ? "check" : kind === "warning" ? "warning" : "about"} />
            <div class="notice-body">{children}</div>
        </div>
    );
}

/** Shows data when there is some, and otherwise why not. */
export function Show<T>({
    of,
    lines,
    children,
}: {
    of: Pick<Loaded<T>, "data" | "error" | "reload">;
    lines?: number;
    children: (data: T) => ComponentChildren;
}) {
    return (
        <>
            {of.error && <ErrorState error={of.error} retry={of.reload} />}
            {of.data !== null
                ? children(of.data)
                : !of.error && <Skeleton {...(lines === undefined ? {} : { lines })} />}
        </>
    );
}
