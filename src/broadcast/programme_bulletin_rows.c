/* See programme_bulletin.h. */
#include "broadcast/programme_bulletin.h"

#include "broadcast/programme_bulletin_sql.h"
#include "broadcast/rule_sql.h"
#include "broadcast/schedule.h"

#define LATE                                                                                       \
    (6 * USEC_HOUR) /* a device writes down what it played soon after, whenever it tells           \
                     */

struct day_items {
    struct programme_item *at;
    size_t count;
    int position; /* the last one that is taken */
};

/* A day's own items take the place of those of every day, so these come along when there are none.
 */
static errc take_day(const struct programme *programme, day on, size_t more, struct arena *arena,
                     struct day_items *ret_items)
{
    struct day_items items = {.count = 0};
    day from = DAY_FIRST;
    items.at = arena_take_array(arena, 2 * programme->item_count + more + 1, sizeof *items.at);
    if (items.at == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < programme->item_count; i++) {
        from = programme->items[i].on == on ? on : from;
    }
    for (size_t i = 0; i < programme->item_count; i++) {
        const struct programme_item *item = &programme->items[i];
        if (item->on == from) {
            items.at[items.count] = *item;
            items.at[items.count++].on = on;
            items.position = item->position > items.position ? item->position : items.position;
        }
    }
    *ret_items = items;
    return OK;
}

static void take_others(const struct programme *programme, day on, struct day_items *items)
{
    for (size_t i = 0; i < programme->item_count; i++) {
        if (programme->items[i].on != on) {
            items->at[items->count++] = programme->items[i];
        }
    }
}

static errc falls_on(const struct desk *desk, struct db *db, const struct programme *programme,
                     day on, bool *ret_falls, struct why *why)
{
    struct tree tree = forest_at(desk->forest, desk->actor->today);
    struct holidays_all_in in = {on};
    struct holidays_all_row *rows = NULL;
    size_t count = 0;
    bool holiday = false;
    TRY(holidays_all_all(db, &in, desk->arena, &rows, &count, why));
    for (size_t i = 0; i < count; i++) {
        bool here = rows[i].unit_id == 0 || tree_covers(tree, rows[i].unit_id, programme->unit);
        holiday |= here && day_within(on, rows[i].from_day, rows[i].to_day);
    }
    *ret_falls = recurrence_falls_on(&programme->when, holiday, on);
    return OK;
}

errc programme_place(const struct desk *desk, struct db *db, const struct programme_place *place,
                     struct why *why)
{
    struct programme programme;
    struct day_items items;
    bool falls = false;
    TRY(programme_get(desk, db, place->programme, &programme, why));
    TRY(falls_on(desk, db, &programme, place->on, &falls, why));
    if (!falls || programme.kind != PROGRAMME_ITEMS) {
        return bad_field(desk->bad, falls ? "programme" : "on", "not_here");
    }
    TRY(take_day(&programme, place->on, place->count, desk->arena, &items));
    for (size_t i = 0; i < place->count; i++) {
        struct programme_item item = place->items[i];
        item.on = place->on;
        item.position = items.position + 1;
        item.bulletin = place->bulletin;
        items.at[items.count++] = item;
    }
    take_others(&programme, place->on, &items);
    programme.items = items.at;
    programme.item_count = items.count;
    return programme_change(desk, db, &programme, why);
}

errc programme_displace(const struct desk *desk, struct db *db, int64_t id, day on,
                        int64_t bulletin, struct why *why)
{
    struct programme programme;
    TRY(programme_get(desk, db, id, &programme, why));
    if (programme.bulletin == bulletin) {
        return programme_remove(desk, db, id, why);
    }
    struct programme_item *items =
        arena_take_array(desk->arena, programme.item_count + 1, sizeof *items);
    size_t count = 0;
    if (items == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < programme.item_count; i++) {
        const struct programme_item *item = &programme.items[i];
        if (item->on != on || item->bulletin != bulletin) {
            items[count++] = *item;
        }
    }
    programme.items = items;
    programme.item_count = count;
    return programme_change(desk, db, &programme, why);
}

errc bulletin_off_air(const struct desk *desk, struct db *db, int64_t bulletin, struct why *why)
{
    const struct actor *actor = desk->actor;
    struct bulletin_programmes_touch_in touch = {bulletin, actor->today, actor->now};
    struct bulletin_items_drop_in drop = {bulletin, actor->today};
    struct bulletin_programmes_end_in end = {bulletin, actor->now};
    TRY(bulletin_programmes_touch(db, &touch, NULL, why));
    TRY(bulletin_items_drop(db, &drop, NULL, why));
    TRY(bulletin_programmes_end(db, &end, NULL, why));
    return db_announce(db, "programmes", why);
}

errc bulletin_plays_load(const struct desk *desk, struct db *db, int64_t bulletin,
                         struct bulletin_plays *ret_plays, struct why *why)
{
    struct bulletin_plays_of_in in = {bulletin, LATE};
    struct bulletin_plays_of_row *rows = NULL;
    size_t count = 0;
    TRY(bulletin_plays_of_all(db, &in, desk->arena, &rows, &count, why));
    struct bulletin_play *plays = arena_take_array(desk->arena, count + 1, sizeof *plays);
    if (plays == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        plays[i] = (struct bulletin_play){
            .unit = rows[i].unit_id,
            .at = rows[i].at_us,
            .ms = rows[i].ms,
            .has_outcome = rows[i].has_outcome,
            .outcome = (enum play_outcome)rows[i].outcome,
            .reason = rows[i].has_reason ? (enum log_reason)rows[i].reason : REASON_NONE,
            .plays = rows[i].plays,
            .played_ms = rows[i].has_played_ms ? rows[i].played_ms : 0,
            .first = rows[i].has_first_us ? rows[i].first_us : 0,
        };
    }
    *ret_plays = (struct bulletin_plays){plays, count};
    return OK;
}
