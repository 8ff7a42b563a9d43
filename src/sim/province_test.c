/* Simulated days of a province with power cuts, broken links, restarts and a server that crashes:
 * no dead air, and at the end every planned item of every pole has its one ending, with a reason
 * that has happened. Prints its seed; LOA_TEST_SEED repeats it. */
#include "sim/province_server_testing.h"

#include "base/testing.h"
#include "broadcast/play.h"

enum { MIDNIGHT_S = DAY_S - 10 /* a programme that goes over it */, PROGRAMMES = 8 };

static const struct store_room *const rooms[] = {&people_room, &orders_room, &broadcast_room};
static const struct test_plan sqlite = {STORE_SQLITE, rooms, COUNT_OF(rooms)};

/* --- the beginning ------------------------------------------------------------------------------
 */

static void load_media(struct province *province)
{
    static const char *const files[PROVINCE_MEDIA] = {"hello", "weather", "vaccine", "flood"};
    for (size_t i = 0; i < PROVINCE_MEDIA; i++) {
        char path[512];
        ignore_int(
            snprintf(path, sizeof path, LOA_SOURCE_DIR "/src/server/demo/clips/%s.opus", files[i]));
        buf_init(&province->media[i].bytes, 1 << 20);
        assert_ok(file_read(path, 1 << 20, &province->media[i].bytes, NULL));
        province->media[i].name = hash_of(buf_str(&province->media[i].bytes));
    }
}

static errc add_media(struct province *province, struct db *db, struct why *why)
{
    for (size_t i = 0; i < PROVINCE_MEDIA; i++) {
        struct opus_facts facts;
        int64_t id = 0;
        TRY(opus_file_read(buf_str(&province->media[i].bytes), &facts, why));
        struct media_item item = {.media = province->media[i].name,
                                  .unit = province->kit.orders.province,
                                  .title = S("tin"),
                                  .language = S("vi"),
                                  .ms = facts.ms,
                                  .bytes = facts.bytes};
        TRY(media_item_add(&province->kit.desk, db, &item, &id, why));
    }
    return OK;
}

static errc add_programme(struct province *province, struct db *db, int start_s, struct why *why)
{
    struct programme_item items[3];
    int64_t id = 0;
    for (int i = 0; i < 3; i++) {
        items[i] = (struct programme_item){
            .on = DAY_FIRST, .position = i, .language = S("vi"), .media = province->media[i].name};
    }
    struct programme programme = {.unit = province->kit.orders.province,
                                  .name = S("tin"),
                                  .order_class = CLASS_PRIORITY,
                                  .when = {.cadence = CADENCE_DAILY,
                                           .every = 1,
                                           .from = province->kit.orders.actor.today + 1,
                                           .to = DAY_OPEN},
                                  .start_s = start_s,
                                  .after_break = BREAK_RESUME,
                                  .items = items,
                                  .item_count = COUNT_OF(items)};
    return programme_add(&province->kit.desk, db, &programme, &id, why);
}

static errc place(struct province *province, struct db *db, const struct pole *pole,
                  struct why *why)
{
    AUTO(buf_finish) struct buf body;
    struct order order;
    struct order_sight sight = sight_of(pole);
    uint64_t device = pole->receiver->device;
    uint64_t area = sight.path.at[sight.path.count - 1];
    struct wire_placement placement = {
        .device = device, .device_key = pole->key, .path = sight.path, .zone_s = 7 * 3600};
    struct order_job job = desk_order_job(&province->kit.desk);
    buf_init(&body, 4096);
    TRY(wire_record_write(&wire_record_placement, &placement, &body));
    struct order_draft draft = {.kind = ORDER_PLACEMENT,
                                .order_class = CLASS_PRIORITY,
                                .issuer = province->kit.orders.province,
                                .right = RIGHT_FLEET_ENROL,
                                .area = {&area, 1},
                                .devices = {&device, 1},
                                .not_before = province->now,
                                .expires = province->now + 365 * USEC_DAY,
                                .body = buf_str(&body)};
    TRY(order_issue(db, &job, &draft, &order, why));
    struct wire_settings settings = {.volume = 80};
    buf_clear(&body);
    TRY(wire_record_write(&wire_record_settings, &settings, &body));
    draft.kind = ORDER_SETTINGS;
    draft.body = buf_str(&body);
    return order_issue(db, &job, &draft, &order, why);
}

