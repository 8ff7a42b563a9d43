/* For tests of what issues orders: a small province in memory, the signing port without a process,
 * and a job around both. The database needs people's rooms below orders'. */
#ifndef LOA_ORDERS_ORDERS_TESTING_H
#define LOA_ORDERS_ORDERS_TESTING_H

#include "orders/order_book.h"
#include "orders/signing_near.h"
#include "people/unit_testing.h"

struct orders_kit {
    struct unit_kit units;
    struct entropy_seed seed;
    struct signing_near near;
    struct order_signing signing;
    struct grant grant; /* the actor's */
    struct actor actor;
    struct order_job job;
    unit_id province;
    unit_id commune; /* 91101 */
    unit_id village; /* 9110101 */
    unit_id other;   /* 91201, in the other district */
};

static inline void orders_kit_init(struct orders_kit *kit, usec now)
{
    *kit = (struct orders_kit){.units = kit_create(), .seed = {7}};
    day began = kit_day("2020-01-01");
    kit_small_province(&kit->units, began);
    day today = day_of(now, 7 * USEC_HOUR);
    kit->province = kit_find(&kit->units, today, "91");
    kit->commune = kit_find(&kit->units, today, "91101");
    kit->village = kit_find(&kit->units, today, "9110101");
    kit->other = kit_find(&kit->units, today, "91201");
    kit->near.entropy = entropy_seeded(&kit->seed);
    kit->signing = signing_near(&kit->near);
    kit->grant = (struct grant){1, kit->province, ROLE_PROVINCE_ADMIN, DAY_FIRST, DAY_OPEN};
    kit->actor = (struct actor){.account_id = 5,
                                .login = S("thu"),
                                .name = S("Thử"),
                                .unit_id = kit->province,
                                .grants = {&kit->grant, 1},
                                .now = now,
                                .today = today};
    kit->job = (struct order_job){.signing = &kit->signing,
                                  .actor = &kit->actor,
                                  .forest = kit->units.forest,
                                  .entropy = entropy_seeded(&kit->seed),
                                  .arena = kit->units.arena};
}

static inline void orders_kit_finish(struct orders_kit *kit)
{
    kit_finish(&kit->units);
}

#endif
