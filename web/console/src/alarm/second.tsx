// The second person's page: the same that the first one saw, whole, and one
// button that must be held. Whoever composed it is not that person.

import { useEffect } from "preact/hooks";
import type { Alarm, Clip } from "../../../shared/broadcast";
import { alarmSeen } from "../api/alert";
import { alarmConfirm } from "../api/broadcast";
import { HoldButton } from "../parts/hold_button";
import { Lazy } from "../parts/lazy";
import { Panel } from "../parts/page";
import { FormError, Notice } from "../parts/states";
import { toastDone } from "../parts/toast";
import { topicTouch } from "../state/live";
import { useAct } from "../state/load";
import { account } from "../state/session";
import { t } from "../words";
import { instant, number } from "../words/format";
import { mayWrite } from "./acts";
import { Heard } from "./heard";
import { Prepared } from "./prepared";

const MOST_WORDS = 380;

export function SecondPerson({ alarm, clip, onChanged }: { alarm: Alarm; clip: Clip | null; onChanged: () => void }) {
    const act = useAct();
    const own = alarm.raised_by?.id === account.value?.id;
    const may = mayWrite(alarm.kind) && !own;
    const values = { n: number(alarm.devices), communes: number(alarm.units) };
    const sentence = alarm.people > 0 ? t(`second.${alarm.kind as "alarm"}`, { ...values, people: number(alarm.people) }) : t(`effect.${alarm.kind}`, values);
    const where = alarm.areas.map(({ name }) => name).join(" · ");
    useEffect(() => {
        if (may) {
            alarmSeen(alarm.mark, "confirm", `${sentence} ${where}. ${alarm.title}`.slice(0, MOST_WORDS)).catch(() => undefined);
        }
    }, [alarm.id, may]);
    const confirm = () =>
        act.run(async () => {
            await alarmConfirm(alarm.id);
            topicTouch("alarms", "inbox");
            toastDone(t("alarm.confirmed"));
            onChanged();
        });
    return (
        <div class="last">
            <section class="panel last-effect" aria-label={t("alarm.effect")}>
                <p class="last-word">{t(alarm.kind === "drill" ? "drill.last" : "alarm.last")}</p>
                <p class="last-sentence">{sentence}</p>
                <p class="last-areas">{where}</p>
                <p>{t("second.by", { who: alarm.raised_by?.name ?? "", at: instant(alarm.raised_at) })}</p>
                <FormError error={act.error} />
                {may ? (
                    <HoldButton
                        icon={alarm.kind === "drill" ? "drill" : "alarm"}
                        label={t(alarm.kind === "drill" ? "drill.confirm" : "alarm.confirm", { n: number(alarm.devices) })}
                        busy={act.busy}
                        onHeld={() => void confirm()}
                    />
                ) : (
                    <Notice kind="warning">
                        <p>{t("alarm.waits", { who: alarm.raised_by?.name ?? "" })}</p>
                    </Notice>
                )}
            </section>
            <Panel title={t("compose.will_say")}>
                <Heard title={alarm.title} text={alarm.text} signal={alarm.signal} times={alarm.times} clip={clip} voices={alarm.voices} />
            </Panel>
            <Panel title={t("compose.on_map")}>
                <Lazy name="area_map_shown" load={async () => (await import("./area_map")).AreaMap} props={{ areas: alarm.areas }} />
            </Panel>
            {(alarm.cancel || alarm.correction) && (
                <Panel title={t("prepared.title")} lead={t("prepared.lead")}>
                    <Prepared cancel={alarm.cancel} correction={alarm.correction} />
                </Panel>
            )}
        </div>
    );
}
