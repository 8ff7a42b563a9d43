/* Pages of a commune's site, as values and as HTML: whole without JavaScript, small enough for a
 * cheap phone on 3G, cacheable. What stands on a page is decided before; here it is only written.
 */
#ifndef LOA_PORTAL_SITE_H
#define LOA_PORTAL_SITE_H

#include "base/base.h"
#include "base/when.h"
#include "base/words.h"
#include "portal/prose.h"

enum { SITE_PAGE_MOST = 4 * 1024 * 1024 };

enum site_section {
    SITE_HOME,
    SITE_NEWS,
    SITE_RADIO,
    SITE_DOCUMENTS,
    SITE_CONTACTS,
    SITE_FEEDBACK,
};
enum { SITE_SECTIONS = 6 };

struct site_alarm {
    str title;
    str text;
    usec since;
    bool is_drill;
};

/* What is the same on every page. */
struct site {
    str name;   /* "Xã Đèo Mơ" */
    str above;  /* "Tỉnh Lam Giang" */
    str path;   /* "/p/xa-deo-mo"; "" when the site has a host of its own */
    str origin; /* "https://…", for feeds, social cards and the canonical address */
    str emblem; /* address of a picture; STR_NONE: none */
    str colour; /* "#0d5c63": the commune's own; STR_NONE: the house's */
    str style;  /* address of the style sheet */
    const struct words *words;
    enum words_language language;
    usec now;
    usec zone;
    unsigned sections; /* bit n: enum site_section n is there */
    const struct site_alarm *alarms;
    size_t alarm_count;
    str live; /* address of a live sound; STR_NONE: none now */
    str live_title;
    str phone;
    str mail;
    str address;
};

struct site_sound {
    str path; /* STR_NONE: none */
    int64_t ms;
};

struct site_article {
    int64_t id;
    str path; /* below the site: "/tin/12-tiem-phong" */
    str title;
    str category; /* its name */
    str unit;     /* who wrote it, as it was called then */
    str was_of;   /* another unit whose site this was, before a merger; STR_NONE */
    str summary;
    str body; /* Markdown */
    usec published;
    usec changed; /* 0: never */
    struct site_sound sound;
    str transcript;
    str language; /* BCP 47 */
    str picture;
    const struct site_file {
        str path;
        str name;
        int64_t bytes;
    } * files;
    size_t file_count;
};

struct site_articles {
    const struct site_article *at;
    size_t count;
    str newer; /* addresses of the pages beside this one; STR_NONE */
    str older;
};

struct site_item {
    usec at;
    int64_t ms;
    str title;
    struct site_sound sound; /* to listen again */
};

struct site_day {
    day date;
    const struct site_item *items;
    size_t count;
};

struct site_home {
    struct site_articles news; /* the newest few */
    struct site_day today;
};

CHECKED errc site_home_write(const struct site *site, const struct site_home *home,
                             struct buf *out);
CHECKED errc site_news_write(const struct site *site, const struct site_articles *articles,
                             struct buf *out);
CHECKED errc site_article_write(const struct site *site, const struct site_article *article,
                                const struct prose_ports *ports, struct buf *out);
CHECKED errc site_radio_write(const struct site *site, const struct site_day *days, size_t count,
                              struct buf *out);
CHECKED errc site_search_write(const struct site *site, str query,
                               const struct site_articles *found, struct buf *out);
CHECKED errc site_missing_write(const struct site *site, struct buf *out);

#endif
