/* The power goes at any step of the disk while a device enrols, takes orders, fetches, plays and
 * writes its log, again and again. It must open unaided each time, sound again within fifteen
 * seconds of its start once it has a programme, and lose no entry of the log that it has sent.
 * `make soak` cuts it a thousand times. */
#include "agent/agent_testing.h"

enum { CUTS_A_TOWN = 10, STEPS_MOST = 80 };

#define SOUND_WITHIN (15 * USEC_SECOND)

struct tally {
    size_t cuts;
    size_t sounded;
    usec worst;
    usec total;
};

/* Sounds of three seconds without a pause between them, for hours. */
static void plan_all_day(struct town *town, hash media, hash other)
{
    struct wire_plan_item items[760];
    for (size_t i = 0; i < COUNT_OF(items); i++) {
        items[i] =
            town_item(town, 0, (usec)(5 + 3 * i) * USEC_SECOND, i % 2 == 0 ? media : other, 3000);
        items[i].id = (wire_id){{(uint8_t)i, (uint8_t)(i >> 8), 3}};
    }
    town_plan(town, items, COUNT_OF(items));
}

static void start_again(struct town *town)
{
    agent_drop(town->agent);
    town->agent = NULL;
    for (int tries = 0; tries < 3; tries++) {
        disk_fault_restart(town->disk);
        town->world += 2 * USEC_SECOND;
        if (town_try_start(town) == OK) {
            return;
        }
        assert_true(disk_fault_is_cut(town->disk)); /* nothing but another cut may hinder it */
    }
    fail_msg("does not open any more");
}

static bool sounds(struct town *town)
{
    struct agent_view view;
    agent_look(town->agent, &view);
    return view.sound.sound == SOUND_ITEM;
}

/* How long after its start it sounds; -1: not within the time. */
static usec time_to_sound(struct town *town)
{
    usec begun = town->now;
    while (town->now - begun < SOUND_WITHIN) {
        assert_true(town_run(town, 100 * 1000));
        if (sounds(town)) {
            return town->now - begun;
        }
    }
    return -1;
}

static void cut_once(struct town *town, struct entropy entropy, struct tally *tally)
{
    bool has_programme = sounds(town);
    disk_fault_cut_at(town->disk, 1 + entropy_below(entropy, STEPS_MOST));
    while (town_run(town, USEC_SECOND)) {
        if (has_programme && entropy_below(entropy, 30) == 0) {
            disk_fault_cut_at(town->disk, 1); /* at the next step, whatever it is */
        }
        if (entropy_below(entropy, 12) == 0) {
            struct kit_draft draft = town_draft(town, ORDER_SETTINGS, KIT_COMMUNE_DAILY);
            draft.settings = (struct wire_settings){.volume = 50};
            town->order_count -= town->order_count > 3; /* the last takes the place of another */
            town_order(town, &draft);
        }
    }
    tally->cuts++;
    start_again(town);
    usec took = time_to_sound(town);
    if (has_programme) {
        assert_true(took >= 0);
        tally->sounded++;
        tally->total += took;
        tally->worst = took > tally->worst ? took : tally->worst;
    }
}

static void torment(uint64_t seed, struct tally *tally)
{
    struct town *town = town_open(NULL);
    town->seed.state = seed;
    struct entropy_seed own = {seed * 31 + 7};
    hash media = town_medium(town, 0, "opening.opus");
    hash other = town_medium(town, 1, "missing.opus");
    town_place(town);
    plan_all_day(town, media, other);
    town_settings(town);
    for (int i = 0; i < CUTS_A_TOWN; i++) {
        cut_once(town, entropy_seeded(&own), tally);
    }
    disk_fault_cut_at(town->disk, 0);
    assert_true(town_run(town, 100 * USEC_SECOND));
    assert_int_equal(town_count(town, LOG_GAP), 0);
    struct agent_view view;
    agent_look(town->agent, &view);
    assert_true(view.log_last - town->chain.seq <= 64); /* but for what waits for its minute */
    town_close(town);
}

static void a_power_cut_at_any_step_loses_nothing(void **state)
{
    (void)state;
    struct tally tally = {.cuts = 0};
    size_t towns = test_rounds(3, 100);
    for (uint64_t seed = 1; seed <= towns; seed++) {
        torment(seed, &tally);
    }
    assert_true(tally.sounded > 0);
    print_message("%zu cuts, sound again after %lld ms on average, %lld at most\n", tally.cuts,
                  (long long)(tally.total / (usec)tally.sounded / 1000),
                  (long long)(tally.worst / 1000));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_power_cut_at_any_step_loses_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
