#include "agent/session_testing.h"

static void proves_its_key_when_it_attaches(void **state)
{
    (void)state;
    struct stage *stage = stage_open();
    stage_hello(stage);
    assert_int_equal(stage->dials, 1);
    const struct wire_said *said = stage_said(stage, WIRE_ATTACH);
    assert_int_equal(said->kind, WIRE_ATTACH);
    struct proof_facts facts = {
        .nonce = hash_of(S("x")), .version = WIRE_VERSION, .boot = said->attach.boot};
    assert_true(proof_check(&facts, &said->attach.proof, said->attach.device_key));
    assert_true(hash_is(said->attach.device_key, stage->device.key));
    assert_str(said->attach.claim, S("LOA-1"));
    stage_close(stage);
}

static void leaves_a_server_of_another_time(void **state)
{
    (void)state;
    struct stage *stage = stage_open();
    session_tick(stage->session, stage->now);
    session_opened(stage->session, stage->now, NULL);
    struct wire_said hello = {
        .kind = WIRE_HELLO,
        .hello = {.version_least = 7, .version_most = 9, .nonce = hash_of(S("x")), .now = KIT_NOW},
    };
    stage_hear(stage, &hello);
    assert_int_equal(stage_said(stage, WIRE_BYE)->bye.reason, BYE_VERSION);
    assert_int_equal(stage->hang_ups, 1);
    session_closed(stage->session, stage->now);
    assert_true(session_next(stage->session) >= stage->now + 15 * USEC_MINUTE);
    stage_close(stage);
}

static void waits_for_a_person_and_pins_the_root_once(void **state)
{
    (void)state;
    struct stage *stage = stage_open();
    stage_attach(stage, 0);
    assert_true(stage->attached);
    assert_false(session_is_attached(stage->session));
    stage_enrol(stage);
    assert_true(session_is_attached(stage->session));
    assert_int_equal(session_device(stage->session), KIT_DEVICE);
    struct wire_said other = {.kind = WIRE_ENROL};
    other.enrol.device = 99;
    other.enrol.root = hash_of(S("another root"));
    stage_hear(stage, &other);
    assert_int_equal(session_device(stage->session), KIT_DEVICE);
    assert_true(hash_is(session_authority(stage->session)->root, stage->kit->keys[KIT_ROOT].key));
    stage_close(stage);
}

static void what_happens_before_any_clock_is_noted_all_the_same(void **state)
{
    (void)state;
    struct stage *stage = stage_open();
    struct device_log log = log_tail_log(&stage->tail);
    stage->has_no_time = true;
    stage->clock = CLOCK_UNSURE;
    stage_attach(stage, 0);
    uint64_t before = log.span(log.ctx).last;
    stage_enrol(stage);
    assert_true(log.span(log.ctx).last > before);
    stage_close(stage);
}

static void obeys_an_order_and_says_so_in_its_log(void **state)
{
    (void)state;
    struct stage *stage = stage_open();
    stage_settle(stage);
    assert_int_equal(stage->obeyed_kind, ORDER_PLACEMENT);
    struct kit_draft alarm = kit_draft_of(stage->kit, ORDER_ALARM, KIT_COMMUNE_EMERGENCY);
    stage_order(stage, &alarm);
    assert_int_equal(stage->obeyed_kind, ORDER_ALARM);
    assert_true(stage_keep_log(stage) >= 4); /* enrolled, trust, placed, received, accepted */
    stage_run(stage, USEC_SECOND);
    assert_int_equal(stage->chain.seq, stage->tail.end.seq);
    stage_close(stage);
}

static void takes_no_order_twice_and_none_of_a_stranger(void **state)
{
    (void)state;
    struct stage *stage = stage_open();
    stage_settle(stage);
    struct kit_draft alarm = kit_draft_of(stage->kit, ORDER_ALARM, KIT_COMMUNE_EMERGENCY);
    stage_order(stage, &alarm);
    unsigned obeyed = stage->obeyed;
    stage_order(stage, &alarm);
    struct kit_draft bad = kit_draft_of(stage->kit, ORDER_ALARM, KIT_STRANGER);
    stage_order(stage, &bad);
    stage_order(stage, &bad);
    assert_int_equal(stage->obeyed, obeyed);
    stage_power_cut(stage);
    stage_attach(stage, KIT_DEVICE);
    stage_order(stage, &alarm);
    assert_int_equal(stage->obeyed, obeyed);
    stage_close(stage);
}

