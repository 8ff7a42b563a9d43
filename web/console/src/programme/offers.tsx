// What units above offer: ordinary programmes that a commune takes or leaves,
// at their time or its own.

import { useState } from "preact/hooks";
import type { Programme } from "../../../shared/broadcast";
import { programmeChoose, programmeList } from "../api/broadcast";
import { Badge } from "../parts/badge";
import { Button } from "../parts/button";
import { TextField } from "../parts/field";
import { Panel } from "../parts/page";
import { FormError } from "../parts/states";
import { toastDone } from "../parts/toast";
import { topicTouch } from "../state/live";
import { useAct, useLoad } from "../state/load";
import { can } from "../state/session";
import { t } from "../words";
import { clockText } from "../words/clock";
import { whenWords } from "./when_words";

const MOST = 100;

export function Offers({ unit }: { unit: number }) {
    const list = useLoad(`offers|${unit}`, () => programmeList({ unit, limit: MOST }), ["programmes"]);
    const offers = (list.data?.items ?? []).filter((one) => one.unit.id !== unit && one.class === "ordinary");
    if (offers.length === 0) {
        return null;
    }
    return (
        <Panel title={t("offers.title")} lead={t("offers.lead")}>
            <ul class="lines">
                {offers.map((offer) => (
                    <li key={offer.id} class="line">
                        <Offer offer={offer} unit={unit} />
                    </li>
                ))}
            </ul>
        </Panel>
    );
}

function Offer({ offer, unit }: { offer: Programme; unit: number }) {
    const [start, setStart] = useState(offer.choice?.start ?? "");
    const act = useAct();
    const taken = offer.choice?.taken ?? null;
    const choose = (yes: boolean) =>
        act.run(async () => {
            await programmeChoose(offer.id, unit, yes, start.trim() === "" ? null : clockText(start));
            topicTouch("programmes");
            toastDone(t(yes ? "offers.taken" : "offers.left", { name: offer.name }));
        });
    return (
        <div class="line-body offer">
            <div>
                <p>
                    <a href={`/programmes/${offer.id}`}>{offer.name}</a>{" "}
                    {taken !== null && <Badge tone={taken ? "good" : "calm"}>{t(taken ? "offers.is_taken" : "offers.is_left")}</Badge>}
                </p>
                <p class="quiet">
                    {offer.unit.name} · {whenWords(offer.when)} · {offer.start.slice(0, 5)}
                </p>
                <FormError error={act.error} />
            </div>
            {can("programmes_write") && (
                <div class="offer-acts">
                    <TextField label={t("offers.start")} value={start} onInput={setStart} />
                    <Button small kind={taken ? "secondary" : "primary"} busy={act.busy} onClick={() => void choose(true)}>
                        {t("offers.take")}
                    </Button>
                    <Button small kind="quiet" busy={act.busy} onClick={() => void choose(false)}>
                        {t("offers.leave")}
                    </Button>
                </div>
            )}
        </div>
    );
}
