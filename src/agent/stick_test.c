/* A stick that brings a plan, its sounds and a revocation into a village without a network, and
 * takes the log back; and sticks that somebody else has filled. */
#include "agent/stick.h"

#include "agent/disk_fault.h"
#include "agent/log_tail.h"
#include "base/testing.h"
#include "wire/authority_testing.h"

enum { ROOM = 64 * 1024 * 1024, SOUND = 100 * 1000 };

struct world {
    struct entropy_seed seed;
    struct authority_kit *kit;
    struct disk_fault *stick_fault;
    struct disk_fault *own_fault;
    struct disk stick;
    struct cache *cache;
    struct log_tail tail;
    char sound[SOUND];
    hash media;
};

static enum log_reason take_trust(void *ctx, const struct wire_trust *trust)
{
    struct world *world = ctx;
    size_t refused = 0;
    return authority_trust(&world->kit->authority, CLOCK_SURE, KIT_NOW, trust, world->kit->arena,
                           &refused);
}

static enum log_reason take_order(void *ctx, str cose)
{
    struct world *world = ctx;
    struct authority_order order;
    bool again = false;
    enum log_reason reason = authority_judge(&world->kit->authority, CLOCK_SURE, KIT_NOW, cose,
                                             world->kit->arena, &order, &again);
    if (reason == REASON_NONE && !again) {
        authority_take(&world->kit->authority, &order, KIT_NOW);
    }
    return reason;
}

static bool need(void *ctx, hash media)
{
    return hash_is(media, ((struct world *)ctx)->media);
}

static void put(struct world *world, const char *name, str bytes)
{
    assert_ok(world->stick.put(world->stick.ctx, name, bytes, NULL));
}

static void put_media(struct world *world, hash name, str bytes)
{
    char text[HASH_TEXT_SIZE];
    char path[100];
    hash_text(name, text);
    ignore_int(snprintf(path, sizeof path, "media/%s", text));
    put(world, path, bytes);
}

static void world_open(struct world *world)
{
    memset(world, 0, sizeof *world);
    world->kit = kit_create_placed();
    struct entropy chance = entropy_seeded(&world->seed);
    world->stick_fault = disk_fault_create(ROOM, chance);
    world->own_fault = disk_fault_create(ROOM, chance);
    world->stick = disk_fault_disk(world->stick_fault);
    struct disk own = disk_fault_disk(world->own_fault);
    assert_ok(cache_open(&own, ROOM, &world->cache, NULL));
    entropy_fill(chance, world->sound, sizeof world->sound);
    world->media = hash_of((str){world->sound, SOUND});
    log_tail_init(&world->tail, world->kit->authority.device_key, 64 * 1024);
}

static void world_close(struct world *world)
{
    log_tail_finish(&world->tail);
    cache_close(world->cache);
    disk_fault_destroy(world->stick_fault);
    disk_fault_destroy(world->own_fault);
    kit_destroy(world->kit);
}

static struct stick_device device_of(struct world *world)
{
    return (struct stick_device){.device = KIT_DEVICE,
                                 .secret = world->kit->keys[KIT_STRANGER].secret,
                                 .log = log_tail_log(&world->tail),
                                 .cache = world->cache,
                                 .needs = {need, world}};
}

static struct stick_report read_stick(struct world *world)
{
    struct stick_ports ports = {.ctx = world, .trust = take_trust, .order = take_order};
    struct stick_device device = device_of(world);
    struct stick_report report;
    assert_ok(stick_read(&world->stick, &ports, &device, &report, NULL));
    return report;
}

static void put_trust(struct world *world)
{
    AUTO(buf_finish) struct buf bytes;
    struct wire_trust trust = kit_trust(world->kit, world->kit->authority.trust_version + 1);
    buf_init(&bytes, 65536);
    assert_ok(wire_record_write(&wire_record_trust, &trust, &bytes));
    put(world, "trust", buf_str(&bytes));
}

static void brings_orders_and_sounds(void **state)
{
    (void)state;
    struct world world;
    world_open(&world);
    struct kit_draft plan = kit_draft_of(world.kit, ORDER_PLAN, KIT_COMMUNE_DAILY);
    struct kit_draft other = kit_draft_of(world.kit, ORDER_PLAN, KIT_ELSEWHERE_DAILY);
    put_trust(&world);
    put(&world, "orders/00000000000000000007", kit_order(world.kit, &plan));
    put(&world, "orders/00000000000000000009", kit_order(world.kit, &other));
    put_media(&world, world.media, (str){world.sound, SOUND});
    put_media(&world, hash_of(S("somebody else's")), S("somebody else's"));
    struct stick_report report = read_stick(&world);
    assert_int_equal(report.orders, 2);
    assert_int_equal(report.accepted, 1); /* the other commune's is not for this device */
    assert_int_equal(report.sounds, 1);
    assert_int_equal(report.bad, 0);
    assert_int_equal(cache_look(world.cache, world.media), CACHE_HERE);
    report = read_stick(&world); /* once more changes nothing */
    assert_int_equal(report.accepted, 1);
    assert_int_equal(report.sounds, 0);
    world_close(&world);
}

static void put_record(struct world *world, const char *name, const struct wire_trust *trust)
{
    AUTO(buf_finish) struct buf bytes;
    buf_init(&bytes, 65536);
    assert_ok(wire_record_write(&wire_record_trust, trust, &bytes));
    put(world, name, buf_str(&bytes));
}

