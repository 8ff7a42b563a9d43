// What can be done with a bulletin now, by whoever looks at it: one main
// button for the next step, the others beside it.

import { useState } from "preact/hooks";
import type { Bulletin, BulletinStep } from "../../../shared/studio";
import { markMake } from "../alarm/mark";
import { bulletinApprove, bulletinCopy, bulletinReturn, bulletinSchedule, bulletinSubmit, bulletinWithdraw } from "../api/studio";
import { Button, LinkButton } from "../parts/button";
import { Dialog } from "../parts/dialog";
import { FormError } from "../parts/states";
import { TextArea } from "../parts/text_area";
import { toastDone } from "../parts/toast";
import { topicTouch } from "../state/live";
import { useAct } from "../state/load";
import { go } from "../state/router";
import { account } from "../state/session";
import { t } from "../words";
import { ScheduleForm } from "./schedule_form";
import { SendDialog } from "./send_dialog";

interface StepsProps {
    bulletin: Bulletin;
    onChanged: (next: Bulletin) => void;
}

type Open = "return" | "withdraw" | "schedule" | "send" | null;

export function soundMs(bulletin: Pick<Bulletin, "texts">): number {
    return Math.max(0, ...bulletin.texts.map(({ ms }) => ms ?? 0));
}

export function Steps({ bulletin, onChanged }: StepsProps) {
    const [open, setOpen] = useState<Open>(null);
    const act = useAct();
    const may = (step: BulletinStep) => bulletin.may.includes(step);
    const step = (work: () => Promise<Bulletin>, words: string) =>
        act.run(async () => {
            const next = await work();
            setOpen(null);
            onChanged(next);
            topicTouch("bulletins", "programmes", "inbox");
            toastDone(words);
        });
    const openTo = (next: Open) => {
        act.clear();
        setOpen(next);
    };
    const copy = () =>
        act.run(async () => {
            const made = await bulletinCopy(bulletin.id, markMake(), account.value?.unit.id ?? bulletin.unit.id);
            topicTouch("bulletins");
            void go(`/bulletins/${made.id}/edit`);
        });
    if (bulletin.may.length === 0) {
        return null;
    }
    const { id, revision, state } = bulletin;
    const first = nextStep(bulletin);
    const kind = (of: BulletinStep) => (first === of ? "primary" : "secondary");
    return (
        <>
            {open === null && <FormError error={act.error} />}
            <div class="form-foot form-foot-stuck bulletin-steps">
                {may("approve") && (
                    <Button kind={kind("approve")} icon="check" busy={act.busy} onClick={() => void step(() => bulletinApprove(id, revision), t("bulletin.approved"))}>
                        {t("step.approve")}
                    </Button>
                )}
                {may("return") && (
                    <Button icon="undo" onClick={() => openTo("return")}>
                        {t("step.return")}
                    </Button>
                )}
                {may("submit") && state !== "submitted" && (
                    <Button kind={kind("submit")} icon="send" busy={act.busy} onClick={() => void step(() => bulletinSubmit(id, revision), t("bulletin.submitted"))}>
                        {t("bulletin.submit")}
                    </Button>
                )}
                {may("schedule") && (
                    <Button kind={kind("schedule")} icon="programme" onClick={() => openTo("schedule")}>
                        {t("step.schedule")}
                    </Button>
                )}
                {bulletin.class === "emergency" && bulletin.approved_at !== null && (
                    <LinkButton kind="danger" icon="alarm" href={`/alarms/new?bulletin=${id}`}>
                        {t("step.alarm")}
                    </LinkButton>
                )}
                {may("send") && (
                    <Button icon="send" onClick={() => openTo("send")}>
                        {t("step.send")}
                    </Button>
                )}
            </div>
            <div class="form-foot">
                {may("change") && (
                    <LinkButton icon="edit" href={`/bulletins/${id}/edit`} kind={kind("change")}>
                        {t("action.edit")}
                    </LinkButton>
                )}
                {may("copy") && (
                    <Button kind="quiet" icon="copy" busy={act.busy} onClick={() => void copy()}>
                        {t("step.copy")}
                    </Button>
                )}
                {may("withdraw") && (
                    <Button kind="quiet" icon="close" onClick={() => openTo("withdraw")}>
                        {t("step.withdraw")}
                    </Button>
                )}
            </div>
            {open === "schedule" && (
                <Dialog title={t("schedule.title")} onClose={() => setOpen(null)}>
                    <ScheduleForm
                        unit={bulletin.unit.id}
                        ms={soundMs(bulletin)}
                        busy={act.busy}
                        error={act.error}
                        yes={t("schedule.go")}
                        onAsk={(ask) => void step(() => bulletinSchedule(id, ask), t("schedule.done"))}
                        onCancel={() => setOpen(null)}
                    />
                </Dialog>
            )}
            {open === "send" && <SendDialog bulletin={bulletin} onClose={() => setOpen(null)} />}
            {(open === "return" || open === "withdraw") && (
                <ReasonDialog
                    what={open}
                    busy={act.busy}
                    error={act.error}
                    onClose={() => setOpen(null)}
                    onReason={(reason) =>
                        void (open === "return"
                            ? step(() => bulletinReturn(id, reason), t("bulletin.returned"))
                            : step(() => bulletinWithdraw(id, reason), t("bulletin.withdrawn")))
                    }
                />
            )}
        </>
    );
}

/** What most people came for. */
function nextStep({ may, state, class: urgency }: Bulletin): BulletinStep | null {
    if (may.includes("approve")) {
        return "approve";
    }
    if (may.includes("submit") && state !== "submitted") {
        return "submit";
    }
    return may.includes("schedule") && urgency !== "emergency" ? "schedule" : null;
}

interface ReasonProps {
    what: "return" | "withdraw" | "decline";
    busy: boolean;
    error: Parameters<typeof FormError>[0]["error"];
    onReason: (reason: string) => void;
    onClose: () => void;
}

const usual = ["sound", "text", "area", "wording"] as const;

/** A reason in a few words; what is said every week needs one press. */
export function ReasonDialog({ what, busy, error, onReason, onClose }: ReasonProps) {
    const [reason, setReason] = useState("");
    return (
        <Dialog title={t(`reason.${what}`)} onClose={onClose}>
            <form
                class="stack"
                onSubmit={(event) => {
                    event.preventDefault();
                    onReason(reason.trim());
                }}
            >
                {what === "return" && (
                    <div class="chips" role="group" aria-label={t("reason.usual")}>
                        {usual.map((one) => (
                            <button key={one} type="button" class="chip" onClick={() => setReason(t(`reason_usual.${one}`))}>
                                {t(`reason_usual.${one}`)}
                            </button>
                        ))}
                    </div>
                )}
                <TextArea label={t("reason.label")} hint={t(`reason.${what}_hint`)} value={reason} onInput={setReason} error={error?.field("reason")} required />
                <FormError error={error} shown={["reason"]} />
                <div class="dialog-foot">
                    <Button onClick={onClose}>{t("action.cancel")}</Button>
                    <Button submit kind={what === "withdraw" ? "danger" : "primary"} busy={busy} disabled={reason.trim() === ""}>
                        {t(`reason.${what}_go`)}
                    </Button>
                </div>
            </form>
        </Dialog>
    );
}
