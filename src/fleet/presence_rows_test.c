/* Presence and the store, faults on disk, and what a merger moves: on both databases. */
#include "fleet/fleet_testing.h"
#include "fleet/presence_store.h"
#include "fleet/traffic.h"

enum { OWN = 11, OTHER = 22 };

struct scene {
    struct fleet_kit *kit;
    struct presence *presence;
    int64_t station;
    int64_t cluster;
    int64_t devices[3];
};

static struct presence *make_presence(const struct fleet_kit *kit)
{
    struct presence_timing timing = presence_timing_default();
    struct presence *presence = NULL;
    assert_ok(presence_create(&timing, &presence));
    ignore_int(presence_tick(presence, USEC_HOUR, kit->orders.actor.now));
    return presence;
}

static struct scene begin(void **state)
{
    struct scene scene = {.kit = fleet_kit_create(test_store_of(state))};
    struct fleet_kit *kit = scene.kit;
    scene.presence = make_presence(kit);
    scene.station = fleet_station(kit, kit->orders.commune);
    scene.cluster = fleet_cluster(kit, scene.station, kit->orders.village);
    for (uint8_t i = 0; i < 3; i++) {
        struct device_words words = fleet_words((uint8_t)(i + 1));
        scene.devices[i] = fleet_meet(kit, &words).id;
    }
    assert_ok(fleet_accept(kit, scene.devices[0], scene.cluster));
    assert_ok(fleet_accept(kit, scene.devices[1], scene.cluster));
    return scene;
}

static void end(struct scene *scene)
{
    presence_destroy(scene->presence);
    fleet_kit_close(&scene->kit);
}

static errc run_refresh(struct fleet_kit *kit, struct db *db, struct why *why)
{
    struct presence_refresh refresh = {.presence = kit->out,
                                       .forest = kit->job.forest,
                                       .today = kit->orders.actor.today,
                                       .whole = kit->fields != 0};
    return presence_refresh(db, &refresh, why);
}

static void refresh(struct fleet_kit *kit, struct presence *presence, bool whole)
{
    kit->out = presence;
    kit->fields = whole ? 1 : 0;
    assert_ok(fleet_do(kit, run_refresh));
}

static struct presence_counts counts(struct presence *presence, unit_id unit)
{
    struct presence_counts found;
    presence_count(presence, unit, &found);
    return found;
}

static void reads_all_devices_once_and_then_what_changed(void **state)
{
    AUTO(end) struct scene scene = begin(state);
    struct fleet_kit *kit = scene.kit;
    refresh(kit, scene.presence, true);
    assert_int_equal(counts(scene.presence, kit->orders.village).devices, 2);
    assert_int_equal(counts(scene.presence, kit->orders.province).devices, 2);
    assert_int_equal(presence_waiting(scene.presence), 1);
    assert_ok(fleet_accept(kit, scene.devices[2], scene.cluster));
    assert_int_equal(presence_waiting(scene.presence), 1);
    refresh(kit, scene.presence, false);
    assert_int_equal(presence_waiting(scene.presence), 0);
    assert_int_equal(counts(scene.presence, 0).devices, 3);
    struct presence_key key;
    struct device_words words = fleet_words(3);
    assert_true(presence_by_key(scene.presence, words.key, &key));
    assert_int_equal(key.id, scene.devices[2]);
    assert_int_equal(key.place.path[0], kit->orders.province);
}

struct saving {
    struct presence_saving links[8];
    size_t count;
    int64_t server;
    usec now;
};

static errc run_save(struct fleet_kit *kit, struct db *db, struct why *why)
{
    const struct saving *saving = kit->in;
    struct presence_saver saver = {saving->server, 7 * USEC_HOUR, saving->now};
    return presence_save(db, &saver, saving->links, saving->count, why);
}

static void save(struct scene *scene, int64_t server, usec now)
{
    struct saving saving = {.server = server, .now = now};
    saving.count = presence_take_links(scene->presence, USEC_DAY, saving.links, 8);
    scene->kit->in = &saving;
    assert_ok(fleet_do(scene->kit, run_save));
}

static void attach(struct presence *presence, int64_t id)
{
    struct presence_attach attach = {.boot = {{7}}, .beat = 45 * USEC_SECOND};
    struct wire_status status = {.volume = 60, .bytes_in = 5000, .faults = FAULT_SUPPLY};
    presence_attached(presence, id, &attach, USEC_HOUR);
    presence_status(presence, id, &status, USEC_HOUR);
}

static void remembers_over_a_restart_what_was_heard(void **state)
{
    AUTO(end) struct scene scene = begin(state);
    struct fleet_kit *kit = scene.kit;
    usec now = kit->orders.actor.now;
    refresh(kit, scene.presence, true);
    attach(scene.presence, scene.devices[0]);
    save(&scene, OWN, now);
    presence_destroy(scene.presence);
    scene.presence = make_presence(kit);
    refresh(kit, scene.presence, true);
    assert_int_equal(counts(scene.presence, 0).states[PRESENCE_LATE], 1);
    assert_int_equal(counts(scene.presence, 0).states[PRESENCE_NEVER], 1);
    struct presence_line line;
    assert_ok(presence_one(scene.presence, scene.devices[0], kit->job.arena, &line));
    assert_int_equal(line.heard_utc, now);
}

