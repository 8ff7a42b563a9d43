/* libxlsxwriter behind a few calls. Its headers name functions that base/base.h forbids, so only
 * parts of base are included here. */
#include "console/sheet.h"

#include "base/mem.h"

#include <unistd.h>
#include <xlsxwriter.h>

enum { CELL_MOST = 32767 };

struct sheet {
    lxw_workbook *book;
    lxw_worksheet *page;
    lxw_error failed; /* the first that happened */
    char *path;
    char *folder;
    char text[CELL_MOST + 1];
};

static void destroy(struct sheet *sheet)
{
    mem_give(sheet->path);
    mem_give(sheet->folder);
    mem_give(sheet);
}

errc sheet_create(const char *path, const char *folder, struct sheet **ret_sheet, struct why *why)
{
    struct sheet *sheet = mem_take(sizeof *sheet);
    sheet->path = mem_text(path);
    sheet->folder = mem_text(folder);
    lxw_workbook_options options = {.constant_memory = LXW_TRUE, .tmpdir = sheet->folder};
    sheet->book = workbook_new_opt(sheet->path, &options);
    sheet->page = sheet->book == NULL ? NULL : workbook_add_worksheet(sheet->book, NULL);
    if (sheet->page == NULL) {
        if (sheet->book != NULL) {
            lxw_workbook_free(sheet->book);
        }
        destroy(sheet);
        return fail(why, ERR_IO, "a workbook %s", path);
    }
    *ret_sheet = sheet;
    return OK;
}

static void note(struct sheet *sheet, lxw_error error)
{
    sheet->failed = sheet->failed == LXW_NO_ERROR ? error : sheet->failed;
}

void sheet_write_text(struct sheet *sheet, size_t row, size_t column, str text)
{
    str cut = str_cut(text, 0, CELL_MOST);
    if (cut.len > 0 && str_to_array(cut, sheet->text, sizeof sheet->text)) {
        note(sheet, worksheet_write_string(sheet->page, (lxw_row_t)row, (lxw_col_t)column,
                                           sheet->text, NULL));
    }
}

void sheet_write_number(struct sheet *sheet, size_t row, size_t column, double number)
{
    note(sheet,
         worksheet_write_number(sheet->page, (lxw_row_t)row, (lxw_col_t)column, number, NULL));
}

errc sheet_close(struct sheet *take_sheet, struct why *why)
{
    struct sheet *sheet = take_sheet;
    note(sheet, workbook_close(sheet->book));
    lxw_error failed = sheet->failed;
    if (failed != LXW_NO_ERROR) {
        ignore_int(unlink(sheet->path));
    }
    destroy(sheet);
    return failed == LXW_NO_ERROR ? OK : fail(why, ERR_IO, "workbook: %s", lxw_strerror(failed));
}
