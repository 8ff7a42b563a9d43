#include "broadcast/plan_testing.h"

#include "base/cases.h"
#include "base/entropy.h"
#include "base/testing.h"
#include "wire/codec.h"

static void kit_make(struct plan_kit *kit, const char *programmes, const char *rules)
{
    kit_init(kit);
    kit->receiver.languages[0] = S("tyz");
    kit->receiver.languages[1] = S("vi");
    kit->receiver.language_count = 2;
    kit->holidays[0] = (struct holiday){
        .from = kit_on(S("2026-02-14")), .to = kit_on(S("2026-02-21")), .name = S("Tết")};
    kit->schedule.holiday_count = 1;
    kit_programmes(kit, str_of(programmes));
    kit_rules(kit, str_of(rules));
}

static void expect(struct plan_kit *kit, const char *on, const char *lines, const char *notes)
{
    AUTO(buf_finish) struct buf found;
    AUTO(buf_finish) struct buf why;
    day date = kit_on(str_of(on));
    struct device_plan plan = kit_compile(kit, date, date + 1);
    buf_init(&found, 4096);
    buf_init(&why, 4096);
    kit_write_lines(&plan, &found);
    kit_write_notes(&plan, &why);
    assert_str(buf_str(&found), str_of(lines));
    assert_str(buf_str(&why), str_of(notes));
}

static void check_case(void *ctx, const struct cases_row *row)
{
    struct plan_kit kit;
    AUTO(buf_finish) struct buf found;
    AUTO(buf_finish) struct buf why;
    (void)ctx;
    kit_make(&kit, row->cells[0].at, row->cells[1].at);
    day on = kit_on(row->cells[2]);
    struct device_plan plan = kit_compile(&kit, on, on + 1);
    buf_init(&found, 4096);
    buf_init(&why, 4096);
    kit_write_lines(&plan, &found);
    kit_write_notes(&plan, &why);
    if (!str_is(buf_str(&found), row->cells[3]) || !str_is(buf_str(&why), row->cells[4])) {
        fail_msg("%s:%zu: %.*s: found %.*s (%.*s)", row->path, row->line, STR_ARG(row->cells[0]),
                 STR_ARG(buf_str(&found)), STR_ARG(buf_str(&why)));
    }
    kit_close(&kit);
}

static void sounds_as_the_table_says(void **state)
{
    (void)state;
    struct why why = {""};
    assert_ok(cases_each(LOA_SOURCE_DIR "/src/broadcast/plan.cases", 5, check_case, NULL, &why));
}

static void plays_an_offer_that_the_commune_took_at_its_own_time(void **state)
{
    (void)state;
    struct plan_kit kit;
    kit_make(&kit, "A 05:30+10 ^", "-");
    kit.schedule.choice_count = 1;
    kit.choices[0] = (struct programme_choice){.programme = 1, .unit = 11, .taken = true};
    expect(&kit, "2026-03-02", "A 05:30-05:40", "-");
    kit.choices[0].has_start = true;
    kit.choices[0].start_s = 6 * 3600;
    expect(&kit, "2026-03-02", "A 06:00-06:10", "A own_time");
    kit.choices[0].taken = false;
    expect(&kit, "2026-03-02", "-", "A refused");
    kit_close(&kit);
}

static void lets_the_village_choose_otherwise_than_its_commune(void **state)
{
    (void)state;
    struct plan_kit kit;
    kit_make(&kit, "A 05:30+10 ^", "-");
    kit.schedule.choice_count = 2;
    kit.choices[0] = (struct programme_choice){.programme = 1, .unit = 111, .taken = false};
    kit.choices[1] = (struct programme_choice){.programme = 1, .unit = 11, .taken = true};
    expect(&kit, "2026-03-02", "-", "A refused");
    kit.receiver.path[2] = 112;
    expect(&kit, "2026-03-02", "A 05:30-05:40", "-");
    kit_close(&kit);
}

static void obeys_the_order_that_the_commune_gave_to_colliding_priorities(void **state)
{
    (void)state;
    struct plan_kit kit;
    kit_make(&kit, "A 05:30+10 ! ^; B 05:30+10 !", "-");
    expect(&kit, "2026-03-02", "A 05:30-05:40, B 05:40-05:50", "B moved");
    kit.schedule.clash_order_count = 1;
    kit.orders[0] = (struct clash_order){.unit = 11, .first = 2, .second = 1};
    expect(&kit, "2026-03-02", "B 05:30-05:40, A 05:40-05:50", "A moved");
    kit.orders[0].unit = 12;
    expect(&kit, "2026-03-02", "A 05:30-05:40, B 05:40-05:50", "B moved");
    kit_close(&kit);
}

