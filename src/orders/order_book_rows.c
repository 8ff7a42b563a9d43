/* Issuing, and ending. One order is one number of the book, one sequence of its key and one
 * signature, all in the caller's transaction. */
#include "orders/order_book.h"

#include "orders/order_book_sql.h"
#include "orders/order_inside.h"
#include "orders/order_read.h"

enum { COSE_MOST = 64512 };

/* An order on its way into the book. */
struct issuing {
    struct db *db;
    const struct order_job *job;
    const struct order_draft *draft;
    struct order_reach reach;
    struct unit_key key;
    struct wire_order head;
    int64_t number;
    struct buf payload;
    struct buf cose;
};

static void finish_issuing(struct issuing *issuing)
{
    buf_finish(&issuing->payload);
    buf_finish(&issuing->cose);
}

errc order_hold(struct db *db, struct why *why)
{
    return order_head_hold(db, NULL, why);
}

errc orders_last(struct db *db, struct arena *arena, int64_t *ret_last, struct why *why)
{
    struct order_head_row head;
    TRY(order_head(db, arena, &head, why));
    *ret_last = head.last_order;
    return OK;
}

static void fill_head(struct issuing *issuing)
{
    const struct order_draft *draft = issuing->draft;
    uint64_t version = draft->version != 0 ? draft->version : (uint64_t)issuing->number;
    issuing->head = (struct wire_order){
        .id = draft->id,
        .kind = draft->kind,
        .order_class = draft->order_class,
        .issuer = (uint64_t)draft->issuer,
        .area = issuing->reach.area,
        .devices = issuing->reach.devices,
        .sequence = issuing->key.sequence + 1,
        .not_before = draft->not_before,
        .expires = draft->expires,
        .version = order_is_versioned(draft->kind) ? version : 0,
        .body = draft->body,
    };
    static const wire_id none = {{0}};
    if (memcmp(&draft->id, &none, sizeof none) == 0) {
        entropy_fill(issuing->job->entropy, &issuing->head.id, sizeof issuing->head.id);
    }
}

static errc sign_once(struct issuing *issuing, uint64_t *ret_highest, struct why *why)
{
    const struct order_signing *signing = issuing->job->signing;
    buf_clear(&issuing->payload);
    buf_clear(&issuing->cose);
    TRY(wire_record_write(&wire_record_order, &issuing->head, &issuing->payload));
    struct signing_order ask = {
        .sealed = issuing->key.sealed,
        .payload = buf_str(&issuing->payload),
        .places = issuing->reach.places,
        .place_count = issuing->reach.area.count,
        .approval = {.written_by = issuing->draft->written_by,
                     .approved_by = issuing->job->actor->account_id,
                     .content = hash_of(issuing->draft->body)},
    };
    return signing->sign(signing->ctx, &ask, &issuing->cose, ret_highest, why);
}

/* A transaction that was rolled back has used up sequences which only the signer remembers. */
static errc sign(struct issuing *issuing, struct why *why)
{
    uint64_t highest = 0;
    errc rc = sign_once(issuing, &highest, why);
    if (rc == ERR_VERSION && highest >= issuing->head.sequence) {
        issuing->head.sequence = highest + 1;
        rc = sign_once(issuing, &highest, why);
    }
    return rc;
}

static errc add_devices(const struct issuing *issuing, struct why *why)
{
    struct wire_uints devices = issuing->reach.devices;
    struct order_device_add_in *in =
        arena_take_array(issuing->job->arena, devices.count, sizeof *in);
    if (in == NULL) {
        return fail(why, ERR_NO_MEMORY, "memory for %zu devices", devices.count);
    }
    for (size_t i = 0; i < devices.count; i++) {
        in[i] = (struct order_device_add_in){(int64_t)devices.at[i], issuing->number,
                                             issuing->head.expires};
    }
    return order_device_add_batch(issuing->db, in, devices.count, why);
}

static errc add_areas(const struct issuing *issuing, struct why *why)
{
    struct wire_uints area = issuing->reach.area;
    struct order_area_add_in *in = arena_take_array(issuing->job->arena, area.count, sizeof *in);
    if (in == NULL) {
        return fail(why, ERR_NO_MEMORY, "memory for %zu units", area.count);
    }
    for (size_t i = 0; i < area.count; i++) {
        in[i] =
            (struct order_area_add_in){(int64_t)area.at[i], issuing->number, issuing->head.expires};
    }
    return order_area_add_batch(issuing->db, in, area.count, why);
}

static errc add_media(const struct issuing *issuing, struct why *why)
{
    size_t count = issuing->draft->media_count;
    if (count == 0) {
        return OK;
    }
    struct order_media_add_in *in = arena_take_array(issuing->job->arena, count, sizeof *in);
    if (in == NULL) {
        return fail(why, ERR_NO_MEMORY, "memory for %zu media", count);
    }
    size_t used = 0;
    for (size_t i = 0; i < count; i++) {
        bool again = false;
        for (size_t k = 0; k < used && !again; k++) {
            again = hash_is(in[k].media, issuing->draft->media[i]);
        }
        if (!again) {
            in[used++] = (struct order_media_add_in){issuing->draft->media[i], issuing->number};
        }
    }
    return order_media_add_batch(issuing->db, in, used, why);
}

