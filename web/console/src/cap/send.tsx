// One message handed in by hand: somebody got it by mail or on a stick.

import { useState } from "preact/hooks";
import { capSend, capSources } from "../api/cap";
import { Button } from "../parts/button";
import { Dialog } from "../parts/dialog";
import { SelectField } from "../parts/field";
import { Icon } from "../parts/icon";
import { FormError } from "../parts/states";
import { topicTouch } from "../state/live";
import { useAct, useLoad } from "../state/load";
import { go } from "../state/router";
import { t } from "../words";

export function CapSend() {
    const [open, setOpen] = useState(false);
    return (
        <>
            <Button icon="import" onClick={() => setOpen(true)}>
                {t("cap.send")}
            </Button>
            {open && <SendDialog onClose={() => setOpen(false)} />}
        </>
    );
}

function SendDialog({ onClose }: { onClose: () => void }) {
    const sources = useLoad("cap.sources", () => capSources());
    const [chosen, setChosen] = useState("");
    const [file, setFile] = useState<File | null>(null);
    const act = useAct();
    const items = sources.data?.items ?? [];
    const source = Number(chosen) || (items[0]?.id ?? 0);
    const run = () =>
        act.run(async () => {
            if (file !== null) {
                const { message } = await capSend(source, file);
                topicTouch("cap");
                onClose();
                void go(`/warnings/${message.id}`);
            }
        });
    return (
        <Dialog title={t("cap.send")} onClose={onClose}>
            <div class="stack">
                <p>{t("cap.send_lead")}</p>
                <SelectField
                    label={t("cap.source")}
                    value={String(source)}
                    options={items.map(({ id, name }) => ({ value: String(id), label: name }))}
                    onChange={setChosen}
                />
                <div class="file">
                    <label for="cap-file">
                        <Icon name="import" />
                        {file?.name ?? t("cap.choose_file")}
                    </label>
                    <input id="cap-file" type="file" accept=".xml,.cap,application/cap+xml,text/xml" onChange={(event) => setFile(event.currentTarget.files?.[0] ?? null)} />
                </div>
                <FormError error={act.error} />
                <div class="dialog-foot">
                    <Button onClick={onClose}>{t("action.cancel")}</Button>
                    <Button kind="primary" busy={act.busy} disabled={file === null || source === 0} onClick={() => void run()}>
                        {t("cap.send_go")}
                    </Button>
                </div>
            </div>
        </Dialog>
    );
}
