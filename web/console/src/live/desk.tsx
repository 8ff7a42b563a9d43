// At the microphone: is it open, does it go out, how loud, how late, where;
// one big button to speak, one to end. What sounds when the stream dies stands
// here too, so that nobody is surprised.

import { useEffect, useRef, useState } from "preact/hooks";
import type { Live } from "../../../shared/live";
import { liveEnd } from "../api/live";
import { Button } from "../parts/button";
import { ask } from "../parts/dialog";
import { CheckField } from "../parts/field";
import { Icon } from "../parts/icon";
import { FormError, Notice } from "../parts/states";
import { toastDone } from "../parts/toast";
import { idleTouch } from "../state/idle";
import { topicTouch } from "../state/live";
import { useAct } from "../state/load";
import { routerGuard } from "../state/router";
import { t } from "../words";
import { number } from "../words/format";
import { micWorks } from "./mic";
import { MicMeter } from "./meter";
import { LiveSender, type Speaking } from "./sender";
import { delayWords } from "./words";

interface DeskProps {
    live: Live;
    fallback: string | null;
    onChanged: () => void;
}

/** Nobody leaves a microphone open by going to another page. */
function useStay(speaking: boolean): void {
    useEffect(() => {
        if (!speaking) {
            return;
        }
        routerGuard(() => ask({ title: t("live.leave"), body: t("live.leave_body"), yes: t("live.leave_go"), danger: true }));
        return () => routerGuard(null);
    }, [speaking]);
}

const AWAKE_MS = 20_000;

/** Who speaks is there, though no hand moves; and a dark screen would stop the microphone of a phone. */
function useAwake(on: boolean): void {
    useEffect(() => {
        if (!on) {
            return;
        }
        const timer = setInterval(idleTouch, AWAKE_MS);
        const lock = "wakeLock" in navigator ? navigator.wakeLock.request("screen").catch(() => null) : null;
        return () => {
            clearInterval(timer);
            void lock?.then((held) => held?.release());
        };
    }, [on]);
}

export function LiveDesk({ live, fallback, onChanged }: DeskProps) {
    const [sender, setSender] = useState<LiveSender | null>(null);
    const [music, setMusic] = useState(false);
    const act = useAct();
    const phase = sender?.state.value.phase ?? null;
    const open = phase === "opening" || phase === "on" || phase === "lost";
    useStay(open);
    useAwake(open);
    const latest = useRef<LiveSender | null>(null);
    useEffect(() => () => latest.current?.stop(), []);
    useEffect(() => {
        if (phase === "ended" || phase === "taken") {
            topicTouch("live");
            onChanged();
        }
    }, [phase]);
    const begin = () => {
        const next = new LiveSender({ id: live.id, mode: live.mode, music });
        latest.current = next;
        setSender(next);
        void next.start();
    };
    const end = () =>
        act.run(async () => {
            sender?.stop();
            routerGuard(null);
            await liveEnd(live.id);
            topicTouch("live");
            toastDone(t("live.ended"));
            onChanged();
        });
    return (
        <section class={`panel live-desk${phase === "on" && sender?.state.value.talking ? " live-open" : ""}`} aria-label={t("live.desk")}>
            <p class="live-where">
                <Icon name="speaker" />
                <span>
                    {t("live.goes_to")} <b>{live.areas.map(({ name }) => name).join(", ") || live.unit.name}</b>
                </span>
            </p>
            {!micWorks && <Notice kind="warning">{t("live.no_encoder")}</Notice>}
            {sender !== null && open ? (
                <OnAir sender={sender} live={live} />
            ) : (
                <div class="stack">
                    <Ended phase={phase} />
                    <CheckField label={t("live.music")} hint={t("live.music_hint")} checked={music} onChange={setMusic} />
                    <div class="form-foot">
                        <Button kind="danger" icon="microphone" disabled={!micWorks} onClick={begin}>
                            {t(phase === null ? "live.open" : "live.open_again")}
                        </Button>
                    </div>
                </div>
            )}
            <p class="quiet">{fallback === null ? t("live.dies_programme") : t("live.dies_clip", { title: fallback })}</p>
            <FormError error={act.error} />
            <div class="form-foot">
                <Button icon="stop" busy={act.busy} onClick={() => void end()}>
                    {t("live.end")}
                </Button>
            </div>
        </section>
    );
}

function Ended({ phase }: { phase: Speaking["phase"] | null }) {
    if (phase === "no_microphone") {
        return <Notice kind="warning">{t("live.no_microphone")}</Notice>;
    }
    if (phase === "taken") {
        return <Notice kind="warning">{t("live.taken")}</Notice>;
    }
    return phase === "refused" ? <Notice kind="warning">{t("live.refused")}</Notice> : null;
}

function OnAir({ sender, live }: { sender: LiveSender; live: Live }) {
    const { phase, talking, news } = sender.state.value;
    const press = live.mode === "talk";
    return (
        <>
            <p class="live-phase" role="status">
                {phase === "opening"
                    ? t("live.opening")
                    : phase === "lost"
                      ? t("live.lost")
                      : talking
                        ? t("live.speaking")
                        : t("live.waiting_press")}
            </p>
            <MicMeter sender={sender} />
            {press && <Press sender={sender} talking={talking} ready={phase === "on"} />}
            <dl class="facts live-facts">
                <div>
                    <dt>{t("live.delay")}</dt>
                    <dd class="figure">{news && news.delay_ms > 0 ? delayWords(news.delay_ms) : "–"}</dd>
                </div>
                <div>
                    <dt>{t("live.devices")}</dt>
                    <dd class="figure">{number(news?.devices ?? 0)}</dd>
                </div>
                <div>
                    <dt>{t("live.listeners")}</dt>
                    <dd class="figure">{number(news?.listeners ?? 0)}</dd>
                </div>
            </dl>
        </>
    );
}

/** Hold to speak, with the finger or the space bar; what holds it elsewhere lets go. */
function Press({ sender, talking, ready }: { sender: LiveSender; talking: boolean; ready: boolean }) {
    useEffect(() => {
        const mine = (event: KeyboardEvent) => {
            const { target } = event;
            const writes = target instanceof HTMLElement && target.closest("input, textarea, select, a, dialog, button:not(.talk)") !== null;
            return event.key === " " && !writes;
        };
        const onDown = (event: KeyboardEvent) => {
            if (mine(event)) {
                event.preventDefault();
                sender.talk(true);
            }
        };
        const onUp = (event: KeyboardEvent) => {
            if (event.key === " ") {
                sender.talk(false);
            }
        };
        const letGo = () => sender.talk(false);
        document.addEventListener("keydown", onDown);
        document.addEventListener("keyup", onUp);
        window.addEventListener("blur", letGo);
        return () => {
            document.removeEventListener("keydown", onDown);
            document.removeEventListener("keyup", onUp);
            window.removeEventListener("blur", letGo);
        };
    }, [sender]);
    return (
        <button
            type="button"
            class="talk"
            disabled={!ready}
            aria-pressed={talking}
            onPointerDown={(event) => {
                event.currentTarget.setPointerCapture(event.pointerId);
                sender.talk(true);
            }}
            onPointerUp={() => sender.talk(false)}
            onPointerCancel={() => sender.talk(false)}
            onContextMenu={(event) => event.preventDefault()}
            // A press with neither pointer nor key, as a screen reader makes: once to speak, once to stop.
            onClick={(event) => event.detail === 0 && sender.talk(!talking)}
        >
            <Icon name="microphone" />
            <span>{t(talking ? "live.talking" : "live.hold")}</span>
        </button>
    );
}
