/* Random plans, alarms, stops, newer plans, missing and broken media, and power cuts: whatever
 * comes, each planned item has one ending with a reason, one thing sounds at a time, and an
 * emergency goes before everything. */
#include "agent/conductor_testing.h"

enum { ITEMS = 40 };

struct storm {
    struct hall *hall;
    struct entropy_seed seed;
    struct entropy entropy;
    struct wire_plan_item items[ITEMS];
    size_t count;
    size_t orders;
    usec emergency_until; /* one is in force, for which nothing is in the way */
    bool stopped;
};

static size_t below(struct storm *storm, size_t limit)
{
    return (size_t)entropy_below(storm->entropy, limit);
}

static void make_items(struct storm *storm)
{
    usec at = 5;
    for (size_t i = 0; i < ITEMS; i++) {
        at += below(storm, 3) == 0 ? (usec)below(storm, 120) : 0;
        uint64_t length = 1 + below(storm, 90);
        storm->items[i] = hall_item(i + 1, at, length, below(storm, 8));
        storm->items[i].media = hall_hash(1 + below(storm, 30));
        storm->items[i].kind = below(storm, 10) == 0 ? PLAN_SILENCE : PLAN_MEDIA;
        storm->items[i].tier = 1 + below(storm, 4);
        at += (usec)length;
    }
    storm->count = ITEMS;
    for (size_t i = 1; i < 31; i++) {
        struct hall_media *media = &storm->hall->media[i];
        media->length = (usec)(1 + below(storm, 200)) * USEC_SECOND;
        media->state = below(storm, 8) == 0 ? MEDIA_MISSING : MEDIA_HERE;
        media->state = below(storm, 12) == 0 ? MEDIA_BAD : media->state;
    }
}

static void give_plan(struct storm *storm, bool at_start)
{
    hash filler = hall_hash(31);
    struct wire_plan plan = {.from = HALL_START,
                             .to = HALL_START + USEC_DAY,
                             .items = {storm->items, storm->count},
                             .filler = {&filler, 1}};
    usec now = at_start ? 0 : storm->hall->now.now;
    assert_ok(conductor_plan(storm->hall->conductor, hall_id(60000), &plan, now));
}

static void raise_alarm(struct storm *storm)
{
    bool drill = below(storm, 3) == 0;
    storm->orders++;
    hall_alarm(storm->hall, 1000 + storm->orders, drill ? CLASS_DRILL : CLASS_EMERGENCY);
    if (!drill && !storm->stopped) {
        hall_run(storm->hall, storm->hall->now.now + USEC_SECOND);
        struct conductor_view view;
        conductor_look(storm->hall->conductor, &view);
        assert_int_equal(view.sound, SOUND_ALARM);
    }
}

static void stop_or_release(struct storm *storm)
{
    if (storm->stopped) {
        conductor_end(storm->hall->conductor, hall_id(5000), REASON_CANCELLED, hall_id(5001));
    } else {
        hall_stop(storm->hall, 5000, TIER_PROVINCE);
    }
    storm->stopped = !storm->stopped;
}

/* Alarms and stops are held by the session; here they are forgotten with the power. */
static void cut_power(struct storm *storm)
{
    hall_power_cut(storm->hall, (usec)(1 + below(storm, 200)) * USEC_SECOND);
    storm->stopped = false;
    give_plan(storm, true);
}

static void drop_last_item(struct storm *storm)
{
    usec now = storm->hall->now.now;
    if (storm->count > 0 && storm->items[storm->count - 1].at > now + USEC_MINUTE) {
        storm->count--;
    }
    give_plan(storm, false);
}

static void happen(struct storm *storm)
{
    switch (below(storm, 8)) {
    case 0:
    case 1:
        raise_alarm(storm);
        break;
    case 2:
        stop_or_release(storm);
        break;
    case 3:
        cut_power(storm);
        break;
    case 4:
        drop_last_item(storm);
        break;
    case 5:
        storm->hall->media[1 + below(storm, 30)].state = MEDIA_HERE;
        break;
    default:
        break;
    }
}

static size_t endings_of(const struct hall *hall, wire_id id)
{
    return hall_count(hall, LOG_ITEM_PLAYED, id) + hall_count(hall, LOG_ITEM_PARTLY, id) +
           hall_count(hall, LOG_ITEM_NOT_PLAYED, id);
}

static void check_endings(const struct storm *storm, uint64_t seed)
{
    for (size_t i = 0; i < storm->count; i++) {
        size_t endings = endings_of(storm->hall, storm->items[i].id);
        if (endings != 1) {
            fail_msg("seed %llu: item %zu has %zu endings", (unsigned long long)seed, i, endings);
        }
    }
    for (size_t i = 0; i < storm->hall->note_count; i++) {
        const struct wire_log_entry *note = &storm->hall->notes[i];
        bool lacking = note->kind == LOG_ITEM_PARTLY || note->kind == LOG_ITEM_NOT_PLAYED;
        if (lacking && (note->reason == REASON_NONE || note->reason == REASON_SINK)) {
            fail_msg("seed %llu: note %zu, item %u, %llu ms, without a true reason",
                     (unsigned long long)seed, i, note->subject.bytes[0] - 1U,
                     (unsigned long long)note->ms);
        }
    }
}

static void run_seed(uint64_t seed)
{
    struct storm storm = {.hall = hall_open(), .seed = {seed}};
    storm.entropy = entropy_seeded(&storm.seed);
    make_items(&storm);
    give_plan(&storm, false);
    usec end = storm.items[ITEMS - 1].at + 2 * USEC_HOUR;
    while (storm.hall->now.now < end) {
        usec step = (usec)(1 + below(&storm, 60000)) * 3000;
        hall_run(storm.hall, storm.hall->now.now + step);
        if (storm.hall->now.now < storm.items[ITEMS - 1].at + USEC_MINUTE * 10) {
            happen(&storm);
        }
    }
    check_endings(&storm, seed);
    hall_close(storm.hall);
}

static void every_item_has_one_ending_whatever_comes(void **state)
{
    (void)state;
    size_t seeds = test_rounds(200, 20000);
    for (uint64_t seed = 1; seed <= seeds; seed++) {
        run_seed(seed);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_item_has_one_ending_whatever_comes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