static errc found(void *ctx, struct db *db, struct why *why)
{
    struct serving *serving = ctx;
    struct province *province = serving->province;
    struct order_job job = desk_order_job(&province->kit.desk);
    TRY(unit_key_root(db, &job, &province->root, why));
    TRY(add_media(province, db, why));
    static const int starts[] = {19800, 25200, 32400, 41400, 50400, 61200, 72000, MIDNIGHT_S};
    for (size_t i = 0; i < COUNT_OF(starts); i++) {
        TRY(add_programme(province, db, starts[i], why));
    }
    for (size_t i = 0; i < KIT_DEVICES; i++) {
        TRY(place(province, db, &province->poles[i], why));
    }
    return OK;
}

static struct province *province_open(void **state)
{
    struct province *province = mem_take(sizeof *province);
    desk_kit_init(&province->kit, state);
    struct test_store *test = province->kit.test;
    /* Always the same days with `make test`, others with every `make soak`. */
    bool is_told = getenv("LOA_TEST_SEED") != NULL;
    province->seed.state = is_told || getenv("LOA_SOAK") != NULL ? test->seed : 4;
    province->chance = entropy_seeded(&province->seed);
    province->now = KIT_NOW;
    province->config = test->config;
    province->kit.policy.approve_devices = 1000;
    assert_ok(arena_create(8 << 20, &province->arena));
    assert_ok(arena_create(64 << 20, &province->kit.desk.arena));
    load_media(province);
    for (size_t i = 0; i < 2; i++) {
        ignore_int(snprintf(province->folders[i], TEST_TEXT, "%s/disk%zu", test->folder, i));
        ignore_int(snprintf(province->paths[i], sizeof province->paths[i], "%s/loa.sqlite",
                            province->folders[i]));
        assert_ok(file_make_folder(province->folders[i], 0700, NULL));
    }
    for (size_t i = 0; i < KIT_DEVICES; i++) {
        struct pole *pole = &province->poles[i];
        pole->province = province;
        pole->receiver = &province->kit.devices[i];
        pole->disk = disk_fault_create(POLE_DISK, province->chance);
        parcels_init(&pole->down);
        parcels_init(&pole->up);
        assert_ok(arena_create(8 << 20, &pole->items_arena));
        pole_power(pole);
        pole_link(pole);
    }
    server_start(province);
    struct serving serving = {.province = province};
    assert_ok(server_do(&serving, true, found));
    province->server_at = INT64_MAX;
    province->alarm_at = INT64_MAX;
    server_chores(province);
    return province;
}

static void province_close(struct province *province)
{
    for (size_t i = 0; i < KIT_DEVICES; i++) {
        struct pole *pole = &province->poles[i];
        agent_destroy(pole->agent);
        disk_fault_destroy(pole->disk);
        parcels_drop(&pole->down);
        parcels_drop(&pole->up);
        arena_destroy(pole->items_arena);
    }
    store_close(province->store);
    power_vfs_end();
    for (size_t i = 0; i < PROVINCE_MEDIA; i++) {
        buf_finish(&province->media[i].bytes);
    }
    arena_destroy(province->arena);
    arena_destroy(province->kit.desk.arena);
    desk_kit_finish(&province->kit);
    mem_give(province);
}

/* --- time
 * ------------------------------------------------------------------------------------------ */

static void connect(struct pole *pole)
{
    struct province *province = pole->province;
    pole->is_dialing = false;
    if (!pole->has_link || province->store == NULL) {
        agent_closed(pole->agent);
        return;
    }
    pole->is_open = true;
    entropy_fill(province->chance, pole->nonce.bytes, sizeof pole->nonce.bytes);
    agent_opened(pole->agent, NULL);
    struct wire_said hello = {.kind = WIRE_HELLO,
                              .hello = {.version_least = WIRE_VERSION,
                                        .version_most = WIRE_VERSION,
                                        .nonce = pole->nonce,
                                        .now = province->now}};
    pole_say(pole, &hello);
}

