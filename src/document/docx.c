/* A document as .docx (ECMA-376): a zip of a few files of XML. What Word and LibreOffice need and
 * no more; nothing in it comes from a template, so nothing in it can be stale. Lengths are
 * twentieths of a point, sizes of letters half points. */
#include "document/docx_inside.h"

#include "document/layout.h"

#include <math.h>

static int twips(double points)
{
    return (int)lround(points * 20);
}

/* --- runs and paragraphs --------------------------------------------------------------------- */

void docx_run(struct docx *docx, str text, struct docx_face face)
{
    struct buf *out = &docx->body;
    buf_add_text(out, "<w:r><w:rPr>");
    buf_add_text(out, face.bold ? "<w:b/><w:bCs/>" : "");
    buf_add_text(out, face.italic ? "<w:i/><w:iCs/>" : "");
    buf_add_format(out, "<w:sz w:val=\"%d\"/><w:szCs w:val=\"%d\"/>", face.size * 2, face.size * 2);
    buf_add_text(out, face.is_edited ? "<w:u w:val=\"dotted\"/>" : "");
    buf_add_text(out, "</w:rPr><w:t xml:space=\"preserve\">");
    buf_add_markup(out, text);
    buf_add_text(out, "</w:t></w:r>");
}

static void put_reference(struct docx *docx, size_t note)
{
    buf_add_format(&docx->body,
                   "<w:r><w:rPr><w:vertAlign w:val=\"superscript\"/></w:rPr>"
                   "<w:footnoteReference w:id=\"%zu\"/></w:r>",
                   note + 1);
}

static void put_runs(struct docx *docx, const struct doc_text *text, struct docx_face face)
{
    for (size_t i = 0; i < text->count; i++) {
        const struct doc_run *run = &text->runs[i];
        struct docx_face own = face;
        own.bold = face.bold || run->bold;
        own.italic = face.italic || run->italic;
        own.is_edited = run->is_edited;
        docx_run(docx, run->text, own);
        if (run->note > 0) {
            put_reference(docx, run->note);
        }
    }
}

void docx_open(struct docx *docx, struct docx_shape shape)
{
    static const char *const aligns[] = {"both", "left", "center", "right"};
    struct buf *out = &docx->body;
    buf_add_text(out, "<w:p><w:pPr>");
    buf_add_text(out, shape.keep_next ? "<w:keepNext/>" : "");
    buf_add_text(out, shape.new_page ? "<w:pageBreakBefore/>" : "");
    if (shape.rule_below) {
        buf_add_format(out,
                       "<w:pBdr><w:bottom w:val=\"single\" w:sz=\"%d\" w:space=\"1\" "
                       "w:color=\"000000\"/></w:pBdr>",
                       (int)(LAYOUT_RULE_THICK * 8));
    }
    buf_add_format(
        out, "<w:spacing w:before=\"0\" w:after=\"%d\" w:line=\"%d\" w:lineRule=\"%s\"/>",
        twips(shape.after), shape.line > 0 ? twips(shape.line) : (int)(240 * LAYOUT_SPACING),
        shape.line > 0 ? "exact" : "auto");
    buf_add_format(out, "<w:ind w:left=\"%d\" w:right=\"%d\" w:firstLine=\"%d\"/>",
                   twips(shape.left), twips(shape.right), twips(shape.first));
    buf_add_format(out, "<w:jc w:val=\"%s\"/>", aligns[shape.align]);
    if (shape.section[0] != '\0') {
        buf_add_text(out, shape.section);
    }
    buf_add_text(out, "</w:pPr>");
}

void docx_close(struct docx *docx)
{
    buf_add_text(&docx->body, "</w:p>");
}

void docx_line(struct docx *docx, str text, struct docx_shape shape, struct docx_face face)
{
    docx_open(docx, shape);
    docx_run(docx, text, face);
    docx_close(docx);
}

/* An empty line with a rule of this length in the middle of `room` points. */
void docx_rule(struct docx *docx, double room, double length)
{
    double side = length < room ? (room - length) / 2 : 0;
    docx_open(docx, (struct docx_shape){.align = DOC_CENTRE,
                                        .rule_below = true,
                                        .left = side,
                                        .right = side,
                                        .line = 2,
                                        .after = LAYOUT_GAP});
    docx_close(docx);
}

/* --- tables ---------------------------------------------------------------------------------- */

static void put_cell(struct docx *docx, const struct doc_cell *cell, int width, bool is_head)
{
    struct buf *out = &docx->body;
    buf_add_format(out, "<w:tc><w:tcPr><w:tcW w:w=\"%d\" w:type=\"dxa\"/>", width);
    if (cell->columns > 1) {
        buf_add_format(out, "<w:gridSpan w:val=\"%d\"/>", cell->columns);
    }
    buf_add_text(out, "<w:vAlign w:val=\"center\"/></w:tcPr>");
    docx_open(docx, (struct docx_shape){.align = is_head ? DOC_CENTRE : cell->align, .after = 2});
    put_runs(docx, &cell->text, (struct docx_face){.size = LAYOUT_SIZE_TABLE, .bold = is_head});
    docx_close(docx);
    buf_add_text(out, "</w:tc>");
}

