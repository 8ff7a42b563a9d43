/* Paragraphs and tables of a PDF, over as many pages as they need. */
#include "document/pdf_inside.h"

enum { CELL_GAP = 4, NOTE_ROOM = 8 };

/* --- paragraphs ------------------------------------------------------------------------------ */

static double note_height(const struct pdf *pdf, size_t note)
{
    PangoLayout *layout = pdf_layout(
        pdf, &pdf->document->notes[note - 1],
        (struct pdf_face){.size = LAYOUT_SIZE_NOTE, .first = LAYOUT_SIZE_NOTE}, pdf_room(pdf));
    double height = pdf_layout_height(layout);
    g_object_unref(layout);
    return height;
}

/* Notes go to the page on which their paragraph begins. */
static void take_notes(struct pdf *pdf, const struct doc_text *text)
{
    for (size_t i = 0; i < text->count; i++) {
        size_t note = text->runs[i].note;
        if (note == 0 || pdf->note_count == PDF_NOTES_A_PAGE) {
            continue;
        }
        pdf->notes_height += note_height(pdf, note) + (pdf->note_count == 0 ? NOTE_ROOM : 0);
        pdf->notes[pdf->note_count++] = note;
    }
}

static double notes_room(const struct pdf *pdf, const struct doc_text *text)
{
    double room = 0;
    for (size_t i = 0; i < text->count; i++) {
        room += text->runs[i].note > 0 ? note_height(pdf, text->runs[i].note) + NOTE_ROOM : 0;
    }
    return room;
}

static void put_text(struct pdf *pdf, const struct doc_text *text, struct pdf_face face,
                     const char *tag)
{
    PangoLayout *layout = pdf_layout(pdf, text, face, pdf_room(pdf));
    int count = pango_layout_get_line_count(layout);
    int line = 0;
    pdf_need(pdf, 2 * face.size * LAYOUT_SPACING + notes_room(pdf, text));
    take_notes(pdf, text);
    while (line < count) {
        cairo_tag_begin(pdf->cairo, tag, NULL);
        int next = pdf_lines(pdf, layout, line, LAYOUT_LEFT, &pdf->y, pdf_limit(pdf));
        cairo_tag_end(pdf->cairo, tag);
        bool stuck = next == line && pdf->y <= LAYOUT_TOP;
        line = next;
        if (stuck) {
            break; /* notes fill the whole page; nothing can be done about it */
        }
        if (line < count) {
            pdf_page_end(pdf);
            pdf_page_begin(pdf);
        }
    }
    pdf->y += LAYOUT_GAP;
    g_object_unref(layout);
}

/* --- tables ---------------------------------------------------------------------------------- */

struct grid {
    const struct doc_table *table;
    double edges[DOC_COLUMNS_MOST + 1];
};

struct drawn_cell {
    PangoLayout *layout;
    double x;
    double width;
    int line;
    int count;
};

struct drawn_row {
    struct drawn_cell cells[DOC_COLUMNS_MOST];
    size_t count;
    double height;
};

static void measure_columns(const struct pdf *pdf, struct grid *grid)
{
    double sum = 0;
    double x = LAYOUT_LEFT;
    for (size_t i = 0; i < grid->table->column_count; i++) {
        sum += grid->table->widths[i] > 0 ? grid->table->widths[i] : 1;
    }
    for (size_t i = 0; i < grid->table->column_count; i++) {
        grid->edges[i] = x;
        x += pdf_room(pdf) * (grid->table->widths[i] > 0 ? grid->table->widths[i] : 1) / sum;
    }
    grid->edges[grid->table->column_count] = x;
}

static void make_row(const struct pdf *pdf, const struct grid *grid, const struct doc_row *row,
                     struct drawn_row *drawn)
{
    size_t column = 0;
    *drawn = (struct drawn_row){.count = row->count};
    for (size_t i = 0; i < row->count; i++) {
        const struct doc_cell *cell = &row->cells[i];
        struct drawn_cell *made = &drawn->cells[i];
        struct pdf_face face = {.size = LAYOUT_SIZE_TABLE,
                                .bold = row->is_head,
                                .align = row->is_head ? DOC_CENTRE : cell->align};
        size_t span = cell->columns > 1 ? (size_t)cell->columns : 1;
        made->x = grid->edges[column];
        made->width = grid->edges[column + span] - made->x;
        made->layout = pdf_layout(pdf, &cell->text, face, made->width - 2 * CELL_GAP);
        made->count = pango_layout_get_line_count(made->layout);
        double height = pdf_layout_height(made->layout) + 2 * CELL_GAP;
        drawn->height = height > drawn->height ? height : drawn->height;
        column += span;
    }
}

