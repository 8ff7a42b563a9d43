/* A device with an ear in its pretended town: the ear gets what goes out, or something else. */
#include "agent/agent_inside.h"
#include "agent/agent_testing.h"

enum ear_kind { EAR_HEARS, EAR_DEAF, EAR_HEARS_ANOTHER };

struct pretended_ear {
    struct town *town; /* null until it is open */
    enum ear_kind kind;
    struct entropy_seed seed;
    uint64_t frames;
};

/* Its pace is that of the tap, which is on all the time. */
static size_t read_ear(void *ctx, int16_t *pcm, size_t most, usec *ret_heard)
{
    struct pretended_ear *ear = ctx;
    struct entropy entropy = entropy_seeded(&ear->seed);
    if (ear->town == NULL) {
        return 0;
    }
    size_t got = engine_tap_read(ear->town->agent->engine, ENGINE_TAP_LISTEN, pcm, most, ret_heard);
    for (size_t i = 0; i < got; i++, ear->frames++) {
        int noise = (int)entropy_below(entropy, 21) - 10;
        int syllable = ear->frames / 7000 % 3 != 0 ? (int)entropy_below(entropy, 8001) - 4000 : 0;
        int other = ear->kind == EAR_HEARS_ANOTHER ? syllable : 0;
        pcm[i] = (int16_t)(ear->kind == EAR_HEARS ? pcm[i] / 4 + noise : other + noise);
    }
    return got;
}

static bool works(void *ctx)
{
    (void)ctx;
    return true;
}

static void leave(void *ctx)
{
    (void)ctx;
}

static struct town *open_town(struct pretended_ear *ear, bool has_ear)
{
    struct town *town = town_open(NULL);
    if (has_ear) {
        agent_destroy(town->agent);
        town->ear = (struct capture_port){read_ear, works, leave, ear};
        assert_ok(town_try_start(town));
        ear->town = town;
        engine_tap_set(town->agent->engine, ENGINE_TAP_LISTEN, true);
    }
    town_place(town);
    town_settings(town);
    return town;
}

static void plan_items(struct town *town)
{
    hash vaccine = town_medium(town, 0, "vaccine.opus");
    struct wire_plan_item items[3];
    for (uint8_t i = 0; i < COUNT_OF(items); i++) {
        items[i] = town_item(town, (uint8_t)(i + 1), (20 + 15 * i) * USEC_SECOND, vaccine, 12000);
    }
    town_plan(town, items, COUNT_OF(items));
}

static const struct wire_log_entry *last_of(const struct town *town, enum log_kind kind)
{
    static const struct wire_log_entry none;
    const struct wire_log_entry *found = &none;
    for (size_t seq = 1; seq <= town->chain.seq; seq++) {
        found = town->log[seq].kind == kind ? &town->log[seq] : found;
    }
    return found;
}

static uint32_t faults_after(enum ear_kind kind, size_t *ret_heard, int64_t *ret_value)
{
    struct pretended_ear ear = {.kind = kind};
    struct town *town = open_town(&ear, true);
    struct agent_view view;
    plan_items(town);
    assert_true(town_run(town, 70 * USEC_SECOND));
    agent_look(town->agent, &view);
    assert_true(town_run(town, 90 * USEC_SECOND));
    *ret_heard = town_count(town, LOG_HEARD);
    *ret_value = last_of(town, LOG_HEARD)->value;
    town_close(town);
    return view.faults & (FAULT_NO_SOUND | FAULT_UNEXPECTED);
}

static void what_is_heard_is_in_the_log_with_its_likeness(void **state)
{
    (void)state;
    size_t heard = 0;
    int64_t value = 0;
    assert_int_equal(faults_after(EAR_HEARS, &heard, &value), 0);
    assert_int_equal(heard, 3);
    assert_in_range(value, 900, 1000);
}

static void a_dead_amplifier_is_a_fault(void **state)
{
    (void)state;
    size_t heard = 0;
    int64_t value = 1;
    assert_int_equal(faults_after(EAR_DEAF, &heard, &value), FAULT_NO_SOUND);
    assert_true(heard > 0);
    assert_int_equal(value, 0);
}

static void a_voice_that_we_do_not_play_is_a_fault(void **state)
{
    (void)state;
    size_t heard = 0;
    int64_t value = 1;
    assert_int_equal(faults_after(EAR_HEARS_ANOTHER, &heard, &value), FAULT_UNEXPECTED);
    assert_int_equal(value, 0);
}

static void ask_for_test(struct town *town)
{
    struct kit_draft draft = town_draft(town, ORDER_ACTION, KIT_COMMUNE_DAILY);
    draft.head.expires = draft.head.not_before + USEC_MINUTE;
    draft.action = (struct wire_action){.what = ACTION_SELF_TEST};
    town_order(town, &draft);
    assert_true(town_run(town, 75 * USEC_SECOND));
}

static void tests_itself_without_a_sound_for_people(void **state)
{
    (void)state;
    static const struct {
        bool has_ear;
        enum ear_kind kind;
        int64_t value;
    } cases[] = {{true, EAR_HEARS, 1000}, {true, EAR_DEAF, 0}, {false, EAR_DEAF, 1000}};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct pretended_ear ear = {.kind = cases[i].kind};
        struct town *town = open_town(&ear, cases[i].has_ear);
        assert_true(town_run(town, 12 * USEC_SECOND));
        ask_for_test(town);
        assert_int_equal(town_count(town, LOG_SELF_TEST), 1);
        assert_int_equal(last_of(town, LOG_SELF_TEST)->value, cases[i].value);
        town_close(town);
    }
}

static void tests_itself_at_its_minute_once_a_day(void **state)
{
    (void)state;
    struct pretended_ear ear = {.kind = EAR_HEARS};
    struct town *town = open_town(&ear, true);
    assert_true(town_run(town, 12 * USEC_SECOND));
    usec civil = KIT_NOW + town->world + town->agent->zone_s * USEC_SECOND;
    struct kit_draft draft = town_draft(town, ORDER_SETTINGS, KIT_COMMUNE_DAILY);
    draft.settings = (struct wire_settings){.volume = 80};
    draft.settings.self_test_min = (uint64_t)(civil / USEC_MINUTE + 3) % 1440;
    town_order(town, &draft);
    assert_true(town_run(town, 2 * USEC_MINUTE));
    assert_int_equal(town_count(town, LOG_SELF_TEST), 0);
    assert_true(town_run(town, 5 * USEC_MINUTE));
    assert_int_equal(town_count(town, LOG_SELF_TEST), 1);
    town_close(town);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_heard_is_in_the_log_with_its_likeness),
        cmocka_unit_test(a_dead_amplifier_is_a_fault),
        cmocka_unit_test(a_voice_that_we_do_not_play_is_a_fault),
        cmocka_unit_test(tests_itself_without_a_sound_for_people),
        cmocka_unit_test(tests_itself_at_its_minute_once_a_day),
    };
    return cmocka_run_group_tests_name("agent: ear", tests, NULL, NULL);
}
