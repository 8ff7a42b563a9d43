/* The other half of province_testing.h's time: a province is founded, its poles are let in, hours
 * go by with whatever breaks in them. For tests only. */
#ifndef LOA_SIM_PROVINCE_RUN_TESTING_H
#define LOA_SIM_PROVINCE_RUN_TESTING_H

#include "sim/province_server_testing.h"

/* --- the beginning ------------------------------------------------------------------------------
 */

static inline void province_load_media(struct province *province)
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

static inline errc province_add_media(struct province *province, struct db *db, struct why *why)
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

static inline errc pole_place(struct province *province, struct db *db, const struct pole *pole,
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

/* `found` is the first job of its server, with a struct serving; `grow` may be null, or
 * adds units and devices. */
static inline struct province *
province_open(void **state, errc (*found)(void *ctx, struct db *db, struct why *why),
              void (*grow)(struct desk_kit *kit))
{
    struct province *province = mem_take(sizeof *province);
    desk_kit_init(&province->kit, state);
    if (grow != NULL) {
        grow(&province->kit);
    }
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
    province_load_media(province);
    for (size_t i = 0; i < 2; i++) {
        ignore_int(snprintf(province->folders[i], TEST_TEXT, "%s/disk%zu", test->folder, i));
        ignore_int(snprintf(province->paths[i], sizeof province->paths[i], "%s/loa.sqlite",
                            province->folders[i]));
        assert_ok(file_make_folder(province->folders[i], 0700, NULL));
    }
    for (size_t i = 0; i < province->kit.device_count; i++) {
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

static inline void province_close(struct province *province)
{
    for (size_t i = 0; i < province->kit.device_count; i++) {
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

static inline void pole_connect(struct pole *pole)
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

static inline void pole_deliver(struct pole *pole)
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

static inline bool pole_is_active(struct pole *pole)
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

static inline void pole_run_agent(struct pole *pole)
{
    struct province *province = pole->province;
    if (pole->is_dialing) {
        pole_connect(pole);
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

static inline void pole_run(struct pole *pole)
{
    usec now = pole->province->now;
    if (pole->power_at <= now) {
        pole_power(pole);
    }
    if (pole->link_at <= now) {
        pole_link(pole);
    }
    pole_deliver(pole);
    if (pole->agent != NULL) {
        pole_run_agent(pole);
    }
    if (pole->agent != NULL && pole->pulled_to <= now && pole_is_active(pole)) {
        assert_ok(agent_pull(pole->agent, SINK_TURN_MOST, pole_steady(pole), NULL));
        pole->pulled_to = now + PROVINCE_PULL;
    }
    if (pole->agent != NULL) {
        pole_listen(pole);
    }
}

static inline usec usec_least(usec a, usec b)
{
    return a < b ? a : b;
}

static inline usec pole_next(const struct pole *pole)
{
    usec now = pole->province->now;
    usec next = usec_least(pole->power_at, pole->link_at);
    next = pole->up.first != NULL ? usec_least(next, pole->up.first->due) : next;
    if (pole->agent == NULL) {
        return next;
    }
    next = pole->down.first != NULL ? usec_least(next, pole->down.first->due) : next;
    next = pole->pulled_to > now ? usec_least(next, pole->pulled_to) : next;
    for (size_t i = 0; i < pole->item_count; i++) {
        usec soon = pole->items[i].at - 4 * USEC_SECOND;
        next = soon > now ? usec_least(next, soon) : next;
    }
    return usec_least(next, pole->turn_at);
}

/* Sixty poles and nothing to do for most of them is what most moments are. */
static inline bool pole_is_due(const struct pole *pole)
{
    usec now = pole->province->now;
    bool is_told = (pole->down.first != NULL && pole->down.first->due <= now) ||
                   (pole->up.first != NULL && pole->up.first->due <= now);
    return pole->next_at <= now || is_told || pole->is_dialing || pole->wants_close;
}

static inline void province_run(struct province *province, usec length)
{
    usec end = province->now + length;
    while (province->now < end) {
        usec next = usec_least(end, usec_least(province->chores_at, province->alarm_at));
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
        for (size_t i = 0; i < province->kit.device_count; i++) {
            if (pole_is_due(&province->poles[i])) {
                pole_run(&province->poles[i]);
            }
            province->poles[i].next_at = pole_next(&province->poles[i]);
            next = usec_least(next, province->poles[i].next_at);
        }
        next = province->store == NULL ? usec_least(next, province->server_at) : next;
        province->now = next > province->now ? next : province->now + 1000;
    }
}

static inline void province_set_faults(struct province *province, bool on)
{
    province->has_faults = on;
    if (on) {
        server_arm(province);
    } else {
        power_vfs_arm(&(struct power_cut){.folder = NULL});
    }
    for (size_t i = 0; i < province->kit.device_count; i++) {
        struct pole *pole = &province->poles[i];
        pole->power_at = province->now + (on ? province_after(province, 10 * USEC_HOUR) : 0);
        pole->next_at = 0;
        disk_fault_cut_at(pole->disk, 0);
        if (on || !pole->has_link) {
            pole->link_at = province->now + (on ? province_after(province, 4 * USEC_HOUR) : 0);
        }
    }
    province->alarm_at = on ? province->now + province_after(province, 20 * USEC_HOUR) : INT64_MAX;
    province->server_at = province->store == NULL ? province->now : INT64_MAX;
}

#endif
