/* Feeds of messages: Atom and RSS as others write them, and Atom of our own. A feed is a list of
 * addresses, or holds the messages themselves. */
#ifndef LOA_CAP_CAP_FEED_H
#define LOA_CAP_CAP_FEED_H

#include "cap/cap.h"

enum { CAP_ENTRIES_MOST = 200, CAP_ADDRESS_MOST = 2000 };

/* One entry: where the message is, or the message itself. */
struct cap_entry {
    str id;      /* atom:id or guid; the address when the feed is silent */
    str updated; /* as it stands; changes when the entry does */
    str address; /* empty: the message is in `content` */
    str content; /* XML of the message */
};

struct cap_feed {
    const struct cap_entry *at; /* in the order of the feed */
    size_t count;
};

/* A document that is itself a message is a feed of one. ERR_INVALID, ERR_TOO_BIG. */
CHECKED errc cap_feed_read(str xml, struct arena *arena, struct cap_feed *ret_feed,
                           struct why *why);
/* Makes an entry's address whole: https://host/a/b.xml and "c.xml" is https://host/a/c.xml. Only
 * http and https; ERR_INVALID for anything else. */
CHECKED errc cap_feed_address(str base, str address, struct arena *arena, str *ret_address,
                              struct why *why);

/* One of ours. */
struct cap_feed_item {
    str identifier;
    str title;
    str summary;
    str address; /* of the message */
    usec updated;
};
struct cap_feed_head {
    str title;
    str author;
    str address; /* of the feed itself */
    usec updated;
};
void cap_feed_write(const struct cap_feed_head *head, const struct cap_feed_item *items,
                    size_t count, struct buf *out);

#endif