static void a_flood_of_bad_orders_does_not_fill_the_log(void **state)
{
    (void)state;
    struct stage *stage = stage_open();
    stage_settle(stage);
    uint64_t before = stage->tail.end.seq;
    for (int i = 0; i < 500; i++) {
        struct kit_draft bad = kit_draft_of(stage->kit, ORDER_ALARM, KIT_STRANGER);
        stage_order(stage, &bad);
    }
    assert_true(stage->tail.end.seq - before <= 33);
    assert_true(stage->tail.end.seq > before);
    stage_close(stage);
}

static void an_alarm_that_cannot_be_kept_sounds_all_the_same(void **state)
{
    (void)state;
    struct stage *stage = stage_open();
    stage_settle(stage);
    stage->keep_fails = ERR_DISK_FULL;
    struct kit_draft plan = kit_draft_of(stage->kit, ORDER_PLAN, KIT_COMMUNE_DAILY);
    stage_order(stage, &plan);
    assert_int_equal(stage->obeyed_kind, ORDER_PLACEMENT);
    struct kit_draft alarm = kit_draft_of(stage->kit, ORDER_ALARM, KIT_COMMUNE_EMERGENCY);
    stage_order(stage, &alarm);
    assert_int_equal(stage->obeyed_kind, ORDER_ALARM);
    stage->keep_fails = OK;
    stage_order(stage, &plan);
    assert_int_equal(stage->obeyed_kind, ORDER_PLAN);
    stage_close(stage);
}

static void asks_for_what_it_lacks_and_reports_when_it_has_all(void **state)
{
    (void)state;
    struct stage *stage = stage_open();
    stage_settle(stage);
    struct kit_draft plan = kit_draft_of(stage->kit, ORDER_PLAN, KIT_COMMUNE_DAILY);
    struct wire_said compare = {
        .kind = WIRE_STATE,
        .state = {.version = 55, .trust_version = 2, .orders = {&plan.head.id, 1}},
    };
    stage_hear(stage, &compare);
    const struct wire_said *want = stage_said(stage, WIRE_WANT);
    assert_int_equal(want->want.orders.count, 1);
    assert_true(want->want.trust);
    stage_order(stage, &plan);
    assert_int_equal(stage_count(stage, WIRE_REPORT), 0);
    stage_trust(stage, 2);
    assert_int_equal(stage_said(stage, WIRE_REPORT)->report.state_version, 55);
    assert_int_equal(stage->kept_version, 55);
    stage_close(stage);
}

static void an_alarm_before_the_clock_is_sure_is_asked_for_again(void **state)
{
    (void)state;
    struct stage *stage = stage_open();
    stage_settle(stage);
    stage->clock = CLOCK_UNSURE;
    struct kit_draft alarm = kit_draft_of(stage->kit, ORDER_ALARM, KIT_COMMUNE_EMERGENCY);
    stage_order(stage, &alarm);
    assert_int_not_equal(stage->obeyed_kind, ORDER_ALARM);
    stage->clock = CLOCK_SURE;
    session_clocked(stage->session, stage->now);
    assert_memory_equal(&stage_said(stage, WIRE_WANT)->want.orders.at[0], &alarm.head.id,
                        sizeof alarm.head.id);
    stage_order(stage, &alarm);
    assert_int_equal(stage->obeyed_kind, ORDER_ALARM);
    stage_close(stage);
}

static void an_alarm_before_the_device_knows_its_place_is_asked_for_again(void **state)
{
    (void)state;
    struct stage *stage = stage_open();
    stage_attach(stage, 0);
    stage_enrol(stage);
    stage_trust(stage, 1);
    struct kit_draft alarm = kit_draft_of(stage->kit, ORDER_ALARM, KIT_COMMUNE_EMERGENCY);
    stage_order(stage, &alarm);
    assert_int_equal(stage->obeyed, 0);
    stage->kit->authority.enrolled = true;
    stage->kit->authority.device_key = stage->device.key;
    struct kit_draft place = kit_draft_of(stage->kit, ORDER_PLACEMENT, KIT_PROVINCE_DAILY);
    stage_order(stage, &place);
    struct wire_said in_force = {.kind = WIRE_STATE,
                                 .state = {.version = 2, .orders = {&alarm.head.id, 1}}};
    in_force.state.trust_version = 1;
    stage_hear(stage, &in_force);
    assert_memory_equal(&stage_said(stage, WIRE_WANT)->want.orders.at[0], &alarm.head.id,
                        sizeof alarm.head.id);
    stage_order(stage, &alarm);
    assert_int_equal(stage->obeyed_kind, ORDER_ALARM);
    stage_close(stage);
}