static errc run_traffic(struct fleet_kit *kit, struct db *db, struct why *why)
{
    return traffic_read(db, &kit->job, kit->in, kit->out, why);
}

static void counts_traffic_by_sim_and_month_and_never_backwards(void **state)
{
    AUTO(end) struct scene scene = begin(state);
    struct fleet_kit *kit = scene.kit;
    usec now = kit->orders.actor.now; /* 2023-11-14 */
    struct saving saving = {.server = OWN, .now = now, .count = 2};
    struct wire_status status = {.bytes_in = 600000, .bytes_out = 4000};
    struct wire_status less = {.bytes_in = 10, .bytes_out = 20};
    saving.links[0] = (struct presence_saving){scene.devices[0], now, now, 0, status, true};
    saving.links[1] = (struct presence_saving){scene.devices[0], now, now, 0, less, true};
    kit->in = &saving;
    assert_ok(fleet_do(kit, run_save));
    struct traffic_filter filter = {.month = 202311, .limit = 10};
    struct traffic traffic;
    kit->in = &filter;
    kit->out = &traffic;
    assert_ok(fleet_do(kit, run_traffic));
    assert_int_equal(traffic.count, 1);
    assert_int_equal(traffic.at[0].bytes_in, 600000);
    assert_int_equal(traffic.bytes_out, 4000);
    assert_int_equal(traffic.over_budget, 0);
    fleet_act_as(kit, kit->orders.other, ROLE_TECHNICIAN);
    assert_ok(fleet_do(kit, run_traffic));
    assert_int_equal(traffic.count, 0);
}

struct loading {
    int64_t server;
    usec now;
};

static errc run_others(struct fleet_kit *kit, struct db *db, struct why *why)
{
    const struct loading *loading = kit->in;
    return presence_load_others(db, loading->server, kit->out, 0, loading->now, why);
}

static void load_others(struct fleet_kit *kit, struct presence *presence, usec now)
{
    struct loading loading = {OTHER, now};
    kit->in = &loading;
    kit->out = presence;
    assert_ok(fleet_do(kit, run_others));
}

static void sees_what_another_server_holds_until_that_one_dies(void **state)
{
    AUTO(end) struct scene scene = begin(state);
    struct fleet_kit *kit = scene.kit;
    usec now = kit->orders.actor.now;
    struct presence *second = make_presence(kit);
    refresh(kit, scene.presence, true);
    refresh(kit, second, true);
    attach(scene.presence, scene.devices[0]);
    save(&scene, OWN, now);
    load_others(kit, second, now + USEC_SECOND);
    assert_int_equal(counts(second, 0).states[PRESENCE_ALIVE], 1);
    assert_int_equal(counts(second, 0).faulty, 1);
    struct fault_event events[4];
    assert_int_equal(presence_take_events(second, events, 4), 0);
    usec later = USEC_HOUR + 50 * USEC_SECOND;
    ignore_int(presence_tick(second, later, now + 50 * USEC_SECOND));
    load_others(kit, second, now + 50 * USEC_SECOND);
    assert_int_equal(counts(second, 0).states[PRESENCE_DEAD], 1);
    presence_destroy(second);
}

struct keeping {
    struct fault_event events[4];
    size_t count;
    struct fault_page page;
};

static errc run_keep(struct fleet_kit *kit, struct db *db, struct why *why)
{
    const struct keeping *keeping = kit->in;
    return fault_keep(db, keeping->events, keeping->count, why);
}

static errc run_faults(struct fleet_kit *kit, struct db *db, struct why *why)
{
    struct fault_filter filter = {.with_past = kit->fields != 0, .limit = 10};
    struct keeping *keeping = kit->out;
    return fault_list(db, &kit->job, &filter, &keeping->page, why);
}

static size_t count_faults(struct fleet_kit *kit, struct keeping *keeping, bool past)
{
    kit->out = keeping;
    kit->fields = past ? 1 : 0;
    assert_ok(fleet_do(kit, run_faults));
    return keeping->page.count;
}

static errc run_acknowledge(struct fleet_kit *kit, struct db *db, struct why *why)
{
    return fault_acknowledge(db, &kit->job, kit->id, why);
}

