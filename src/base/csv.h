/* Strict reading of CSV (RFC 4180) from strangers: UTF-8 with or without a byte-order mark, comma
 * or semicolon (settled by the first line), quotes, CRLF or LF. Every row has as many cells as the
 * first. Every error names its line. Rows come one by one; cells are views that live until the
 * next row. Errors: ERR_BAD_CSV, ERR_BAD_UTF8, ERR_TOO_BIG (the text), ERR_NO_MEMORY. */
#ifndef LOA_BASE_CSV_H
#define LOA_BASE_CSV_H

#include "base/arena.h"
#include "base/str.h"

enum { CSV_CELLS = 64, CSV_CELL_SIZE = 16 * 1024, CSV_SIZE = 64 * 1024 * 1024 };

struct csv {
    str rest;
    char separator;
    size_t line; /* of the row that was read last, from 1 */
    size_t next_line;
    size_t width; /* cells of the first row; 0 before it */
    size_t cell_count;
    str cells[CSV_CELLS];
    struct arena *arena; /* for cells with doubled quotes; ours alone: reset by each row */
};

CHECKED errc csv_open(str text, struct arena *arena, struct csv *ret_csv, struct why *why);
/* Reads the next row that has something in a cell. *ret_more is false at the end. After a failure
 * the rest of the text is not readable. */
CHECKED errc csv_next(struct csv *csv, bool *ret_more, struct why *why);
/* Index of the heading in the row just read, or -1. Compared as names are: case, blanks around
 * and the place of tone marks do not matter. */
int csv_column(const struct csv *csv, str heading);

/* Writes a cell, quoted when needed; a cell that a spreadsheet would take for a formula
 * (= + - @ in front, and no number) gets an apostrophe. */
void csv_write_cell(struct buf *out, str cell, bool first);
void csv_write_end(struct buf *out); /* of a row */

#endif