static void an_order_lost_to_a_damaged_disk_is_taken_anew(void **state)
{
    (void)state;
    struct stage *stage = stage_open();
    stage_settle(stage);
    struct kit_draft plan = kit_draft_of(stage->kit, ORDER_PLAN, KIT_COMMUNE_DAILY);
    stage_order(stage, &plan);
    stage->kept_count = 0; /* the files are gone, the state is there */
    unsigned obeyed = stage->obeyed;
    stage_power_cut(stage);
    stage_attach(stage, KIT_DEVICE);
    stage_order(stage, &plan);
    assert_int_equal(stage->obeyed, obeyed + 1);
    stage_order(stage, &plan);
    assert_int_equal(stage->obeyed, obeyed + 1);
    stage_close(stage);
}

static void what_a_revoked_key_ordered_falls(void **state)
{
    (void)state;
    struct stage *stage = stage_open();
    stage_settle(stage);
    struct kit_draft alarm = kit_draft_of(stage->kit, ORDER_ALARM, KIT_COMMUNE_EMERGENCY);
    stage_order(stage, &alarm);
    struct kit_secret spare = stage->kit->keys[KIT_REVOKED_EMERGENCY];
    stage->kit->keys[KIT_REVOKED_EMERGENCY] = stage->kit->keys[KIT_COMMUNE_EMERGENCY];
    stage_trust(stage, 2);
    stage->kit->keys[KIT_REVOKED_EMERGENCY] = spare;
    assert_int_equal(stage->fallen, 1);
    stage_close(stage);
}

static void a_day_without_news_costs_few_messages(void **state)
{
    (void)state;
    struct stage *stage = stage_open();
    stage_settle(stage);
    stage_run(stage, 2 * USEC_MINUTE);
    stage->said_count = 0;
    stage_run(stage, USEC_HOUR);
    assert_int_equal(stage_count(stage, WIRE_STATUS), 6);
    assert_in_range(stage_count(stage, WIRE_TIME_ASK), 20, 25);
    assert_in_range(stage->said_count, 60, 100);
    assert_int_equal(stage->hang_ups, 0);
    stage_close(stage);
}

static void asks_the_time_eight_times_at_first(void **state)
{
    (void)state;
    struct stage *stage = stage_open();
    stage_attach(stage, 0);
    stage_run(stage, 10 * USEC_SECOND);
    assert_in_range(stage->told, 7, 8);
    stage_close(stage);
}

static void hangs_up_on_a_server_that_no_longer_answers(void **state)
{
    (void)state;
    struct stage *stage = stage_open();
    stage_attach(stage, 0);
    for (int i = 0; i < 60 && stage->hang_ups == 0; i++) {
        stage->now += USEC_SECOND;
        session_tick(stage->session, stage->now);
    }
    assert_int_equal(stage->hang_ups, 1);
    stage_close(stage);
}

static void sends_the_log_again_from_what_the_server_keeps(void **state)
{
    (void)state;
    struct stage *stage = stage_open();
    stage_settle(stage);
    stage->is_slow = true;
    stage_run(stage, 70 * USEC_SECOND);
    stage->said_count = 0; /* all of it is lost on the way */
    session_closed(stage->session, stage->now);
    stage->now += USEC_MINUTE;
    stage->is_slow = false;
    stage_attach(stage, KIT_DEVICE);
    stage_run(stage, 5 * USEC_SECOND);
    assert_int_equal(stage->chain.seq, stage->tail.end.seq);
    stage_close(stage);
}

