/* Devices from stranger to retirement, on both databases. */
#include "fleet/device_list.h"
#include "fleet/fleet_testing.h"
#include "wire/codec.h"

struct scene {
    struct fleet_kit *kit;
    int64_t station;
    int64_t cluster;
};

static struct scene begin(void **state)
{
    struct scene scene = {.kit = fleet_kit_create(test_store_of(state))};
    scene.station = fleet_station(scene.kit, scene.kit->orders.commune);
    scene.cluster = fleet_cluster(scene.kit, scene.station, scene.kit->orders.village);
    return scene;
}

static void knows_a_stranger_by_its_key_and_accepts_nothing_by_itself(void **state)
{
    AUTO(fleet_kit_close) struct fleet_kit *kit = begin(state).kit;
    struct device_words words = fleet_words(1);
    struct device_met first = fleet_meet(kit, &words);
    struct device_met again = fleet_meet(kit, &words);
    assert_true(first.is_new);
    assert_false(again.is_new);
    assert_int_equal(first.id, again.id);
    assert_int_equal(again.state, DEVICE_IS_PENDING);
    assert_int_equal(fleet_orders(kit, 0).count, 0);
    struct device device = fleet_device(kit, first.id);
    assert_int_equal(device.fingerprint.len, FINGERPRINT_SIZE - 1);
    assert_str(device.serial, S("SN-1"));
    fleet_act_as(kit, kit->orders.commune, ROLE_VIEWER);
    assert_failed(fleet_do(kit, fleet_run_read), ERR_NOT_FOUND);
}

static struct wire_placement placement_of(struct fleet_kit *kit, const struct order *order)
{
    struct cose cose;
    struct wire_order head;
    struct wire_placement placement;
    assert_ok(cose_read(order->cose, &cose, NULL));
    assert_ok(wire_record_read(&wire_record_order, cose.payload, kit->job.arena, &head, NULL));
    assert_ok(
        wire_record_read(&wire_record_placement, head.body, kit->job.arena, &placement, NULL));
    return placement;
}

static void orders_place_and_settings_when_a_person_accepts_it(void **state)
{
    struct scene scene = begin(state);
    AUTO(fleet_kit_close) struct fleet_kit *kit = scene.kit;
    struct device_words words = fleet_words(1);
    struct device_met met = fleet_meet(kit, &words);
    assert_ok(fleet_accept(kit, met.id, scene.cluster));
    struct orders orders = fleet_orders(kit, 0);
    assert_int_equal(orders.count, 2);
    assert_int_equal(orders.at[0].kind, ORDER_PLACEMENT);
    assert_int_equal(orders.at[1].kind, ORDER_SETTINGS);
    assert_int_equal(orders.at[0].tier, TIER_PROVINCE);
    struct wire_placement placement = placement_of(kit, &orders.at[0]);
    assert_int_equal(placement.device, met.id);
    assert_int_equal(placement.path.at[0], kit->orders.province);
    assert_int_equal(placement.path.at[placement.path.count - 1], kit->orders.village);
    assert_memory_equal(placement.device_key.bytes, words.key.bytes, HASH_SIZE);
    struct device device = fleet_device(kit, met.id);
    assert_int_equal(device.state, DEVICE_IS_ACCEPTED);
    assert_int_equal(device.settings_version, orders.at[1].id);
    assert_int_equal(device.place_version, orders.at[0].id);
    assert_failed(fleet_accept(kit, met.id, scene.cluster), ERR_CONFLICT);
}

static void lets_nobody_accept_outside_of_their_units(void **state)
{
    struct scene scene = begin(state);
    AUTO(fleet_kit_close) struct fleet_kit *kit = scene.kit;
    struct device_words words = fleet_words(1);
    struct device_met met = fleet_meet(kit, &words);
    fleet_act_as(kit, kit->orders.other, ROLE_TECHNICIAN);
    assert_failed(fleet_accept(kit, met.id, scene.cluster), ERR_INVALID);
    assert_string_equal(kit->bad.name, "cluster_id");
    fleet_act_as(kit, kit->orders.commune, ROLE_VIEWER);
    assert_failed(fleet_accept(kit, met.id, scene.cluster), ERR_NOT_FOUND);
    assert_int_equal(fleet_orders(kit, 0).count, 0);
    fleet_act_as(kit, kit->orders.commune, ROLE_TECHNICIAN);
    assert_ok(fleet_accept(kit, met.id, scene.cluster));
}

