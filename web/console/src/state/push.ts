// Web push in this browser: asking for it, telling the server, taking it back.
// The browser's own question comes only after a person pressed our button.

import { pushAdd, pushKey, pushList, pushRemove } from "../api/duty";

export type PushState = "none" | "refused" | "off" | "on";

export function pushPossible(): boolean {
    return "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
}

async function mine(): Promise<PushSubscription | null> {
    const registration = await navigator.serviceWorker.getRegistration();
    return (await registration?.pushManager.getSubscription()) ?? null;
}

export async function pushState(): Promise<PushState> {
    if (!pushPossible()) {
        return "none";
    }
    if (Notification.permission === "denied") {
        return "refused";
    }
    return (await mine()) === null ? "off" : "on";
}

/** "Chrome · Android": what a person will recognise in a list of browsers. */
export function browserName(): string {
    const agent = navigator.userAgent;
    const browser = /Edg\//.test(agent) ? "Edge" : /Firefox\//.test(agent) ? "Firefox" : /Chrome\//.test(agent) ? "Chrome" : /Safari\//.test(agent) ? "Safari" : "Web";
    const system = /Android/.test(agent) ? "Android" : /iPhone|iPad/.test(agent) ? "iOS" : /Windows/.test(agent) ? "Windows" : /Mac OS/.test(agent) ? "macOS" : /Linux/.test(agent) ? "Linux" : "";
    return system === "" ? browser : `${browser} · ${system}`;
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
    const raw = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(raw, (letter) => letter.charCodeAt(0));
}

export async function pushOn(): Promise<PushState> {
    if ((await Notification.requestPermission()) !== "granted") {
        return pushState();
    }
    const registration = await navigator.serviceWorker.ready;
    const { key } = await pushKey();
    const made = await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytesOf(key) });
    const { endpoint, keys } = made.toJSON();
    await pushAdd({ endpoint: endpoint ?? "", p256dh: keys?.["p256dh"] ?? "", auth: keys?.["auth"] ?? "", name: browserName() });
    return "on";
}

export async function pushOff(): Promise<PushState> {
    const own = await mine();
    if (own !== null) {
        const { items } = await pushList();
        const host = new URL(own.endpoint).host;
        const known = items.find((item) => item.host === host && item.name === browserName());
        await own.unsubscribe();
        if (known) {
            await pushRemove(known.id);
        }
    }
    return "off";
}
