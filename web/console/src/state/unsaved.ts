// A form with unsaved work asks before it is left.

import { useEffect } from "preact/hooks";
import { ask } from "../parts/dialog";
import { t } from "../words";
import { routerGuard } from "./router";

export function useUnsaved(dirty: boolean): void {
    useEffect(() => {
        if (!dirty) {
            return;
        }
        routerGuard(() =>
            ask({
                title: t("unsaved.title"),
                body: t("unsaved.body"),
                yes: t("unsaved.leave"),
                danger: true,
            }),
        );
        return () => routerGuard(null);
    }, [dirty]);
}

/** The work is saved: the next step may leave without a question. */
export function unsavedDone(): void {
    routerGuard(null);
}
