/* A document as PDF, through cairo and pango: fonts are embedded as the letters that are used, and
 * the text can be searched. */
#include "document/pdf_inside.h"

/* --- head and foot --------------------------------------------------------------------------- */

static double put_issuer(struct pdf *pdf, double room)
{
    const struct doc_head *head = &pdf->document->head;
    struct pdf_face face = {.size = LAYOUT_SIZE_AGENCY, .align = DOC_CENTRE};
    double y = pdf->y;
    AUTO(buf_finish) struct buf number;
    buf_init(&number, 1000);
    document_number(head, &number);
    if (head->above.len > 0) {
        y += pdf_words(pdf, head->above, face, LAYOUT_LEFT, y, room);
    }
    face.bold = true;
    y += pdf_words(pdf, head->agency, face, LAYOUT_LEFT, y, room);
    double width = ruler_width(&pdf->ruler, head->agency, LAYOUT_SIZE_AGENCY, true);
    width = (width < room ? width : room) * LAYOUT_RULE_AGENCY;
    pdf_rule(pdf, LAYOUT_LEFT + (room - width) / 2, y + 2, width);
    y += LAYOUT_GAP;
    face = (struct pdf_face){.size = LAYOUT_SIZE_NUMBER, .align = DOC_CENTRE};
    return y + pdf_words(pdf, buf_str(&number), face, LAYOUT_LEFT, y, room);
}

static double put_nation(struct pdf *pdf, double x, double room)
{
    struct pdf_face face = {.size = LAYOUT_SIZE_NATION, .bold = true, .align = DOC_CENTRE};
    double y = pdf->y;
    AUTO(buf_finish) struct buf date;
    buf_init(&date, 1000);
    document_date(&pdf->document->head, &date);
    y += pdf_words(pdf, S(LAYOUT_NATION), face, x, y, room);
    face.size = LAYOUT_SIZE_MOTTO;
    y += pdf_words(pdf, S(LAYOUT_MOTTO), face, x, y, room);
    double width = ruler_width(&pdf->ruler, S(LAYOUT_MOTTO), LAYOUT_SIZE_MOTTO, true);
    pdf_rule(pdf, x + (room - width) / 2, y + 2, width);
    y += LAYOUT_GAP;
    face = (struct pdf_face){.size = LAYOUT_SIZE_DATE, .italic = true, .align = DOC_CENTRE};
    return y + pdf_words(pdf, buf_str(&date), face, x, y, room);
}

static void put_title(struct pdf *pdf)
{
    const struct doc_head *head = &pdf->document->head;
    struct pdf_face face = {.size = LAYOUT_SIZE_TYPE, .bold = true, .align = DOC_CENTRE};
    str rest = head->about;
    double widest = 0;
    if (head->type.len == 0) {
        return;
    }
    pdf->y += pdf_words(pdf, head->type, face, LAYOUT_LEFT, pdf->y, pdf_room(pdf));
    face.size = LAYOUT_SIZE_ABOUT;
    while (rest.at != NULL) {
        str line = str_split(rest, '\n', &rest);
        double width = ruler_width(&pdf->ruler, line, LAYOUT_SIZE_ABOUT, true);
        widest = width > widest ? width : widest;
        pdf->y += pdf_words(pdf, line, face, LAYOUT_LEFT, pdf->y, pdf_room(pdf));
    }
    widest = (widest < pdf_room(pdf) ? widest : pdf_room(pdf)) * LAYOUT_RULE_ABOUT;
    pdf_rule(pdf, LAYOUT_LEFT + (pdf_room(pdf) - widest) / 2, pdf->y + 2, widest);
    pdf->y += LAYOUT_GAP * 2;
}

void pdf_head(struct pdf *pdf)
{
    double left = pdf_room(pdf) * LAYOUT_HEAD_LEFT;
    double one = put_issuer(pdf, left);
    double two = put_nation(pdf, LAYOUT_LEFT + left, pdf_room(pdf) - left);
    pdf->y = (one > two ? one : two) + LAYOUT_GAP * 2;
    put_title(pdf);
}

static double put_recipients(struct pdf *pdf, double room)
{
    const struct document *document = pdf->document;
    struct pdf_face face = {
        .size = LAYOUT_SIZE_TO, .bold = true, .italic = true, .align = DOC_LEFT};
    double y = pdf->y + pdf_words(pdf, S(LAYOUT_TO), face, LAYOUT_LEFT, pdf->y, room);
    face = (struct pdf_face){.size = LAYOUT_SIZE_RECIPIENT, .align = DOC_LEFT};
    for (size_t i = 0; i < document->recipient_count; i++) {
        bool is_last = i + 1 == document->recipient_count;
        str line = arena_format(pdf->arena, "- %.*s%s", STR_ARG(document->recipients[i]),
                                is_last ? "." : ";");
        y += pdf_words(pdf, line, face, LAYOUT_LEFT, y, room);
    }
    return y;
}

