/* Reading the book. */
#include "orders/order_read.h"

#include "orders/order_book_sql.h"
#include "orders/order_inside.h"

enum { STANDING_MOST = 4096 };

#define HEAD_OF(row)                                                                               \
    ((struct order){                                                                               \
        .id = (row)->id,                                                                           \
        .tier = (uint64_t)(row)->tier,                                                             \
        .kid = kid_from((row)->kid),                                                               \
        .cose = (row)->cose,                                                                       \
        .written_by = (row)->written_by,                                                           \
        .issued_by = (row)->issued_by,                                                             \
        .issued_at = (row)->issued_at_us,                                                          \
        .ended_at = (row)->has_ended_at_us ? (row)->ended_at_us : 0,                               \
        .ended_why = (row)->has_ended_why ? (enum log_reason)(row)->ended_why : REASON_NONE,       \
    })

static wire_kid kid_from(str bytes)
{
    wire_kid kid = {{0}};
    if (bytes.len == WIRE_KID_SIZE) {
        memcpy(kid.bytes, bytes.at, WIRE_KID_SIZE);
    }
    return kid;
}

errc order_read_head(str cose, struct arena *arena, struct wire_order *ret_head, struct why *why)
{
    struct cose sign1;
    errc rc = cose_read(cose, &sign1, why);
    if (rc == OK) {
        rc = wire_record_read(&wire_record_order, sign1.payload, arena, ret_head, why);
    }
    return rc == ERR_BAD_REQUEST || rc == ERR_INVALID
               ? fail(why, ERR_CORRUPT, "an order in the book is damaged")
               : rc;
}

void order_take_head(const struct wire_order *head, struct order *order)
{
    order->wire_id = head->id;
    order->kind = (enum order_kind)head->kind;
    order->order_class = (enum order_class)head->order_class;
    order->issuer = (unit_id)head->issuer;
    order->not_before = head->not_before;
    order->expires = head->expires;
    order->version = head->version;
    order->area = head->area;
    order->devices = head->devices;
}

static errc complete(struct order *order, struct arena *arena, struct why *why)
{
    struct wire_order head;
    TRY(order_read_head(order->cose, arena, &head, why));
    order_take_head(&head, order);
    return OK;
}

errc order_find(struct db *db, wire_id id, struct arena *arena, struct order *ret_order,
                struct why *why)
{
    struct order_by_wire_id_row row;
    struct order_by_wire_id_in in = {{(const char *)id.bytes, WIRE_ID_SIZE}};
    TRY(order_by_wire_id(db, &in, arena, &row, why));
    *ret_order = HEAD_OF(&row);
    return complete(ret_order, arena, why);
}

static errc read_number(struct db *db, int64_t id, struct arena *arena, struct order *ret_order,
                        struct why *why)
{
    struct order_by_id_row row;
    struct order_by_id_in in = {id};
    TRY(order_by_id(db, &in, arena, &row, why));
    *ret_order = HEAD_OF(&row);
    return complete(ret_order, arena, why);
}

static errc complete_all(struct order *orders, size_t count, struct arena *arena,
                         struct orders *ret_orders, struct why *why)
{
    for (size_t i = 0; i < count; i++) {
        TRY(complete(&orders[i], arena, why));
    }
    *ret_orders = (struct orders){orders, count};
    return OK;
}

errc orders_after(struct db *db, int64_t after, size_t most, struct arena *arena,
                  struct orders *ret_orders, struct why *why)
{
    struct orders_above_row *rows = NULL;
    struct orders_above_in in = {after, (int64_t)most};
    size_t count = 0;
    TRY(orders_above_all(db, &in, arena, &rows, &count, why));
    struct order *orders = arena_take_array(arena, count + 1, sizeof *orders);
    if (orders == NULL) {
        return fail(why, ERR_NO_MEMORY, "memory for %zu orders", count);
    }
    for (size_t i = 0; i < count; i++) {
        orders[i] = HEAD_OF(&rows[i]);
    }
    return complete_all(orders, count, arena, ret_orders, why);
}

errc orders_of_kid(struct db *db, wire_kid kid, usec now, struct arena *arena,
                   struct orders *ret_orders, struct why *why)
{
    struct orders_of_key_row *rows = NULL;
    struct orders_of_key_in in = {{(const char *)kid.bytes, WIRE_KID_SIZE}, now};
    size_t count = 0;
    TRY(orders_of_key_all(db, &in, arena, &rows, &count, why));
    struct order *orders = arena_take_array(arena, count + 1, sizeof *orders);
    if (orders == NULL) {
        return fail(why, ERR_NO_MEMORY, "memory for %zu orders", count);
    }
    for (size_t i = 0; i < count; i++) {
        orders[i] = HEAD_OF(&rows[i]);
    }
    return complete_all(orders, count, arena, ret_orders, why);
}

errc order_media_of(struct db *db, int64_t id, struct arena *arena, struct hash_list *ret_media,
                    struct why *why)
{
    struct order_media_of_row_row *rows = NULL;
    struct order_media_of_row_in in = {id};
    size_t count = 0;
    TRY(order_media_of_row_all(db, &in, arena, &rows, &count, why));
    hash *media = arena_take_array(arena, count + 1, sizeof *media);
    if (media == NULL) {
        return fail(why, ERR_NO_MEMORY, "memory for %zu media", count);
    }
    for (size_t i = 0; i < count; i++) {
        media[i] = rows[i].media;
    }
    *ret_media = (struct hash_list){media, count};
    return OK;
}

