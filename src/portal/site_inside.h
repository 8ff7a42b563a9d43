/* What the pages of a site share. */
#ifndef LOA_PORTAL_SITE_INSIDE_H
#define LOA_PORTAL_SITE_INSIDE_H

#include "portal/site.h"

struct page {
    const struct site *site;
    struct html html;
};

struct page_head {
    enum site_section section;
    str title; /* of the page; STR_NONE: the site's own */
    str path;  /* below the site */
    str summary;
    str picture;
    bool hide; /* from search engines */
};

void page_open(struct page *page, const struct site *site, const struct page_head *head,
               struct buf *out);
CHECKED errc page_close(struct page *page);

void page_words(struct page *page, const char *key);
void page_words_of(struct page *page, const char *key, const char *name, str value);
void page_put(struct page *page, const char *tag, const char *key);
/* A link below the site. */
void page_link(struct page *page, str path);
/* "thứ Tư, 25/11/2026, 17:15" as a <time>. */
void page_time(struct page *page, usec at);
void page_clock(struct page *page, usec at); /* "17:15" */
void page_date(struct page *page, day date); /* "thứ Tư, 25/11/2026" */
void page_sound(struct page *page, struct site_sound sound, str title);
void page_cards(struct page *page, const struct site_articles *articles, const char *heading);
void page_day(struct page *page, const struct site_day *shown);

#endif
