// Buttons, and links that look like them. A busy button keeps its size and
// its focus, says so to screen readers, and cannot be pressed twice.

import type { ComponentChildren, TargetedMouseEvent } from "preact";
import type { IconName } from "./icon";
import { Icon } from "./icon";

export type ButtonKind = "primary" | "secondary" | "quiet" | "danger";

interface Common {
    kind?: ButtonKind;
    icon?: IconName;
    small?: boolean;
    children: ComponentChildren;
}

function classOf({ kind = "secondary", small = false }: Partial<Common>): string {
    return `button button-${kind}${small ? " button-small" : ""}`;
}

interface ButtonProps extends Common {
    busy?: boolean;
    disabled?: boolean;
    submit?: boolean;
    onClick?: (event: TargetedMouseEvent<HTMLButtonElement>) => void;
    described?: string;
    pressed?: boolean;
    expanded?: boolean;
}

export function Button({ busy = false, disabled = false, submit = false, ...rest }: ButtonProps) {
    const { icon, children, onClick } = rest;
    return (
        <button
            type={submit ? "submit" : "button"}
            class={classOf(rest)}
            disabled={disabled}
            aria-disabled={busy || undefined}
            aria-busy={busy || undefined}
            aria-describedby={rest.described}
            aria-pressed={rest.pressed}
            aria-expanded={rest.expanded}
            onClick={(event) => {
                if (busy) {
                    event.preventDefault();
                } else {
                    onClick?.(event);
                }
            }}
        >
            {busy ? <span class="spinner" aria-hidden="true" /> : icon && <Icon name={icon} />}
            <span>{children}</span>
        </button>
    );
}

interface LinkProps extends Common {
    href: string;
    download?: boolean;
}

export function LinkButton({ href, download = false, icon, children, ...rest }: LinkProps) {
    return (
        <a class={classOf(rest)} href={href} download={download || undefined}>
            {icon && <Icon name={icon} />}
            <span>{children}</span>
        </a>
    );
}

interface IconButtonProps {
    icon: IconName;
    label: string;
    onClick: () => void;
    disabled?: boolean;
    class?: string;
}

export function IconButton({ icon, label, onClick, disabled = false, class: extra = "" }: IconButtonProps) {
    return (
        <button
            type="button"
            class={`icon-button ${extra}`}
            aria-label={label}
            title={label}
            disabled={disabled}
            onClick={onClick}
        >
            <Icon name={icon} />
        </button>
    );
}
