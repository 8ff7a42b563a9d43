/* CSV of strangers: refused with its line, or rows of equal width within the limits, which read
 * the same again after they were written (apostrophes come with the first writing). */
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
    struct buf texts[3];
    if (size >= CSV_CELL_SIZE || arena_create(4 << 20, &arena) != OK) {
        return 0;
    }
    str text = {(const char *)data, size};
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        buf_init(&texts[i], 16 << 20);
        rewrite(text, arena, &texts[i]);
        text = buf_str(&texts[i]);
    }
    /* Behind the mark of byte order another one is text, until it stands first itself. */
    bool marked = str_starts(buf_str(&texts[0]), S("\xef\xbb\xbf"));
    ENSURE(marked || str_is(buf_str(&texts[1]), buf_str(&texts[2])));
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        buf_finish(&texts[i]);
    }
    return 0;
}