static void put_row(struct docx *docx, const struct doc_row *row, const int *widths)
{
    struct buf *out = &docx->body;
    size_t column = 0;
    buf_add_text(out, "<w:tr><w:trPr><w:cantSplit/>");
    buf_add_text(out, row->is_head ? "<w:tblHeader/></w:trPr>" : "</w:trPr>");
    for (size_t i = 0; i < row->count; i++) {
        int width = 0;
        size_t span = row->cells[i].columns > 1 ? (size_t)row->cells[i].columns : 1;
        for (size_t k = 0; k < span; k++) {
            width += widths[column + k];
        }
        put_cell(docx, &row->cells[i], width, row->is_head);
        column += span;
    }
    buf_add_text(out, "</w:tr>");
}

static void put_table(struct docx *docx, const struct doc_table *table)
{
    struct buf *out = &docx->body;
    int widths[DOC_COLUMNS_MOST];
    double sum = 0;
    double room = twips(docx->width);
    for (size_t i = 0; i < table->column_count; i++) {
        sum += table->widths[i] > 0 ? table->widths[i] : 1;
    }
    buf_add_format(
        out,
        "<w:tbl><w:tblPr><w:tblW w:w=\"%d\" w:type=\"dxa\"/><w:tblBorders>"
        "<w:top w:val=\"single\" w:sz=\"4\"/><w:left w:val=\"single\" w:sz=\"4\"/>"
        "<w:bottom w:val=\"single\" w:sz=\"4\"/><w:right w:val=\"single\" w:sz=\"4\"/>"
        "<w:insideH w:val=\"single\" w:sz=\"4\"/><w:insideV w:val=\"single\" "
        "w:sz=\"4\"/></w:tblBorders><w:tblLayout w:type=\"fixed\"/></w:tblPr><w:tblGrid>",
        (int)room);
    for (size_t i = 0; i < table->column_count; i++) {
        double part = table->widths[i] > 0 ? table->widths[i] : 1;
        widths[i] = (int)(room * part / sum);
        buf_add_format(out, "<w:gridCol w:w=\"%d\"/>", widths[i]);
    }
    buf_add_text(out, "</w:tblGrid>");
    for (size_t i = 0; i < table->row_count; i++) {
        put_row(docx, &table->rows[i], widths);
    }
    buf_add_text(out, "</w:tbl>");
    docx_line(docx, S(""), (struct docx_shape){.line = 6}, (struct docx_face){.size = 6});
}

/* --- sections and blocks --------------------------------------------------------------------- */

/* The properties of the pages before this point. The first page of the document has no number. */
static void section(struct docx *docx, char *text, size_t size)
{
    bool lies = docx->is_landscape;
    double wide = lies ? LAYOUT_PAGE_LONG : LAYOUT_PAGE_SHORT;
    double high = lies ? LAYOUT_PAGE_SHORT : LAYOUT_PAGE_LONG;
    ignore_int(snprintf(
        text, size,
        "<w:sectPr><w:headerReference w:type=\"default\" r:id=\"rId3\"/>%s"
        "<w:type w:val=\"nextPage\"/><w:pgSz w:w=\"%d\" w:h=\"%d\"%s/><w:pgMar w:top=\"%d\" "
        "w:right=\"%d\" w:bottom=\"%d\" w:left=\"%d\" w:header=\"%d\" w:footer=\"567\" "
        "w:gutter=\"0\"/>%s</w:sectPr>",
        docx->section == 0 ? "<w:headerReference w:type=\"first\" r:id=\"rId4\"/>" : "",
        twips(wide), twips(high), lies ? " w:orient=\"landscape\"" : "", twips(LAYOUT_TOP),
        twips(LAYOUT_RIGHT), twips(LAYOUT_BOTTOM), twips(LAYOUT_LEFT),
        twips(LAYOUT_NUMBER_FROM_TOP), docx->section == 0 ? "<w:titlePg/>" : ""));
    docx->section++;
}

static void turn(struct docx *docx, bool to_landscape)
{
    struct docx_shape shape = {.line = 1};
    if (docx->is_landscape == to_landscape) {
        return;
    }
    section(docx, shape.section, sizeof shape.section);
    docx_open(docx, shape);
    docx_close(docx);
    docx->is_landscape = to_landscape;
    docx->width =
        (to_landscape ? LAYOUT_PAGE_LONG : LAYOUT_PAGE_SHORT) - LAYOUT_LEFT - LAYOUT_RIGHT;
}