/* The root has been replaced by the key that nobody knew. */
static void follows_to_another_root(void **state)
{
    (void)state;
    struct world world;
    world_open(&world);
    struct authority_kit *kit = world.kit;
    struct wire_revocations last = {
        .version = 8, .at = KIT_NOW, .next_root = kit->keys[KIT_STRANGER].key};
    struct wire_revocations first = {.version = 9, .at = KIT_NOW};
    struct wire_trust change = {
        .version = 8,
        .revocations = kit_sign(kit, COSE_REVOCATIONS, KIT_ROOT, &wire_record_revocations, &last)};
    struct wire_trust present = {.version = 9,
                                 .revocations = kit_sign(kit, COSE_REVOCATIONS, KIT_STRANGER,
                                                         &wire_record_revocations, &first)};
    put_record(&world, "trust", &present);
    assert_int_equal(read_stick(&world).bad, 1); /* signed by nobody we know */
    put_record(&world, "roots/00000000000000000008", &change);
    assert_int_equal(read_stick(&world).bad, 0);
    assert_true(hash_is(kit->authority.root, kit->keys[KIT_STRANGER].key));
    assert_int_equal(kit->authority.trust_version, 9);
    assert_int_equal(read_stick(&world).bad, 0);
    world_close(&world);
}

static void believes_nothing_that_was_altered(void **state)
{
    (void)state;
    struct world world;
    world_open(&world);
    struct kit_draft plan = kit_draft_of(world.kit, ORDER_PLAN, KIT_COMMUNE_DAILY);
    str cose = kit_order(world.kit, &plan);
    char *altered = arena_take(world.kit->arena, cose.len);
    memcpy(altered, cose.at, cose.len);
    altered[cose.len / 2] ^= 1;
    put(&world, "orders/1", (str){altered, cose.len});
    put(&world, "orders/2", str_cut(cose, 0, cose.len - 1));
    put(&world, "orders/3", S(""));
    put(&world, "trust", S("\xa1\x01\x01"));
    world.sound[99]++;
    put_media(&world, world.media, (str){world.sound, SOUND});
    struct stick_report report = read_stick(&world);
    assert_int_equal(report.accepted, 0);
    assert_int_equal(report.sounds, 0);
    assert_true(report.bad >= 4);
    assert_int_equal(cache_look(world.cache, world.media), CACHE_MISSING);
    world_close(&world);
}

static void takes_the_log_back_in_pieces_that_a_server_follows(void **state)
{
    (void)state;
    struct world world;
    world_open(&world);
    struct device_log log = log_tail_log(&world.tail);
    for (int i = 0; i < 600; i++) {
        struct wire_log_entry entry = {.at = KIT_NOW, .kind = LOG_ITEM_PLAYED};
        assert_ok(log.add(log.ctx, &entry, NULL));
    }
    struct stick_device device = device_of(&world);
    size_t pieces = 0;
    assert_ok(stick_write_log(&world.stick, &device, &pieces, NULL));
    assert_int_equal(pieces, 3);
    AUTO(buf_finish) struct buf bytes;
    buf_init(&bytes, 65536);
    assert_ok(world.stick.read(world.stick.ctx, "logs/7-00000000000000000001-00000000000000000256",
                               0, 65535, &bytes, NULL));
    struct wire_log message;
    assert_ok(
        wire_record_read(&wire_record_log, buf_str(&bytes), world.kit->arena, &message, NULL));
    hash key = world.kit->authority.device_key;
    struct log_chain chain = log_chain_start(key);
    struct log_sender sender = {
        .device = KIT_DEVICE, .key = world.kit->keys[KIT_STRANGER].key, .now = KIT_NOW};
    assert_ok(log_chain_follow(&chain, &message, &sender, NULL));
    assert_int_equal(chain.seq, 256);
    world_close(&world);
}

static enum log_reason refuse_any(void *ctx, str cose)
{
    (void)cose;
    *(size_t *)ctx += 1;
    return REASON_NOT_FOR_ME;
}

static void passes_over_what_names_others(void **state)
{
    (void)state;
    static const uint64_t others[] = {5, 6, 8};
    static const uint64_t ours[] = {6, KIT_DEVICE};
    struct world world;
    size_t judged = 0;
    world_open(&world);
    struct kit_draft plan = kit_draft_of(world.kit, ORDER_PLAN, KIT_COMMUNE_DAILY);
    plan.head.devices = (struct wire_uints){others, COUNT_OF(others)};
    put(&world, "orders/1", kit_order(world.kit, &plan));
    plan.head.devices = (struct wire_uints){ours, COUNT_OF(ours)};
    put(&world, "orders/2", kit_order(world.kit, &plan));
    struct stick_ports ports = {.ctx = &judged, .order = refuse_any};
    struct stick_device device = device_of(&world);
    struct stick_report report;
    assert_ok(stick_read(&world.stick, &ports, &device, &report, NULL));
    assert_int_equal(report.orders, 2);
    assert_int_equal(judged, 1);
    world_close(&world);
}

static void is_content_with_an_empty_stick(void **state)
{
    (void)state;
    struct world world;
    world_open(&world);
    struct stick_report report = read_stick(&world);
    assert_int_equal(report.orders + report.sounds + report.bad, 0);
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(brings_orders_and_sounds),
        cmocka_unit_test(believes_nothing_that_was_altered),
        cmocka_unit_test(takes_the_log_back_in_pieces_that_a_server_follows),
        cmocka_unit_test(follows_to_another_root),
        cmocka_unit_test(passes_over_what_names_others),
        cmocka_unit_test(is_content_with_an_empty_stick),
    };
    return cmocka_run_group_tests_name("agent: stick", tests, NULL, NULL);
}
