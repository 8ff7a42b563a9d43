/* Pages and lines of a PDF. */
#include "document/pdf_inside.h"

enum { NOTE_GAP = 4 };

double pdf_room(const struct pdf *pdf)
{
    return pdf->width - LAYOUT_LEFT - LAYOUT_RIGHT;
}

double pdf_limit(const struct pdf *pdf)
{
    return pdf->height - LAYOUT_BOTTOM - pdf->notes_height;
}

void pdf_rule(struct pdf *pdf, double x, double y, double length)
{
    cairo_set_line_width(pdf->cairo, LAYOUT_RULE_THICK);
    cairo_move_to(pdf->cairo, x, y);
    cairo_line_to(pdf->cairo, x + length, y);
    cairo_stroke(pdf->cairo);
}

/* --- layouts --------------------------------------------------------------------------------- */

static void add_attribute(PangoAttrList *list, PangoAttribute *attribute, size_t from, size_t to)
{
    attribute->start_index = (guint)from;
    attribute->end_index = (guint)to;
    pango_attr_list_insert(list, attribute);
}

static void add_face(PangoAttrList *list, const struct doc_run *run, size_t from, size_t to)
{
    if (run->bold) {
        add_attribute(list, pango_attr_weight_new(PANGO_WEIGHT_BOLD), from, to);
    }
    if (run->italic) {
        add_attribute(list, pango_attr_style_new(PANGO_STYLE_ITALIC), from, to);
    }
    if (run->is_edited) {
        add_attribute(list, pango_attr_underline_new(PANGO_UNDERLINE_LOW), from, to);
    }
}

static void add_note_mark(PangoAttrList *list, struct buf *text, const struct doc_run *run,
                          int size)
{
    size_t from = text->len;
    buf_add_format(text, "%zu", run->note);
    add_attribute(list, pango_attr_rise_new(size * PANGO_SCALE / 3), from, text->len);
    add_attribute(list, pango_attr_size_new(size * PANGO_SCALE * 2 / 3), from, text->len);
}

static void set_align(PangoLayout *layout, enum doc_align align)
{
    static const PangoAlignment aligns[] = {PANGO_ALIGN_LEFT, PANGO_ALIGN_LEFT, PANGO_ALIGN_CENTER,
                                            PANGO_ALIGN_RIGHT};
    pango_layout_set_alignment(layout, aligns[align]);
    pango_layout_set_justify(layout, align == DOC_JUSTIFY);
}

PangoLayout *pdf_layout(const struct pdf *pdf, const struct doc_text *text, struct pdf_face face,
                        double width)
{
    PangoLayout *layout = pango_layout_new(pdf->ruler.context);
    PangoAttrList *list = pango_attr_list_new();
    PangoFontDescription *font = ruler_font(face.size, face.bold, face.italic);
    AUTO(buf_finish) struct buf words;
    buf_init(&words, 4 << 20);
    for (size_t i = 0; i < text->count; i++) {
        size_t from = words.len;
        buf_add(&words, text->runs[i].text);
        add_face(list, &text->runs[i], from, words.len);
        if (text->runs[i].note > 0) {
            add_note_mark(list, &words, &text->runs[i], face.size);
        }
    }
    pango_layout_set_font_description(layout, font);
    pango_layout_set_width(layout, (int)(width * PANGO_SCALE));
    pango_layout_set_indent(layout, (int)(face.first * PANGO_SCALE));
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_line_spacing(layout, (float)LAYOUT_SPACING);
    set_align(layout, face.align);
    pango_layout_set_text(layout, words.len > 0 ? words.at : "", (int)words.len);
    pango_layout_set_attributes(layout, list);
    pango_attr_list_unref(list);
    pango_font_description_free(font);
    return layout;
}

double pdf_layout_height(PangoLayout *layout)
{
    int height = 0;
    pango_layout_get_size(layout, NULL, &height);
    return (double)height / PANGO_SCALE;
}

static double points(int units)
{
    return (double)units / PANGO_SCALE;
}