static void put_block(struct docx *docx, const struct doc_block *block)
{
    struct docx_shape shape = {.first = LAYOUT_INDENT, .after = LAYOUT_GAP};
    struct docx_face face = {.size = LAYOUT_SIZE_BODY};
    switch (block->kind) {
    case DOC_LANDSCAPE:
    case DOC_PORTRAIT:
        turn(docx, block->kind == DOC_LANDSCAPE);
        return;
    case DOC_HEADING:
        shape.keep_next = true;
        face.bold = true;
        break;
    case DOC_ANNEX:
        shape = (struct docx_shape){.align = DOC_CENTRE, .after = LAYOUT_GAP * 2, .new_page = true};
        face.bold = true;
        break;
    case DOC_TABLE:
        shape = (struct docx_shape){.align = DOC_CENTRE, .after = LAYOUT_GAP, .keep_next = true};
        face.bold = true;
        break;
    case DOC_PARAGRAPH:
        break;
    }
    if (block->text.count > 0) {
        docx_open(docx, shape);
        put_runs(docx, &block->text, face);
        docx_close(docx);
    }
    if (block->kind == DOC_TABLE) {
        put_table(docx, block->table);
    }
}

/* --- the whole ------------------------------------------------------------------------------- */

static const char names[] =
    "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" "
    "xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"";

static void put_start(struct docx *docx, const char *root)
{
    buf_add_format(&docx->body,
                   "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<w:%s %s>", root,
                   names);
}

void docx_body(struct docx *docx)
{
    const struct document *document = docx->document;
    char last[DOCX_SECTION_SIZE];
    put_start(docx, "document");
    buf_add_text(&docx->body, "<w:body>");
    docx_head(docx);
    for (size_t i = 0; i < document->block_count; i++) {
        put_block(docx, &document->blocks[i]);
    }
    turn(docx, false);
    docx_foot(docx);
    section(docx, last, sizeof last);
    buf_add_text(&docx->body, last);
    buf_add_text(&docx->body, "</w:body></w:document>");
}

void docx_notes(struct docx *docx)
{
    const struct document *document = docx->document;
    put_start(docx, "footnotes");
    buf_add_text(&docx->body,
                 "<w:footnote w:type=\"separator\" w:id=\"0\"><w:p><w:r><w:separator/></w:r></w:p>"
                 "</w:footnote><w:footnote w:type=\"continuationSeparator\" w:id=\"1\"><w:p><w:r>"
                 "<w:continuationSeparator/></w:r></w:p></w:footnote>");
    for (size_t i = 0; i < document->note_count; i++) {
        buf_add_format(&docx->body, "<w:footnote w:id=\"%zu\">", i + 2);
        docx_open(docx, (struct docx_shape){.after = 0});
        buf_add_format(&docx->body,
                       "<w:r><w:rPr><w:sz w:val=\"%d\"/><w:vertAlign w:val=\"superscript\"/>"
                       "</w:rPr><w:footnoteRef/></w:r>",
                       LAYOUT_SIZE_NOTE * 2);
        docx_run(docx, S(" "), (struct docx_face){.size = LAYOUT_SIZE_NOTE});
        put_runs(docx, &document->notes[i], (struct docx_face){.size = LAYOUT_SIZE_NOTE});
        docx_close(docx);
        buf_add_text(&docx->body, "</w:footnote>");
    }
    buf_add_text(&docx->body, "</w:footnotes>");
}

void docx_header(struct docx *docx, bool has_number)
{
    put_start(docx, "hdr");
    docx_open(docx, (struct docx_shape){.align = DOC_CENTRE});
    if (has_number) {
        buf_add_format(&docx->body,
                       "<w:r><w:rPr><w:sz w:val=\"%d\"/></w:rPr><w:fldChar "
                       "w:fldCharType=\"begin\"/></w:r><w:r><w:rPr><w:sz w:val=\"%d\"/></w:rPr>"
                       "<w:instrText>PAGE</w:instrText></w:r><w:r><w:fldChar "
                       "w:fldCharType=\"end\"/></w:r>",
                       LAYOUT_SIZE_PAGE * 2, LAYOUT_SIZE_PAGE * 2);
    }
    docx_close(docx);
    buf_add_text(&docx->body, "</w:hdr>");
}

void docx_styles(struct docx *docx)
{
    put_start(docx, "styles");
    buf_add_format(&docx->body,
                   "<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii=\"%s\" w:hAnsi=\"%s\" "
                   "w:cs=\"%s\" w:eastAsia=\"%s\"/><w:sz w:val=\"%d\"/><w:szCs w:val=\"%d\"/>"
                   "<w:lang w:val=\"vi-VN\"/></w:rPr></w:rPrDefault></w:docDefaults>"
                   "<w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"Normal\"><w:name "
                   "w:val=\"Normal\"/></w:style></w:styles>",
                   LAYOUT_FONT_NAME, LAYOUT_FONT_NAME, LAYOUT_FONT_NAME, LAYOUT_FONT_NAME,
                   LAYOUT_SIZE_BODY * 2, LAYOUT_SIZE_BODY * 2);
}
