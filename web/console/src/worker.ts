// The service worker: keeps the console's own files, so that the shell opens
// without a connection and can say honestly that it has none. It never keeps
// an answer of the API: yesterday's figures must not pass for today's.

declare const LOA_FILES: string[];
declare const LOA_VERSION: string;

// The worker's own scope; the DOM library's `self` is a window.
const scope = self as unknown as ServiceWorkerGlobalScope;
const CACHE = `loa-${LOA_VERSION}`;
const SHELL = "/";

interface ServiceWorkerGlobalScope extends EventTarget {
    skipWaiting(): Promise<void>;
    clients: { claim(): Promise<void> };
    location: Location;
}

interface Waits extends Event {
    waitUntil(work: Promise<unknown>): void;
}

interface Answers extends Waits {
    request: Request;
    respondWith(answer: Promise<Response>): void;
}

async function fill(): Promise<void> {
    const cache = await caches.open(CACHE);
    await cache.addAll([SHELL, "/icon.svg", "/manifest.webmanifest", ...LOA_FILES]);
    await scope.skipWaiting();
}

async function sweep(): Promise<void> {
    for (const name of await caches.keys()) {
        if (name.startsWith("loa-") && name !== CACHE) {
            await caches.delete(name);
        }
    }
    await scope.clients.claim();
}

/** A page: from the server when it answers, else the kept shell. */
async function page(request: Request): Promise<Response> {
    try {
        return await fetch(request);
    } catch (cause) {
        const kept = await caches.match(SHELL);
        if (kept === undefined) {
            throw cause;
        }
        return kept;
    }
}

/** A file named by its own hash cannot be stale. */
async function file(request: Request): Promise<Response> {
    return (await caches.match(request)) ?? fetch(request);
}

scope.addEventListener("install", (event) => (event as Waits).waitUntil(fill()));
scope.addEventListener("activate", (event) => (event as Waits).waitUntil(sweep()));
scope.addEventListener("fetch", (event) => {
    const { request, respondWith } = event as Answers;
    const url = new URL(request.url);
    if (request.method !== "GET" || url.origin !== scope.location.origin) {
        return;
    }
    if (request.mode === "navigate" && !url.pathname.startsWith("/api/")) {
        respondWith.call(event, page(request));
    } else if (url.pathname.startsWith("/assets/")) {
        respondWith.call(event, file(request));
    }
});
