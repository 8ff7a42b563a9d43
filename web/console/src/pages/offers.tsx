// What units above sent to this one: to be heard, and then taken at a time
// of its own choosing, or left.

import soundStyles from "../../styles/sound.css";
import studioStyles from "../../styles/studio.css";
import { useState } from "preact/hooks";
import type { Offer, OfferState } from "../../../shared/studio";
import { UnitFilter } from "../accounts/filters";
import { offerDecline, offerList, offerRead, offerTake } from "../api/studio";
import { Badge, type Tone } from "../parts/badge";
import { Button } from "../parts/button";
import { Dialog } from "../parts/dialog";
import { Page } from "../parts/page";
import { sheetUse } from "../parts/sheet";
import { Empty, ErrorState, Show, Skeleton } from "../parts/states";
import { More } from "../parts/table";
import { toastDone } from "../parts/toast";
import { topicTouch } from "../state/live";
import { useAct, useList, useLoad } from "../state/load";
import { here, querySet } from "../state/router";
import { account, can } from "../state/session";
import { ScheduleForm } from "../studio/schedule_form";
import { BulletinTexts } from "../studio/shown";
import { ReasonDialog } from "../studio/steps";
import { ClassBadge } from "../studio/words";
import { t } from "../words";
import { lengthOf } from "../words/clock";
import { agoInside, instant } from "../words/format";

sheetUse(studioStyles);
sheetUse(soundStyles);

const states: OfferState[] = ["waiting", "taken", "entered", "declined", "gone"];
const tones: Record<OfferState, Tone> = { waiting: "warn", taken: "good", entered: "info", declined: "calm", gone: "calm" };

export default function Offers() {
    const { query } = here.value;
    const unit = query.get("unit") ?? String(account.value?.unit.id ?? "");
    const state = query.get("state") ?? "waiting";
    const list = useList<Offer>(
        `offers|${unit}|${state}`,
        async (before) => {
            const page = await offerList({ unit, state: state === "all" ? null : state, before, limit: 30 });
            return { items: page.items, next: page.next === null ? null : String(page.next) };
        },
        ["bulletins"],
    );
    return (
        <Page title={t("section.offers")} lead={t("inbox_offers.lead")}>
            <div class="studio-bar">
                <div class="chips" role="group" aria-label={t("list.state")}>
                    {[...states, "all" as const].map((one) => (
                        <button key={one} type="button" class="chip" aria-pressed={state === one} onClick={() => querySet({ state: one === "waiting" ? null : one })}>
                            {one === "all" ? t("list.all") : t(`offer_state.${one}`)}
                        </button>
                    ))}
                </div>
                <div class="studio-unit">
                    <UnitFilter unit={unit} />
                </div>
            </div>
            {list.error && <ErrorState error={list.error} retry={list.reload} />}
            {list.items === null && !list.error && <Skeleton lines={5} />}
            {list.items?.length === 0 && (
                <Empty picture="paper" title={t(state === "waiting" ? "inbox_offers.none_waiting" : "inbox_offers.none")} />
            )}
            {list.items && list.items.length > 0 && (
                <ul class="bulletins">
                    {list.items.map((offer) => (
                        <OfferLine key={offer.id} offer={offer} />
                    ))}
                </ul>
            )}
            <More more={list.more} busy={list.loading} />
        </Page>
    );
}

type Open = "read" | "take" | "decline" | null;

function OfferLine({ offer }: { offer: Offer }) {
    const [open, setOpen] = useState<Open>(null);
    const act = useAct();
    const { bulletin } = offer;
    const run = (work: () => Promise<unknown>, words: string) =>
        act.run(async () => {
            await work();
            setOpen(null);
            topicTouch("bulletins", "programmes", "inbox");
            toastDone(words);
        });
    const openTo = (next: Open) => {
        act.clear();
        setOpen(next);
    };
    const waits = offer.state === "waiting" || offer.state === "declined";
    return (
        <li class="bulletin">
            <button type="button" class="bulletin-title" onClick={() => openTo("read")}>
                {bulletin.title}
            </button>
            <p class="badges">
                <Badge tone={tones[offer.state]}>{t(`offer_state.${offer.state}`)}</Badge>
                <ClassBadge of={bulletin.class} />
            </p>
            <p class="quiet bulletin-said">
                {[offer.from.name, bulletin.category?.name, bulletin.ms ? lengthOf(bulletin.ms) : "", agoInside(offer.sent_at)].filter(Boolean).join(" · ")}
            </p>
            {offer.airing && <p class="quiet bulletin-said">{t("bulletins.sounds_at", { at: instant(offer.airing.at) })}</p>}
            {offer.reason && <p class="quiet bulletin-said">{t("inbox_offers.reason", { reason: offer.reason })}</p>}
            <div class="form-foot bulletin-acts">
                <Button small icon="listen" onClick={() => openTo("read")}>
                    {t("inbox_offers.read")}
                </Button>
                {waits && can("programmes_write") && (
                    <Button small kind="primary" icon="check" onClick={() => openTo("take")}>
                        {t("inbox_offers.take")}
                    </Button>
                )}
                {offer.state === "waiting" && can("programmes_write") && (
                    <Button small kind="quiet" icon="close" onClick={() => openTo("decline")}>
                        {t("inbox_offers.decline")}
                    </Button>
                )}
            </div>
            {open === "read" && (
                <Read offer={offer} onClose={() => setOpen(null)} onTake={waits && can("programmes_write") ? () => openTo("take") : null} />
            )}
            {open === "take" && (
                <Dialog title={t("inbox_offers.take_when")} onClose={() => setOpen(null)}>
                    <ScheduleForm
                        unit={offer.unit.id}
                        ms={bulletin.ms ?? 0}
                        busy={act.busy}
                        error={act.error}
                        yes={t("inbox_offers.take_go")}
                        onAsk={(asked) => void run(() => offerTake(offer.id, asked), t("inbox_offers.taken"))}
                        onCancel={() => setOpen(null)}
                    />
                </Dialog>
            )}
            {open === "decline" && (
                <ReasonDialog
                    what="decline"
                    busy={act.busy}
                    error={act.error}
                    onClose={() => setOpen(null)}
                    onReason={(reason) => void run(() => offerDecline(offer.id, reason), t("inbox_offers.declined"))}
                />
            )}
        </li>
    );
}

interface ReadProps {
    offer: Offer;
    onClose: () => void;
    /** null: it cannot be taken, or not by this person. */
    onTake: (() => void) | null;
}

function Read({ offer, onClose, onTake }: ReadProps) {
    const full = useLoad(`offer|${offer.id}`, () => offerRead(offer.id));
    return (
        <Dialog title={offer.bulletin.title} onClose={onClose} wide>
            <div class="offer-full">
                <Show of={full}>{({ full: bulletin }) => <BulletinTexts bulletin={bulletin} />}</Show>
            </div>
            <div class="dialog-foot">
                <Button onClick={onClose}>{t("action.close")}</Button>
                {onTake && (
                    <Button kind="primary" icon="check" onClick={onTake}>
                        {t("inbox_offers.take")}
                    </Button>
                )}
            </div>
        </Dialog>
    );
}