static void never_puts_an_ordinary_before_a_priority_by_decision(void **state)
{
    (void)state;
    struct plan_kit kit;
    kit_make(&kit, "A 05:30+10 !; B 05:30+10", "-");
    kit.schedule.clash_order_count = 1;
    kit.orders[0] = (struct clash_order){.unit = 11, .first = 2, .second = 1};
    expect(&kit, "2026-03-02", "A 05:30-05:40, B 05:40-05:50", "B moved");
    kit_close(&kit);
}

static void opens_and_closes_a_session(void **state)
{
    (void)state;
    struct plan_kit kit;
    kit_make(&kit, "A 05:30+10; B 05:41+9; C 17:00+5", "-");
    kit.sounds[0] = (struct broadcast_sound){.unit = 11, .role = SOUND_OPENING, .ms = 20000};
    kit.sounds[1] = (struct broadcast_sound){.unit = 1, .role = SOUND_CLOSING, .ms = 10000};
    kit.schedule.sound_count = 2;
    expect(&kit, "2026-03-02",
           "* 05:29:40-05:30, A 05:30-05:40, B 05:41-05:50, * 05:50-05:50:10, "
           "* 16:59:40-17:00, C 17:00-17:05, * 17:05-17:05:10",
           "-");
    kit_rules(&kit, S("hours=05:30-17:05"));
    expect(&kit, "2026-03-02",
           "A 05:30-05:40, B 05:41-05:50, * 05:50-05:50:10, * 16:59:40-17:00, C 17:00-17:05", "-");
    kit_rules(&kit, S("session=20"));
    expect(&kit, "2026-03-02", "A 05:30-05:40, B 05:41-05:50, * 16:59:40-17:00, C 17:00-17:05",
           "-");
    kit_close(&kit);
}

static void quiet_zones_have_rules_of_their_own(void **state)
{
    (void)state;
    struct plan_kit kit;
    kit_make(&kit, "A 05:30+40", "session=15 quiet; session=30");
    expect(&kit, "2026-03-02", "A 05:30-06:00", "A cut_by_session");
    kit.receiver.quiet_zone = true;
    expect(&kit, "2026-03-02", "A 05:30-05:45", "A cut_by_session");
    kit_close(&kit);
}

static void plays_the_item_of_the_day_before_that_of_every_day(void **state)
{
    (void)state;
    struct plan_kit kit;
    kit_make(&kit, "A 05:30+10 again=1/06:00", "-");
    kit.items[0][1] = kit.items[0][0];
    kit.items[0][1].on = kit_on(S("2026-03-02"));
    kit.items[0][1].ms = 120000;
    kit.programmes[0].item_count = 2;
    expect(&kit, "2026-03-02", "A 05:30-05:32, A 06:00-06:10", "-");
    expect(&kit, "2026-03-03", "A 05:30-05:40, A 06:00-06:02", "-");
    kit.items[0][0].on = kit_on(S("2026-03-02"));
    expect(&kit, "2026-03-05", "-", "A no_item, A no_item");
    kit_close(&kit);
}

static void finds_clashes_of_priorities_once_for_each_pair(void **state)
{
    (void)state;
    struct plan_kit kit;
    struct plan_clashes clashes;
    kit_make(&kit, "A 05:30+10 ! ^; B 05:30+10 !; C 05:30+10", "-");
    struct plan_request request = {.schedule = &kit.schedule,
                                   .from = day_start(20000, KIT_ZONE),
                                   .to = day_start(20010, KIT_ZONE)};
    struct receivers receivers = {&kit.receiver, 1};
    assert_ok(plan_clashes_find(&request, &receivers, kit.arena, &clashes, NULL));
    assert_int_equal(clashes.count, 1);
    assert_int_equal(clashes.at[0].unit, 11);
    assert_int_equal(clashes.at[0].first, 1);
    assert_int_equal(clashes.at[0].second, 2);
    assert_false(clashes.at[0].is_decided);
    kit.schedule.clash_order_count = 1;
    kit.orders[0] = (struct clash_order){.unit = 11, .first = 2, .second = 1};
    assert_ok(plan_clashes_find(&request, &receivers, kit.arena, &clashes, NULL));
    assert_int_equal(clashes.at[0].first, 2);
    assert_true(clashes.at[0].is_decided);
    kit_close(&kit);
}

