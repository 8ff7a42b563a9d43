/* A workbook of one sheet (xlsx), written row by row in constant memory: what stands in a row that
 * was left cannot be changed. Texts are texts, never formulas. */
#ifndef LOA_CONSOLE_SHEET_H
#define LOA_CONSOLE_SHEET_H

#include "base/errors.h"
#include "base/str.h"

struct sheet;

/* The file appears at `path` when the sheet is closed; `folder` is for what is being written. */
CHECKED errc sheet_create(const char *path, const char *folder, struct sheet **ret_sheet,
                          struct why *why);
/* Rows and columns from 0. A text is cut at the 32,767 characters that a cell may have. */
void sheet_write_text(struct sheet *sheet, size_t row, size_t column, str text);
void sheet_write_number(struct sheet *sheet, size_t row, size_t column, double number);
/* Takes the sheet, also on failure: ERR_IO, and then there is no file. */
CHECKED errc sheet_close(struct sheet *take_sheet, struct why *why);

#endif
