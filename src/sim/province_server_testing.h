/* The server of province_testing.h: orders, plans, trust and the play log in a real store on a disk
 * that loses its power in the midst of a write. Whatever the store did after that instant never
 * happened: nothing of it is said. */
#ifndef LOA_SIM_PROVINCE_SERVER_TESTING_H
#define LOA_SIM_PROVINCE_SERVER_TESTING_H

#include "base/file.h"
#include "broadcast/alarm.h"
#include "broadcast/plan_issue.h"
#include "broadcast/play_log.h"
#include "broadcast/schedule.h"
#include "sim/province_testing.h"
#include "store/testing/power_vfs.h"
#include "wire/proof.h"

enum { SERVER_PIECE = 32 * 1024, SERVER_CHUNK = 1200 };

/* One piece of work in the store, for one pole or for all. */
struct serving {
    struct province *province;
    struct pole *pole;
    const struct wire_log *log;
    uint64_t kept;
    int64_t version;
    struct wire_trust trust;
    struct orders orders;
    struct log_chain chain;
};

static inline void on_power_cut(void *ctx)
{
    (void)ctx;
}

/* The power goes somewhere in the next few hundred writes; a larger province writes more. */
#ifndef PROVINCE_WRITES
#define PROVINCE_WRITES 600
#endif

static inline void server_arm(struct province *province)
{
    struct power_cut cut = {.folder = province->folders[1 - province->folder],
                            .at = 1 + entropy_below(province->chance, PROVINCE_WRITES),
                            .chance = province->chance,
                            .on_cut = on_power_cut};
    power_vfs_arm(&cut);
}

static inline void server_start(struct province *province)
{
    struct why why = {.text = ""};
    power_vfs_begin();
    if (province->has_faults) {
        server_arm(province);
    }
    province->config.path = province->paths[province->folder];
    if (store_open(&province->config, &province->store, &why) != OK) {
        fail_msg("the store does not open unaided: %s", why.text);
    }
}

static inline void server_crash(struct province *province)
{
    struct store *store = province->store;
    province->store = NULL;
    store_close(store);
    power_vfs_end();
    ENSURE(file_remove_tree(province->folders[province->folder], NULL) == OK);
    ENSURE(file_make_folder(province->folders[province->folder], 0700, NULL) == OK);
    province->folder = 1 - province->folder;
    province->server_crashes++;
    province->server_at = province->now + province_between(province, USEC_SECOND, 20 * USEC_MINUTE);
    for (size_t i = 0; i < province->kit.device_count; i++) {
        pole_unlink(&province->poles[i]);
    }
}

/* ERR_CLOSED: the server is down, or has gone down in doing it. */
static inline errc server_do(struct serving *serving, bool writes,
                             errc (*run)(void *ctx, struct db *db, struct why *why))
{
    struct province *province = serving->province;
    struct why why = {.text = ""};
    if (province->store == NULL) {
        return ERR_CLOSED;
    }
    arena_reset(province->kit.desk.arena);
    province->kit.orders.actor.now = province->now;
    province->kit.orders.actor.today = day_of(province->now, province->kit.desk.zone);
    errc rc = writes ? store_write_now(province->store, run, serving, &why)
                     : store_read_now(province->store, run, serving, &why);
    if (power_vfs_was_cut()) {
        server_crash(province);
        return ERR_CLOSED;
    }
    if (rc != OK) {
        print_error("server: %s\n", why.text);
    }
    return rc;
}

static inline struct order_sight sight_of(const struct pole *pole)
{
    return (struct order_sight){
        .path = {(const uint64_t *)pole->receiver->path, pole->receiver->path_count},
        .device = pole->receiver->device,
        .now = pole->province->now};
}

/* --- orders ----------------------------------------------------------------------------------- */

static inline errc read_all(void *ctx, struct db *db, struct why *why)
{
    struct serving *serving = ctx;
    struct arena *arena = serving->province->kit.desk.arena;
    struct order_sight sight = sight_of(serving->pole);
    TRY(order_state_version(db, &sight, arena, &serving->version, why));
    TRY(trust_for(db, sight.path, sight.now, arena, &serving->trust, why));
    TRY(play_log_head(db, sight.device, serving->pole->key, &serving->chain, why));
    return orders_in_force(db, &sight, arena, &serving->orders, why);
}

/* What the pole is expected to play from now on. */
static inline void learn_plan(struct pole *pole, const struct order *order)
{
    struct cose cose;
    struct wire_order head;
    struct wire_plan plan;
    arena_reset(pole->items_arena);
    ENSURE(cose_read(order->cose, &cose, NULL) == OK);
    str payload = arena_str(pole->items_arena, cose.payload);
    ENSURE(wire_record_read(&wire_record_order, payload, pole->items_arena, &head, NULL) == OK);
    ENSURE(wire_record_read(&wire_record_plan, head.body, pole->items_arena, &plan, NULL) == OK);
    pole->items = plan.items.at;
    pole->item_count = plan.items.count;
}

