// One language of a bulletin: its sound with the transcript, and, when they
// should say it otherwise, a text of its own for the board and the portal.

import type { BulletinContent, Channel } from "../../../shared/studio";
import { Button, IconButton } from "../parts/button";
import { TextField } from "../parts/field";
import { TextArea } from "../parts/text_area";
import { t } from "../words";
import { textDrop, textOf, textSet, type Text } from "./content";
import { draftSet, type Draft } from "./draft";
import { SoundPart } from "./sound_part";
import { tongueName } from "./words";

interface TextPartProps {
    draft: Draft;
    language: string;
    lacking: ReadonlySet<string>;
    onWaits: (waits: boolean) => void;
}

const own: Channel[] = ["board", "portal"];

export function TextPart({ draft, language, lacking, onWaits }: TextPartProps) {
    const content = draft.content.value;
    const sound = textOf(content, language, "sound");
    const put = (text: Text, change: Partial<Text>) => draftSet(draft, (was) => textSet(was, { ...textOf(was, language, text.channel), ...change }));
    const added = own.filter((channel) => has(content, language, channel));
    return (
        <div class="stack">
            <SoundPart
                key={language}
                mark={draft.begun.mark}
                bulletin={draft.id.value}
                unit={draft.begun.unit}
                title={content.title}
                text={sound}
                onChange={(change) => put(sound, change)}
                onWaits={onWaits}
            />
            {lacking.has("sound") && <p class="field-error">{t("lack.sound", { language: tongueName(language) })}</p>}
            <TextArea
                label={t("bulletin.transcript")}
                hint={t("bulletin.transcript_hint")}
                value={sound.text}
                rows={6}
                onInput={(text) => put(sound, { text })}
                error={lacking.has("transcript") ? t("lack.transcript", { language: tongueName(language) }) : undefined}
                required
            />
            {added.map((channel) => {
                const text = textOf(content, language, channel);
                return (
                    <fieldset key={channel} class="own-text">
                        <legend class="field-label">{t(`bulletin.own_${channel as "board"}`)}</legend>
                        <IconButton
                            icon="trash"
                            label={t("bulletin.own_remove", { channel: t(`channel.${channel}`) })}
                            onClick={() => draftSet(draft, (was) => textDrop(was, language, channel))}
                        />
                        <TextField label={t("bulletin.own_title")} value={text.title} onInput={(title) => put(text, { title })} />
                        <TextArea label={t("bulletin.own_text")} value={text.text} rows={channel === "board" ? 3 : 8} onInput={(said) => put(text, { text: said })} required />
                    </fieldset>
                );
            })}
            <div class="form-foot">
                {own
                    .filter((channel) => !added.includes(channel))
                    .map((channel) => (
                        <Button
                            key={channel}
                            small
                            kind="quiet"
                            icon="plus"
                            onClick={() => put(textOf(content, language, channel), { title: content.title, text: sound.text })}
                        >
                            {t(`bulletin.add_${channel as "board"}`)}
                        </Button>
                    ))}
            </div>
        </div>
    );
}

function has(content: BulletinContent, language: string, channel: Channel): boolean {
    return content.texts.some((text) => text.language === language && text.channel === channel);
}