static void keeps_each_fault_once_however_often_it_is_told(void **state)
{
    AUTO(end) struct scene scene = begin(state);
    struct fleet_kit *kit = scene.kit;
    usec now = kit->orders.actor.now;
    int64_t id = scene.devices[0];
    struct keeping keeping = {.events = {{id, FAULT_DEAD, false, now, ""},
                                         {id, FAULT_DEAD, false, now + 5, ""},
                                         {id, FAULT_LIES, false, now, "log_back"},
                                         {4711, FAULT_DEAD, false, now, ""}},
                              .count = 4};
    kit->in = &keeping;
    assert_ok(fleet_do(kit, run_keep));
    assert_int_equal(count_faults(kit, &keeping, false), 2);
    keeping.events[0].over = true;
    keeping.events[0].at = now - 1; /* clocks: never over before it began */
    keeping.count = 1;
    kit->in = &keeping;
    assert_ok(fleet_do(kit, run_keep));
    assert_ok(fleet_do(kit, run_keep));
    assert_int_equal(count_faults(kit, &keeping, false), 1);
    assert_int_equal(count_faults(kit, &keeping, true), 2);
    fleet_act_as(kit, kit->orders.other, ROLE_TECHNICIAN);
    assert_int_equal(count_faults(kit, &keeping, true), 0);
}

static void forgives_a_lie_when_somebody_has_looked(void **state)
{
    AUTO(end) struct scene scene = begin(state);
    struct fleet_kit *kit = scene.kit;
    struct keeping keeping = {.count = 0};
    refresh(kit, scene.presence, true);
    attach(scene.presence, scene.devices[0]);
    presence_lie(scene.presence, scene.devices[0], LIE_OTHER_ID, USEC_HOUR);
    keeping.count = presence_take_events(scene.presence, keeping.events, 4);
    assert_int_equal(keeping.count, 2); /* the supply too */
    kit->in = &keeping;
    assert_ok(fleet_do(kit, run_keep));
    refresh(kit, scene.presence, true);
    size_t lies = 0;
    assert_int_equal(count_faults(kit, &keeping, false), 2);
    while (keeping.page.at[lies].kind != FAULT_LIES) {
        lies++;
    }
    kit->id = keeping.page.at[lies].id;
    assert_ok(fleet_do(kit, run_acknowledge));
    refresh(kit, scene.presence, false);
    struct presence_line line;
    assert_ok(presence_one(scene.presence, scene.devices[0], kit->job.arena, &line));
    assert_int_equal(line.faults, FAULT_SUPPLY);
    assert_int_equal(count_faults(kit, &keeping, false), 1);
}

static errc run_again(struct fleet_kit *kit, struct db *db, struct why *why)
{
    size_t *placed = kit->out;
    bool left = false;
    TRY(device_place_again(db, &kit->job, kit->fields, placed, &left, why));
    kit->other = left ? 1 : 0;
    return OK;
}

static size_t place_again(struct fleet_kit *kit, unsigned most)
{
    size_t placed = 0;
    kit->out = &placed;
    kit->fields = most;
    kit->job.forest = kit->orders.units.forest;
    assert_ok(fleet_do(kit, run_again));
    return placed;
}

static void merge(struct fleet_kit *kit)
{
    struct unit_kit *units = &kit->orders.units;
    day on = kit->orders.actor.today;
    struct reform_source sources[] = {
        {kit_find(units, on - 1, "91101"), LINK_WHOLE, SHARE_WHOLE},
        {kit_find(units, on - 1, "91102"), LINK_WHOLE, SHARE_WHOLE},
    };
    struct reform_step step = {.op = REFORM_MERGE,
                               .sources = sources,
                               .source_count = 2,
                               .parent = kit_find(units, on - 1, "911"),
                               .kind = kind_find(forest_tiers(units->forest), S("xa")),
                               .name = S("Xã Mới"),
                               .code = S("91101")};
    struct reform_preview preview;
    assert_int_equal(kit_reform(units, on, &step, 1, &preview), 0);
}

static void tells_devices_of_merged_communes_where_they_stand_now(void **state)
{
    AUTO(end) struct scene scene = begin(state);
    struct fleet_kit *kit = scene.kit;
    assert_int_equal(place_again(kit, 10), 0);
    merge(kit);
    assert_int_equal(place_again(kit, 1), 1);
    assert_int_equal(kit->other, 1);
    assert_int_equal(place_again(kit, 10), 1);
    assert_int_equal(place_again(kit, 10), 0);
    unit_id commune = kit_find(&kit->orders.units, kit->orders.actor.today, "91101");
    refresh(kit, scene.presence, true);
    assert_int_equal(counts(scene.presence, commune).devices, 2);
    assert_int_equal(counts(scene.presence, kit->orders.commune).devices, 0);
    struct orders orders = fleet_orders(kit, 4);
    assert_int_equal(orders.count, 2);
    assert_int_equal(orders.at[0].kind, ORDER_PLACEMENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_ON_BOTH(reads_all_devices_once_and_then_what_changed),
        TEST_ON_BOTH(remembers_over_a_restart_what_was_heard),
        TEST_ON_BOTH(counts_traffic_by_sim_and_month_and_never_backwards),
        TEST_ON_BOTH(sees_what_another_server_holds_until_that_one_dies),
        TEST_ON_BOTH(keeps_each_fault_once_however_often_it_is_told),
        TEST_ON_BOTH(forgives_a_lie_when_somebody_has_looked),
        TEST_ON_BOTH(tells_devices_of_merged_communes_where_they_stand_now),
    };
    return cmocka_run_group_tests_name("fleet: presence rows", tests, NULL, NULL);
}
