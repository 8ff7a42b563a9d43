/* The fleet in memory: one sentence for each test. Time is in the test's hand. */
#include "fleet/presence.h"
#include "fleet/presence_store.h"

#include "base/entropy.h"
#include "base/testing.h"

#include <math.h>
#include <pthread.h>

enum { PROVINCE = 1, EAST = 2, WEST = 3, DEVICES = 300, BEAT_S = 45 };

static const usec epoch = 1700000000 * USEC_SECOND; /* civil time of steady 0 */

static usec at(double seconds)
{
    return (usec)(seconds * (double)USEC_SECOND);
}

static void tick(struct presence *presence, double seconds)
{
    ignore_int(presence_tick(presence, at(seconds), epoch + at(seconds)));
}

static struct presence_device device_of(int64_t id, unit_id commune)
{
    struct presence_device device = {
        .id = id,
        .kind = DEVICE_SPEAKER,
        .state = DEVICE_IS_ACCEPTED,
        .place = {.units = {PROVINCE, commune}, .count = 2, .unit = commune},
        .cluster = id,
        .station = commune,
        .name = S("Cụm loa"),
        .sort_key = S("c"),
        .search_key = commune == EAST ? S("cum loa dong") : S("cum loa tay"),
    };
    memcpy(device.key.bytes, &id, sizeof id);
    return device;
}

static void know(struct presence *presence, int64_t id, unit_id commune)
{
    struct presence_device device = device_of(id, commune);
    assert_ok(presence_know(presence, &device));
}

static void attach(struct presence *presence, int64_t id, double seconds)
{
    struct presence_attach attach = {.boot = {{1}}, .beat = at(BEAT_S)};
    presence_attached(presence, id, &attach, at(seconds));
}

static struct presence_counts counts_of(struct presence *presence, unit_id unit)
{
    struct presence_counts counts;
    presence_count(presence, unit, &counts);
    return counts;
}

static size_t take(struct presence *presence, struct fault_event events[], size_t room)
{
    return presence_take_events(presence, events, room);
}

static int setup(void **state)
{
    struct presence_timing timing = presence_timing_default();
    struct presence *presence = NULL;
    if (presence_create(&timing, &presence) != OK) {
        return -1;
    }
    tick(presence, 0);
    *state = presence;
    return 0;
}

static int teardown(void **state)
{
    presence_destroy(*state);
    return 0;
}

static void counts_devices_in_each_unit_above_them(void **state)
{
    struct presence *presence = *state;
    know(presence, 1, EAST);
    know(presence, 2, EAST);
    know(presence, 3, WEST);
    attach(presence, 1, 0);
    assert_int_equal(counts_of(presence, 0).devices, 3);
    assert_int_equal(counts_of(presence, PROVINCE).states[PRESENCE_NEVER], 2);
    assert_int_equal(counts_of(presence, EAST).states[PRESENCE_ALIVE], 1);
    assert_int_equal(counts_of(presence, WEST).devices, 1);
    assert_int_equal(counts_of(presence, 99).devices, 0);
    struct presence_device moved = device_of(1, WEST);
    assert_ok(presence_know(presence, &moved));
    assert_int_equal(counts_of(presence, EAST).devices, 1);
    assert_int_equal(counts_of(presence, WEST).states[PRESENCE_ALIVE], 1);
    moved.state = DEVICE_IS_RETIRED;
    assert_ok(presence_know(presence, &moved));
    assert_int_equal(counts_of(presence, 0).devices, 2);
}

static void turns_amber_then_red_and_green_again(void **state)
{
    struct presence *presence = *state;
    know(presence, 1, EAST);
    attach(presence, 1, 0);
    tick(presence, 52);
    assert_int_equal(counts_of(presence, 0).states[PRESENCE_ALIVE], 1);
    tick(presence, 53);
    assert_int_equal(counts_of(presence, 0).states[PRESENCE_LATE], 1);
    tick(presence, 60);
    assert_int_equal(counts_of(presence, EAST).states[PRESENCE_DEAD], 1);
    assert_int_equal(counts_of(presence, EAST).faulty, 1);
    presence_beat(presence, 1, at(61));
    assert_int_equal(counts_of(presence, EAST).states[PRESENCE_ALIVE], 1);
    assert_int_equal(counts_of(presence, EAST).faulty, 0);
    presence_lost(presence, 1, at(62));
    assert_int_equal(counts_of(presence, 0).states[PRESENCE_LATE], 1);
    tick(presence, 92);
    assert_int_equal(counts_of(presence, 0).states[PRESENCE_DEAD], 1);
}

