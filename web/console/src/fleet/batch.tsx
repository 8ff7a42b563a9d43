// One change for many devices. Before anything is sent the page says in words
// how many it would reach; only then there is a button for it.

import { useState } from "preact/hooks";
import type { BatchOutcome, DeviceBatch, DeviceSettings } from "../../../shared/fleet";
import { deviceBatch, groupList } from "../api/fleet";
import { Button } from "../parts/button";
import { Dialog } from "../parts/dialog";
import { SelectField, TextField } from "../parts/field";
import { FormError, Notice } from "../parts/states";
import { toastDone } from "../parts/toast";
import { topicTouch } from "../state/live";
import { useAct, useLoad } from "../state/load";
import { t } from "../words";
import { number } from "../words/format";
import { minutesOf } from "../words/clock";

export type BatchTarget = Pick<DeviceBatch, "ids" | "filter">;

const changes = ["volume", "self_test_min", "month_budget_mb", "fetch", "group_add", "group_drop", "test_tone", "self_test", "restart"] as const;
type What = (typeof changes)[number];

const examples: Partial<Record<What, string>> = {
    volume: "70",
    self_test_min: "03:00",
    month_budget_mb: "200",
    fetch: "23:00",
};

/** The change in the server's terms; null while what was typed makes no sense. */
function changeOf(what: What, value: string, until: string): DeviceBatch["change"] | null {
    const settings = (set: Partial<DeviceSettings>) => ({ settings: set });
    const amount = Number(value);
    switch (what) {
        case "volume":
            return value !== "" && amount >= 0 && amount <= 100 ? settings({ volume: amount }) : null;
        case "month_budget_mb":
            return value !== "" && amount >= 0 ? settings({ month_budget_kb: Math.round(amount * 1024) }) : null;
        case "self_test_min": {
            const at = minutesOf(value);
            return at === null ? null : settings({ self_test_min: at === 0 ? 1440 : at });
        }
        case "fetch": {
            const [from, to] = [minutesOf(value), minutesOf(until)];
            return from === null || to === null ? null : settings({ fetch_from_min: from, fetch_to_min: to });
        }
        case "group_add":
            return amount > 0 ? { group_add: amount } : null;
        case "group_drop":
            return amount > 0 ? { group_drop: amount } : null;
        case "test_tone":
        case "self_test":
        case "restart":
            return { action: what };
    }
}

interface BatchProps {
    target: BatchTarget;
    onClose: () => void;
    onDone: () => void;
}

export function BatchDialog({ target, onClose, onDone }: BatchProps) {
    const [what, setWhat] = useState<What>("volume");
    const [value, setValue] = useState(examples.volume ?? "");
    const [until, setUntil] = useState("04:30");
    const [effect, setEffect] = useState<BatchOutcome | null>(null);
    const act = useAct();
    const groups = useLoad("groups", groupList, ["devices"]);
    const grouping = what === "group_add" || what === "group_drop";
    const change = changeOf(what, value.trim(), until.trim());
    const fresh = () => {
        setEffect(null);
        act.clear();
    };
    const send = (preview: boolean) =>
        act.run(async () => {
            if (change === null) {
                return;
            }
            const outcome = await deviceBatch({ ...target, change, preview });
            if (preview) {
                setEffect(outcome);
            } else {
                toastDone(t("batch.done", { n: outcome.devices }));
                topicTouch("devices");
                onDone();
            }
        });
    return (
        <Dialog title={t("batch.title")} onClose={onClose}>
            <form
                class="stack"
                onSubmit={(event) => {
                    event.preventDefault();
                    void send(effect === null);
                }}
            >
                <SelectField<What>
                    label={t("batch.what")}
                    value={what}
                    options={changes.map((key) => ({ value: key, label: t(`batch.${key}`) }))}
                    onChange={(next) => {
                        setWhat(next);
                        setValue(examples[next] ?? "");
                        fresh();
                    }}
                />
                {grouping && (
                    <SelectField
                        label={t("speakers.group")}
                        hint={groups.data?.items.length === 0 ? t("groups.none") : undefined}
                        value={value}
                        options={[
                            { value: "", label: t("groups.choose") },
                            ...(groups.data?.items ?? []).map(({ id, name }) => ({ value: String(id), label: name })),
                        ]}
                        onChange={(next) => {
                            setValue(next);
                            fresh();
                        }}
                    />
                )}
                {examples[what] !== undefined && (
                    <div class="form-grid">
                        <TextField
                            label={t(what === "fetch" ? "batch.from" : `batch.${what as "volume"}`)}
                            value={value}
                            onInput={(next) => {
                                setValue(next);
                                fresh();
                            }}
                            error={change === null ? t("batch.wrong") : undefined}
                            required
                        />
                        {what === "fetch" && (
                            <TextField
                                label={t("batch.to")}
                                value={until}
                                onInput={(next) => {
                                    setUntil(next);
                                    fresh();
                                }}
                                required
                            />
                        )}
                    </div>
                )}
                <FormError error={act.error} />
                {effect && (
                    <Notice kind={effect.devices === 0 ? "warning" : "info"}>
                        <p>{t("batch.effect", { n: number(effect.devices), units: number(effect.units) })}</p>
                        {effect.skipped > 0 && <p>{t("batch.skipped", { n: number(effect.skipped) })}</p>}
                    </Notice>
                )}
                <div class="dialog-foot">
                    <Button onClick={onClose}>{t("action.cancel")}</Button>
                    {effect === null ? (
                        <Button submit kind="primary" busy={act.busy} disabled={change === null}>
                            {t("batch.preview")}
                        </Button>
                    ) : (
                        <Button submit kind="primary" busy={act.busy} disabled={effect.devices === 0}>
                            {t("batch.go", { n: number(effect.devices) })}
                        </Button>
                    )}
                </div>
            </form>
        </Dialog>
    );
}
