/* For tests of this room: the small province of people's tests, a desk in it, and jobs on a
 * database. */
#ifndef LOA_SOUNDS_SOUNDS_TESTING_H
#define LOA_SOUNDS_SOUNDS_TESTING_H

#include "people/people_store.h"
#include "people/unit_testing.h"
#include "sounds/sound.h"
#include "sounds/sounds_store.h"
#include "sounds/upload.h"
#include "store/testing/test_store.h"

#define SOUNDS_NOW ((usec)1772409600 * USEC_SECOND)

struct sounds_kit {
    struct test_store *test;
    struct unit_kit units;
    struct grant grant;
    struct actor actor;
    struct bad_field bad;
    struct sound_desk desk;
    unit_id province;
    unit_id commune;
    const void *in;
    void *out;
    int64_t numbers[3];
};

static inline void sounds_kit_init(struct sounds_kit *kit, void **state)
{
    *kit = (struct sounds_kit){.test = test_store_of(state), .units = kit_create()};
    kit_small_province(&kit->units, kit_day("2020-01-01"));
    day today = day_of(SOUNDS_NOW, 7 * USEC_HOUR);
    kit->province = kit_find(&kit->units, today, "91");
    kit->commune = kit_find(&kit->units, today, "91101");
    kit->grant = (struct grant){1, kit->province, ROLE_PROVINCE_ADMIN, DAY_FIRST, DAY_OPEN};
    kit->actor = (struct actor){.account_id = 5,
                                .login = S("thu"),
                                .name = S("Thu"),
                                .unit_id = kit->province,
                                .grants = {&kit->grant, 1},
                                .now = SOUNDS_NOW,
                                .today = today};
    kit->desk = (struct sound_desk){.actor = &kit->actor,
                                    .forest = kit->units.forest,
                                    .arena = kit->units.arena,
                                    .bad = &kit->bad};
}

static inline void sounds_kit_finish(struct sounds_kit *kit)
{
    kit_finish(&kit->units);
}

static inline errc sounds_write(struct sounds_kit *kit,
                                errc (*run)(void *ctx, struct db *db, struct why *why))
{
    return store_write_now(kit->test->store, run, kit, NULL);
}

#endif
