// Choosing an area on the tree of units: a tick takes a unit with all below
// it. Only what is opened is fetched; what a tick above covers shows as taken.

import { useEffect, useMemo, useState } from "preact/hooks";
import type { UnitLine, UnitRef } from "../../../shared/api";
import { unitChildren } from "../api/units";
import { ApiError } from "../api/client";
import { asApiError } from "../state/load";
import { t } from "../words";
import { byName, number } from "../words/format";
import { plainText } from "../words/names";
import { Icon } from "./icon";
import { ErrorState, Skeleton } from "./states";

interface AreaPickerProps {
    label: string;
    value: UnitRef[];
    onChange: (areas: UnitRef[]) => void;
    error?: string | undefined;
}

const MANY = 8;

export function AreaPicker({ label, value, onChange, error }: AreaPickerProps) {
    const chosen = useMemo(() => new Set(value.map(({ id }) => id)), [value]);
    const [text, setText] = useState("");
    const turn = (unit: UnitLine, yes: boolean) => {
        const rest = value.filter(({ id }) => id !== unit.id);
        onChange(yes ? [...rest, { id: unit.id, name: unit.name }] : rest);
    };
    return (
        <fieldset class="areas" aria-invalid={error ? true : undefined}>
            <legend class="field-label">{label}</legend>
            <input
                class="input"
                type="search"
                aria-label={t("areas.search")}
                placeholder={t("areas.search")}
                value={text}
                onInput={(event) => setText(event.currentTarget.value)}
            />
            <div class="areas-tree">
                <Branch parent={null} level={0} covered={false} text={plainText(text.trim())} chosen={chosen} onTurn={turn} open />
            </div>
            <p class="field-hint" role="status">
                {value.length === 0
                    ? t("areas.none")
                    : value.length <= MANY
                      ? value.map(({ name }) => name).join(", ")
                      : t("areas.many", { n: number(value.length) })}
            </p>
            {error && (
                <p class="field-error">
                    <Icon name="warning" />
                    {error}
                </p>
            )}
        </fieldset>
    );
}

interface BranchProps {
    parent: number | null;
    level: number;
    /** Something above is chosen. */
    covered: boolean;
    text: string;
    chosen: ReadonlySet<number>;
    onTurn: (unit: UnitLine, yes: boolean) => void;
    open: boolean;
}

/** Below a province of one root lie the communes: they are what people look for. */
const OPEN_LEVELS = 1;

function Branch({ parent, open, ...rest }: BranchProps) {
    const [units, setUnits] = useState<UnitLine[] | null>(null);
    const [error, setError] = useState<ApiError | null>(null);
    const [turn, setTurn] = useState(0);
    useEffect(() => {
        if (!open || units !== null) {
            return;
        }
        let current = true;
        unitChildren(parent, null).then(
            (items) => current && setUnits(byName(items)),
            (cause: unknown) => current && setError(asApiError(cause)),
        );
        return () => {
            current = false;
        };
    }, [open, parent, turn]);
    if (!open) {
        return null;
    }
    if (error) {
        return (
            <ErrorState
                error={error}
                retry={() => {
                    setError(null);
                    setTurn((n) => n + 1);
                }}
            />
        );
    }
    if (units === null) {
        return <Skeleton lines={3} />;
    }
    return (
        <ul class={rest.level === 0 ? "" : "areas-below"}>
            {units.map((unit) => (
                <AreaLine key={unit.id} unit={unit} {...rest} only={units.length === 1} />
            ))}
        </ul>
    );
}

interface LineProps extends Omit<BranchProps, "parent" | "open"> {
    unit: UnitLine;
    only: boolean;
}

function AreaLine({ unit, level, covered, text, chosen, onTurn, only }: LineProps) {
    const [open, setOpen] = useState(level < OPEN_LEVELS && only);
    const own = chosen.has(unit.id);
    const fits = text === "" || plainText(unit.name).includes(text);
    const branch = unit.children > 0;
    return (
        <li class={fits || open ? "" : "areas-out"}>
            {(fits || level === 0) && (
                <div class="areas-line">
                    {branch ? (
                        <button
                            type="button"
                            class="areas-turn"
                            aria-expanded={open}
                            aria-label={t("areas.open", { name: unit.name })}
                            onClick={() => setOpen(!open)}
                        >
                            <Icon name={open ? "down" : "right"} />
                        </button>
                    ) : (
                        <span class="areas-turn" />
                    )}
                    <label>
                        <input
                            type="checkbox"
                            checked={own || covered}
                            disabled={covered}
                            onChange={(event) => onTurn(unit, event.currentTarget.checked)}
                        />
                        {unit.name}
                    </label>
                </div>
            )}
            {branch && (
                <Branch
                    parent={unit.id}
                    level={level + 1}
                    covered={covered || own}
                    text={text}
                    chosen={chosen}
                    onTurn={onTurn}
                    open={open}
                />
            )}
        </li>
    );
}
