/* The head and the foot of an official document: two halves side by side, without borders. */
#include "document/docx_inside.h"

#include "document/layout.h"

static void open_halves(struct docx *docx, double left)
{
    int first = (int)(docx->width * left * 20);
    int second = (int)(docx->width * 20) - first;
    buf_add_format(&docx->body,
                   "<w:tbl><w:tblPr><w:tblW w:w=\"%d\" w:type=\"dxa\"/><w:tblLayout "
                   "w:type=\"fixed\"/><w:tblCellMar><w:left w:w=\"0\" w:type=\"dxa\"/><w:right "
                   "w:w=\"0\" w:type=\"dxa\"/></w:tblCellMar></w:tblPr><w:tblGrid><w:gridCol "
                   "w:w=\"%d\"/><w:gridCol w:w=\"%d\"/></w:tblGrid><w:tr><w:trPr><w:cantSplit/>"
                   "</w:trPr><w:tc><w:tcPr><w:tcW w:w=\"%d\" w:type=\"dxa\"/></w:tcPr>",
                   first + second, first, second, first);
}

static void next_half(struct docx *docx, double left)
{
    buf_add_format(&docx->body, "</w:tc><w:tc><w:tcPr><w:tcW w:w=\"%d\" w:type=\"dxa\"/></w:tcPr>",
                   (int)(docx->width * (1 - left) * 20));
}

static void close_halves(struct docx *docx)
{
    buf_add_text(&docx->body, "</w:tc></w:tr></w:tbl>");
    docx_line(docx, S(""), (struct docx_shape){.line = 8}, (struct docx_face){.size = 8});
}

static const struct docx_shape centre = {.align = DOC_CENTRE};

static void put_issuer(struct docx *docx, double room)
{
    const struct doc_head *head = &docx->document->head;
    AUTO(buf_finish) struct buf number;
    buf_init(&number, 1000);
    document_number(head, &number);
    if (head->above.len > 0) {
        docx_line(docx, head->above, centre, (struct docx_face){.size = LAYOUT_SIZE_AGENCY});
    }
    docx_line(docx, head->agency, centre,
              (struct docx_face){.size = LAYOUT_SIZE_AGENCY, .bold = true});
    double width = ruler_width(&docx->ruler, head->agency, LAYOUT_SIZE_AGENCY, true);
    docx_rule(docx, room, (width < room ? width : room) * LAYOUT_RULE_AGENCY);
    docx_line(docx, buf_str(&number), centre, (struct docx_face){.size = LAYOUT_SIZE_NUMBER});
}

static void put_nation(struct docx *docx, double room)
{
    AUTO(buf_finish) struct buf date;
    buf_init(&date, 1000);
    document_date(&docx->document->head, &date);
    docx_line(docx, S(LAYOUT_NATION), centre,
              (struct docx_face){.size = LAYOUT_SIZE_NATION, .bold = true});
    docx_line(docx, S(LAYOUT_MOTTO), centre,
              (struct docx_face){.size = LAYOUT_SIZE_MOTTO, .bold = true});
    docx_rule(docx, room, ruler_width(&docx->ruler, S(LAYOUT_MOTTO), LAYOUT_SIZE_MOTTO, true));
    docx_line(docx, buf_str(&date), centre,
              (struct docx_face){.size = LAYOUT_SIZE_DATE, .italic = true});
}

static void put_title(struct docx *docx)
{
    const struct doc_head *head = &docx->document->head;
    str rest = head->about;
    double widest = 0;
    if (head->type.len == 0) {
        return;
    }
    docx_line(docx, head->type, (struct docx_shape){.align = DOC_CENTRE, .keep_next = true},
              (struct docx_face){.size = LAYOUT_SIZE_TYPE, .bold = true});
    while (rest.at != NULL) {
        str line = str_split(rest, '\n', &rest);
        double width = ruler_width(&docx->ruler, line, LAYOUT_SIZE_ABOUT, true);
        widest = width > widest ? width : widest;
        docx_line(docx, line, (struct docx_shape){.align = DOC_CENTRE, .keep_next = true},
                  (struct docx_face){.size = LAYOUT_SIZE_ABOUT, .bold = true});
    }
    widest = widest < docx->width ? widest : docx->width;
    docx_rule(docx, docx->width, widest * LAYOUT_RULE_ABOUT);
}

void docx_head(struct docx *docx)
{
    double left = docx->width * LAYOUT_HEAD_LEFT;
    open_halves(docx, LAYOUT_HEAD_LEFT);
    put_issuer(docx, left);
    next_half(docx, LAYOUT_HEAD_LEFT);
    put_nation(docx, docx->width - left);
    close_halves(docx);
    put_title(docx);
}

static void put_recipients(struct docx *docx)
{
    const struct document *document = docx->document;
    const struct docx_shape left = {.align = DOC_LEFT};
    docx_line(docx, S(LAYOUT_TO), left,
              (struct docx_face){.size = LAYOUT_SIZE_TO, .bold = true, .italic = true});
    for (size_t i = 0; i < document->recipient_count; i++) {
        bool is_last = i + 1 == document->recipient_count;
        docx_open(docx, left);
        docx_run(docx, S("- "), (struct docx_face){.size = LAYOUT_SIZE_RECIPIENT});
        docx_run(docx, document->recipients[i], (struct docx_face){.size = LAYOUT_SIZE_RECIPIENT});
        docx_run(docx, is_last ? S(".") : S(";"),
                 (struct docx_face){.size = LAYOUT_SIZE_RECIPIENT});
        docx_close(docx);
    }
    if (document->recipient_count == 0) {
        docx_line(docx, S(""), left, (struct docx_face){.size = LAYOUT_SIZE_RECIPIENT});
    }
}

static void put_signature(struct docx *docx)
{
    const struct doc_sign *sign = &docx->document->sign;
    const struct docx_face bold = {.size = LAYOUT_SIZE_BODY, .bold = true};
    if (sign->authority.len > 0) {
        docx_line(docx, sign->authority, centre, bold);
    }
    docx_line(docx, sign->title, centre, bold);
    for (int i = 0; i < 4; i++) {
        docx_line(docx, S(""), centre, bold); /* the room for a hand and a seal */
    }
    docx_line(docx, sign->name, centre, bold);
}

void docx_foot(struct docx *docx)
{
    open_halves(docx, 0.5);
    put_recipients(docx);
    next_half(docx, 0.5);
    put_signature(docx);
    close_halves(docx);
}
