// A new encoder or relay.

import { useState } from "preact/hooks";
import type { UnitRef } from "../../../shared/api";
import type { LiveClass, LiveSource, LiveSourceDraft } from "../../../shared/live";
import { mediaList } from "../api/broadcast";
import { liveSourceCreate } from "../api/live";
import { AreaPicker } from "../parts/area_picker";
import { Button } from "../parts/button";
import { Dialog } from "../parts/dialog";
import { CheckField, SelectField, TextField } from "../parts/field";
import { FormError } from "../parts/states";
import { topicTouch } from "../state/live";
import { useAct, useLoad } from "../state/load";
import { account } from "../state/session";
import { t } from "../words";
import { lengthOf } from "../words/clock";
import { plainText } from "../words/names";

const MOST_MEDIA = 200;
const classes: LiveClass[] = ["ordinary", "priority"];

interface SourceFormProps {
    kind: LiveSource["kind"];
    onClose: () => void;
    onDone: (source: LiveSource) => void;
}

/** A name for an address: letters without marks, digits, hyphens. */
function slugOf(title: string): string {
    return plainText(title)
        .replace(/[^a-z0-9]+/g, "-")
        .replace(/^-|-$/g, "")
        .slice(0, 40);
}

export function SourceForm({ kind, onClose, onDone }: SourceFormProps) {
    const mine = account.value?.unit;
    const [areas, setAreas] = useState<UnitRef[]>(mine ? [{ id: mine.id, name: mine.name }] : []);
    const [draft, setDraft] = useState<LiveSourceDraft>({
        unit_id: mine?.id ?? 0,
        name: "",
        kind,
        title: "",
        areas: [],
        class: "ordinary",
        fallback: null,
        language: "vi",
        public: true,
        record: false,
        address: "",
    });
    const media = useLoad("live.media", () => mediaList({ limit: MOST_MEDIA }));
    const act = useAct();
    const set = (part: Partial<LiveSourceDraft>) => setDraft((was) => ({ ...was, ...part }));
    const submit = () =>
        act.run(async () => {
            const title = draft.title.trim();
            const source = await liveSourceCreate({ ...draft, title, name: draft.name || slugOf(title), areas: areas.map(({ id }) => id) });
            topicTouch("live");
            onDone(source);
        });
    return (
        <Dialog title={t(`source_add.${kind}`)} onClose={onClose} wide>
            <form
                class="stack"
                onSubmit={(event) => {
                    event.preventDefault();
                    void submit();
                }}
            >
                <FormError error={act.error} shown={["title", "name", "address"]} />
                <div class="form-grid">
                    <TextField label={t("live_sources.name")} value={draft.title} onInput={(title) => set({ title })} error={act.error?.field("title")} required />
                    {kind === "encoder" ? (
                        <TextField label={t("live_sources.mount")} hint={t("live_sources.mount_hint", { name: draft.name || slugOf(draft.title) || "…" })} value={draft.name} onInput={(name) => set({ name })} error={act.error?.field("name")} code />
                    ) : (
                        <TextField label={t("live_sources.address")} hint={t("live_sources.address_hint")} value={draft.address} onInput={(address) => set({ address })} error={act.error?.field("address")} required />
                    )}
                    <SelectField<LiveClass> label={t("programmes.class")} value={draft.class} options={classes.map((value) => ({ value, label: t(`class.${value}`) }))} onChange={(value) => set({ class: value })} />
                    <SelectField
                        label={t("live.fallback")}
                        value={draft.fallback ?? ""}
                        options={[
                            { value: "", label: t("live.fallback_none") },
                            ...(media.data?.items ?? []).map((one) => ({ value: one.media, label: `${one.title} (${lengthOf(one.ms)})` })),
                        ]}
                        onChange={(value) => set({ fallback: value || null })}
                    />
                </div>
                <CheckField label={t("live.public")} checked={draft.public} onChange={(yes) => set({ public: yes })} />
                <AreaPicker label={t("alarm.areas")} value={areas} onChange={setAreas} />
                <div class="dialog-foot">
                    <Button onClick={onClose}>{t("action.cancel")}</Button>
                    <Button submit kind="primary" busy={act.busy} disabled={draft.title.trim() === "" || areas.length === 0}>
                        {t("action.save")}
                    </Button>
                </div>
            </form>
        </Dialog>
    );
}
