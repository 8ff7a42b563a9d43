#include "document/document.h"

#include "base/text.h"
#include "document/layout.h"

static errc check_text(struct arena *arena, str text, bool lines, struct why *why)
{
    str nfc = STR_NONE;
    bool plain = lines ? text_is_plain_lines(text) : text_is_plain(text);
    if (text.len > DOC_TEXT_MOST || !plain) {
        return fail(why, ERR_INVALID, "a text of %zu bytes is not plain", text.len);
    }
    errc rc = text.len == 0 ? OK : text_nfc(arena, text, &nfc);
    if (rc != OK) {
        return rc;
    }
    return text.len == 0 || str_is(nfc, text)
               ? OK
               : fail(why, ERR_INVALID, "a text is not in NFC: %.*s", STR_ARG(text));
}

static errc check_runs(struct arena *arena, const struct document *document,
                       const struct doc_text *text, struct why *why)
{
    for (size_t i = 0; i < text->count; i++) {
        TRY(check_text(arena, text->runs[i].text, false, why));
        if (text->runs[i].note > document->note_count) {
            return fail(why, ERR_INVALID, "there is no note %zu", text->runs[i].note);
        }
    }
    return OK;
}

static errc check_table(struct arena *arena, const struct document *document,
                        const struct doc_table *table, struct why *why)
{
    if (table == NULL || table->column_count == 0 || table->column_count > DOC_COLUMNS_MOST ||
        table->row_count > DOC_ROWS_MOST) {
        return fail(why, ERR_INVALID, "a table without columns, or too large");
    }
    for (size_t r = 0; r < table->row_count; r++) {
        size_t columns = 0;
        for (size_t c = 0; c < table->rows[r].count; c++) {
            const struct doc_cell *cell = &table->rows[r].cells[c];
            columns += cell->columns > 1 ? (size_t)cell->columns : 1;
            TRY(check_runs(arena, document, &cell->text, why));
        }
        if (columns != table->column_count) {
            return fail(why, ERR_INVALID, "row %zu fills %zu of %zu columns", r, columns,
                        table->column_count);
        }
    }
    return OK;
}

static errc check_head(struct arena *arena, const struct document *document, struct why *why)
{
    const struct doc_head *head = &document->head;
    const struct doc_sign *sign = &document->sign;
    const str texts[] = {head->above, head->agency,    head->symbol, head->place,
                         head->type,  sign->authority, sign->title,  sign->name};
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        TRY(check_text(arena, texts[i], false, why));
    }
    for (size_t i = 0; i < document->recipient_count; i++) {
        TRY(check_text(arena, document->recipients[i], false, why));
    }
    return check_text(arena, head->about, true, why);
}

errc document_check(struct arena *arena, const struct document *document, struct why *why)
{
    if (document->block_count > DOC_BLOCKS_MOST || document->note_count > DOC_NOTES_MOST) {
        return fail(why, ERR_TOO_BIG, "a document of %zu blocks", document->block_count);
    }
    TRY(check_head(arena, document, why));
    for (size_t i = 0; i < document->block_count; i++) {
        const struct doc_block *block = &document->blocks[i];
        TRY(check_runs(arena, document, &block->text, why));
        if (block->kind == DOC_TABLE) {
            TRY(check_table(arena, document, block->table, why));
        }
    }
    for (size_t i = 0; i < document->note_count; i++) {
        TRY(check_runs(arena, document, &document->notes[i], why));
    }
    return OK;
}

void document_number(const struct doc_head *head, struct buf *out)
{
    buf_add_text(out, LAYOUT_NUMBER);
    if (head->number > 0) {
        buf_add_format(out, "%02d", head->number);
    } else {
        buf_add_text(out, "      ");
    }
    buf_add_byte(out, '/');
    buf_add(out, head->symbol);
}

/* A number of so many digits at least, or the blank in which a hand will write it. */
static void add_or_blank(struct buf *out, int number, int digits, const char *blank)
{
    if (number > 0) {
        buf_add_format(out, "%0*d", digits, number);
    } else {
        buf_add_text(out, blank);
    }
}

void document_date(const struct doc_head *head, struct buf *out)
{
    struct civil civil = {head->year, head->month, 0};
    civil = head->date != DAY_OPEN ? day_civil(head->date) : civil;
    buf_add(out, head->place);
    buf_add_text(out, LAYOUT_DAY);
    add_or_blank(out, civil.mday, 2, "    ");
    buf_add_text(out, LAYOUT_MONTH);
    add_or_blank(out, civil.month, civil.month <= 2 ? 2 : 1, "    ");
    buf_add_text(out, LAYOUT_YEAR);
    add_or_blank(out, civil.year, 1, "      ");
}