static void tells_each_fault_once_when_it_begins_and_when_it_ends(void **state)
{
    struct presence *presence = *state;
    struct fault_event events[8];
    struct wire_status status = {.faults = FAULT_NO_SOUND | FAULT_DISK};
    know(presence, 1, EAST);
    attach(presence, 1, 0);
    presence_status(presence, 1, &status, at(1));
    assert_int_equal(take(presence, events, 1), 1);
    assert_int_equal(take(presence, &events[1], 7), 1);
    assert_int_equal(events[0].fault | events[1].fault, FAULT_NO_SOUND | FAULT_DISK);
    assert_false(events[0].over);
    assert_int_equal(events[0].at, epoch + at(1));
    assert_int_equal(take(presence, events, 8), 0);
    status.faults = FAULT_DISK;
    presence_status(presence, 1, &status, at(2));
    assert_int_equal(take(presence, events, 8), 1);
    assert_true(events[0].over && events[0].fault == FAULT_NO_SOUND);
    presence_give_back(presence, events, 1); /* it could not be written down */
    assert_int_equal(take(presence, events, 8), 1);
    assert_true(events[0].over && events[0].fault == FAULT_NO_SOUND);
}

static void says_nothing_of_a_fault_that_came_and_went_untold(void **state)
{
    struct presence *presence = *state;
    struct fault_event events[8];
    know(presence, 1, EAST);
    attach(presence, 1, 0);
    tick(presence, 61);
    presence_beat(presence, 1, at(61.5));
    assert_int_equal(take(presence, events, 8), 0);
}

static void shows_a_lie_until_somebody_has_looked(void **state)
{
    struct presence *presence = *state;
    struct fault_event events[8];
    struct wire_status status = {.log_seq = 5};
    know(presence, 1, EAST);
    attach(presence, 1, 0);
    presence_facts(presence, 1, 9, 0, 0);
    presence_status(presence, 1, &status, at(1));
    presence_lie(presence, 1, LIE_OTHER_ID, at(2));
    assert_int_equal(take(presence, events, 8), 1);
    assert_int_equal(events[0].fault, FAULT_LIES);
    assert_string_equal(events[0].detail, "other_id log_back");
    status.log_seq = 9;
    presence_status(presence, 1, &status, at(3));
    assert_int_equal(take(presence, events, 8), 0);
    assert_int_equal(counts_of(presence, 0).faulty, 1);
    know(presence, 1, EAST); /* somebody has acknowledged it: the store has it no more */
    assert_int_equal(counts_of(presence, 0).faulty, 0);
    assert_int_equal(take(presence, events, 8), 0);
}

static void remembers_over_a_restart_who_was_alive_and_who_was_dead(void **state)
{
    struct presence *presence = *state;
    struct fault_event events[8];
    struct presence_device alive = device_of(1, EAST);
    struct presence_device dead = device_of(2, EAST);
    tick(presence, 1000);
    alive.heard_utc = epoch + at(700);
    dead.heard_utc = epoch + at(100);
    dead.faults_open = FAULT_DEAD | FAULT_SUPPLY;
    assert_ok(presence_know(presence, &alive));
    assert_ok(presence_know(presence, &dead));
    assert_int_equal(counts_of(presence, 0).states[PRESENCE_LATE], 1);
    assert_int_equal(counts_of(presence, 0).states[PRESENCE_DEAD], 1);
    assert_int_equal(take(presence, events, 8), 0);
    tick(presence, 1029);
    assert_int_equal(counts_of(presence, 0).states[PRESENCE_LATE], 1);
    tick(presence, 1030);
    assert_int_equal(take(presence, events, 8), 1);
    assert_true(events[0].device == 1 && events[0].fault == FAULT_DEAD);
    attach(presence, 2, 1031);
    assert_int_equal(take(presence, events, 8), 1);
    assert_true(events[0].device == 2 && events[0].fault == FAULT_DEAD && events[0].over);
}

static void leaves_what_another_server_holds_to_that_server(void **state)
{
    struct presence *presence = *state;
    struct fault_event events[8];
    struct presence_elsewhere link = {.id = 1, .heard_utc = epoch};
    know(presence, 1, EAST);
    presence_elsewhere(presence, &link);
    tick(presence, 500);
    assert_int_equal(counts_of(presence, 0).states[PRESENCE_ALIVE], 1);
    link.lost_utc = epoch + at(500);
    presence_elsewhere(presence, &link);
    tick(presence, 700);
    assert_int_equal(counts_of(presence, 0).states[PRESENCE_DEAD], 1);
    assert_int_equal(take(presence, events, 8), 0);
    link.is_orphaned = true;
    presence_elsewhere(presence, &link);
    tick(presence, 701);
    attach(presence, 1, 702);
    assert_int_equal(counts_of(presence, 0).states[PRESENCE_ALIVE], 1);
}

