// A button that means it only when it is held: a slip of the hand, a press
// too many or a cat on the keyboard sends nothing. It fills while it is held,
// with the pointer or with Space and Enter. Whoever cannot hold a key (a
// screen reader presses without one) presses twice.

import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../words";
import { Icon, type IconName } from "./icon";

const HOLD_MS = 1_200;
/** Between the two presses of somebody who cannot hold. */
const TWICE_MS = 10_000;

interface HoldButtonProps {
    icon: IconName;
    label: string;
    busy: boolean;
    disabled?: boolean;
    onHeld: () => void;
}

export function HoldButton({ icon, label, busy, disabled = false, onHeld }: HoldButtonProps) {
    const [held, setHeld] = useState(false);
    const [said, setSaid] = useState("");
    const timer = useRef<number | undefined>(undefined);
    const armedAt = useRef(0);
    const byHand = useRef(false);
    const done = useRef(onHeld);
    done.current = onHeld;

    const begin = () => {
        if (busy || disabled || timer.current !== undefined) {
            return;
        }
        byHand.current = true;
        setHeld(true);
        timer.current = window.setTimeout(() => {
            timer.current = undefined;
            setHeld(false);
            setSaid("");
            done.current();
        }, HOLD_MS);
    };
    const letGo = () => {
        if (timer.current !== undefined) {
            clearTimeout(timer.current);
            timer.current = undefined;
            setHeld(false);
            setSaid(t("hold.longer"));
        }
    };
    const isKey = (event: KeyboardEvent) => event.key === " " || event.key === "Enter";
    /** A press with neither a pointer nor a key behind it. */
    const onClick = () => {
        if (byHand.current) {
            byHand.current = false;
            return;
        }
        if (busy) {
            return;
        }
        if (Date.now() - armedAt.current < TWICE_MS) {
            armedAt.current = 0;
            done.current();
        } else {
            armedAt.current = Date.now();
            setSaid(t("hold.again"));
        }
    };
    useEffect(() => () => clearTimeout(timer.current), []);
    return (
        <div class="hold">
            <button
                type="button"
                class={`button button-danger hold-button${held ? " hold-held" : ""}`}
                style={{ "--hold": `${HOLD_MS}ms` }}
                disabled={disabled}
                aria-busy={busy || undefined}
                aria-disabled={busy || undefined}
                onPointerDown={(event) => event.button === 0 && begin()}
                onPointerUp={letGo}
                onPointerLeave={letGo}
                onPointerCancel={letGo}
                onContextMenu={(event) => event.preventDefault()}
                onBlur={letGo}
                onKeyDown={(event) => {
                    if (isKey(event)) {
                        event.preventDefault();
                        begin();
                    }
                }}
                onKeyUp={(event) => isKey(event) && letGo()}
                onClick={onClick}
            >
                <span class="hold-fill" aria-hidden="true" />
                {busy ? <span class="spinner" aria-hidden="true" /> : <Icon name={icon} />}
                <span>{label}</span>
            </button>
            <p class="field-hint" role="status">
                {said === "" ? t("hold.how") : said}
            </p>
        </div>
    );
}