static void deliver(struct pole *pole)
{
    struct parcel *parcel = NULL;
    while ((parcel = parcels_take(&pole->up, pole->province->now)) != NULL) {
        server_hear(pole, (str){parcel->bytes, parcel->size});
        mem_give(parcel);
    }
    while (pole->agent != NULL &&
           (parcel = parcels_take(&pole->down, pole->province->now)) != NULL) {
        agent_heard(pole->agent, (str){parcel->bytes, parcel->size});
        pole->turn_at = pole->province->now;
        mem_give(parcel);
    }
}

static bool is_active(struct pole *pole)
{
    struct agent_view view;
    usec now = pole->province->now;
    agent_look(pole->agent, &view);
    if (view.sound.sound != SOUND_NONE ||
        (view.sound.next_at != 0 && view.sound.next_at - now < 4 * USEC_SECOND)) {
        return true;
    }
    return pole_item(pole) != NULL;
}

static void run_agent(struct pole *pole)
{
    struct province *province = pole->province;
    if (pole->is_dialing) {
        connect(pole);
    }
    if (pole->wants_close) {
        pole->wants_close = false;
        pole_unlink(pole);
    }
    if (pole->turn_at <= province->now) {
        agent_turn(pole->agent);
        usec next = agent_next(pole->agent) - pole_steady(pole) + province->now;
        pole->turn_at = next > province->now ? next : province->now + 1000;
    }
    if (disk_fault_is_cut(pole->disk)) {
        pole_cut(pole);
        pole->power_at = province->now + province_between(province, USEC_SECOND, USEC_MINUTE);
    }
}

static void run_pole(struct pole *pole)
{
    usec now = pole->province->now;
    if (pole->power_at <= now) {
        pole_power(pole);
    }
    if (pole->link_at <= now) {
        pole_link(pole);
    }
    deliver(pole);
    if (pole->agent != NULL) {
        run_agent(pole);
    }
    if (pole->agent != NULL && pole->pulled_to <= now && is_active(pole)) {
        assert_ok(agent_pull(pole->agent, SINK_TURN_MOST, pole_steady(pole), NULL));
        pole->pulled_to = now + PROVINCE_PULL;
    }
    if (pole->agent != NULL) {
        pole_listen(pole);
    }
}

static usec least(usec a, usec b)
{
    return a < b ? a : b;
}

static usec next_of(const struct pole *pole)
{
    usec now = pole->province->now;
    usec next = least(pole->power_at, pole->link_at);
    next = pole->up.first != NULL ? least(next, pole->up.first->due) : next;
    if (pole->agent == NULL) {
        return next;
    }
    next = pole->down.first != NULL ? least(next, pole->down.first->due) : next;
    next = pole->pulled_to > now ? least(next, pole->pulled_to) : next;
    for (size_t i = 0; i < pole->item_count; i++) {
        usec soon = pole->items[i].at - 4 * USEC_SECOND;
        next = soon > now ? least(next, soon) : next;
    }
    return least(next, pole->turn_at);
}

static void run(struct province *province, usec length)
{
    usec end = province->now + length;
    while (province->now < end) {
        usec next = least(end, least(province->chores_at, province->alarm_at));
        if (province->store == NULL && province->server_at <= province->now) {
            server_start(province);
            province->server_at = INT64_MAX;
        }
        if (province->store != NULL && province->chores_at <= province->now) {
            server_chores(province);
        }
        if (province->store != NULL && province->alarm_at <= province->now) {
            server_alarm(province);
        }
        for (size_t i = 0; i < KIT_DEVICES; i++) {
            run_pole(&province->poles[i]);
            next = least(next, next_of(&province->poles[i]));
        }
        next = province->store == NULL ? least(next, province->server_at) : next;
        province->now = next > province->now ? next : province->now + 1000;
    }
}

static void set_faults(struct province *province, bool on)
{
    province->has_faults = on;
    if (on) {
        server_arm(province);
    } else {
        power_vfs_arm(&(struct power_cut){.folder = NULL});
    }
    for (size_t i = 0; i < KIT_DEVICES; i++) {
        struct pole *pole = &province->poles[i];
        pole->power_at = province->now + (on ? province_after(province, 10 * USEC_HOUR) : 0);
        disk_fault_cut_at(pole->disk, 0);
        if (on || !pole->has_link) {
            pole->link_at = province->now + (on ? province_after(province, 4 * USEC_HOUR) : 0);
        }
    }
    province->alarm_at = on ? province->now + province_after(province, 20 * USEC_HOUR) : INT64_MAX;
    province->server_at = province->store == NULL ? province->now : INT64_MAX;
}