static errc run_change(struct fleet_kit *kit, struct db *db, struct why *why)
{
    return device_change(db, &kit->job, kit->id, kit->in, why);
}

static errc change(struct fleet_kit *kit, int64_t id, const struct device_change *wanted)
{
    kit->id = id;
    kit->in = wanted;
    return fleet_do(kit, run_change);
}

static int64_t accepted(struct scene *scene, uint8_t key)
{
    struct device_words words = fleet_words(key);
    words.serial = S("");
    struct device_met met = fleet_meet(scene->kit, &words);
    assert_ok(fleet_accept(scene->kit, met.id, scene->cluster));
    return met.id;
}

static void orders_settings_anew_when_they_change(void **state)
{
    struct scene scene = begin(state);
    AUTO(fleet_kit_close) struct fleet_kit *kit = scene.kit;
    int64_t id = accepted(&scene, 1);
    struct device_change louder = {.fields = DEVICE_VOLUME, .settings = {.volume = 85}};
    assert_ok(change(kit, id, &louder));
    struct orders orders = fleet_orders(kit, 2);
    assert_int_equal(orders.count, 1);
    assert_int_equal(orders.at[0].kind, ORDER_SETTINGS);
    struct device device = fleet_device(kit, id);
    assert_int_equal(device.settings.volume, 85);
    assert_int_equal(device.settings_version, orders.at[0].id);
    struct device_change note = {.fields = DEVICE_NOTE, .note = S("gần trường\nhọc")};
    assert_ok(change(kit, id, &note));
    assert_int_equal(fleet_orders(kit, 3).count, 0);
    struct device_change wrong = {.fields = DEVICE_DELAY, .settings = {.delay_us = 2000000}};
    assert_failed(change(kit, id, &wrong), ERR_INVALID);
    assert_string_equal(kit->bad.name, "delay_us");
}

static errc run_many(struct fleet_kit *kit, struct db *db, struct why *why)
{
    int64_t ids[] = {1, 2, 3, 4711};
    struct device_ids all = {ids, 4};
    return device_change_many(db, &kit->job, all, kit->in, kit->out, why);
}

static void changes_many_with_one_order_and_counts_what_it_may_not(void **state)
{
    struct scene scene = begin(state);
    AUTO(fleet_kit_close) struct fleet_kit *kit = scene.kit;
    struct device_batch batch = {.changed = 0};
    struct device_change quiet = {.fields = DEVICE_VOLUME, .settings = {.volume = 30}};
    for (uint8_t i = 1; i <= 3; i++) {
        ignore_int(accepted(&scene, i) == 0);
    }
    kit->in = &quiet;
    kit->out = &batch;
    assert_ok(fleet_do(kit, run_many));
    assert_int_equal(batch.changed, 3);
    assert_int_equal(batch.skipped, 1);
    struct orders orders = fleet_orders(kit, 6);
    assert_int_equal(orders.count, 1);
    assert_int_equal(orders.at[0].devices.count, 3);
    fleet_act_as(kit, kit->orders.other, ROLE_TECHNICIAN);
    kit->in = &quiet;
    kit->out = &batch;
    assert_ok(fleet_do(kit, run_many));
    assert_int_equal(batch.changed, 0);
    assert_int_equal(batch.skipped, 4);
}

static errc run_replace(struct fleet_kit *kit, struct db *db, struct why *why)
{
    return device_replace(db, &kit->job, kit->id, kit->other, why);
}

static void hands_place_and_settings_to_the_one_that_replaces_it(void **state)
{
    struct scene scene = begin(state);
    AUTO(fleet_kit_close) struct fleet_kit *kit = scene.kit;
    int64_t broken = accepted(&scene, 1);
    struct device_change louder = {.fields = DEVICE_VOLUME | DEVICE_SIM,
                                   .sim_number = S("0912"),
                                   .sim_operator = S("V"),
                                   .settings = {.volume = 85}};
    assert_ok(change(kit, broken, &louder));
    struct device_words words = fleet_words(2);
    struct device_met fresh = fleet_meet(kit, &words);
    kit->id = broken;
    kit->other = fresh.id;
    assert_ok(fleet_do(kit, run_replace));
    struct device old = fleet_device(kit, broken);
    struct device now = fleet_device(kit, fresh.id);
    assert_int_equal(old.state, DEVICE_IS_REPLACED);
    assert_int_equal(old.replaced_by, fresh.id);
    assert_int_equal(now.cluster, scene.cluster);
    assert_int_equal(now.settings.volume, 85);
    assert_str(now.name, S("Cột 1"));
    assert_str(now.sim_number, S("0912"));
    struct orders orders = fleet_orders(kit, 3);
    assert_int_equal(orders.count, 3);
    assert_int_equal(orders.at[2].kind, ORDER_RETIRE);
    kit->id = broken;
    assert_failed(fleet_do(kit, run_replace), ERR_CONFLICT);
}

