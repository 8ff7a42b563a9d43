/* What a unit publishes, for readers of news: RSS 2.0 and JSON Feed 1.1. Only what was approved, is
 * valid now and has a text for people to read; a spoken bulletin is read by its transcript. Public:
 * nothing in it says who wrote or approved. */
#ifndef LOA_STUDIO_FEED_H
#define LOA_STUDIO_FEED_H

#include "studio/bulletin.h"

enum { FEED_MOST = 50 };

struct feed_item {
    wire_id mark;
    str title;
    str text;
    str language;
    str category; /* in Vietnamese; empty: none */
    usec at;
};

struct feed {
    str title;
    str home; /* address of the site; may be empty */
    str self; /* address of the feed; may be empty */
    usec changed;
    const struct feed_item *items; /* the newest first */
    size_t count;
};

/* Of the unit's own bulletins and those of upper units that it took or was given. Title and items
 * are filled in. ERR_NOT_FOUND: there is no such unit today. */
CHECKED errc feed_load(const struct desk *desk, struct db *db, unit_id unit, struct feed *ret_feed,
                       struct why *why);
void feed_write_rss(const struct feed *feed, struct buf *out);
void feed_write_json(const struct feed *feed, struct buf *out);

#endif
