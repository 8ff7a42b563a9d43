/* Writes HTML so that no text can become markup: names of tags are ours, everything else goes
 * through html_text and html_attr. What was opened is closed in order; a writer that forgets it
 * fails at the end.
 *   html_tag(&html, "a"); html_attr(&html, "href", url); html_text(&html, title); html_end(&html);
 */
#ifndef LOA_PORTAL_HTML_H
#define LOA_PORTAL_HTML_H

#include "base/base.h"

enum { HTML_DEPTH = 48 };

struct html {
    struct buf *out;
    const char *open[HTML_DEPTH];
    int depth;
    bool in_tag; /* its ">" is still to come */
    bool failed;
};

void html_init(struct html *html, struct buf *out);
CHECKED errc html_check(struct html *html); /* at the end: everything is closed, nothing failed */

void html_page(struct html *html); /* <!doctype html> */
void html_tag(struct html *html, const char *name);
void html_void(struct html *html, const char *name); /* img, meta, br: nothing to close */
void html_end(struct html *html);
/* After html_tag or html_void only; a value of STR_NONE leaves the attribute out. */
void html_attr(struct html *html, const char *name, str value);
void html_attr_text(struct html *html, const char *name, const char *value);
void html_flag(struct html *html, const char *name);
void html_text(struct html *html, str text);
/* A tag around a text, in one call. */
void html_put(struct html *html, const char *name, str text);
/* Whether an address of a stranger may be linked: http, https, mailto, tel, or a path of our own.
 */
bool html_address_is_fit(str address);

#endif
