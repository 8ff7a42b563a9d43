/* What editors write: Markdown, read by cmark and written through portal/html, so that only the
 * tags named here can come out of it. HTML in it is shown as it was typed; an address that is not
 * fit leaves its text without a link; a picture is one of ours or is not shown. */
#ifndef LOA_PORTAL_PROSE_H
#define LOA_PORTAL_PROSE_H

#include "portal/html.h"

enum { PROSE_MOST = 200 * 1024, PROSE_DEPTH = 16 };

struct prose_ports {
    void *ctx;
    /* The address of a picture by the name that the text gives it; STR_NONE: there is none. */
    str (*picture)(void *ctx, str name);
};

/* Headings begin at `level` (2 below the title of a page). ERR_TOO_BIG, ERR_NO_MEMORY. */
CHECKED errc prose_write(struct html *html, str text, int level, const struct prose_ports *ports);
/* The words alone, for summaries, search and feeds: at most so many bytes, cut between words. */
CHECKED errc prose_words(str text, size_t most, struct buf *out);

#endif
