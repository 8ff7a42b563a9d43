/* For tests of the fleet: a small province, somebody who administers it, a signing port without a
 * process, and jobs that run at once on a test's store. */
#ifndef LOA_FLEET_FLEET_TESTING_H
#define LOA_FLEET_FLEET_TESTING_H

#include "fleet/device.h"
#include "fleet/fleet_store.h"
#include "orders/orders_store.h"
#include "orders/orders_testing.h"
#include "people/people_store.h"
#include "store/testing/test_store.h"

#include "base/testing.h"

static const struct store_room *const fleet_rooms[] = {&people_room, &orders_room, &fleet_room};
static const struct test_plan sqlite = {STORE_SQLITE, fleet_rooms, COUNT_OF(fleet_rooms)};
static const struct test_plan postgresql = {STORE_POSTGRESQL, fleet_rooms, COUNT_OF(fleet_rooms)};

struct fleet_kit {
    struct test_store *test;
    struct orders_kit orders;
    struct bad_field bad;
    struct fleet_job job;
    struct why why;
    /* What an operation takes and gives. */
    int64_t id;
    int64_t other;
    const void *in;
    void *out;
    unsigned fields;
};

typedef errc (*fleet_run)(struct fleet_kit *kit, struct db *db, struct why *why);

static inline struct fleet_kit *fleet_kit_create(struct test_store *test)
{
    struct fleet_kit *kit = mem_take(sizeof *kit);
    kit->test = test;
    orders_kit_init(&kit->orders, 1700000000 * USEC_SECOND);
    kit->job = (struct fleet_job){
        .forest = kit->orders.units.forest,
        .actor = &kit->orders.actor,
        .arena = kit->orders.units.arena,
        .bad = &kit->bad,
        .signing = &kit->orders.signing,
        .entropy = entropy_seeded(&test->entropy),
        .zone_s = 25200,
    };
    return kit;
}

static inline void fleet_kit_close(struct fleet_kit **kit)
{
    orders_kit_finish(&(*kit)->orders);
    mem_give(*kit);
}

/* From now on the actor holds this role over this unit and nothing else. */
static inline void fleet_act_as(struct fleet_kit *kit, unit_id unit, enum role role)
{
    kit->orders.grant = (struct grant){1, unit, role, DAY_FIRST, DAY_OPEN};
}

struct fleet_call {
    struct fleet_kit *kit;
    fleet_run run;
};

static inline errc fleet_call_run(void *ctx, struct db *db, struct why *why)
{
    struct fleet_call *call = ctx;
    return call->run(call->kit, db, why);
}

/* Runs an operation in a write job of its own. */
static inline errc fleet_do(struct fleet_kit *kit, fleet_run run)
{
    struct fleet_call call = {kit, run};
    kit->why.text[0] = '\0';
    kit->bad = (struct bad_field){.name = ""};
    errc rc = store_write_now(kit->test->store, fleet_call_run, &call, &kit->why);
    if (rc != OK) {
        print_message("  %s: %s\n", error_key(rc), kit->why.text);
    }
    return rc;
}

/* --- what most tests begin with ----------------------------------------------------------------
 */

static inline errc fleet_run_station(struct fleet_kit *kit, struct db *db, struct why *why)
{
    return station_create(db, &kit->job, kit->in, &kit->id, why);
}

static inline errc fleet_run_cluster(struct fleet_kit *kit, struct db *db, struct why *why)
{
    return cluster_create(db, &kit->job, kit->in, &kit->id, why);
}

static inline int64_t fleet_station(struct fleet_kit *kit, unit_id unit)
{
    struct station_draft draft = {.unit = unit,
                                  .name = S("Đài truyền thanh xã"),
                                  .note = S(""),
                                  .stage = STAGE_WORKING,
                                  .stage_day = kit->orders.actor.today - 100};
    kit->in = &draft;
    assert_ok(fleet_do(kit, fleet_run_station));
    return kit->id;
}

static inline struct cluster fleet_cluster_draft(int64_t station, unit_id unit, const char *name)
{
    return (struct cluster){.station = station,
                            .unit = unit,
                            .name = str_of(name),
                            .technology = CLUSTER_IP,
                            .languages = S("vi tyz"),
                            .power = S(""),
                            .amplifier_w = CLUSTER_NONE,
                            .horns = 2,
                            .standby_h = CLUSTER_NONE,
                            .volume_cap = CLUSTER_NONE,
                            .nearby = S(""),
                            .note = S("")};
}

static inline int64_t fleet_cluster(struct fleet_kit *kit, int64_t station, unit_id unit)
{
    struct cluster draft = fleet_cluster_draft(station, unit, "Cụm loa Nhà văn hóa");
    kit->in = &draft;
    assert_ok(fleet_do(kit, fleet_run_cluster));
    return kit->id;
}

static inline struct device_words fleet_words(uint8_t key)
{
    struct device_words words = {.kind = DEVICE_SPEAKER,
                                 .serial = S("SN-1"),
                                 .model = S("Loa 50"),
                                 .program = S("loa-agent 0.3"),
                                 .claim = S(""),
                                 .abilities = ABILITY_RELAY,
                                 .address = S("192.0.2.9")};
    memset(words.key.bytes, key, sizeof words.key.bytes);
    return words;
}

static inline errc fleet_run_meet(struct fleet_kit *kit, struct db *db, struct why *why)
{
    struct actor people = kit->orders.actor;
    kit->orders.actor.account_id = 0; /* the server itself */
    kit->orders.actor.grants = (struct grants){NULL, 0};
    errc rc = device_meet(db, &kit->job, kit->in, kit->out, why);
    kit->orders.actor = people;
    return rc;
}

static inline struct device_met fleet_meet(struct fleet_kit *kit, const struct device_words *words)
{
    struct device_met met = {.id = 0};
    kit->in = words;
    kit->out = &met;
    assert_ok(fleet_do(kit, fleet_run_meet));
    return met;
}

static inline errc fleet_run_accept(struct fleet_kit *kit, struct db *db, struct why *why)
{
    return device_accept(db, &kit->job, kit->id, kit->in, why);
}

static inline errc fleet_accept(struct fleet_kit *kit, int64_t id, int64_t cluster)
{
    struct device_placing placing = {cluster, S("Cột 1")};
    kit->id = id;
    kit->in = &placing;
    return fleet_do(kit, fleet_run_accept);
}

static inline errc fleet_run_read(struct fleet_kit *kit, struct db *db, struct why *why)
{
    return device_read(db, &kit->job, kit->id, kit->out, why);
}

static inline struct device fleet_device(struct fleet_kit *kit, int64_t id)
{
    struct device device;
    kit->id = id;
    kit->out = &device;
    assert_ok(fleet_do(kit, fleet_run_read));
    return device;
}

/* Orders above a number, as the gate reads them. */
static inline errc fleet_run_orders(struct fleet_kit *kit, struct db *db, struct why *why)
{
    return orders_after(db, kit->id, 1000, kit->job.arena, kit->out, why);
}

static inline struct orders fleet_orders(struct fleet_kit *kit, int64_t after)
{
    struct orders orders;
    kit->id = after;
    kit->out = &orders;
    assert_ok(fleet_do(kit, fleet_run_orders));
    return orders;
}

#endif
