// A bulletin as it will be heard and read: what an approver judges. Sound and
// transcript stand together, so that one is checked against the other.

import type { Bulletin } from "../../../shared/studio";
import { mediaUrl } from "../api/broadcast";
import { Fact } from "../parts/fact";
import { Icon } from "../parts/icon";
import { Panel } from "../parts/page";
import { SoundPlayer } from "../parts/sound_player";
import { t } from "../words";
import { instant } from "../words/format";
import { languagesOf } from "./content";
import { channels, tongueName, validWords } from "./words";

type Shown = Pick<Bulletin, "title" | "texts" | "attachments">;

export function BulletinTexts({ bulletin }: { bulletin: Shown }) {
    const languages = languagesOf({ texts: bulletin.texts.map(({ language, channel, title, text, media }) => ({ language, channel, title, text, media })) });
    return (
        <>
            {languages.map((language) =>
                bulletin.texts.some((text) => text.language === language) ? (
                    <Language key={language} bulletin={bulletin} language={language} only={languages.length === 1} />
                ) : null,
            )}
            {bulletin.attachments.length > 0 && (
                <Panel title={t("bulletin.attachments")}>
                    <ul class="plain-list">
                        {bulletin.attachments.map(({ media, name }) => (
                            <li key={media}>
                                <a href={mediaUrl(media)} download={name}>
                                    {name}
                                </a>
                            </li>
                        ))}
                    </ul>
                </Panel>
            )}
        </>
    );
}

function Language({ bulletin, language, only }: { bulletin: Shown; language: string; only: boolean }) {
    const texts = channels.flatMap((channel) => bulletin.texts.filter((text) => text.language === language && text.channel === channel));
    return (
        <Panel title={only ? t("bulletin.texts") : tongueName(language)}>
            <div class="stack">
                {texts.map((text) => (
                    <article key={text.channel} class="said" lang={language}>
                        <h3>
                            <Icon name={text.channel === "sound" ? "listen" : text.channel === "board" ? "system" : "paper"} />
                            {t(`channel.${text.channel}`)}
                        </h3>
                        {text.media !== null && text.channel === "sound" && <SoundPlayer media={text.media} ms={text.ms} title={bulletin.title} />}
                        {text.title !== "" && <p class="said-title">{text.title}</p>}
                        {text.text === "" ? <p class="quiet">{t("bulletin.no_text")}</p> : <p class="said-text">{text.text}</p>}
                    </article>
                ))}
            </div>
        </Panel>
    );
}

export function BulletinFacts({ bulletin }: { bulletin: Bulletin }) {
    const { written_by, approved_by, submitted_at, approved_at } = bulletin;
    return (
        <Panel title={t("bulletin.about")}>
            <dl class="facts">
                <Fact name={t("bulletin.category")}>{bulletin.category?.name ?? t("bulletin.category_none")}</Fact>
                <Fact name={t("bulletin.areas")}>{bulletin.areas.map(({ name }) => name).join(", ") || bulletin.unit.name}</Fact>
                <Fact name={t("bulletin.validity")}>{validWords(bulletin.valid_from, bulletin.valid_to)}</Fact>
                {written_by && <Fact name={t("bulletin.written_by")}>{written_by.name}</Fact>}
                {submitted_at && <Fact name={t("bulletin.submitted_at")}>{instant(submitted_at)}</Fact>}
                {approved_by && (
                    <Fact name={t("bulletin.approved_by")}>
                        {approved_by.name}
                        {bulletin.approved_alone && ` (${t("bulletin.alone")})`}
                    </Fact>
                )}
                {approved_at && <Fact name={t("bulletin.approved_at")}>{instant(approved_at)}</Fact>}
                {bulletin.sources && <Fact name={t("bulletin.sources")}>{bulletin.sources}</Fact>}
            </dl>
        </Panel>
    );
}
