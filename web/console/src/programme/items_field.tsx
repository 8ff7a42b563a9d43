// What a programme plays: sounds in their order, chosen from those that are
// there or added from a file.

import { useState } from "preact/hooks";
import type { Media, ProgrammeItem } from "../../../shared/broadcast";
import { mediaList, mediaUrl } from "../api/broadcast";
import { Button, IconButton } from "../parts/button";
import { SelectField } from "../parts/field";
import { Icon } from "../parts/icon";
import { FormError } from "../parts/states";
import { fileReady } from "../sound/ready";
import { useAct, useLoad } from "../state/load";
import { t } from "../words";
import { lengthOf } from "../words/clock";

type Item = Omit<ProgrammeItem, "title" | "ms">;

interface ItemsFieldProps {
    unit: number;
    items: Item[];
    onChange: (items: Item[]) => void;
}

const MOST = 200;

function numbered(items: Item[]): Item[] {
    return items.map((item, position) => ({ ...item, position }));
}

export function ItemsField({ unit, items, onChange }: ItemsFieldProps) {
    const media = useLoad(`media|${unit}`, () => mediaList({ unit, limit: MOST }), ["programmes"]);
    const act = useAct();
    const [picked, setPicked] = useState("");
    const known = new Map((media.data?.items ?? []).map((one) => [one.media, one]));
    const add = (one: Pick<Media, "media" | "language">) => onChange(numbered([...items, { on: null, position: items.length, language: one.language, media: one.media }]));
    const upload = (file: File) =>
        act.run(async () => {
            const title = file.name.replace(/\.\w+$/, "");
            const made = await fileReady({ title, unit_id: unit, language: "vi" }, file);
            media.reload();
            add(made);
        });
    return (
        <div class="items">
            {items.length > 0 && (
                <ol class="items-list">
                    {items.map((item, index) => {
                        const one = known.get(item.media);
                        return (
                            <li key={`${item.media}|${index}`}>
                                <Icon name="played" />
                                <span class="items-name">{one?.title ?? item.media.slice(0, 12)}</span>
                                <span class="quiet figure">{one && lengthOf(one.ms)}</span>
                                <audio controls preload="none" src={mediaUrl(item.media)} aria-label={one?.title ?? item.media} />
                                <IconButton
                                    icon="trash"
                                    label={t("items.remove", { title: one?.title ?? "" })}
                                    onClick={() => onChange(numbered(items.filter((_, at) => at !== index)))}
                                />
                            </li>
                        );
                    })}
                </ol>
            )}
            <FormError error={act.error} />
            <div class="items-add">
                <SelectField
                    label={t("items.choose")}
                    value={picked}
                    options={[{ value: "", label: t("items.none_chosen") }, ...[...known.values()].map((one) => ({ value: one.media, label: `${one.title} (${lengthOf(one.ms)})` }))]}
                    onChange={setPicked}
                />
                <Button
                    icon="plus"
                    disabled={!known.has(picked)}
                    onClick={() => {
                        const one = known.get(picked);
                        if (one) {
                            add(one);
                            setPicked("");
                        }
                    }}
                >
                    {t("items.add")}
                </Button>
            </div>
            <label class="button button-secondary items-file">
                <Icon name="import" />
                <span>{t(act.busy ? "items.working" : "items.upload")}</span>
                <input
                    class="hidden-words"
                    type="file"
                    accept="audio/*,video/*"
                    onChange={(event) => {
                        const file = event.currentTarget.files?.[0];
                        event.currentTarget.value = "";
                        if (file) {
                            void upload(file);
                        }
                    }}
                />
            </label>
            <p class="field-hint">{t("items.hint")}</p>
        </div>
    );
}