static void says_so_when_the_server_keeps_more_than_it_has(void **state)
{
    (void)state;
    struct stage *stage = stage_open();
    stage_settle(stage);
    stage->chain = (struct log_chain){.seq = 900, .head = hash_of(S("lost here"))};
    session_closed(stage->session, stage->now);
    stage->now += USEC_MINUTE;
    stage_attach(stage, KIT_DEVICE);
    stage_run(stage, 5 * USEC_SECOND);
    assert_int_equal(stage->chain.seq, 901);
    stage_close(stage);
}

static void a_chain_that_does_not_join_on_is_begun_anew(void **state)
{
    (void)state;
    struct stage *stage = stage_open();
    stage_settle(stage);
    stage_run(stage, 70 * USEC_SECOND);
    uint64_t seq = stage->chain.seq;
    stage->chain.head = hash_of(S("another"));
    struct kit_draft bad = kit_draft_of(stage->kit, ORDER_ALARM, KIT_STRANGER);
    stage_order(stage, &bad);
    stage_run(stage, 5 * USEC_MINUTE);
    assert_int_equal(stage->chain.seq, stage->tail.end.seq);
    assert_true(stage->chain.seq > seq);
    stage_close(stage);
}

static void comes_back_when_the_server_wishes(void **state)
{
    (void)state;
    struct stage *stage = stage_open();
    stage_attach(stage, 0);
    struct wire_said bye = {.kind = WIRE_BYE, .bye = {.reason = BYE_FULL, .again_ms = 90000}};
    stage_hear(stage, &bye);
    session_closed(stage->session, stage->now);
    assert_false(stage->attached);
    usec next = session_next(stage->session);
    assert_true(next >= stage->now + 90 * USEC_SECOND && next <= stage->now + 140 * USEC_SECOND);
    stage_close(stage);
}

/* Whatever comes: no crash, nothing obeyed, and it tries again. */
static void noise_ends_the_connection_and_nothing_else(void **state)
{
    (void)state;
    struct stage *stage = stage_open();
    struct entropy entropy = entropy_seeded(&stage->seed);
    stage_settle(stage);
    unsigned obeyed = stage->obeyed;
    for (int i = 0; i < 2000; i++) {
        uint8_t noise[64];
        size_t size = (size_t)entropy_below(entropy, sizeof noise);
        entropy_fill(entropy, noise, size);
        session_heard(stage->session, stage->now, (str){(const char *)noise, size});
        if (i % 50 == 49) {
            session_closed(stage->session, stage->now);
            stage->now += 2 * USEC_MINUTE;
            stage_attach(stage, KIT_DEVICE);
        }
    }
    assert_int_equal(stage->obeyed, obeyed);
    stage_close(stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(proves_its_key_when_it_attaches),
        cmocka_unit_test(leaves_a_server_of_another_time),
        cmocka_unit_test(waits_for_a_person_and_pins_the_root_once),
        cmocka_unit_test(what_happens_before_any_clock_is_noted_all_the_same),
        cmocka_unit_test(obeys_an_order_and_says_so_in_its_log),
        cmocka_unit_test(takes_no_order_twice_and_none_of_a_stranger),
        cmocka_unit_test(a_flood_of_bad_orders_does_not_fill_the_log),
        cmocka_unit_test(an_alarm_that_cannot_be_kept_sounds_all_the_same),
        cmocka_unit_test(asks_for_what_it_lacks_and_reports_when_it_has_all),
        cmocka_unit_test(an_alarm_before_the_clock_is_sure_is_asked_for_again),
        cmocka_unit_test(an_alarm_before_the_device_knows_its_place_is_asked_for_again),
        cmocka_unit_test(an_order_lost_to_a_damaged_disk_is_taken_anew),
        cmocka_unit_test(what_a_revoked_key_ordered_falls),
        cmocka_unit_test(a_day_without_news_costs_few_messages),
        cmocka_unit_test(asks_the_time_eight_times_at_first),
        cmocka_unit_test(hangs_up_on_a_server_that_no_longer_answers),
        cmocka_unit_test(sends_the_log_again_from_what_the_server_keeps),
        cmocka_unit_test(says_so_when_the_server_keeps_more_than_it_has),
        cmocka_unit_test(a_chain_that_does_not_join_on_is_begun_anew),
        cmocka_unit_test(comes_back_when_the_server_wishes),
        cmocka_unit_test(noise_ends_the_connection_and_nothing_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