/* --- what concerns a device ---------------------------------------------------------------------
 */

struct standing {
    int64_t id;
    enum order_kind kind;
    int64_t version;
};

struct standings {
    struct standing *at;
    size_t count;
};

/* Of a versioned kind only the newest stands. */
static errc take_standing(struct standings *all, struct standing one)
{
    for (size_t i = 0; order_is_versioned(one.kind) && i < all->count; i++) {
        if (all->at[i].kind == one.kind) {
            all->at[i] = one.version > all->at[i].version ? one : all->at[i];
            return OK;
        }
    }
    if (all->count == STANDING_MOST) {
        return ERR_TOO_MANY;
    }
    all->at[all->count++] = one;
    return OK;
}

static errc on_unit_row(void *ctx, const struct orders_standing_of_unit_row *row)
{
    return take_standing(ctx, (struct standing){row->id, (enum order_kind)row->kind, row->version});
}

static errc on_device_row(void *ctx, const struct orders_standing_of_device_row *row)
{
    return take_standing(ctx, (struct standing){row->id, (enum order_kind)row->kind, row->version});
}

/* The place goes before the alarms: a device that does not know where it stands refuses them. */
static int urgency(enum order_kind kind)
{
    switch (kind) {
    case ORDER_RETIRE:
        return 0;
    case ORDER_PLACEMENT:
        return 1;
    case ORDER_STOP:
    case ORDER_RELEASE:
        return 2;
    case ORDER_ALARM:
        return 3;
    case ORDER_SETTINGS:
        return 4;
    case ORDER_PLAN:
        return 5;
    case ORDER_CLIPS:
        return 6;
    case ORDER_ACTION:
        return 7;
    case ORDER_LIVE:
        return 8;
    }
    return 9;
}

static int compare(const void *a, const void *b)
{
    const struct standing *left = a;
    const struct standing *right = b;
    int by_kind = urgency(left->kind) - urgency(right->kind);
    return by_kind != 0 ? by_kind : left->id < right->id ? -1 : left->id > right->id;
}

static errc find_standing(struct db *db, const struct order_sight *sight, struct standings *all,
                          struct why *why)
{
    for (size_t i = 0; i < sight->path.count; i++) {
        struct orders_standing_of_unit_in in = {(int64_t)sight->path.at[i], sight->now};
        TRY(orders_standing_of_unit(db, &in, on_unit_row, all, why));
    }
    struct orders_standing_of_device_in in = {(int64_t)sight->device, sight->now};
    TRY(orders_standing_of_device(db, &in, on_device_row, all, why));
    qsort(all->at, all->count, sizeof *all->at, compare);
    return OK;
}

errc orders_in_force(struct db *db, const struct order_sight *sight, struct arena *arena,
                     struct orders *ret_orders, struct why *why)
{
    struct standings all = {.at = arena_take_array(arena, STANDING_MOST, sizeof *all.at)};
    if (all.at == NULL) {
        return fail(why, ERR_NO_MEMORY, "memory for what is in force");
    }
    TRY(find_standing(db, sight, &all, why));
    struct order *orders = arena_take_array(arena, all.count + 1, sizeof *orders);
    if (orders == NULL) {
        return fail(why, ERR_NO_MEMORY, "memory for %zu orders", all.count);
    }
    for (size_t i = 0; i < all.count; i++) {
        TRY(read_number(db, all.at[i].id, arena, &orders[i], why));
    }
    *ret_orders = (struct orders){orders, all.count};
    return OK;
}

errc order_state_version(struct db *db, const struct order_sight *sight, struct arena *arena,
                         int64_t *ret_version, struct why *why)
{
    struct order_last_of_device_in named = {(int64_t)sight->device};
    struct order_last_of_device_row row;
    TRY(order_last_of_device(db, &named, arena, &row, why));
    int64_t version = row.last_order;
    for (size_t i = 0; i < sight->path.count; i++) {
        struct order_last_of_unit_in in = {(int64_t)sight->path.at[i]};
        struct order_last_of_unit_row unit;
        TRY(order_last_of_unit(db, &in, arena, &unit, why));
        version = unit.last_order > version ? unit.last_order : version;
    }
    *ret_version = version;
    return OK;
}

/* --- the rest ------------------------------------------------------------------------------------
 */

struct telling {
    void (*on_media)(void *ctx, hash media);
    void *ctx;
};

static errc on_kept(void *ctx, const struct order_media_kept_row *row)
{
    const struct telling *telling = ctx;
    telling->on_media(telling->ctx, row->media);
    return OK;
}

errc order_media(struct db *db, usec now, void (*on_media)(void *ctx, hash media), void *ctx,
                 struct why *why)
{
    struct order_media_kept_in in = {now - USEC_DAY};
    struct telling telling = {on_media, ctx};
    return order_media_kept(db, &in, on_kept, &telling, why);
}

errc orders_tidy(struct db *db, usec now, int64_t most, int64_t *ret_gone, struct why *why)
{
    struct orders_forget_in in = {now - 30 * USEC_DAY, most};
    return orders_forget(db, &in, ret_gone, why);
}
