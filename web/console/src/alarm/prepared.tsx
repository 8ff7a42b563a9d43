// The end and the correction, ready before the beginning: read them now, so
// that in five minutes it takes two presses.

import { useState } from "preact/hooks";
import type { Said } from "../../../shared/alert";
import type { AlarmDraft } from "../../../shared/broadcast";
import { Button } from "../parts/button";
import { TextField } from "../parts/field";
import { TextArea } from "../parts/text_area";
import { t } from "../words";

interface PreparedProps {
    cancel: Said | null;
    correction: Said | null;
    onChange?: (part: Pick<AlarmDraft, "cancel" | "correction">) => void;
}

export function Prepared({ cancel, correction, onChange }: PreparedProps) {
    return (
        <div class="prepared">
            {cancel && <One what="cancel" said={cancel} {...(onChange ? { onChange: (said) => onChange({ cancel: said }) } : {})} />}
            {correction && <One what="correction" said={correction} {...(onChange ? { onChange: (said) => onChange({ correction: said }) } : {})} />}
        </div>
    );
}

interface OneProps {
    what: "cancel" | "correction";
    said: Said;
    onChange?: (said: Said) => void;
}

function One({ what, said, onChange }: OneProps) {
    const [open, setOpen] = useState(false);
    return (
        <section class="prepared-one">
            <h3>{t(`prepared.${what}`)}</h3>
            {open && onChange ? (
                <div class="stack">
                    <TextField label={t("alarm.title")} value={said.title} onInput={(title) => onChange({ ...said, title })} required />
                    <TextArea label={t("alarm.text")} value={said.text} onInput={(text) => onChange({ ...said, text })} required />
                </div>
            ) : (
                <>
                    <p>
                        <b>{said.title}</b>
                    </p>
                    <p>{said.text}</p>
                </>
            )}
            {onChange && (
                <Button small icon={open ? "check" : "edit"} onClick={() => setOpen(!open)}>
                    {t(open ? "prepared.keep" : "prepared.edit")}
                </Button>
            )}
        </section>
    );
}