/* --- the end -------------------------------------------------------------------------------------
 */

struct tally {
    struct serving serving;
    day from;
    day to;
    size_t planned;
    size_t by_outcome[PLAY_OUTCOMES];
    size_t by_reason[256];
};

static errc count_plays(void *ctx, struct db *db, struct why *why)
{
    struct tally *tally = ctx;
    const struct desk *desk = &tally->serving.province->kit.desk;
    bool more = true;
    while (more) {
        TRY(play_log_sum(db, desk->zone, 1000, &more, why));
    }
    for (uint64_t device = 1; device <= KIT_DEVICES; device++) {
        for (day on = tally->from; on < tally->to; on++) {
            struct plays plays;
            TRY(plays_of_device(desk, db, device, on, &plays, why));
            for (size_t i = 0; i < plays.count; i++) {
                tally->planned++;
                tally->by_outcome[plays.at[i].outcome]++;
                tally->by_reason[plays.at[i].reason]++;
                if (plays.at[i].outcome == PLAY_NOT_REPORTED) {
                    print_message("pole %llu says nothing of an item %lld s after the beginning\n",
                                  (unsigned long long)device - 1,
                                  (long long)(plays.at[i].at - KIT_NOW) / USEC_SECOND);
                }
            }
        }
    }
    return OK;
}

static void check_end(struct province *province, day from)
{
    struct tally tally = {
        .serving = {.province = province}, .from = from, .to = province->kit.orders.actor.today};
    assert_ok(server_do(&tally.serving, true, count_plays));
    size_t excused = tally.by_reason[REASON_NO_POWER] + tally.by_reason[REASON_PREEMPTED] +
                     tally.by_reason[REASON_RESTART] + tally.by_reason[REASON_LATE];
    for (size_t i = 0; i < COUNT_OF(tally.by_reason); i++) {
        if (tally.by_reason[i] > 0) {
            print_message("reason %zu: %zu\n", i, tally.by_reason[i]);
        }
    }
    usec dead = 0;
    unsigned cuts = 0;
    for (size_t i = 0; i < KIT_DEVICES; i++) {
        dead += province->poles[i].dead_air;
        cuts += province->poles[i].cuts;
    }
    print_message(
        "province: %d days, %u power cuts, %u crashes of the server, %u alarms; %zu "
        "items planned, %zu played, %zu partly, %zu not, dead air %lld ms; %zu of %zu starts "
        "more than 10 ms late\n",
        tally.to - tally.from, cuts, province->server_crashes, province->alarms, tally.planned,
        tally.by_outcome[PLAY_PLAYED], tally.by_outcome[PLAY_PARTLY],
        tally.by_outcome[PLAY_NOT_PLAYED], (long long)dead / 1000, province->starts_late,
        province->starts);
    assert_int_equal(dead, 0);
    assert_true(tally.planned >=
                (size_t)(tally.to - tally.from) * KIT_DEVICES * (PROGRAMMES - 1) * 3);
    assert_int_equal(tally.by_outcome[PLAY_NOT_REPORTED], 0);
    assert_true(tally.by_outcome[PLAY_PARTLY] + tally.by_outcome[PLAY_NOT_PLAYED] <= excused);
    assert_true(tally.by_outcome[PLAY_PLAYED] > tally.planned / 2);
    assert_true(province->starts_late * 100 <= province->starts);
}

static void province_has_no_dead_air_whatever_happens(void **state)
{
    struct province *province = province_open(state);
    run(province, 6 * USEC_HOUR); /* everybody is let in and fetches */
    day from = province->kit.orders.actor.today + 1;
    set_faults(province, true);
    run(province, (usec)test_rounds(2, 30) * USEC_DAY);
    set_faults(province, false);
    run(province, 26 * USEC_HOUR); /* what is still to be told is told */
    check_end(province, from);
    province_close(province);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_ON_SQLITE(province_has_no_dead_air_whatever_happens),
    };
    return cmocka_run_group_tests_name("sim: province", tests, NULL, NULL);
}