static errc run_retire(struct fleet_kit *kit, struct db *db, struct why *why)
{
    return device_retire(db, &kit->job, kit->id, why);
}

static void retires_for_ever(void **state)
{
    struct scene scene = begin(state);
    AUTO(fleet_kit_close) struct fleet_kit *kit = scene.kit;
    int64_t id = accepted(&scene, 1);
    kit->id = id;
    assert_ok(fleet_do(kit, run_retire));
    assert_failed(fleet_do(kit, run_retire), ERR_CONFLICT);
    struct device_words words = fleet_words(1);
    assert_int_equal(fleet_meet(kit, &words).state, DEVICE_IS_RETIRED);
    struct device_change louder = {.fields = DEVICE_VOLUME, .settings = {.volume = 85}};
    assert_failed(change(kit, id, &louder), ERR_CONFLICT);
    assert_int_equal(fleet_orders(kit, 2).at[0].kind, ORDER_RETIRE);
}

static errc run_list(struct fleet_kit *kit, struct db *db, struct why *why)
{
    const str *csv = kit->in;
    return device_list_load(db, &kit->job, S("Lô 1"), *csv, kit->out, why);
}

static struct device_list_report load(struct fleet_kit *kit, str csv)
{
    struct device_list_report report = {.id = 0};
    kit->in = &csv;
    kit->out = &report;
    assert_ok(fleet_do(kit, run_list));
    return report;
}

static void accepts_what_a_list_names_once(void **state)
{
    struct scene scene = begin(state);
    AUTO(fleet_kit_close) struct fleet_kit *kit = scene.kit;
    char csv[128];
    ignore_int(snprintf(csv, sizeof csv, "serial,claim,cluster,name\nSN-1,K7Q2,%lld,Cột chợ\n",
                        (long long)scene.cluster));
    struct device_list_report report = load(kit, str_of(csv));
    assert_int_equal(report.problem_count, 0);
    assert_true(report.id != 0);
    struct device_words words = fleet_words(1); /* the serial fits, the claim does not */
    assert_int_equal(fleet_meet(kit, &words).state, DEVICE_IS_PENDING);
    words.claim = S("K7Q2");
    struct device_met met = fleet_meet(kit, &words);
    assert_true(met.is_claimed);
    assert_str(fleet_device(kit, met.id).name, S("Cột chợ"));
    struct device_words second = fleet_words(2);
    second.claim = S("K7Q2");
    assert_int_equal(fleet_meet(kit, &second).state, DEVICE_IS_PENDING);
    assert_int_equal(fleet_orders(kit, 0).count, 2);
}

static void accepts_at_once_who_waits_when_a_list_is_loaded(void **state)
{
    struct scene scene = begin(state);
    AUTO(fleet_kit_close) struct fleet_kit *kit = scene.kit;
    struct device_words by_claim = fleet_words(1);
    struct device_words by_serial = fleet_words(2);
    by_claim.serial = S("");
    int64_t first = fleet_meet(kit, &by_claim).id;
    by_claim.claim = S("K7Q2"); /* the technician types it in later */
    assert_int_equal(fleet_meet(kit, &by_claim).state, DEVICE_IS_PENDING);
    int64_t second = fleet_meet(kit, &by_serial).id;
    struct device_list_report report = load(
        kit, S("serial,claim,cluster\n,K7Q2,Cụm loa Nhà văn hóa\nSN-1,,Cụm loa Nhà văn hóa\n"));
    assert_int_equal(report.accepted, 2);
    assert_int_equal(fleet_device(kit, first).state, DEVICE_IS_ACCEPTED);
    assert_int_equal(fleet_device(kit, second).state, DEVICE_IS_ACCEPTED);
}

