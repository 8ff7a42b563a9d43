/* CSV of strangers: refused with its line, or rows of equal width within the limits, which read
 * the same again after they were written. */
#include "base/base.h"
#include "base/crash.h"
#include "base/csv.h"
#include "base/text.h"

static void check_row(const struct csv *csv)
{
    ENSURE(csv->cell_count > 0 && csv->cell_count == csv->width);
    for (size_t i = 0; i < csv->cell_count; i++) {
        ENSURE(csv->cells[i].len <= CSV_CELL_SIZE && text_is_utf8(csv->cells[i]));
    }
}

/* Writes the rows that can be read, until one cannot. */
static void rewrite(str text, struct arena *arena, struct buf *out)
{
    struct csv csv;
    struct why why = {""};
    bool more = true;
    if (csv_open(text, arena, &csv, &why) != OK) {
        ENSURE(str_starts(str_of(why.text), S("line ")));
        return;
    }
    while (csv_next(&csv, &more, &why) == OK && more) {
        check_row(&csv);
        ignore_int(csv_column(&csv, S("Mã")));
        for (size_t i = 0; i < csv.cell_count; i++) {
            csv_write_cell(out, csv.cells[i], i == 0);
        }
        csv_write_end(out);
    }
    ENSURE(!more || str_starts(str_of(why.text), S("line ")));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO(arena_close) struct arena *arena = NULL;
    AUTO(buf_finish) struct buf once = {.ceiling = 16 << 20};
    AUTO(buf_finish) struct buf twice = {.ceiling = 16 << 20};
    if (size >= CSV_CELL_SIZE || arena_create(4 << 20, &arena) != OK) {
        return 0;
    }
    rewrite((str){(const char *)data, size}, arena, &once);
    rewrite(buf_str(&once), arena, &twice);
    /* Behind the mark of byte order another one is text, until it stands first itself. */
    bool marked = str_starts(buf_str(&once), S("\xef\xbb\xbf"));
    bool cut = buf_check(&once) != OK || buf_check(&twice) != OK;
    ENSURE(cut || marked || str_is(buf_str(&once), buf_str(&twice)));
    return 0;
}
