// Every setting of the server, grouped by what it belongs to.

import type { Setting } from "../../../shared/api";
import { settingList } from "../api/people";
import { TextField } from "../parts/field";
import { Icon } from "../parts/icon";
import { Page, Panel } from "../parts/page";
import { Empty, Show } from "../parts/states";
import { SettingLine } from "../settings/setting_line";
import { useLoad } from "../state/load";
import { here, querySet } from "../state/router";
import { t, tCode } from "../words";
import { plainText } from "../words/names";

function grouped(items: Setting[], q: string): [string, Setting[]][] {
    const wanted = plainText(q);
    const sections = new Map<string, Setting[]>();
    for (const item of items) {
        if (plainText(`${item.key} ${item.title} ${item.help}`).includes(wanted)) {
            sections.set(item.section, [...(sections.get(item.section) ?? []), item]);
        }
    }
    // What can be changed here comes first; the rest is for looking up.
    const live = (list: Setting[]) => list.some((item) => item.live);
    return [...sections].sort(([, a], [, b]) => Number(live(b)) - Number(live(a)));
}

interface SectionProps {
    section: string;
    list: Setting[];
    /** A search opens what it found. */
    searching: boolean;
    onChanged: () => void;
}

function Section({ section, list, searching, onChanged }: SectionProps) {
    const lines = (items: Setting[]) => (
        <ul class="settings">
            {items.map((setting) => (
                <SettingLine key={setting.key} setting={setting} onChanged={onChanged} />
            ))}
        </ul>
    );
    const fixed = list.filter((item) => !item.live);
    return (
        <Panel title={tCode("setting", section)}>
            {lines(list.filter((item) => item.live))}
            {fixed.length > 0 && (
                <details class="settings-fixed" open={searching}>
                    <summary>
                        <Icon name="lock" />
                        {t("settings.fixed_ones", { n: fixed.length })}
                        <Icon name="down" class="settings-turn" />
                    </summary>
                    {lines(fixed)}
                </details>
            )}
        </Panel>
    );
}

export default function Settings() {
    const settings = useLoad("settings", settingList, ["settings"]);
    const q = here.value.query.get("q") ?? "";
    return (
        <Page title={t("section.settings")} lead={t("settings.lead")}>
            <div class="settings-search" role="search" aria-label={t("settings.search")}>
                <TextField
                    label={t("settings.search")}
                    type="search"
                    value={q}
                    onInput={(text) => querySet({ q: text })}
                    required
                />
            </div>
            <Show of={settings} lines={8}>
                {({ items }) => {
                    const groups = grouped(items, q);
                    return groups.length === 0 ? (
                        <Empty picture="paper" title={t("settings.none")} />
                    ) : (
                        <div class="stack">
                            {groups.map(([section, list]) => (
                                <Section
                                    key={section}
                                    section={section}
                                    list={list}
                                    searching={q !== ""}
                                    onChanged={settings.reload}
                                />
                            ))}
                        </div>
                    );
                }}
            </Show>
        </Page>
    );
}