static struct presence_lines list(struct presence *presence, const struct presence_filter *filter,
                                  struct arena *arena)
{
    struct presence_lines lines;
    assert_ok(presence_list(presence, filter, arena, &lines));
    return lines;
}

static void lists_what_fits_the_filter_and_may_be_seen(void **state)
{
    struct presence *presence = *state;
    AUTO(arena_close) struct arena *arena = NULL;
    assert_ok(arena_create(1 << 20, &arena));
    unit_id east = EAST;
    struct presence_device stranger = device_of(9, 0);
    stranger.state = DEVICE_IS_PENDING;
    stranger.place = (struct place){.count = 0};
    know(presence, 1, EAST);
    know(presence, 2, WEST);
    assert_ok(presence_know(presence, &stranger));
    attach(presence, 2, 0);
    struct presence_filter all = {.seen_all = true, .state = -1};
    assert_int_equal(list(presence, &all, arena).count, 2);
    struct presence_filter mine = {.seen = &east, .seen_count = 1, .state = -1};
    assert_int_equal(list(presence, &mine, arena).count, 1);
    struct presence_filter alive = {.seen_all = true, .state = PRESENCE_ALIVE};
    assert_int_equal(list(presence, &alive, arena).at[0].id, 2);
    struct presence_filter words = {.seen_all = true, .state = -1, .query_key = S("dong cum")};
    assert_int_equal(list(presence, &words, arena).at[0].id, 1);
    struct presence_filter waiting = {.seen = &east, .state = -1, .side = PRESENCE_WAITING};
    assert_int_equal(list(presence, &waiting, arena).at[0].id, 9);
    assert_int_equal(presence_waiting(presence), 1);
    presence_forget(presence, 9);
    assert_int_equal(list(presence, &waiting, arena).count, 0);
    struct presence_key key;
    assert_false(presence_by_key(presence, stranger.key, &key));
}

static void pages_through_all_devices_once(void **state)
{
    struct presence *presence = *state;
    AUTO(arena_close) struct arena *arena = NULL;
    assert_ok(arena_create(8 << 20, &arena));
    for (int64_t id = 1; id <= DEVICES; id++) {
        know(presence, id, id % 3 == 0 ? WEST : EAST);
    }
    struct presence_filter filter = {.seen_all = true, .state = -1, .limit = 7};
    int64_t seen = 0;
    do {
        struct presence_lines lines = list(presence, &filter, arena);
        assert_int_equal(lines.matching, DEVICES);
        for (size_t i = 0; i < lines.count; i++) {
            assert_int_equal(lines.at[i].id, ++seen);
        }
        filter.after = lines.next;
    } while (filter.after != 0);
    assert_int_equal(seen, DEVICES);
}

/* Whatever happens in whatever order, the counts are those of looking at every device. */
static void counts_as_if_it_had_looked_at_everything(void **state)
{
    struct presence *presence = *state;
    AUTO(arena_close) struct arena *arena = NULL;
    struct entropy_seed seed = {22};
    struct entropy chance = entropy_seeded(&seed);
    assert_ok(arena_create(64 << 20, &arena));
    for (int step = 0; step < 20000; step++) {
        int64_t id = 1 + (int64_t)entropy_below(chance, DEVICES);
        double now = step * 0.1;
        struct wire_status status = {.faults = entropy_below(chance, 2048),
                                     .sound = entropy_below(chance, 7)};
        switch (entropy_below(chance, 5)) {
        case 0:
            know(presence, id, entropy_below(chance, 2) == 0 ? EAST : WEST);
            break;
        case 1:
            attach(presence, id, now);
            break;
        case 2:
            presence_status(presence, id, &status, at(now));
            break;
        case 3:
            presence_lost(presence, id, at(now));
            break;
        default:
            tick(presence, now);
        }
    }
    struct presence_filter filter = {.seen_all = true, .unit = WEST, .state = -1};
    struct presence_lines lines = list(presence, &filter, arena);
    struct presence_counts expected = {.devices = lines.count};
    for (size_t i = 0; i < lines.count; i++) {
        expected.states[lines.at[i].presence]++;
        expected.faulty += lines.at[i].faults != 0 ? 1 : 0;
    }
    struct presence_counts found = counts_of(presence, WEST);
    assert_int_equal(found.devices, expected.devices);
    assert_int_equal(found.faulty, expected.faulty);
    assert_memory_equal(found.states, expected.states, sizeof found.states);
}