int pdf_lines(struct pdf *pdf, PangoLayout *layout, int line, double x, double *y, double limit)
{
    PangoLayoutIter *iter = pango_layout_get_iter(layout);
    int at = 0;
    do {
        PangoRectangle logical;
        int top = 0;
        int bottom = 0;
        if (at < line) {
            continue;
        }
        pango_layout_iter_get_line_extents(iter, NULL, &logical);
        pango_layout_iter_get_line_yrange(iter, &top, &bottom);
        double high = points(bottom - top);
        if (*y + high > limit) {
            break;
        }
        double baseline = *y + points(pango_layout_iter_get_baseline(iter) - top);
        cairo_move_to(pdf->cairo, x + points(logical.x), baseline);
        pango_cairo_show_layout_line(pdf->cairo, pango_layout_iter_get_line_readonly(iter));
        *y += high;
    } while (++at, pango_layout_iter_next_line(iter));
    pango_layout_iter_free(iter);
    return at;
}

double pdf_words(struct pdf *pdf, str words, struct pdf_face face, double x, double y, double width)
{
    struct doc_run run = {.text = words};
    struct doc_text text = {&run, 1};
    PangoLayout *layout = pdf_layout(pdf, &text, face, width);
    double end = y;
    ignore_int(pdf_lines(pdf, layout, 0, x, &end, 1e9));
    g_object_unref(layout);
    return end - y;
}

/* --- pages ----------------------------------------------------------------------------------- */

static void put_number(struct pdf *pdf)
{
    char number[16];
    if (pdf->pages > 1) {
        ignore_int(snprintf(number, sizeof number, "%zu", pdf->pages));
        pdf_words(pdf, str_of(number),
                  (struct pdf_face){.size = LAYOUT_SIZE_PAGE, .align = DOC_CENTRE}, LAYOUT_LEFT,
                  LAYOUT_NUMBER_FROM_TOP, pdf_room(pdf));
    }
}

static void put_notes(struct pdf *pdf)
{
    double y = pdf->height - LAYOUT_BOTTOM - pdf->notes_height + NOTE_GAP;
    if (pdf->note_count == 0) {
        return;
    }
    pdf_rule(pdf, LAYOUT_LEFT, y, pdf_room(pdf) / 3);
    y += NOTE_GAP;
    for (size_t i = 0; i < pdf->note_count; i++) {
        PangoLayout *layout = pdf_layout(
            pdf, &pdf->document->notes[pdf->notes[i] - 1],
            (struct pdf_face){.size = LAYOUT_SIZE_NOTE, .first = LAYOUT_SIZE_NOTE}, pdf_room(pdf));
        char number[16];
        ignore_int(snprintf(number, sizeof number, "%zu", pdf->notes[i]));
        pdf_words(pdf, str_of(number), (struct pdf_face){.size = 7}, LAYOUT_LEFT, y,
                  LAYOUT_SIZE_NOTE);
        ignore_int(pdf_lines(pdf, layout, 0, LAYOUT_LEFT, &y, 1e9));
        g_object_unref(layout);
    }
}

void pdf_page_end(struct pdf *pdf)
{
    put_notes(pdf);
    cairo_show_page(pdf->cairo);
    pdf->note_count = 0;
    pdf->notes_height = 0;
}

void pdf_page_begin(struct pdf *pdf)
{
    pdf->width = pdf->is_landscape ? LAYOUT_PAGE_LONG : LAYOUT_PAGE_SHORT;
    pdf->height = pdf->is_landscape ? LAYOUT_PAGE_SHORT : LAYOUT_PAGE_LONG;
    cairo_pdf_surface_set_size(pdf->surface, pdf->width, pdf->height);
    pdf->y = LAYOUT_TOP;
    pdf->pages++;
    put_number(pdf);
}

void pdf_turn(struct pdf *pdf, bool to_landscape)
{
    if (pdf->is_landscape == to_landscape) {
        return;
    }
    pdf_page_end(pdf);
    pdf->is_landscape = to_landscape;
    pdf_page_begin(pdf);
}

void pdf_need(struct pdf *pdf, double height)
{
    if (pdf->y + height > pdf_limit(pdf) && pdf->y > LAYOUT_TOP) {
        pdf_page_end(pdf);
        pdf_page_begin(pdf);
    }
}
