/* What the writers of the parts of a .docx share. */
#ifndef LOA_DOCUMENT_DOCX_INSIDE_H
#define LOA_DOCUMENT_DOCX_INSIDE_H

#include "document/document.h"
#include "document/ruler.h"

enum { DOCX_SECTION_SIZE = 700 };

struct docx {
    const struct document *document;
    struct ruler ruler;
    struct buf body; /* of the part that is being written */
    double width;    /* of the text, in points */
    bool is_landscape;
    int section;
};

struct docx_face {
    int size;
    bool bold;
    bool italic;
    bool is_edited;
};

/* Lengths in points. */
struct docx_shape {
    enum doc_align align;
    double first;
    double left;
    double right;
    double after;
    double line; /* exact height; 0: as the letters need */
    bool keep_next;
    bool new_page;
    bool rule_below;
    char section[DOCX_SECTION_SIZE]; /* ends a section with this paragraph */
};

void docx_run(struct docx *docx, str text, struct docx_face face);
void docx_open(struct docx *docx, struct docx_shape shape);
void docx_close(struct docx *docx);
void docx_line(struct docx *docx, str text, struct docx_shape shape, struct docx_face face);
void docx_rule(struct docx *docx, double room, double length);

void docx_head(struct docx *docx); /* the issuer, the nation, number and date, type and abstract */
void docx_foot(struct docx *docx); /* recipients and signature */

void docx_body(struct docx *docx);
void docx_notes(struct docx *docx);
void docx_header(struct docx *docx, bool has_number);
void docx_styles(struct docx *docx);

#endif