static inline void send_order(struct pole *pole, const struct order *order)
{
    struct wire_said said = {.kind = WIRE_ORDER, .order_sent = {.cose = order->cose}};
    pole_say(pole, &said);
}

static inline void send_state(struct pole *pole, const struct serving *serving)
{
    wire_id ids[128];
    size_t count = 0;
    for (size_t i = 0; i < serving->orders.count && count < COUNT_OF(ids); i++) {
        ids[count++] = serving->orders.at[i].wire_id;
    }
    struct wire_said state = {.kind = WIRE_STATE,
                              .state = {.version = (uint64_t)serving->version,
                                        .trust_version = serving->trust.version,
                                        .orders = {ids, count}}};
    if (serving->version > 0) {
        pole_say(pole, &state);
    }
}

static inline void on_attach(struct pole *pole, const struct wire_attach *attach)
{
    struct proof_facts facts = {
        .nonce = pole->nonce, .version = attach->version, .boot = attach->boot};
    struct serving serving = {.province = pole->province, .pole = pole};
    ENSURE(proof_check(&facts, &attach->proof, pole->key));
    if (server_do(&serving, false, read_all) != OK) {
        return;
    }
    struct wire_said attached = {.kind = WIRE_ATTACHED,
                                 .attached = {.device = pole->receiver->device,
                                              .log_seq = serving.chain.seq,
                                              .beat_ms = 45000,
                                              .time_every_ms = 160000}};
    struct wire_said enrol = {
        .kind = WIRE_ENROL,
        .enrol = {.device = pole->receiver->device, .root = pole->province->root}};
    struct wire_said trust = {.kind = WIRE_TRUST, .trust = serving.trust};
    pole_say(pole, &attached);
    pole_say(pole, &enrol);
    pole_say(pole, &trust);
    for (size_t i = 0; i < serving.orders.count; i++) {
        send_order(pole, &serving.orders.at[i]);
    }
    send_state(pole, &serving);
    pole->is_attached = true;
}

static inline void on_want(struct pole *pole)
{
    struct serving serving = {.province = pole->province, .pole = pole};
    if (server_do(&serving, false, read_all) == OK) {
        for (size_t i = 0; i < serving.orders.count; i++) {
            send_order(pole, &serving.orders.at[i]);
        }
        send_state(pole, &serving);
    }
}

static inline errc read_new(void *ctx, struct db *db, struct why *why)
{
    struct serving *serving = ctx;
    struct province *province = serving->province;
    return orders_after(db, province->orders_seen, 500, province->kit.desk.arena, &serving->orders,
                        why);
}

static inline void push_new(struct province *province)
{
    struct serving serving = {.province = province};
    if (server_do(&serving, false, read_new) != OK) {
        return;
    }
    for (size_t o = 0; o < serving.orders.count; o++) {
        const struct order *order = &serving.orders.at[o];
        province->orders_seen = order->id;
        for (size_t i = 0; i < province->kit.device_count; i++) {
            struct pole *pole = &province->poles[i];
            struct order_sight sight = sight_of(pole);
            if (!order_concerns(order, &sight)) {
                continue;
            }
            if (order->kind == ORDER_PLAN) {
                learn_plan(pole, order);
            }
            if (pole->is_attached) {
                send_order(pole, order);
            }
        }
    }
}

/* --- log and media
 * -------------------------------------------------------------------------------- */

static inline errc keep_log(void *ctx, struct db *db, struct why *why)
{
    struct serving *serving = ctx;
    struct play_log_kept kept;
    struct play_log_message message = {.device = serving->pole->receiver->device,
                                       .device_key = serving->pole->key,
                                       .log = serving->log,
                                       .now = serving->province->now};
    TRY(play_log_keep(db, &message, serving->province->kit.desk.arena, &kept, why));
    ENSURE(!kept.is_refused);
    serving->kept = kept.seq;
    return OK;
}

/* What the poles say about how punctually items began. */
static inline void count_starts(struct province *province, const struct wire_log *log)
{
    for (size_t i = 0; i < log->entries.count; i++) {
        struct wire_log_entry entry;
        ENSURE(wire_record_read(&wire_record_log_entry, log->entries.at[i], province->arena, &entry,
                                NULL) == OK);
        if (entry.kind == LOG_ITEM_STARTED) {
            province->starts++;
            province->starts_late += entry.value > PROVINCE_LATE ? 1 : 0;
        }
    }
}