static errc write_rows(struct issuing *issuing, struct why *why)
{
    const struct wire_order *head = &issuing->head;
    const struct actor *actor = issuing->job->actor;
    struct order_head_move_in move = {issuing->number};
    struct order_row_add_in in = {
        .id = issuing->number,
        .wire_id = {(const char *)head->id.bytes, WIRE_ID_SIZE},
        .kind = (int64_t)head->kind,
        .order_class = (int64_t)head->order_class,
        .issuer = (int64_t)head->issuer,
        .tier = (int64_t)issuing->key.tier,
        .kid = {(const char *)issuing->key.kid.bytes, WIRE_KID_SIZE},
        .sequence = (int64_t)head->sequence,
        .expires_us = head->expires,
        .version = (int64_t)head->version,
        .cose = buf_str(&issuing->cose),
        .written_by = issuing->draft->written_by,
        .issued_by = actor->account_id,
        .issued_at_us = actor->now,
    };
    TRY(order_head_move(issuing->db, &move, NULL, why));
    TRY(order_row_add(issuing->db, &in, NULL, why));
    TRY(head->devices.count > 0 ? add_devices(issuing, why) : add_areas(issuing, why));
    TRY(add_media(issuing, why));
    TRY(unit_key_take_sequence(issuing->db, &issuing->key, head->sequence, why));
    return db_announce(issuing->db, "orders", why);
}

static errc fill_order(const struct issuing *issuing, struct order *ret_order)
{
    const struct actor *actor = issuing->job->actor;
    struct order order = {
        .id = issuing->number,
        .tier = issuing->key.tier,
        .kid = issuing->key.kid,
        .cose = arena_str(issuing->job->arena, buf_str(&issuing->cose)),
        .written_by = issuing->draft->written_by,
        .issued_by = actor->account_id,
        .issued_at = actor->now,
    };
    if (order.cose.at == NULL) {
        return ERR_NO_MEMORY;
    }
    order_take_head(&issuing->head, &order);
    *ret_order = order;
    return OK;
}

static errc issue(struct issuing *issuing, struct order *ret_order, struct why *why)
{
    const struct order_draft *draft = issuing->draft;
    const struct order_job *job = issuing->job;
    int64_t last = 0;
    TRY(order_check(job, draft, why));
    TRY(order_reach_make(job, draft, &issuing->reach, why));
    TRY(order_hold(issuing->db, why));
    TRY(unit_key_for(issuing->db, job, draft->issuer, order_key_use(draft->order_class),
                     &issuing->key, why));
    TRY(orders_last(issuing->db, job->arena, &last, why));
    issuing->number = last + 1;
    fill_head(issuing);
    TRY(sign(issuing, why));
    TRY(write_rows(issuing, why));
    return fill_order(issuing, ret_order);
}

errc order_issue(struct db *db, const struct order_job *job, const struct order_draft *draft,
                 struct order *ret_order, struct why *why)
{
    AUTO(finish_issuing) struct issuing issuing = {.db = db, .job = job, .draft = draft};
    buf_init(&issuing.payload, COSE_MOST);
    buf_init(&issuing.cose, COSE_MOST);
    return fail_in(why, issue(&issuing, ret_order, why), "order of kind %u", draft->kind);
}

errc order_end(struct db *db, wire_id id, enum log_reason reason, usec now, struct why *why)
{
    struct order_row_end_in in = {
        .wire_id = {(const char *)id.bytes, WIRE_ID_SIZE}, .now_us = now, .ended_why = reason};
    TRY(order_row_end(db, &in, NULL, why));
    return db_announce(db, "orders", why);
}

/* --- after a revocation ------------------------------------------------------------------------
 */

/* The same content under the unit's present key; the server itself passes it on, for its people
 * approved it before. */
static errc sign_row_anew(struct db *db, const struct order_job *job, const struct order *old,
                          struct why *why)
{
    struct order order;
    struct wire_order head;
    struct hash_list media;
    TRY(order_read_head(old->cose, job->arena, &head, why));
    TRY(order_media_of(db, old->id, job->arena, &media, why));
    struct actor server = {.now = job->actor->now, .today = job->actor->today};
    struct order_job again = *job;
    again.actor = &server;
    struct order_draft draft = {.kind = old->kind,
                                .order_class = old->order_class,
                                .issuer = old->issuer,
                                .area = old->area,
                                .devices = old->devices,
                                .not_before = old->not_before,
                                .expires = old->expires,
                                .body = head.body,
                                .media = media.at,
                                .media_count = media.count};
    return order_issue(db, &again, &draft, &order, why);
}

errc orders_sign_anew(struct db *db, const struct order_job *job, wire_kid kid, struct why *why)
{
    struct orders orders;
    TRY(orders_of_kid(db, kid, job->actor->now, job->arena, &orders, why));
    for (size_t i = 0; i < orders.count; i++) {
        const struct order *order = &orders.at[i];
        bool again = order_is_versioned(order->kind) || order->kind == ORDER_RETIRE;
        if (again) {
            TRY(sign_row_anew(db, job, order, why));
        }
        enum log_reason reason = again ? REASON_REPLACED : REASON_REVOKED;
        TRY(order_end(db, order->wire_id, reason, job->actor->now, why));
    }
    return OK;
}
