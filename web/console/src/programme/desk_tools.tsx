// What can be done with a whole week: copy it, take a calendar in, give one
// out, look at one pole.

import { useState } from "preact/hooks";
import { programmeIcsUrl } from "../api/broadcast";
import { unitCard } from "../api/units";
import { Button, LinkButton } from "../parts/button";
import { Dialog } from "../parts/dialog";
import { useLoad } from "../state/load";
import { can } from "../state/session";
import { t } from "../words";
import { CalendarIn } from "./calendar_in";
import { CopyWeek } from "./copy_week";

type Open = "menu" | "copy" | "in";

export function DeskTools({ unit, week }: { unit: number; week: string }) {
    const [open, setOpen] = useState<Open | null>(null);
    const card = useLoad(`desk.unit|${unit}`, async () => (await unitCard(unit, null)).unit);
    const close = () => setOpen(null);
    return (
        <>
            <Button icon="more" expanded={open === "menu"} onClick={() => setOpen("menu")}>
                {t("desk.tools")}
            </Button>
            {open === "menu" && (
                <Dialog title={t("desk.tools")} onClose={close}>
                    <div class="desk-tools">
                        {can("programmes_write") && (
                            <>
                                <Button icon="copy" onClick={() => setOpen("copy")}>
                                    {t("copy_week.title")}
                                </Button>
                                <Button icon="import" onClick={() => setOpen("in")}>
                                    {t("calendar.title")}
                                </Button>
                            </>
                        )}
                        <LinkButton icon="export" href={programmeIcsUrl(unit)} download>
                            {t("programmes.ics")}
                        </LinkButton>
                        <LinkButton icon="speaker" href="/programmes/preview">
                            {t("programmes.preview")}
                        </LinkButton>
                        <LinkButton icon="clock" href={`/rules?unit=${unit}`}>
                            {t("desk.rules")}
                        </LinkButton>
                    </div>
                </Dialog>
            )}
            {open === "copy" && <CopyWeek unit={unit} from={week} onClose={close} />}
            {open === "in" && <CalendarIn unit={unit} name={card.data?.name ?? ""} onClose={close} />}
        </>
    );
}