static void drop_row(struct drawn_row *drawn)
{
    for (size_t i = 0; i < drawn->count; i++) {
        g_object_unref(drawn->cells[i].layout);
    }
}

static void put_box(struct pdf *pdf, const struct drawn_cell *cell, double top, double bottom)
{
    cairo_set_line_width(pdf->cairo, 0.5);
    cairo_rectangle(pdf->cairo, cell->x, top, cell->width, bottom - top);
    cairo_stroke(pdf->cairo);
}

/* As many lines of each cell as fit; true when all are drawn. Short cells stand in the middle. */
static bool put_part(struct pdf *pdf, struct drawn_row *row, bool is_whole)
{
    double limit = pdf_limit(pdf);
    double bottom = is_whole ? pdf->y + row->height : pdf->y;
    bool done = true;
    for (size_t i = 0; i < row->count; i++) {
        struct drawn_cell *cell = &row->cells[i];
        double high = pdf_layout_height(cell->layout);
        double y = is_whole ? pdf->y + (row->height - high) / 2 : pdf->y + CELL_GAP;
        cell->line = pdf_lines(pdf, cell->layout, cell->line, cell->x + CELL_GAP, &y,
                               is_whole ? 1e9 : limit);
        bottom = y + CELL_GAP > bottom ? y + CELL_GAP : bottom;
        done = done && cell->line >= cell->count;
    }
    bottom = is_whole ? pdf->y + row->height : bottom;
    for (size_t i = 0; i < row->count; i++) {
        put_box(pdf, &row->cells[i], pdf->y, bottom);
    }
    pdf->y = bottom;
    return done;
}

static void put_row(struct pdf *pdf, const struct grid *grid, size_t number);

static void put_heads(struct pdf *pdf, const struct grid *grid)
{
    for (size_t i = 0; i < grid->table->row_count && grid->table->rows[i].is_head; i++) {
        put_row(pdf, grid, i);
    }
}

/* A row stays on one page unless it is taller than a page. */
static void put_row(struct pdf *pdf, const struct grid *grid, size_t number)
{
    const struct doc_row *row = &grid->table->rows[number];
    struct drawn_row drawn;
    make_row(pdf, grid, row, &drawn);
    bool fits = pdf->y + drawn.height <= pdf_limit(pdf);
    if (!fits && !row->is_head) {
        pdf_page_end(pdf);
        pdf_page_begin(pdf);
        put_heads(pdf, grid);
        fits = pdf->y + drawn.height <= pdf_limit(pdf);
    }
    cairo_tag_begin(pdf->cairo, "TR", NULL);
    while (!put_part(pdf, &drawn, fits || row->is_head)) {
        cairo_tag_end(pdf->cairo, "TR");
        pdf_page_end(pdf);
        pdf_page_begin(pdf);
        put_heads(pdf, grid);
        cairo_tag_begin(pdf->cairo, "TR", NULL);
    }
    cairo_tag_end(pdf->cairo, "TR");
    drop_row(&drawn);
}

void pdf_table(struct pdf *pdf, const struct doc_table *table)
{
    struct grid grid = {.table = table};
    measure_columns(pdf, &grid);
    pdf_need(pdf, 60);
    for (size_t i = 0; i < table->row_count; i++) {
        put_row(pdf, &grid, i);
    }
    pdf->y += LAYOUT_GAP;
}

/* --- blocks ---------------------------------------------------------------------------------- */

static void put_block(struct pdf *pdf, const struct doc_block *block)
{
    struct pdf_face body = {.size = LAYOUT_SIZE_BODY, .first = LAYOUT_INDENT};
    struct pdf_face title = {.size = LAYOUT_SIZE_BODY, .bold = true, .align = DOC_CENTRE};
    switch (block->kind) {
    case DOC_PARAGRAPH:
        put_text(pdf, &block->text, body, "P");
        return;
    case DOC_HEADING:
        body.bold = true;
        pdf_need(pdf, 5 * LAYOUT_SIZE_BODY);
        put_text(pdf, &block->text, body, "H1");
        return;
    case DOC_TABLE:
        pdf_need(pdf, 90);
        if (block->text.count > 0) {
            put_text(pdf, &block->text, title, "Caption");
        }
        pdf_table(pdf, block->table);
        return;
    case DOC_ANNEX:
        pdf_need(pdf, 1e9);
        put_text(pdf, &block->text, title, "H1");
        pdf->y += LAYOUT_GAP;
        return;
    case DOC_LANDSCAPE:
    case DOC_PORTRAIT:
        pdf_turn(pdf, block->kind == DOC_LANDSCAPE);
        return;
    }
}

void pdf_blocks(struct pdf *pdf)
{
    for (size_t i = 0; i < pdf->document->block_count; i++) {
        put_block(pdf, &pdf->document->blocks[i]);
    }
}
