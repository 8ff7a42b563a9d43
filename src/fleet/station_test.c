/* Stations and clusters: their life, who may write them, what may be said of them. */
#include "fleet/fleet_testing.h"

static void goes_forward_but_for_what_is_given_back_and_mended(void **state)
{
    (void)state;
    static const struct {
        enum station_stage before;
        enum station_stage after;
        bool may;
    } cases[] = {
        {STAGE_SURVEYED, STAGE_OUTLINE_SUBMITTED, true},
        {STAGE_SURVEYED, STAGE_WORKING, true},
        {STAGE_OUTLINE_SUBMITTED, STAGE_SURVEYED, true},
        {STAGE_ACCEPTED, STAGE_BUILDING, true},
        {STAGE_APPROVED, STAGE_SURVEYED, false},
        {STAGE_WORKING, STAGE_BROKEN, true},
        {STAGE_BROKEN, STAGE_WORKING, true},
        {STAGE_DEGRADED, STAGE_BROKEN, true},
        {STAGE_WORKING, STAGE_ACCEPTED, false},
        {STAGE_WORKING, STAGE_WORKING, false},
        {STAGE_BROKEN, STAGE_RETIRED, true},
        {STAGE_RETIRED, STAGE_WORKING, false},
        {STAGE_RETIRED, STAGE_SURVEYED, false},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        print_message("case %zu\n", i);
        assert_int_equal(station_stage_may_follow(cases[i].before, cases[i].after), cases[i].may);
    }
}

struct reading {
    struct station station;
    struct station_steps steps;
    struct station_page page;
};

static errc run_read(struct fleet_kit *kit, struct db *db, struct why *why)
{
    struct reading *reading = kit->out;
    return station_read(db, &kit->job, kit->id, &reading->station, &reading->steps, why);
}

static errc run_list(struct fleet_kit *kit, struct db *db, struct why *why)
{
    struct reading *reading = kit->out;
    return station_list(db, &kit->job, kit->in, &reading->page, why);
}

static errc run_step(struct fleet_kit *kit, struct db *db, struct why *why)
{
    return station_step(db, &kit->job, kit->id, kit->in, why);
}

static void writes_down_each_stage_with_its_day(void **state)
{
    AUTO(fleet_kit_close) struct fleet_kit *kit = fleet_kit_create(test_store_of(state));
    struct reading reading;
    int64_t id = fleet_station(kit, kit->orders.commune);
    day today = kit->orders.actor.today;
    struct station_step broken = {.stage = STAGE_BROKEN, .on = today - 5, .note = S("sét đánh")};
    struct station_step early = {.stage = STAGE_WORKING, .on = today - 6, .note = S("")};
    struct station_step mended = {.stage = STAGE_WORKING, .on = today, .note = S("")};
    struct station_step tomorrow = {.stage = STAGE_BROKEN, .on = today + 1, .note = S("")};
    kit->id = id;
    kit->in = &broken;
    assert_ok(fleet_do(kit, run_step));
    kit->in = &early;
    assert_failed(fleet_do(kit, run_step), ERR_INVALID);
    kit->in = &mended;
    assert_ok(fleet_do(kit, run_step));
    kit->in = &tomorrow;
    assert_failed(fleet_do(kit, run_step), ERR_INVALID);
    kit->out = &reading;
    assert_ok(fleet_do(kit, run_read));
    assert_int_equal(reading.steps.count, 3);
    assert_int_equal(reading.steps.at[1].stage, STAGE_BROKEN);
    assert_str(reading.steps.at[1].note, S("sét đánh"));
    assert_str(reading.steps.at[1].account_name, S("Thử"));
    assert_int_equal(reading.station.stage, STAGE_WORKING);
}

static void shows_and_changes_only_in_the_actors_units(void **state)
{
    AUTO(fleet_kit_close) struct fleet_kit *kit = fleet_kit_create(test_store_of(state));
    struct reading reading;
    struct station_filter all = {.query = S("truyen thanh"), .limit = 10};
    int64_t id = fleet_station(kit, kit->orders.commune);
    ignore_int(fleet_station(kit, kit->orders.other) == 0);
    fleet_act_as(kit, kit->orders.other, ROLE_TECHNICIAN);
    kit->id = id;
    kit->out = &reading;
    assert_failed(fleet_do(kit, run_read), ERR_NOT_FOUND);
    kit->in = &all;
    assert_ok(fleet_do(kit, run_list));
    assert_int_equal(reading.page.count, 1);
    fleet_act_as(kit, kit->orders.commune, ROLE_VIEWER);
    struct station_step step = {
        .stage = STAGE_BROKEN, .on = kit->orders.actor.today, .note = S("")};
    kit->id = id;
    kit->in = &step;
    assert_failed(fleet_do(kit, run_step), ERR_FORBIDDEN);
}

