// A table on a wide screen, a list of cards on a narrow one: the same rows,
// each cell carrying its column's name for the card. The first column links
// to the row's page.

import type { ComponentChildren } from "preact";
import { t } from "../words";
import { Button } from "./button";

export interface Column<T> {
    key: string;
    title: string;
    cell: (row: T) => ComponentChildren;
    narrow?: "hide" | "plain";
    end?: boolean;
}

interface TableProps<T> {
    caption: string;
    columns: Column<T>[];
    rows: readonly T[];
    id: (row: T) => string | number;
    href?: (row: T) => string;
    busy?: boolean;
}

export function Table<T>({ caption, columns, rows, id, href, busy = false }: TableProps<T>) {
    return (
        <div class="table-frame">
            <table class="table" aria-busy={busy || undefined}>
                <caption class="hidden-words">{caption}</caption>
                <thead>
                    <tr>
                        {columns.map((column) => (
                            <th key={column.key} scope="col" class={column.end ? "at-end" : ""}>
                                {column.title}
                            </th>
                        ))}
                    </tr>
                </thead>
                <tbody>
                    {rows.map((row) => (
                        <tr key={id(row)} class={href ? "row-link" : ""}>
                            {columns.map((column, index) => (
                                <Cell
                                    key={column.key}
                                    column={column}
                                    row={row}
                                    href={index === 0 ? href?.(row) : undefined}
                                    first={index === 0}
                                />
                            ))}
                        </tr>
                    ))}
                </tbody>
            </table>
        </div>
    );
}

interface CellProps<T> {
    column: Column<T>;
    row: T;
    href: string | undefined;
    first: boolean;
}

function Cell<T>({ column, row, href, first }: CellProps<T>) {
    const inside = column.cell(row);
    const shape = `${column.end ? "at-end " : ""}${column.narrow === "hide" ? "narrow-hide" : ""}`;
    if (first) {
        return (
            <th scope="row" class={shape}>
                {href ? <a href={href}>{inside}</a> : inside}
            </th>
        );
    }
    return (
        <td class={shape}>
            {column.narrow !== "plain" && (
                <span class="cell-name" aria-hidden="true">
                    {column.title}
                </span>
            )}
            <span class="cell-value">{inside}</span>
        </td>
    );
}

export function More({ more, busy }: { more: (() => void) | null; busy: boolean }) {
    if (more === null) {
        return null;
    }
    return (
        <div class="more">
            <Button busy={busy} onClick={more}>
                {t("list.more")}
            </Button>
        </div>
    );
}
