// The button that stops everything. What is behind it is fetched as soon as
// the page is quiet, so that it is there when it is needed, even offline.

import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Icon } from "../parts/icon";
import { toastFailed } from "../parts/toast";
import { can } from "../state/session";
import { t } from "../words";

const load = () => import("./all_stop");

export function StopButton() {
    const [open, setOpen] = useState(false);
    const [Inside, setInside] = useState<ComponentType<{ onClose: () => void }> | null>(null);
    const fetchIt = () => load().then(({ AllStopDialog }) => setInside(() => AllStopDialog));
    useEffect(() => {
        const timer = setTimeout(() => void fetchIt().catch(() => undefined), 1_000);
        return () => clearTimeout(timer);
    }, []);
    if (!can("all_stop")) {
        return null;
    }
    return (
        <>
            <button
                type="button"
                class="stop-button"
                aria-haspopup="dialog"
                onClick={() => {
                    setOpen(true);
                    fetchIt().catch(toastFailed);
                }}
            >
                <Icon name="stop" />
                <span>{t("stop.button")}</span>
            </button>
            {open && Inside && <Inside onClose={() => setOpen(false)} />}
        </>
    );
}
