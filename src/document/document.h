/* An official document as a value: what stands in it, not where. Where is law (Decree
 * 30/2020/NĐ-CP, annex I) and lives in document/layout.h, from which both writers take it. All
 * texts are plain UTF-8 in NFC; a writer refuses what is not. */
#ifndef LOA_DOCUMENT_DOCUMENT_H
#define LOA_DOCUMENT_DOCUMENT_H

#include "base/base.h"
#include "base/when.h"

enum {
    DOC_TEXT_MOST = 20000, /* bytes of a run */
    DOC_BLOCKS_MOST = 20000,
    DOC_COLUMNS_MOST = 40,
    DOC_ROWS_MOST = 20000,
    DOC_NOTES_MOST = 1000,
};

struct doc_run {
    str text;
    bool bold;
    bool italic;
    bool is_edited; /* a figure that a person changed: underlined with dots while it is a draft */
    size_t note;    /* number of the footnote that follows the text, from 1; 0: none */
};

struct doc_text {
    const struct doc_run *runs;
    size_t count;
};

enum doc_align { DOC_JUSTIFY, DOC_LEFT, DOC_CENTRE, DOC_RIGHT };

struct doc_cell {
    struct doc_text text;
    enum doc_align align;
    int columns; /* that it spans; 0 and 1: one */
};

struct doc_row {
    const struct doc_cell *cells;
    size_t count;
    bool is_head; /* stands again on every page */
};

struct doc_table {
    const int *widths; /* of the columns, in any measure */
    size_t column_count;
    const struct doc_row *rows;
    size_t row_count;
};

enum doc_kind {
    DOC_PARAGRAPH,
    DOC_HEADING,   /* "I. …", "1. …": bold; the number is part of the text */
    DOC_TABLE,     /* its text is the caption above it; may be empty */
    DOC_ANNEX,     /* begins a page: a title in the middle */
    DOC_LANDSCAPE, /* from here on pages lie; begins a page */
    DOC_PORTRAIT,
};

struct doc_block {
    enum doc_kind kind;
    struct doc_text text;
    const struct doc_table *table;
};

struct doc_head {
    str above;  /* the superior agency; may be empty */
    str agency; /* who issues */
    int number; /* 0: not issued yet, a blank is left */
    str symbol; /* "BC-STTTT" */
    str place;
    day date;  /* DAY_OPEN: not issued yet */
    int month; /* of a draft whose month and year are known; 0: none */
    int year;
    str type;  /* "BÁO CÁO"; empty for a letter */
    str about; /* the abstract; lines are separated by line feeds */
};

struct doc_sign {
    str authority; /* "KT. GIÁM ĐỐC"; may be empty */
    str title;     /* "PHÓ GIÁM ĐỐC" */
    str name;
};

struct document {
    struct doc_head head;
    const struct doc_block *blocks;
    size_t block_count;
    const struct doc_text *notes;
    size_t note_count;
    const str *recipients; /* "UBND tỉnh"; the last one is what is filed: "Lưu: VT" */
    size_t recipient_count;
    struct doc_sign sign;
};

/* OK, or ERR_INVALID with what is wrong: a text that is not plain NFC, a table whose rows do not
 * fill its columns, a note that is not there. */
CHECKED errc document_check(struct arena *arena, const struct document *document, struct why *why);

/* "Số: 05/BC-STTTT"; the number of a draft is a blank. */
void document_number(const struct doc_head *head, struct buf *out);
/* "Bắc Giang, ngày 05 tháng 02 năm 2024": days below 10 and the months 1 and 2 take a nought. */
void document_date(const struct doc_head *head, struct buf *out);

/* ERR_TOO_BIG past the ceiling of `out`. Need document_check first. */
CHECKED errc docx_write(const struct document *document, usec made, struct buf *out,
                        struct why *why);
CHECKED errc pdf_write(const struct document *document, usec made, struct buf *out,
                       size_t *ret_pages, struct why *why);

#endif
