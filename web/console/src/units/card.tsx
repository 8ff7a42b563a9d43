// A unit's card: what it is on the chosen day, what it was, where it came
// from and where it went.

import type { UnitCard, UnitKind } from "../../../shared/api";
import { Badge } from "../parts/badge";
import { Copy } from "../parts/copy";
import { Panel } from "../parts/page";
import { Notice } from "../parts/states";
import { t } from "../words";
import { day, number, span } from "../words/format";
import { Lineage } from "./lineage";
import { Timeline } from "./timeline";

export function kindWord(kind: UnitKind): string {
    return t(`kind.${kind}`);
}

export function UnitBadges({ card }: { card: UnitCard }) {
    return (
        <>
            <Badge tone="info">{kindWord(card.unit.kind)}</Badge>
            {!card.exists && <Badge tone="warn">{t("units.absent")}</Badge>}
        </>
    );
}

export function CardBody({ card, at }: { card: UnitCard; at: string | null }) {
    const { unit, counts } = card;
    return (
        <div class="stack">
            {!card.exists && (
                <Notice kind="warning">
                    {t("units.absent_on", {
                        day: at === null ? t("units.absent_today") : day(at),
                        span: span(unit.from, unit.to),
                    })}
                </Notice>
            )}
            <section class="panel">
                <h2 class="hidden-words">{t("units.facts")}</h2>
                <dl class="facts">
                    <div>
                        <dt>{t("units.code")}</dt>
                        <dd>
                            {unit.code ? (
                                <>
                                    <code>{unit.code}</code> <Copy value={unit.code} />
                                </>
                            ) : (
                                t("units.no_code")
                            )}
                        </dd>
                    </div>
                    <div>
                        <dt>{t("units.valid")}</dt>
                        <dd>{span(unit.from, unit.to)}</dd>
                    </div>
                    <div>
                        <dt>{t("units.tier")}</dt>
                        <dd>{t(`tier.${unit.tier}`)}</dd>
                    </div>
                    {(["district", "commune", "village"] as const).map((tier) => {
                        const count = counts[tier] ?? 0;
                        return count === 0 ? null : (
                            <div key={tier}>
                                <dt>{t(`tiers.${tier}`)}</dt>
                                <dd class="figure">{number(count)}</dd>
                            </div>
                        );
                    })}
                </dl>
            </section>
            {(card.predecessors.length > 0 || card.successors.length > 0) && (
                <Panel title={t("lineage.title")}>
                    <Lineage card={card} />
                </Panel>
            )}
            <Panel title={t("timeline.title")}>
                <Timeline card={card} />
            </Panel>
        </div>
    );
}