static void gives_devices_with_equal_facts_one_plan(void **state)
{
    (void)state;
    struct plan_kit kit;
    struct plan_set set;
    kit_make(&kit, "A 05:30+10 in=112; B 06:00+10", "-");
    struct receiver all[4] = {kit.receiver, kit.receiver, kit.receiver, kit.receiver};
    all[1].path[2] = 113;
    all[2].path[2] = 112;
    all[3].language_count = 1;
    struct plan_request request = {.schedule = &kit.schedule,
                                   .from = day_start(20000, KIT_ZONE),
                                   .to = day_start(20008, KIT_ZONE)};
    struct receivers receivers = {all, COUNT_OF(all)};
    assert_ok(plan_compile_all(&request, &receivers, kit.arena, &set, NULL));
    assert_int_equal(set.plan_count, 3);
    assert_int_equal(set.plan_of[0], set.plan_of[1]);
    assert_int_not_equal(set.plan_of[0], set.plan_of[2]);
    assert_int_equal(set.plans[set.plan_of[0]].count, 8);
    assert_int_equal(set.plans[set.plan_of[2]].count, 16);
    kit_close(&kit);
}

static void is_read_back_by_the_device_as_it_was_written(void **state)
{
    (void)state;
    struct plan_kit kit;
    struct wire_plan read;
    AUTO(buf_finish) struct buf bytes;
    kit_make(&kit, "A 05:30+10; B 06:00+20 relay !", "-");
    struct device_plan plan = kit_compile(&kit, 20000, 20008);
    buf_init(&bytes, 61440);
    assert_ok(plan_write(&plan, kit.arena, &bytes));
    assert_ok(wire_record_read(&wire_record_plan, buf_str(&bytes), kit.arena, &read, NULL));
    assert_int_equal(read.items.count, plan.count);
    for (size_t i = 0; i < plan.count; i++) {
        assert_int_equal(read.items.at[i].at, plan.lines[i].at);
        assert_int_equal(read.items.at[i].ms, plan.lines[i].ms);
        assert_memory_equal(read.items.at[i].id.bytes, plan.lines[i].id.bytes, WIRE_ID_SIZE);
        assert_str(read.items.at[i].source, plan.lines[i].source);
    }
    kit_close(&kit);
}

/* --- what holds for every plan ---------------------------------------------------------------- */

static void add_random(struct plan_kit *kit, struct entropy entropy)
{
    char text[96];
    size_t count = 1 + entropy_below(entropy, 12);
    for (size_t i = 0; i < count; i++) {
        snprintf(text, sizeof text, "%c %02d:%02d+%d%s%s%s", (int)('A' + i),
                 (int)entropy_below(entropy, 24), (int)entropy_below(entropy, 60),
                 1 + (int)entropy_below(entropy, 90), entropy_below(entropy, 3) == 0 ? " !" : "",
                 entropy_below(entropy, 4) == 0 ? " ^" : "",
                 entropy_below(entropy, 4) == 0 ? " again=1/05:10" : "");
        kit_programmes(kit, arena_str(kit->arena, str_of(text)));
    }
    kit_rules(kit, S("hours=05:00-07:30,16:30-19:00 session=60 day=150"));
    kit_rules(kit, S("hours=04:00-06:50,16:00-24:00 of=1; session=30 days=6,7"));
    kit->schedule.rule_count = entropy_below(entropy, 4);
}

static bool is_within_hours(const struct plan_kit *kit, const struct plan_line *line)
{
    int from = (int)((line->at + KIT_ZONE) % USEC_DAY / USEC_SECOND);
    int to = from + (int)((line->ms + 999) / 1000);
    for (size_t i = 0; i < kit->schedule.rule_count; i++) {
        const struct broadcast_rule *rule = &kit->rules[i];
        bool inside = rule->hour_count == 0;
        for (size_t h = 0; h < rule->hour_count; h++) {
            inside |= rule->hours[h].from_s <= from && to <= rule->hours[h].to_s;
        }
        if (!inside) {
            return false;
        }
    }
    return true;
}

static void check_lines(const struct plan_kit *kit, const struct device_plan *plan)
{
    usec end = 0;
    usec begin = 0;
    usec sum = 0;
    day on = DAY_FIRST;
    for (size_t i = 0; i < plan->count; i++) {
        const struct plan_line *line = &plan->lines[i];
        day today = day_of(line->at, KIT_ZONE);
        assert_true(line->at >= end);
        assert_true(line->ms > 0);
        assert_true(is_within_hours(kit, line));
        begin = line->at - end > 5 * USEC_MINUTE ? line->at : begin;
        end = line->at + line->ms * 1000;
        sum = (today == on ? sum : 0) + line->ms;
        on = today;
        bool weekend = day_weekday(today) > 4;
        if (kit->schedule.rule_count >= 1) {
            assert_true(end - begin <= 60 * USEC_MINUTE && sum <= (int64_t)150 * 60000);
        }
        if (kit->schedule.rule_count >= 3 && weekend) {
            assert_true(end - begin <= 30 * USEC_MINUTE);
        }
    }
}