static inline void on_log(struct pole *pole, const struct wire_log *log)
{
    struct serving serving = {.province = pole->province, .pole = pole, .log = log};
    if (server_do(&serving, true, keep_log) == OK) {
        count_starts(pole->province, log);
        struct wire_said kept = {.kind = WIRE_LOG_KEPT, .log_kept = {.seq = serving.kept}};
        pole_say(pole, &kept);
    }
}

static inline void send_outline(struct pole *pole, uint64_t tag, str bytes)
{
    hash pieces[64];
    size_t count = 0;
    for (size_t at = 0; at < bytes.len; at += SERVER_PIECE) {
        pieces[count++] = hash_of(str_cut(bytes, at, at + SERVER_PIECE));
    }
    struct wire_said said = {.kind = WIRE_OUTLINE,
                             .outline = {.tag = tag,
                                         .bytes = bytes.len,
                                         .piece_bytes = SERVER_PIECE,
                                         .pieces = {pieces, count}}};
    pole_say(pole, &said);
}

static inline void on_fetch(struct pole *pole, const struct wire_fetch *fetch)
{
    for (size_t i = 0; i < PROVINCE_MEDIA; i++) {
        str bytes = buf_str(&pole->province->media[i].bytes);
        if (!hash_is(pole->province->media[i].name, fetch->media)) {
            continue;
        }
        if (fetch->from == 0 || fetch->most == 0) {
            send_outline(pole, fetch->tag, bytes);
        }
        size_t end = (size_t)(fetch->from + fetch->most);
        for (size_t at = (size_t)fetch->from; at < end && at < bytes.len; at += SERVER_CHUNK) {
            size_t to = at + SERVER_CHUNK < end ? at + SERVER_CHUNK : end;
            struct wire_said said = {
                .kind = WIRE_CHUNK,
                .chunk = {.tag = fetch->tag, .from = at, .bytes = str_cut(bytes, at, to)}};
            pole_say(pole, &said);
        }
    }
}

static inline void server_hear(struct pole *pole, str message)
{
    struct wire_said said;
    struct province *province = pole->province;
    arena_reset(province->arena);
    ENSURE(wire_hear(message, WIRE_FROM_DEVICE, WIRE_VERSION, province->arena, &said, NULL) == OK);
    if (said.kind == WIRE_ATTACH) {
        on_attach(pole, &said.attach);
    } else if (said.kind == WIRE_TIME_ASK) {
        struct wire_said tell = {
            .kind = WIRE_TIME_TELL,
            .time_tell = {.t1 = said.time_ask.t1, .t2 = province->now, .t3 = province->now}};
        pole_say(pole, &tell);
    } else if (said.kind == WIRE_WANT) {
        on_want(pole);
    } else if (said.kind == WIRE_LOG) {
        on_log(pole, &said.log);
    } else if (said.kind == WIRE_FETCH) {
        on_fetch(pole, &said.fetch);
    }
}

/* --- chores -------------------------------------------------------------------------------------
 */

static inline errc renew_plans(void *ctx, struct db *db, struct why *why)
{
    struct serving *serving = ctx;
    struct desk *desk = &serving->province->kit.desk;
    struct plan_units due;
    TRY(plans_due(desk, db, &due, why));
    for (size_t i = 0; i < due.count; i++) {
        TRY(plans_issue(desk, db, due.at[i], why));
    }
    return OK;
}

static inline errc sum_plays(void *ctx, struct db *db, struct why *why)
{
    const struct serving *serving = ctx;
    bool more = false;
    return play_log_sum(db, serving->province->kit.desk.zone, 100, &more, why);
}

static inline void server_chores(struct province *province)
{
    struct serving serving = {.province = province};
    province->chores_at = province->now + USEC_HOUR;
    if (server_do(&serving, true, renew_plans) == OK &&
        server_do(&serving, true, sum_plays) == OK) {
        push_new(province);
    }
}

static inline errc raise_alarm(void *ctx, struct db *db, struct why *why)
{
    struct serving *serving = ctx;
    struct province *province = serving->province;
    struct alarm_voice voice = {.language = S("vi"), .media = province->media[3].name};
    int64_t id = 0;
    struct alarm_draft draft = {.unit = province->kit.orders.province,
                                .title = S("Lũ lên nhanh"),
                                .text = S("Lũ lên nhanh"),
                                .signal = SIGNAL_SIREN,
                                .times = 2,
                                .valid_ms = 300000,
                                .voices = &voice,
                                .voice_count = 1};
    memcpy(draft.mark.bytes, &province->now, sizeof province->now);
    return alarm_raise(&province->kit.desk, db, &draft, &id, why);
}

static inline void server_alarm(struct province *province)
{
    struct serving serving = {.province = province};
    province->alarm_at = province->now + province_after(province, 30 * USEC_HOUR);
    if (server_do(&serving, true, raise_alarm) == OK) {
        province->alarms++;
        push_new(province);
    }
}

#endif
