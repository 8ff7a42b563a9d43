// What can be done with one device: hear a test tone, test itself in silence,
// restart, be replaced, be retired.

import { useState } from "preact/hooks";
import type { Device, DeviceAction } from "../../../shared/fleet";
import { deviceAct, devicePending, deviceReplace, deviceRetire } from "../api/fleet";
import { Button } from "../parts/button";
import { ask, Dialog } from "../parts/dialog";
import { SelectField } from "../parts/field";
import type { IconName } from "../parts/icon";
import { Panel } from "../parts/page";
import { Empty, FormError, Show } from "../parts/states";
import { toastDone } from "../parts/toast";
import { topicTouch } from "../state/live";
import { useAct, useLoad } from "../state/load";
import { go } from "../state/router";
import { can } from "../state/session";
import { t } from "../words";

const acts: { action: DeviceAction; icon: IconName; asks: boolean }[] = [
    { action: "test_tone", icon: "tone", asks: true },
    { action: "self_test", icon: "shield", asks: false },
    { action: "send_log", icon: "import", asks: false },
    { action: "restart", icon: "refresh", asks: true },
];

export function Acts({ device }: { device: Device }) {
    const act = useAct();
    const [replacing, setReplacing] = useState(false);
    const run = async ({ action, asks }: (typeof acts)[number]) => {
        const sure =
            !asks ||
            (await ask({
                title: t(`act.${action as "restart"}_sure`, { name: device.name }),
                body: t(`act.${action as "restart"}_body`),
                yes: t(`act.${action}`),
            }));
        if (sure) {
            await act.run(async () => {
                await deviceAct(device.id, action);
                toastDone(t("act.sent", { what: t(`act.${action}`) }));
            });
        }
    };
    const retire = async () => {
        const sure = await ask({
            title: t("act.retire_sure", { name: device.name }),
            body: t("act.retire_body"),
            yes: t("act.retire"),
            danger: true,
        });
        if (sure) {
            await act.run(async () => {
                await deviceRetire(device.id);
                topicTouch("devices");
                toastDone(t("act.retired"));
                void go("/speakers");
            });
        }
    };
    return (
        <Panel title={t("act.title")}>
            <div class="stack">
                <FormError error={act.error} />
                <div class="form-foot">
                    {can("fleet_write") &&
                        acts.map((one) => (
                            <Button key={one.action} icon={one.icon} busy={act.busy} onClick={() => void run(one)}>
                                {t(`act.${one.action}`)}
                            </Button>
                        ))}
                </div>
                {can("fleet_enrol") && (
                    <div class="form-foot">
                        <Button icon="swap" busy={act.busy} onClick={() => setReplacing(true)}>
                            {t("act.replace")}
                        </Button>
                        <Button kind="danger" icon="trash" busy={act.busy} onClick={() => void retire()}>
                            {t("act.retire")}
                        </Button>
                    </div>
                )}
            </div>
            {replacing && <Replace device={device} onClose={() => setReplacing(false)} />}
        </Panel>
    );
}

/** A new box that waits takes over place, name and settings of the broken one. */
function Replace({ device, onClose }: { device: Device; onClose: () => void }) {
    const waiting = useLoad("pending", devicePending, ["devices"]);
    const [by, setBy] = useState("");
    const act = useAct();
    const submit = () =>
        act.run(async () => {
            const id = Number(by || waiting.data?.items[0]?.id);
            await deviceReplace(device.id, id);
            topicTouch("devices");
            toastDone(t("act.replaced"));
            void go(`/speakers/${id}`);
        });
    return (
        <Dialog title={t("act.replace")} onClose={onClose}>
            <Show of={waiting} lines={2}>
                {({ items }) =>
                    items.length === 0 ? (
                        <Empty picture="lost" title={t("pending.none")}>
                            {t("pending.none_hint")}
                        </Empty>
                    ) : (
                        <form
                            class="stack"
                            onSubmit={(event) => {
                                event.preventDefault();
                                void submit();
                            }}
                        >
                            <p>{t("act.replace_body", { name: device.name })}</p>
                            <FormError error={act.error} />
                            <SelectField
                                label={t("act.replace_by")}
                                value={by || String(items[0]?.id)}
                                options={items.map((one) => ({
                                    value: String(one.id),
                                    label: `${one.serial || one.model} · ${one.fingerprint}`,
                                }))}
                                onChange={setBy}
                            />
                            <div class="dialog-foot">
                                <Button onClick={onClose}>{t("action.cancel")}</Button>
                                <Button submit kind="primary" busy={act.busy}>
                                    {t("act.replace")}
                                </Button>
                            </div>
                        </form>
                    )
                }
            </Show>
        </Dialog>
    );
}
