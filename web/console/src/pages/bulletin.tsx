// One bulletin: what it says, what can be done with it, what became of it.

import soundStyles from "../../styles/sound.css";
import studioStyles from "../../styles/studio.css";
import type { Bulletin } from "../../../shared/studio";
import { bulletinRead } from "../api/studio";
import { Page } from "../parts/page";
import { sheetUse } from "../parts/sheet";
import { Notice, Show } from "../parts/states";
import { Tabs } from "../parts/tabs";
import type { PageProps } from "../shell/pages";
import { useLoad } from "../state/load";
import { AirPart, Airings } from "../studio/airings";
import { BulletinFacts, BulletinTexts } from "../studio/shown";
import { Steps } from "../studio/steps";
import { Versions } from "../studio/versions";
import { ClassBadge, StateBadge } from "../studio/words";
import { t } from "../words";

sheetUse(studioStyles);
sheetUse(soundStyles);

export default function BulletinPage({ params }: PageProps) {
    const id = Number(params["id"]);
    const bulletin = useLoad(`bulletin|${id}`, () => bulletinRead(id), ["bulletins"]);
    const { data } = bulletin;
    return (
        <Page
            title={data?.title ?? t("section.bulletins")}
            crumbs={[{ label: t("section.bulletins"), href: "/bulletins" }]}
            badge={
                data && (
                    <span class="badges">
                        <StateBadge state={data.state} />
                        <ClassBadge of={data.class} />
                    </span>
                )
            }
            {...(data ? { lead: data.unit.name } : {})}
        >
            <Show of={bulletin} lines={8}>
                {(ready) => (
                    <Tabs
                        label={t("section.bulletins")}
                        tabs={[
                            { key: "content", title: t("bulletin.tab_content"), body: () => <Content bulletin={ready} onChanged={bulletin.set} /> },
                            { key: "air", title: t("bulletin.tab_air"), body: () => <AirPart id={id} /> },
                            { key: "versions", title: t("bulletin.tab_versions"), body: () => <Versions id={id} /> },
                        ]}
                    />
                )}
            </Show>
        </Page>
    );
}

function Content({ bulletin, onChanged }: { bulletin: Bulletin; onChanged: (next: Bulletin) => void }) {
    return (
        <>
            {(bulletin.state === "returned" || bulletin.state === "withdrawn") && bulletin.reason && (
                <Notice kind="warning">
                    <b>{t(bulletin.state === "returned" ? "bulletin.was_returned" : "bulletin.was_withdrawn")}</b> {bulletin.reason}
                </Notice>
            )}
            {bulletin.approved_revision !== null && bulletin.approved_revision !== bulletin.revision && (
                <Notice kind="warning">{t("bulletin.changed_since")}</Notice>
            )}
            <BulletinTexts bulletin={bulletin} />
            <Airings bulletin={bulletin} />
            <BulletinFacts bulletin={bulletin} />
            <Steps bulletin={bulletin} onChanged={onChanged} />
        </>
    );
}
