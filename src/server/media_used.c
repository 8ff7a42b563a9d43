/* A sorted list of all names. See media_used.h. */
#include "server/media_used.h"

#include "broadcast/media_item.h"
#include "live/live.h"
#include "orders/order_book.h"
#include "studio/bulletin_desk.h"

enum { USED_BYTES_MOST = 512 * 1024 * 1024 };

struct media_used {
    struct buf names; /* sizeof(hash) each */
};

typedef void on_media(void *ctx, hash media);

static errc of_broadcast(struct db *db, on_media *add, void *ctx, struct why *why)
{
    return media_items_used(db, add, ctx, why);
}

static errc of_studio(struct db *db, on_media *add, void *ctx, struct why *why)
{
    return bulletin_media_used(db, add, ctx, why);
}

static errc of_live(struct db *db, on_media *add, void *ctx, struct why *why)
{
    return live_media_used(db, add, ctx, why);
}

static errc of_orders(struct db *db, on_media *add, void *ctx, struct why *why)
{
    return order_media(db, now_utc(), add, ctx, why);
}

/* Of every room that names media. */
static errc (*const rooms[])(struct db *db, on_media *add, void *ctx, struct why *why) = {
    of_broadcast,
    of_studio,
    of_live,
    of_orders,
};

static void add(void *ctx, hash media)
{
    struct media_used *used = ctx;
    buf_add(&used->names, (str){(const char *)media.bytes, sizeof media.bytes});
}

static errc run(void *ctx, struct db *db, struct why *why)
{
    struct media_used *used = ctx;
    buf_clear(&used->names);
    for (size_t i = 0; i < COUNT_OF(rooms); i++) {
        TRY(rooms[i](db, add, used, why));
    }
    return buf_check(&used->names); /* half a set would be deadly */
}

static int compare(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(hash));
}

errc media_used_read(struct store *store, struct media_used **ret_used, struct why *why)
{
    AUTO(media_used_destroy) struct media_used *used = mem_take(sizeof *used);
    buf_init(&used->names, USED_BYTES_MOST);
    TRY(store_read_now(store, run, used, why));
    if (used->names.len > 0) {
        qsort(used->names.at, used->names.len / sizeof(hash), sizeof(hash), compare);
    }
    *ret_used = used;
    used = NULL;
    return OK;
}

void media_used_destroy(struct media_used **used)
{
    if (*used != NULL) {
        buf_finish(&(*used)->names);
        mem_give(*used);
    }
    *used = NULL;
}

bool media_used_has(void *media_used, hash media)
{
    const struct media_used *used = media_used;
    size_t count = used->names.len / sizeof(hash);
    return count > 0 && bsearch(media.bytes, used->names.at, count, sizeof(hash), compare) != NULL;
}
