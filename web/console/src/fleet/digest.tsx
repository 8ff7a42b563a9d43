// Faults in few lines: one kind in one commune is one line.

import type { FaultDigest } from "../../../shared/fleet";
import { Badge } from "../parts/badge";
import { Empty } from "../parts/states";
import { t } from "../words";
import { agoInside } from "../words/format";
import { faultTone } from "./marks";

export function Digest({ digest, most = 99 }: { digest: FaultDigest; most?: number }) {
    if (digest.items.length === 0) {
        return <Empty picture="people" title={t("faults.none")} />;
    }
    return (
        <ul class="lines">
            {digest.items.slice(0, most).map((line) => (
                <li key={`${line.kind}|${line.unit.id}|${line.device?.id ?? 0}`} class="line">
                    <div class="line-body">
                        <p>
                            <Badge tone={faultTone(line.kind)}>{t(`fault.${line.kind}`)}</Badge>{" "}
                            {line.device ? (
                                <a href={`/speakers/${line.device.id}`}>{line.device.name}</a>
                            ) : (
                                <a href={`/speakers?unit=${line.unit.id}&fault=${line.kind}`}>
                                    {t("faults.many", { n: line.count, of: line.devices })}
                                </a>
                            )}
                        </p>
                        <p class="quiet">
                            {line.unit.name} · {t("faults.since", { when: agoInside(line.since) })}
                        </p>
                    </div>
                </li>
            ))}
        </ul>
    );
}
