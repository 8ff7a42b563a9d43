// About this server: version, database, licence, and what it is built from.

import { aboutRead } from "../api/people";
import { Copy } from "../parts/copy";
import { Logo } from "../parts/logo";
import { Page, Panel } from "../parts/page";
import { Show } from "../parts/states";
import { Table } from "../parts/table";
import { useLoad } from "../state/load";
import { t } from "../words";
import { instant, lasted } from "../words/format";

const databases: Record<string, string> = { sqlite: "SQLite", postgresql: "PostgreSQL" };

export default function AboutPage() {
    const about = useLoad("about", aboutRead);
    return (
        <Page title={t("section.about")}>
            <Show of={about}>
                {(ready) => (
                    <div class="stack">
                        <section class="panel about">
                            <Logo class="about-logo" />
                            <div>
                                <h2>{`${ready.name} ${ready.version}`}</h2>
                                <p class="quiet">{t("gate.line")}</p>
                            </div>
                        </section>
                        <section class="panel">
                            <dl class="facts">
                                {ready.province && (
                                    <div>
                                        <dt>{t("about.province")}</dt>
                                        <dd>{ready.province.name}</dd>
                                    </div>
                                )}
                                <div>
                                    <dt>{t("about.commit")}</dt>
                                    <dd>
                                        <code>{ready.commit}</code> <Copy value={ready.commit} />
                                    </dd>
                                </div>
                                <div>
                                    <dt>{t("about.built")}</dt>
                                    <dd>{instant(ready.built_at)}</dd>
                                </div>
                                <div>
                                    <dt>{t("about.database")}</dt>
                                    <dd>{`${databases[ready.database.kind] ?? ready.database.kind} ${ready.database.version}`}</dd>
                                </div>
                                <div>
                                    <dt>{t("about.uptime")}</dt>
                                    <dd>{lasted(ready.uptime_s)}</dd>
                                </div>
                                <div>
                                    <dt>{t("about.licence")}</dt>
                                    <dd>{ready.licence}</dd>
                                </div>
                            </dl>
                        </section>
                        <Panel title={t("about.components")}>
                            <Table
                                caption={t("about.components")}
                                columns={[
                                    { key: "name", title: t("about.name"), cell: (row) => row.name },
                                    { key: "version", title: t("about.version"), cell: (row) => row.version },
                                    { key: "licence", title: t("about.licence"), cell: (row) => row.licence },
                                ]}
                                rows={ready.components}
                                id={(row) => row.name}
                            />
                        </Panel>
                    </div>
                )}
            </Show>
        </Page>
    );
}
