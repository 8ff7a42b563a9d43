/* What the writers of the parts of a PDF share: a page that is being filled from the top, and the
 * footnotes that wait for its bottom. */
#ifndef LOA_DOCUMENT_PDF_INSIDE_H
#define LOA_DOCUMENT_PDF_INSIDE_H

#include "document/document.h"
#include "document/layout.h"
#include "document/ruler.h"

enum { PDF_NOTES_A_PAGE = 60 };

struct pdf {
    const struct document *document;
    struct arena *arena;
    struct ruler ruler;
    cairo_t *cairo;
    cairo_surface_t *surface;
    double width; /* of the paper */
    double height;
    double y; /* of what comes next */
    size_t pages;
    size_t notes[PDF_NOTES_A_PAGE]; /* that stand on this page */
    size_t note_count;
    double notes_height;
    bool is_landscape;
};

struct pdf_face {
    int size;
    bool bold;
    bool italic;
    enum doc_align align;
    double first; /* indent */
};

double pdf_room(const struct pdf *pdf);  /* the width of the text */
double pdf_limit(const struct pdf *pdf); /* where the text of this page must end */
void pdf_page_end(struct pdf *pdf);
void pdf_page_begin(struct pdf *pdf);
void pdf_turn(struct pdf *pdf, bool to_landscape);
/* A new page unless so much fits. */
void pdf_need(struct pdf *pdf, double height);

/* A layout with the runs as attributes; the caller drops it with g_object_unref. */
PangoLayout *pdf_layout(const struct pdf *pdf, const struct doc_text *text, struct pdf_face face,
                        double width);
double pdf_layout_height(PangoLayout *layout);
/* Draws lines of the layout from `line` on until `limit`; returns the first that did not fit. */
int pdf_lines(struct pdf *pdf, PangoLayout *layout, int line, double x, double *y, double limit);
void pdf_rule(struct pdf *pdf, double x, double y, double length);

/* Words in one face, at y, within width from x; returns the height. */
double pdf_words(struct pdf *pdf, str words, struct pdf_face face, double x, double y,
                 double width);

void pdf_head(struct pdf *pdf);
void pdf_foot(struct pdf *pdf);
void pdf_table(struct pdf *pdf, const struct doc_table *table);
void pdf_blocks(struct pdf *pdf);

#endif