static void keeps_within_the_rules_whatever_is_asked(void **state)
{
    (void)state;
    struct entropy_seed seed = {7};
    for (int i = 0; i < 400; i++) {
        struct plan_kit kit;
        kit_make(&kit, "Z 12:00+1 @1", "-");
        kit.schedule.programme_count = 0;
        add_random(&kit, entropy_seeded(&seed));
        struct device_plan plan = kit_compile(&kit, 20500, 20530);
        struct device_plan again = kit_compile(&kit, 20500, 20530);
        check_lines(&kit, &plan);
        assert_true(hash_is(plan.mark, again.mark));
        kit_close(&kit);
    }
}

static void never_gives_up_a_priority_for_an_ordinary(void **state)
{
    (void)state;
    struct entropy_seed seed = {11};
    for (int i = 0; i < 400; i++) {
        struct plan_kit kit;
        kit_make(&kit, "Z 12:00+1 @1", "-");
        kit.schedule.programme_count = 0;
        add_random(&kit, entropy_seeded(&seed));
        struct device_plan plan = kit_compile(&kit, 20500, 20502);
        for (size_t n = 0; n < plan.note_count; n++) {
            const struct plan_note *note = &plan.notes[n];
            bool beaten = note->key == PLAN_NOTE_CUT || note->key == PLAN_NOTE_MOVED ||
                          note->key == PLAN_NOTE_NO_ROOM;
            if (beaten) {
                assert_true(kit.programmes[note->other - 1].order_class >=
                            kit.programmes[note->programme - 1].order_class);
            }
        }
        kit_close(&kit);
    }
}

enum { FULL_LINES = 560 };

static struct device_plan full_plan(struct plan_line lines[FULL_LINES], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        lines[i] = (struct plan_line){.id = {{(uint8_t)i, 1}},
                                      .at = KIT_ZONE + (usec)i * USEC_MINUTE,
                                      .ms = 60000,
                                      .kind = PLAN_MEDIA,
                                      .order_class = CLASS_ORDINARY,
                                      .tier = TIER_COMMUNE,
                                      .title = S("Một bản tin có tên không ngắn")};
    }
    return (struct device_plan){.from = KIT_ZONE, .to = USEC_DAY, .lines = lines, .count = count};
}

static void titles_give_way_when_there_is_no_room(void **state)
{
    (void)state;
    struct plan_kit kit;
    static struct plan_line lines[FULL_LINES];
    AUTO(buf_finish) struct buf out;
    struct wire_plan read;
    kit_init(&kit);
    buf_init(&out, (size_t)32 * 1024);
    struct device_plan plan = full_plan(lines, FULL_LINES);
    assert_int_equal(plan_write(&plan, kit.arena, &out), OK);
    assert_int_equal(wire_record_read(&wire_record_plan, buf_str(&out), kit.arena, &read, NULL),
                     OK);
    assert_int_equal(read.items.count, FULL_LINES);
    assert_int_equal(read.items.at[0].title.len, 0);
    buf_finish(&out);
    buf_init(&out, (size_t)16 * 1024);
    assert_int_equal(plan_write(&plan, kit.arena, &out), ERR_TOO_BIG);
    kit_close(&kit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sounds_as_the_table_says),
        cmocka_unit_test(plays_an_offer_that_the_commune_took_at_its_own_time),
        cmocka_unit_test(lets_the_village_choose_otherwise_than_its_commune),
        cmocka_unit_test(obeys_the_order_that_the_commune_gave_to_colliding_priorities),
        cmocka_unit_test(never_puts_an_ordinary_before_a_priority_by_decision),
        cmocka_unit_test(opens_and_closes_a_session),
        cmocka_unit_test(quiet_zones_have_rules_of_their_own),
        cmocka_unit_test(plays_the_item_of_the_day_before_that_of_every_day),
        cmocka_unit_test(finds_clashes_of_priorities_once_for_each_pair),
        cmocka_unit_test(gives_devices_with_equal_facts_one_plan),
        cmocka_unit_test(is_read_back_by_the_device_as_it_was_written),
        cmocka_unit_test(titles_give_way_when_there_is_no_room),
        cmocka_unit_test(keeps_within_the_rules_whatever_is_asked),
        cmocka_unit_test(never_gives_up_a_priority_for_an_ordinary),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