static void keeps_a_list_whole_or_not_at_all(void **state)
{
    struct scene scene = begin(state);
    AUTO(fleet_kit_close) struct fleet_kit *kit = scene.kit;
    struct device_list_report report =
        load(kit, S("serial,cluster\nA1,Cụm loa Nhà văn hoá\nA2,4711\n,1\nA1,1\n"));
    assert_int_equal(report.id, 0);
    assert_int_equal(report.problem_count, 3);
    assert_int_equal(report.problems[0].line, 3);
    assert_string_equal(report.problems[0].code, "cluster_unknown");
    assert_string_equal(report.problems[1].code, "no_mark");
    assert_string_equal(report.problems[2].code, "taken");
    struct device_words words = fleet_words(1);
    words.serial = S("A1");
    assert_int_equal(fleet_meet(kit, &words).state, DEVICE_IS_PENDING);
    report = load(kit, S("serial,cluster\nA1,Cụm loa Nhà văn hóa\n"));
    assert_int_equal(report.problem_count, 0);
    assert_int_equal(report.accepted, 1);
}

static errc run_flood(struct fleet_kit *kit, struct db *db, struct why *why)
{
    for (uint32_t i = 0; i < DEVICE_PENDING_MOST + 20; i++) {
        struct device_words words = fleet_words(9);
        struct device_met met;
        memcpy(words.key.bytes, &i, sizeof i);
        kit->in = &words;
        kit->out = &met;
        TRY(fleet_run_meet(kit, db, why));
        kit->id = i == 0 ? met.id : kit->id;
    }
    return OK;
}

static void forgets_the_oldest_stranger_in_a_flood(void **state)
{
    AUTO(fleet_kit_close) struct fleet_kit *kit = begin(state).kit;
    struct device device;
    assert_ok(fleet_do(kit, run_flood));
    kit->out = &device;
    assert_failed(fleet_do(kit, fleet_run_read), ERR_NOT_FOUND);
    kit->id += 20;
    assert_ok(fleet_do(kit, fleet_run_read));
}

static void cleans_what_a_stranger_says(void **state)
{
    AUTO(fleet_kit_close) struct fleet_kit *kit = begin(state).kit;
    struct device_words words = fleet_words(1);
    words.serial = S("bad\x01word");
    words.model = S("\xff\xfe");
    words.kind = (enum device_kind)7;
    words.abilities = UINT64_MAX;
    struct device device = fleet_device(kit, fleet_meet(kit, &words).id);
    assert_str(device.serial, S(""));
    assert_str(device.model, S(""));
    assert_int_equal(device.kind, DEVICE_SPEAKER);
}

/* Whatever fails on the way: an accepted device has its orders, one that waits has none. */
static void accepts_whole_or_not_at_all(void **state)
{
    struct scene scene = begin(state);
    AUTO(fleet_kit_close) struct fleet_kit *kit = scene.kit;
    struct device_words words = fleet_words(1);
    int64_t id = fleet_meet(kit, &words).id;
    struct device_placing placing = {scene.cluster, S("Cột 1")};
    bool hit = true;
    unsigned long tries = 0;
    for (unsigned long nth = 1; hit && nth < 300; nth++) {
        kit->id = id;
        kit->in = &placing;
        store_torture(nth);
        errc rc = store_write_now(kit->test->store, fleet_call_run,
                                  &(struct fleet_call){kit, fleet_run_accept}, NULL);
        hit = store_torture_hit();
        store_torture(0);
        tries++;
        bool accepted_now = fleet_device(kit, id).state == DEVICE_IS_ACCEPTED;
        assert_int_equal(fleet_orders(kit, 0).count, accepted_now ? 2 : 0);
        if (rc == OK) {
            break;
        }
        assert_true(hit && !accepted_now);
    }
    assert_true(tries > 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_ON_BOTH(knows_a_stranger_by_its_key_and_accepts_nothing_by_itself),
        TEST_ON_BOTH(orders_place_and_settings_when_a_person_accepts_it),
        TEST_ON_BOTH(lets_nobody_accept_outside_of_their_units),
        TEST_ON_BOTH(orders_settings_anew_when_they_change),
        TEST_ON_BOTH(changes_many_with_one_order_and_counts_what_it_may_not),
        TEST_ON_BOTH(hands_place_and_settings_to_the_one_that_replaces_it),
        TEST_ON_BOTH(retires_for_ever),
        TEST_ON_BOTH(accepts_what_a_list_names_once),
        TEST_ON_BOTH(accepts_at_once_who_waits_when_a_list_is_loaded),
        TEST_ON_BOTH(keeps_a_list_whole_or_not_at_all),
        TEST_ON_BOTH(forgets_the_oldest_stranger_in_a_flood),
        TEST_ON_BOTH(cleans_what_a_stranger_says),
        TEST_ON_BOTH(accepts_whole_or_not_at_all),
    };
    return cmocka_run_group_tests_name("fleet: device", tests, NULL, NULL);
}