static double put_signature(struct pdf *pdf, double x, double room)
{
    const struct doc_sign *sign = &pdf->document->sign;
    struct pdf_face face = {.size = LAYOUT_SIZE_BODY, .bold = true, .align = DOC_CENTRE};
    double y = pdf->y;
    if (sign->authority.len > 0) {
        y += pdf_words(pdf, sign->authority, face, x, y, room);
    }
    y += pdf_words(pdf, sign->title, face, x, y, room);
    y += 4 * LAYOUT_SIZE_BODY * LAYOUT_SPACING; /* the room for a hand and a seal */
    return y + pdf_words(pdf, sign->name, face, x, y, room);
}

void pdf_foot(struct pdf *pdf)
{
    double half = pdf_room(pdf) / 2;
    double recipients = (double)(pdf->document->recipient_count + 2) * LAYOUT_SIZE_RECIPIENT * 1.4;
    double signature = 8 * LAYOUT_SIZE_BODY * 1.4;
    pdf_need(pdf, recipients > signature ? recipients : signature);
    double one = put_recipients(pdf, half);
    double two = put_signature(pdf, LAYOUT_LEFT + half, half);
    pdf->y = one > two ? one : two;
}

/* --- the file -------------------------------------------------------------------------------- */

static cairo_status_t take_bytes(void *ctx, const unsigned char *bytes, unsigned count)
{
    struct buf *out = ctx;
    buf_add(out, (str){(const char *)bytes, count});
    return out->failed ? CAIRO_STATUS_WRITE_ERROR : CAIRO_STATUS_SUCCESS;
}

static void put_metadata(struct pdf *pdf, usec made)
{
    const struct doc_head *head = &pdf->document->head;
    AUTO(buf_finish) struct buf text;
    buf_init(&text, 4000);
    buf_add(&text, head->type.len > 0 ? head->type : head->symbol);
    buf_add_text(&text, head->about.len > 0 ? ": " : "");
    buf_add(&text, head->about);
    for (size_t i = 0; i < text.len; i++) {
        text.at[i] = text.at[i] == '\n' ? ' ' : text.at[i];
    }
    cairo_pdf_surface_set_metadata(pdf->surface, CAIRO_PDF_METADATA_TITLE,
                                   text.len > 0 ? text.at : "");
    buf_clear(&text);
    usec_write(made / USEC_SECOND * USEC_SECOND, &text);
    cairo_pdf_surface_set_metadata(pdf->surface, CAIRO_PDF_METADATA_CREATE_DATE, text.at);
    cairo_pdf_surface_set_metadata(pdf->surface, CAIRO_PDF_METADATA_CREATOR, "Loa");
}

static errc draw(struct pdf *pdf, usec made, struct buf *out, struct why *why)
{
    pdf->surface =
        cairo_pdf_surface_create_for_stream(take_bytes, out, LAYOUT_PAGE_SHORT, LAYOUT_PAGE_LONG);
    pdf->cairo = cairo_create(pdf->surface);
    put_metadata(pdf, made);
    pango_cairo_update_context(pdf->cairo, pdf->ruler.context);
    pdf_page_begin(pdf);
    pdf_head(pdf);
    pdf_blocks(pdf);
    pdf_turn(pdf, false);
    pdf_foot(pdf);
    pdf_page_end(pdf);
    cairo_destroy(pdf->cairo);
    cairo_surface_finish(pdf->surface);
    cairo_status_t status = cairo_surface_status(pdf->surface);
    cairo_surface_destroy(pdf->surface);
    if (status == CAIRO_STATUS_SUCCESS) {
        return OK;
    }
    return fail(why, status == CAIRO_STATUS_WRITE_ERROR ? ERR_TOO_BIG : ERR_NO_MEMORY, "pdf: %s",
                cairo_status_to_string(status));
}

errc pdf_write(const struct document *document, usec made, struct buf *out, size_t *ret_pages,
               struct why *why)
{
    AUTO(arena_close) struct arena *arena = NULL;
    struct pdf pdf = {.document = document};
    TRY(arena_create(1 << 20, &arena));
    pdf.arena = arena;
    TRY(ruler_create(&pdf.ruler, why));
    errc rc = draw(&pdf, made, out, why);
    ruler_finish(&pdf.ruler);
    if (rc == OK) {
        *ret_pages = pdf.pages;
    }
    return rc;
}
