/* See media_item.h. */
#include "broadcast/media_item.h"

#include "broadcast/media_item_sql.h"
#include "broadcast/programme.h"
#include "people/audit.h"

/* Of any row with these columns. */
#define ITEM_OF(row)                                                                               \
    ((struct media_item){.id = (row)->id,                                                          \
                         .media = (row)->hash,                                                     \
                         .unit = (row)->unit_id,                                                   \
                         .title = (row)->title,                                                    \
                         .language = (row)->language,                                              \
                         .ms = (row)->ms,                                                          \
                         .bytes = (row)->bytes,                                                    \
                         .added_by = (row)->has_added_by ? (row)->added_by : 0,                    \
                         .added_at = (row)->added_at_us})

/* A sound is seen by whoever may see its unit, and by everybody below that unit: what the province
 * records is for its communes. */
static bool may_see(const struct desk *desk, unit_id unit)
{
    return desk_sees(desk, RIGHT_PROGRAMMES_READ, unit);
}

static errc check(const struct desk *desk, const struct media_item *item)
{
    if (!language_is_fit(item->language)) {
        return bad_field(desk->bad, "language", "not_a_language");
    }
    return desk_may(desk, RIGHT_PROGRAMMES_WRITE, item->unit);
}

static errc tell(const struct desk *desk, struct db *db, const struct media_item *item, int64_t id,
                 struct why *why)
{
    struct audit_entry entry = {
        .actor = desk->actor,
        .action = "media_added",
        .subject_kind = "media",
        .subject_id = id,
        .subject_name = item->title,
        .subject_unit_id = item->unit,
    };
    TRY(db_announce(db, "media", why));
    return audit_append(db, &entry, why);
}

errc media_item_register(const struct desk *desk, struct db *db, const struct media_item *item,
                         int64_t *ret_id, struct why *why)
{
    struct media_item_add_row_in in = {
        .hash = item->media,
        .unit_id = item->unit,
        .title = item->title,
        .language = item->language.len == 0 ? S("") : item->language,
        .ms = item->ms,
        .bytes = item->bytes,
        .has_added_by = item->added_by != 0,
        .added_by = item->added_by,
        .now_us = desk->actor->now,
    };
    struct media_item_add_row_row row;
    errc rc = media_item_add_row(db, &in, desk->arena, &row, why);
    if (rc == ERR_NOT_FOUND) {
        struct media_item_of_unit_in known = {item->media, item->unit};
        struct media_item_of_unit_row there;
        TRY(media_item_of_unit(db, &known, desk->arena, &there, why));
        *ret_id = there.id;
        return OK;
    }
    TRY(rc);
    *ret_id = row.id;
    return tell(desk, db, item, row.id, why);
}

errc media_item_add(const struct desk *desk, struct db *db, const struct media_item *item,
                    int64_t *ret_id, struct why *why)
{
    struct media_item own = *item;
    own.added_by = desk->actor->account_id;
    TRY(check(desk, item));
    return media_item_register(desk, db, &own, ret_id, why);
}

errc media_item_find(const struct desk *desk, struct db *db, hash media,
                     struct media_item *ret_item, struct why *why)
{
    struct media_items_by_hash_in in = {media};
    struct media_items_by_hash_row *rows = NULL;
    size_t count = 0;
    TRY(media_items_by_hash_all(db, &in, desk->arena, &rows, &count, why));
    for (size_t i = 0; i < count; i++) {
        if (may_see(desk, rows[i].unit_id)) {
            *ret_item = ITEM_OF(&rows[i]);
            return OK;
        }
    }
    return fail(why, ERR_NOT_FOUND, "no such sound");
}

errc media_item_list(const struct desk *desk, struct db *db, unit_id unit, int64_t before,
                     size_t limit, struct media_items *ret_items, struct why *why)
{
    struct media_items_page_in in = {unit, before == 0 ? INT64_MAX : before, (int64_t)limit};
    struct media_items_page_row *rows = NULL;
    size_t count = 0;
    if (!may_see(desk, unit)) {
        return ERR_NOT_FOUND;
    }
    TRY(media_items_page_all(db, &in, desk->arena, &rows, &count, why));
    struct media_item *items = arena_take_array(desk->arena, count + 1, sizeof *items);
    if (items == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        items[i] = ITEM_OF(&rows[i]);
    }
    *ret_items = (struct media_items){items, count, count < limit ? 0 : items[count - 1].id};
    return OK;
}

struct each_used {
    void (*on_media)(void *ctx, hash media);
    void *ctx;
};

static errc on_used(void *ctx, const struct media_names_used_row *row)
{
    const struct each_used *each = ctx;
    each->on_media(each->ctx, row->hash);
    return OK;
}

errc media_items_used(struct db *db, void (*on_media)(void *ctx, hash media), void *ctx,
                      struct why *why)
{
    struct each_used each = {on_media, ctx};
    return media_names_used(db, on_used, &each, why);
}