static void pages_in_the_order_of_names(void **state)
{
    AUTO(fleet_kit_close) struct fleet_kit *kit = fleet_kit_create(test_store_of(state));
    struct reading reading;
    struct station_filter filter = {.query = STR_NONE, .limit = 2};
    static const char *const names[] = {"Đài C", "Đài Á", "Đài B", "Đài A", "Đài Đ"};
    static const char *const sorted[] = {"Đài A", "Đài Á", "Đài B", "Đài C", "Đài Đ"};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        struct station_draft draft = {.unit = kit->orders.commune,
                                      .name = str_of(names[i]),
                                      .note = S(""),
                                      .stage_day = kit->orders.actor.today};
        kit->in = &draft;
        assert_ok(fleet_do(kit, fleet_run_station));
    }
    size_t seen = 0;
    do {
        kit->in = &filter;
        kit->out = &reading;
        assert_ok(fleet_do(kit, run_list));
        for (size_t i = 0; i < reading.page.count; i++) {
            assert_str(reading.page.at[i].name, str_of(sorted[seen++]));
        }
        filter.after = reading.page.next;
    } while (filter.after.at != NULL);
    assert_int_equal(seen, COUNT_OF(names));
}

static errc run_cluster_change(struct fleet_kit *kit, struct db *db, struct why *why)
{
    return cluster_change(db, &kit->job, kit->id, kit->in, kit->fields, why);
}

static errc run_cluster_read(struct fleet_kit *kit, struct db *db, struct why *why)
{
    return cluster_read(db, &kit->job, kit->id, kit->out, why);
}

static errc change_cluster(struct fleet_kit *kit, int64_t id, const struct cluster *values,
                           unsigned fields)
{
    kit->id = id;
    kit->in = values;
    kit->fields = fields;
    return fleet_do(kit, run_cluster_change);
}

static void names_what_cannot_be_said_of_a_cluster(void **state)
{
    AUTO(fleet_kit_close) struct fleet_kit *kit = fleet_kit_create(test_store_of(state));
    int64_t station = fleet_station(kit, kit->orders.commune);
    int64_t id = fleet_cluster(kit, station, kit->orders.village);
    struct cluster wrong = fleet_cluster_draft(station, kit->orders.other, " ");
    wrong.villages[0] = kit->orders.other;
    wrong.village_count = 1;
    wrong.languages = S("vi  ");
    wrong.volume_cap = 101;
    wrong.has_position = true;
    wrong.latitude = -91;
    static const struct {
        unsigned field;
        const char *name;
    } cases[] = {{CLUSTER_NAME, "name"},         {CLUSTER_UNIT, "unit_id"},
                 {CLUSTER_VILLAGES, "villages"}, {CLUSTER_SPOKEN, "languages"},
                 {CLUSTER_CAP, "volume_cap"},    {CLUSTER_POSITION, "latitude"}};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_failed(change_cluster(kit, id, &wrong, cases[i].field), ERR_INVALID);
        assert_string_equal(kit->bad.name, cases[i].name);
    }
}

static void orders_anew_what_a_changed_cluster_means_for_its_devices(void **state)
{
    AUTO(fleet_kit_close) struct fleet_kit *kit = fleet_kit_create(test_store_of(state));
    int64_t station = fleet_station(kit, kit->orders.commune);
    int64_t id = fleet_cluster(kit, station, kit->orders.village);
    struct device_words words = fleet_words(1);
    int64_t device = fleet_meet(kit, &words).id;
    assert_ok(fleet_accept(kit, device, id));
    struct cluster values = fleet_cluster_draft(station, kit->orders.commune, "x");
    values.volume_cap = 40;
    values.note = S("gần chùa");
    assert_ok(change_cluster(kit, id, &values, CLUSTER_REMARK));
    assert_int_equal(fleet_orders(kit, 2).count, 0);
    assert_ok(change_cluster(kit, id, &values, CLUSTER_CAP));
    assert_int_equal(fleet_orders(kit, 2).at[0].kind, ORDER_SETTINGS);
    assert_ok(change_cluster(kit, id, &values, CLUSTER_UNIT));
    assert_int_equal(fleet_orders(kit, 3).at[0].kind, ORDER_PLACEMENT);
    values.retired = 1;
    assert_failed(change_cluster(kit, id, &values, CLUSTER_RETIRED), ERR_IN_USE);
    struct cluster after;
    kit->id = id;
    kit->out = &after;
    assert_ok(fleet_do(kit, run_cluster_read));
    assert_int_equal(after.volume_cap, 40);
    assert_int_equal(after.devices, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(goes_forward_but_for_what_is_given_back_and_mended),
        TEST_ON_BOTH(writes_down_each_stage_with_its_day),
        TEST_ON_BOTH(shows_and_changes_only_in_the_actors_units),
        TEST_ON_BOTH(pages_in_the_order_of_names),
        TEST_ON_BOTH(names_what_cannot_be_said_of_a_cluster),
        TEST_ON_BOTH(orders_anew_what_a_changed_cluster_means_for_its_devices),
    };
    return cmocka_run_group_tests_name("fleet: station", tests, NULL, NULL);
}
