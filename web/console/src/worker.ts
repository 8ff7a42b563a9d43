// The service worker: keeps the console's own files, so that the shell opens
// without a connection and can say honestly that it has none. It never keeps
// an answer of the API: yesterday's figures must not pass for today's. And it
// shows what the server pushes while no window is open.

declare const LOA_FILES: string[];
declare const LOA_VERSION: string;

// The worker's own scope; the DOM library's `self` is a window.
const scope = self as unknown as ServiceWorkerGlobalScope;
const CACHE = `loa-${LOA_VERSION}`;
const SHELL = "/";

interface OpenWindow {
    url: string;
    focus(): Promise<unknown>;
    navigate(url: string): Promise<unknown>;
}

interface ServiceWorkerGlobalScope extends EventTarget {
    skipWaiting(): Promise<void>;
    clients: {
        claim(): Promise<void>;
        matchAll(what: { type: "window"; includeUncontrolled: boolean }): Promise<OpenWindow[]>;
        openWindow(url: string): Promise<unknown>;
    };
    location: Location;
    registration: {
        showNotification(title: string, options: object): Promise<void>;
        pushManager: PushManager;
    };
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

/** What the server pushes, in the words of its reader's language. */
interface Pushed {
    kind: string;
    tag: string;
    title: string;
    body: string;
    link: string;
    urgent: boolean;
    at: string;
}

interface PushEvent extends Waits {
    data: { json(): unknown } | null;
}

interface ClickEvent extends Waits {
    notification: { data: { link?: string } | null; close(): void };
}

interface ChangeEvent extends Waits {
    oldSubscription: PushSubscription | null;
}

async function show(pushed: Pushed): Promise<void> {
    await scope.registration.showNotification(pushed.title, {
        body: pushed.body,
        tag: pushed.tag,
        data: { link: pushed.link },
        requireInteraction: pushed.urgent,
        renotify: pushed.urgent,
        timestamp: Date.parse(pushed.at),
        icon: "/icon-192.png",
        badge: "/icon-192.png",
    });
}

/** A link of ours, in the window that is there already when there is one. */
async function openLink(link: string): Promise<void> {
    const url = new URL(link, scope.location.origin);
    if (url.origin !== scope.location.origin) {
        return;
    }
    const [first] = await scope.clients.matchAll({ type: "window", includeUncontrolled: true });
    if (first === undefined) {
        await scope.clients.openWindow(url.href);
    } else {
        await first.navigate(url.href);
        await first.focus();
    }
}

/** The browser changed its address by itself: the server must know the new one. */
async function subscribeAgain(old: PushSubscription | null): Promise<void> {
    const key = old?.options.applicationServerKey;
    if (!key) {
        return;
    }
    const made = (await scope.registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key })).toJSON();
    const session = (await (await fetch("/api/v1/session")).json()) as { csrf?: string | null };
    await fetch("/api/v1/push/subscriptions", {
        method: "POST",
        headers: { "Content-Type": "application/json", "Loa-Csrf": session.csrf ?? "" },
        body: JSON.stringify({ endpoint: made.endpoint, p256dh: made.keys?.["p256dh"], auth: made.keys?.["auth"], name: "Web" }),
    });
}

scope.addEventListener("push", (event) => {
    const pushed = (event as PushEvent).data?.json() as Pushed | undefined;
    if (pushed) {
        (event as PushEvent).waitUntil(show(pushed));
    }
});
scope.addEventListener("notificationclick", (event) => {
    const { notification } = event as ClickEvent;
    notification.close();
    (event as ClickEvent).waitUntil(openLink(notification.data?.link ?? SHELL));
});
scope.addEventListener("pushsubscriptionchange", (event) => {
    (event as ChangeEvent).waitUntil(subscribeAgain((event as ChangeEvent).oldSubscription));
});
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
