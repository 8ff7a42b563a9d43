// Where the words on the screen are safe: here only, on the way, or with the
// server.

import { Icon } from "../parts/icon";
import { t } from "../words";
import { timeOf } from "../words/clock";
import type { Draft } from "./draft";

export function SaveState({ draft }: { draft: Draft }) {
    const state = draft.state.value;
    const at = draft.savedAt.value;
    return (
        <p class={`save-state save-${state}`} role="status">
            {state !== "same" && (
                <Icon name={state === "saved" ? "check" : state === "away" ? "offline" : state === "refused" || state === "conflict" ? "warning" : "edit"} />
            )}
            <span>
                {state === "saved" && at !== null
                    ? t("save.saved", { time: timeOf(at) })
                    : state === "same"
                      ? t("save.same")
                      : t(`save.${state}`)}
            </span>
        </p>
    );
}
