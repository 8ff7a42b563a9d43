/* What the sounds in the media store are: whose, in which language, how long. */
#ifndef LOA_BROADCAST_MEDIA_ITEM_H
#define LOA_BROADCAST_MEDIA_ITEM_H

#include "base/hash.h"
#include "broadcast/desk.h"
#include "broadcast/opus_file.h"

enum { MEDIA_TITLE_MOST = 160 };

struct media_item {
    int64_t id;
    hash media;
    unit_id unit;
    str title;
    str language;
    int64_t ms;
    int64_t bytes;
    int64_t added_by;
    usec added_at;
};

struct media_items {
    const struct media_item *at;
    size_t count;
    int64_t next;
};

/* The same sound of the same unit again: answers the item that is there. */
CHECKED errc media_item_add(const struct desk *desk, struct db *db, const struct media_item *item,
                            int64_t *ret_id, struct why *why);
/* The same of what the server itself has made; `added_by` is whoever asked for it. */
CHECKED errc media_item_register(const struct desk *desk, struct db *db,
                                 const struct media_item *item, int64_t *ret_id, struct why *why);
/* Any that the actor may see: of a unit that he stands over, or that stands over him. */
CHECKED errc media_item_find(const struct desk *desk, struct db *db, hash media,
                             struct media_item *ret_item, struct why *why);
CHECKED errc media_item_list(const struct desk *desk, struct db *db, unit_id unit, int64_t before,
                             size_t limit, struct media_items *ret_items, struct why *why);
/* Every name that anything of this room refers to, some more than once: for the sweep. */
CHECKED errc media_items_used(struct db *db, void (*on_media)(void *ctx, hash media), void *ctx,
                              struct why *why);

#endif
