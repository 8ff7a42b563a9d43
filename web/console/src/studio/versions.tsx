// Every version that was ever saved, and what is different between two.

import { useState } from "preact/hooks";
import type { BulletinVersion, VersionLine } from "../../../shared/studio";
import { bulletinVersion, bulletinVersions } from "../api/studio";
import { SelectField } from "../parts/field";
import { Panel } from "../parts/page";
import { Notice, Show } from "../parts/states";
import { useLoad } from "../state/load";
import { t } from "../words";
import { instant } from "../words/format";
import { Changed } from "./text_diff";
import { tongueName, validWords } from "./words";

export function Versions({ id }: { id: number }) {
    const list = useLoad(`versions|${id}`, () => bulletinVersions(id), ["bulletins"]);
    return <Show of={list}>{({ items }) => <Compare id={id} lines={[...items].sort((a, b) => b.revision - a.revision)} />}</Show>;
}

function label(line: VersionLine): string {
    return t("versions.line", { n: String(line.revision), who: line.saved_by?.name ?? "", at: instant(line.saved_at) });
}

function Compare({ id, lines }: { id: number; lines: VersionLine[] }) {
    const [newer, setNewer] = useState(lines[0]?.revision ?? 1);
    const [older, setOlder] = useState(lines[1]?.revision ?? newer);
    const options = lines.map((line) => ({ value: String(line.revision), label: label(line) }));
    const both = useLoad(`compare|${id}|${older}|${newer}`, async () => ({
        before: await bulletinVersion(id, older),
        after: await bulletinVersion(id, newer),
    }));
    return (
        <Panel title={t("versions.title", { n: lines.length })} lead={t("versions.lead")}>
            <div class="stack">
                {lines.length > 1 && (
                    <div class="form-grid">
                        <SelectField label={t("versions.before")} value={String(older)} options={options} onChange={(value) => setOlder(Number(value))} />
                        <SelectField label={t("versions.after")} value={String(newer)} options={options} onChange={(value) => setNewer(Number(value))} />
                    </div>
                )}
                {lines.length > 1 ? (
                    <Show of={both}>{(ready) => <Differences {...ready} />}</Show>
                ) : (
                    <p class="quiet">{lines[0] && label(lines[0])}</p>
                )}
            </div>
        </Panel>
    );
}

interface Line {
    name: string;
    before: string;
    after: string;
}

function linesOf(before: BulletinVersion, after: BulletinVersion): Line[] {
    const plain = (of: BulletinVersion): Record<string, string> => ({
        [t("bulletin.title")]: of.title,
        [t("bulletin.category")]: of.category?.name ?? "",
        [t("bulletin.class")]: t(`bulletin_class.${of.class}`),
        [t("bulletin.areas")]: of.areas.map(({ name }) => name).join(", "),
        [t("bulletin.validity")]: validWords(of.valid_from, of.valid_to),
        [t("bulletin.sources")]: of.sources ?? "",
        [t("bulletin.attachments")]: of.attachments.map(({ name }) => name).join(", "),
        ...Object.fromEntries(
            of.texts.flatMap((text) => {
                const name = `${t(`channel.${text.channel}`)} · ${tongueName(text.language)}`;
                return [
                    [name, [text.title, text.text].filter(Boolean).join("\n")],
                    [`${name} · ${t("versions.sound")}`, text.media?.slice(0, 12) ?? ""],
                ];
            }),
        ),
    });
    const [a, b] = [plain(before), plain(after)];
    return [...new Set([...Object.keys(a), ...Object.keys(b)])]
        .map((name) => ({ name, before: a[name] ?? "", after: b[name] ?? "" }))
        .filter((line) => line.before !== line.after);
}

function Differences({ before, after }: { before: BulletinVersion; after: BulletinVersion }) {
    const lines = linesOf(before, after);
    if (lines.length === 0) {
        return <Notice>{t("versions.same")}</Notice>;
    }
    return (
        <dl class="changes">
            {lines.map((line) => (
                <div key={line.name}>
                    <dt class="field-label">{line.name}</dt>
                    <dd>
                        <Changed before={line.before} after={line.after} />
                    </dd>
                </div>
            ))}
        </dl>
    );
}
