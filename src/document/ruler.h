/* How wide words are in the letters of official documents. */
#ifndef LOA_DOCUMENT_RULER_H
#define LOA_DOCUMENT_RULER_H

#include "base/base.h"

#include <cairo-pdf.h>
#include <pango/pangocairo.h>

struct ruler {
    PangoFontMap *fonts;
    PangoContext *context;
};

CHECKED errc ruler_create(struct ruler *ruler, struct why *why);
void ruler_finish(struct ruler *ruler); /* for AUTO; accepts a zeroed one */
PangoFontDescription *ruler_font(int size, bool bold, bool italic); /* the caller frees it */
double ruler_width(const struct ruler *ruler, str text, int size, bool bold);

#endif
