// The one place that talks to the server: adds the CSRF token, reads errors
// into one class, and tells the rest of the console what an answer means for
// the session (signed out, locked) and for the connection (gone, back).
//
// A call never retries a change by itself, except when the server refused it
// for a stale CSRF token: then nothing has happened yet.

import type { ErrorBody, FieldError } from "../../../shared/api";

export const BASE = "/api/v1";

export class ApiError extends Error {
    readonly status: number;
    readonly code: string;
    readonly fields: FieldError[];
    /** What the answer says besides the error, for whoever asked. */
    readonly rest: unknown;

    constructor(status: number, code: string, message: string, fields: FieldError[] = [], rest: unknown = null) {
        super(message);
        this.name = "ApiError";
        this.status = status;
        this.code = code;
        this.fields = fields;
        this.rest = rest;
    }

    field(name: string): string | undefined {
        return this.fields.find((item) => item.name === name)?.message;
    }
}

/** What the shell wants to hear about; filled in once at start. */
export interface Listener {
    csrf: () => string | null;
    language: () => string;
    refreshCsrf: () => Promise<void>;
    signedOut: () => void;
    locked: () => void;
    factorNeeded: () => void;
    /** Whether nobody has touched anything lately: the page asks by itself. */
    alone: () => boolean;
    asked: () => void;
    reached: (yes: boolean) => void;
    words: { offline: string; strange: string };
}

let listener: Listener | null = null;

export function clientListen(take: Listener): void {
    listener = take;
}

export type Query = Record<string, string | number | null | undefined>;

export function withQuery(path: string, query: Query): string {
    const search = new URLSearchParams();
    for (const [key, value] of Object.entries(query)) {
        if (value !== null && value !== undefined && value !== "") {
            search.set(key, String(value));
        }
    }
    const text = search.toString();
    return text === "" ? path : `${path}?${text}`;
}

interface Ask {
    method: string;
    path: string;
    body?: unknown;
    file?: Blob;
    /** Of the file; without it, a table. */
    type?: string;
    signal?: AbortSignal | undefined;
}

function headersFor(ask: Ask): Headers {
    const headers = new Headers({ Accept: "application/json" });
    headers.set("Accept-Language", listener?.language() ?? "vi");
    if (listener?.alone()) {
        // What a page fetches by itself must not keep a session awake.
        headers.set("Loa-Background", "1");
    } else {
        listener?.asked();
    }
    const csrf = listener?.csrf();
    if (ask.method !== "GET" && csrf) {
        headers.set("Loa-Csrf", csrf);
    }
    if (ask.file !== undefined) {
        headers.set("Content-Type", ask.type ?? "text/csv; charset=utf-8");
    } else if (ask.body !== undefined) {
        headers.set("Content-Type", "application/json");
    }
    return headers;
}

async function send(ask: Ask): Promise<Response> {
    try {
        const response = await fetch(BASE + ask.path, {
            method: ask.method,
            headers: headersFor(ask),
            credentials: "same-origin",
            cache: "no-store",
            ...(ask.file !== undefined ? { body: ask.file } : {}),
            ...(ask.body !== undefined ? { body: JSON.stringify(ask.body) } : {}),
            ...(ask.signal ? { signal: ask.signal } : {}),
        });
        listener?.reached(true);
        return response;
    } catch (cause) {
        if (ask.signal?.aborted) {
            throw cause;
        }
        listener?.reached(false);
        throw new ApiError(0, "offline", listener?.words.offline ?? "offline");
    }
}

async function errorOf(response: Response): Promise<ApiError> {
    let body: Partial<ErrorBody> = {};
    try {
        body = (await response.json()) as Partial<ErrorBody>;
    } catch {
        // A proxy's page or a cut answer: the status must do.
    }
    const { code, message, fields } = body.error ?? {};
    return new ApiError(
        response.status,
        code ?? `http_${response.status}`,
        message ?? listener?.words.strange ?? response.statusText,
        fields ?? [],
        body,
    );
}

function tell(error: ApiError): void {
    switch (error.code) {
        case "signed_out":
            listener?.signedOut();
            break;
        case "session_locked":
            listener?.locked();
            break;
        case "second_factor_needed":
            listener?.factorNeeded();
            break;
    }
}

export async function call<T>(ask: Ask): Promise<T> {
    if (ask.method !== "GET" && listener?.csrf() === null) {
        // A page that began without the server has no token yet.
        await listener.refreshCsrf();
    }
    let response = await send(ask);
    if (!response.ok) {
        let error = await errorOf(response);
        if (error.code === "bad_csrf" && listener) {
            await listener.refreshCsrf();
            response = await send(ask);
            if (!response.ok) {
                error = await errorOf(response);
            }
        }
        if (!response.ok) {
            tell(error);
            throw error;
        }
    }
    if (response.status === 204) {
        return undefined as T;
    }
    return (await response.json()) as T;
}

export function get<T>(path: string, query: Query = {}, signal?: AbortSignal): Promise<T> {
    return call<T>({ method: "GET", path: withQuery(path, query), signal });
}

export function post<T>(path: string, body: unknown = {}): Promise<T> {
    return call<T>({ method: "POST", path, body });
}

export function put<T>(path: string, body: unknown): Promise<T> {
    return call<T>({ method: "PUT", path, body });
}

export function patch<T>(path: string, body: unknown): Promise<T> {
    return call<T>({ method: "PATCH", path, body });
}

export function remove<T = void>(path: string): Promise<T> {
    return call<T>({ method: "DELETE", path });
}

/** One piece of something big. */
export function putBytes<T>(path: string, query: Query, file: Blob, signal?: AbortSignal): Promise<T> {
    return call<T>({ method: "PUT", path: withQuery(path, query), file, type: "application/octet-stream", signal });
}

/** The file's own bytes: whether they are text at all is for the server to say. */
export function postFile<T>(path: string, query: Query, file: Blob): Promise<T> {
    return call<T>({ method: "POST", path: withQuery(path, query), file });
}
