// A new group of the speakers that are chosen: for filters, for changes of
// many, for orders.

import { useState } from "preact/hooks";
import { groupCreate } from "../api/fleet";
import { Button } from "../parts/button";
import { Dialog } from "../parts/dialog";
import { TextField } from "../parts/field";
import { FormError } from "../parts/states";
import { toastDone } from "../parts/toast";
import { topicTouch } from "../state/live";
import { useAct } from "../state/load";
import { account } from "../state/session";
import { t } from "../words";

export function GroupNew({ ids, onClose }: { ids: number[]; onClose: () => void }) {
    const [name, setName] = useState("");
    const act = useAct();
    const submit = () =>
        act.run(async () => {
            await groupCreate(name.trim(), account.value?.unit.id ?? 0, ids);
            topicTouch("devices");
            toastDone(t("groups.made", { name: name.trim() }));
            onClose();
        });
    return (
        <Dialog title={t("groups.new")} onClose={onClose}>
            <form
                class="stack"
                onSubmit={(event) => {
                    event.preventDefault();
                    void submit();
                }}
            >
                <FormError error={act.error} shown={["name"]} />
                <TextField label={t("groups.name")} hint={t("groups.name_hint")} value={name} onInput={setName} error={act.error?.field("name")} focus required />
                <div class="dialog-foot">
                    <Button onClick={onClose}>{t("action.cancel")}</Button>
                    <Button submit kind="primary" busy={act.busy} disabled={name.trim() === ""}>
                        {t("groups.make", { n: ids.length })}
                    </Button>
                </div>
            </form>
        </Dialog>
    );
}
