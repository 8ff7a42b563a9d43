// Starts the console: learns the language, the session and the connection,
// then draws. Everything that listens for the whole life of the page is
// started here and nowhere else.

import { render } from "preact";
import { effect } from "@preact/signals";
import { clientListen } from "./api/client";
import { App } from "./app";
import { idleStart, isAlone, toldServer } from "./state/idle";
import { liveStart } from "./state/live";
import { markReached, onlineStart, returns } from "./state/online";
import { routerStart } from "./state/router";
import {
    session,
    sessionForget,
    sessionMarkLocked,
    sessionRefresh,
} from "./state/session";
import { language, languageStart, t } from "./words";

clientListen({
    csrf: () => session.peek()?.csrf ?? null,
    language: () => language.peek(),
    refreshCsrf: sessionRefresh,
    signedOut: () => sessionForget("expired"),
    locked: sessionMarkLocked,
    factorNeeded: () => void sessionRefresh().catch(() => undefined),
    alone: isAlone,
    asked: toldServer,
    reached: markReached,
    words: {
        get offline() {
            return t("state.offline");
        },
        get strange() {
            return t("state.strange");
        },
    },
});

async function start(): Promise<void> {
    await languageStart();
    routerStart();
    onlineStart();
    liveStart();
    idleStart();
    // What began without the server asks it who is here as soon as it can.
    effect(() => {
        if (returns.value > 0 && session.peek()?.csrf === null) {
            sessionRefresh().catch(() => undefined);
        }
    });
    const root = document.getElementById("app");
    if (root) {
        root.textContent = "";
        render(<App />, root);
    }
    if ("serviceWorker" in navigator && isSecureContext) {
        // Without it the console works, only not offline.
        navigator.serviceWorker.register("/worker.js").catch(() => undefined);
    }
}

void start();