/* Link 4G: up 30 ms + exp(15 ms), each try lost with 1 %, sent again after 0.2, 0.4, 0.8 … s, never
 * before what was sent earlier. */
static double arrival(struct entropy chance, double sent, double before)
{
    double wait = 0.2;
    double on_way = sent;
    while (entropy_below(chance, 100) == 0) {
        on_way += wait;
        wait *= 2;
    }
    double draw = (double)(1 + entropy_below(chance, 1000000)) / 1000001.0;
    on_way += 0.030 - 0.015 * log(draw);
    return on_way > before ? on_way : before;
}

static void cries_wolf_less_than_once_in_a_thousand_days_on_4g(void **state)
{
    (void)state;
    struct presence_timing timing = presence_timing_default();
    struct entropy_seed seed = {4};
    struct entropy chance = entropy_seeded(&seed);
    const size_t days = 2000;
    size_t alarms = 0;
    double heard = 0;
    for (size_t beat = 1; beat <= days * 86400 / BEAT_S; beat++) {
        double next = arrival(chance, (double)beat * BEAT_S, heard);
        struct presence_link link = {
            .known = true, .attached = true, .heard = at(heard), .beat = at(BEAT_S)};
        alarms += presence_judge(&timing, &link, at(next)) == PRESENCE_DEAD ? 1 : 0;
        heard = next;
    }
    print_message("%zu false alarms in %zu agent-days\n", alarms, days);
    assert_true(alarms <= days / 1000);
}

struct crowd {
    struct presence *presence;
    bool found_all;
};

/* What steps of the console do while the gate writes. */
static void *look(void *ctx)
{
    struct crowd *crowd = ctx;
    struct arena *arena = NULL;
    crowd->found_all = arena_create(16 << 20, &arena) == OK;
    for (int i = 0; i < 200 && crowd->found_all; i++) {
        struct presence_filter filter = {.seen_all = true, .state = -1, .limit = 20};
        struct presence_lines lines;
        struct presence_points points;
        struct presence_counts counts;
        arena_reset(arena);
        presence_count(crowd->presence, 0, &counts);
        crowd->found_all = counts.devices == DEVICES &&
                           presence_list(crowd->presence, &filter, arena, &lines) == OK &&
                           lines.matching == DEVICES &&
                           presence_map(crowd->presence, &filter, arena, &points) == OK &&
                           points.nowhere == DEVICES;
    }
    arena_destroy(arena);
    return NULL;
}

static void shows_the_same_fleet_to_everybody_who_looks_meanwhile(void **state)
{
    struct presence *presence = *state;
    struct crowd crowds[2] = {{presence, false}, {presence, false}};
    pthread_t threads[2];
    for (int64_t id = 1; id <= DEVICES; id++) {
        know(presence, id, EAST);
    }
    for (size_t i = 0; i < COUNT_OF(threads); i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, look, &crowds[i]), 0);
    }
    for (int step = 0; step < 3000; step++) {
        int64_t id = 1 + step % DEVICES;
        struct wire_status status = {.faults = (uint64_t)step % 64};
        attach(presence, id, step);
        presence_status(presence, id, &status, at(step));
        know(presence, id, step % 2 == 0 ? WEST : EAST);
        tick(presence, step);
    }
    for (size_t i = 0; i < COUNT_OF(threads); i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_true(crowds[i].found_all);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(counts_devices_in_each_unit_above_them),
        TEST(turns_amber_then_red_and_green_again),
        TEST(tells_each_fault_once_when_it_begins_and_when_it_ends),
        TEST(says_nothing_of_a_fault_that_came_and_went_untold),
        TEST(shows_a_lie_until_somebody_has_looked),
        TEST(remembers_over_a_restart_who_was_alive_and_who_was_dead),
        TEST(leaves_what_another_server_holds_to_that_server),
        TEST(lists_what_fits_the_filter_and_may_be_seen),
        TEST(pages_through_all_devices_once),
        TEST(counts_as_if_it_had_looked_at_everything),
        TEST(shows_the_same_fleet_to_everybody_who_looks_meanwhile),
        TEST(cries_wolf_less_than_once_in_a_thousand_days_on_4g),
    };
    return cmocka_run_group_tests_name("fleet: presence", tests, NULL, NULL);
}
