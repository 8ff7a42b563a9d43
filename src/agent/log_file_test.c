/* The log on disks that lose their power, their room and single bits. */
#include "agent/log_file.h"

#include "agent/disk_fault.h"
#include "agent/disk_folder.h"
#include "base/file.h"
#include "base/testing.h"
#include "wire/codec.h"

#include <sodium.h>
#include <unistd.h>

enum { ROOM = 4 * 1024 * 1024, LOG_MOST = 1024 * 1024 };

struct world {
    struct entropy_seed seed;
    struct entropy chance;
    uint8_t secret[COSE_SECRET_SIZE];
    hash key;
    struct disk_fault *fault;
    struct disk disk;
    struct log_file *file;
    struct device_log log;
    struct log_chain server; /* what a server has followed */
    struct arena *arena;
};

static void reopen(struct world *world)
{
    struct why why = {.text = ""};
    log_file_close(world->file);
    world->file = NULL;
    if (log_file_open(&world->disk, world->key, LOG_MOST, &world->file, &why) != OK) {
        fail_msg("does not open: %s", why.text);
    }
    world->log = log_file_log(world->file);
}

static void world_open(struct world *world, uint64_t seed)
{
    memset(world, 0, sizeof *world);
    world->seed.state = seed;
    world->chance = entropy_seeded(&world->seed);
    assert_true(sodium_init() >= 0);
    uint8_t bytes[crypto_sign_SEEDBYTES] = {3};
    ignore_int(crypto_sign_seed_keypair(world->key.bytes, world->secret, bytes));
    world->fault = disk_fault_create(ROOM, world->chance);
    world->disk = disk_fault_disk(world->fault);
    world->server = log_chain_start(world->key);
    assert_ok(arena_create(1024 * 1024, &world->arena));
    reopen(world);
}

static void world_close(struct world *world)
{
    log_file_close(world->file);
    disk_fault_destroy(world->fault);
    arena_destroy(world->arena);
}

static errc add(struct world *world)
{
    struct wire_log_entry entry = {
        .at = 1000, .kind = LOG_ITEM_PLAYED, .note = S("Thông tin phường Lam Giang")};
    return world->log.add(world->log.ctx, &entry, NULL);
}

/* Reads on from what the server has; what is read must join on. */
static errc upload(struct world *world)
{
    struct log_piece piece;
    arena_reset(world->arena);
    TRY(world->log.read(world->log.ctx, world->server.seq + 1, 1 + entropy_below(world->chance, 40),
                        world->arena, &piece, NULL));
    struct wire_log message = {.first = piece.first,
                               .before = piece.before,
                               .entries = piece.entries,
                               .signature = log_chain_sign(&piece.end, 9, world->secret)};
    struct log_sender sender = {.device = 9, .key = world->key, .now = 1000};
    assert_ok(log_chain_follow(&world->server, &message, &sender, NULL));
    return OK;
}

static void keeps_entries_over_a_restart(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, 1);
    for (int i = 0; i < 3000; i++) { /* several files */
        assert_ok(add(&world));
    }
    assert_ok(log_file_sync(world.file, NULL));
    reopen(&world);
    assert_int_equal(world.log.span(world.log.ctx).last, 3000);
    while (world.server.seq < 3000) {
        assert_ok(upload(&world));
    }
    assert_false(log_file_was_mended(world.file));
    world_close(&world);
}

static void forgets_what_the_server_keeps_when_room_is_needed(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, 2);
    size_t added = 0;
    while (add(&world) == OK) {
        added++;
    }
    assert_true(added > 5000);
    world.log.kept(world.log.ctx, added / 2);
    assert_ok(add(&world));
    struct log_span span = world.log.span(world.log.ctx);
    assert_true(span.first > 1 && span.first <= added / 2 + 1);
    assert_int_equal(span.last, added + 1);
    world_close(&world);
}

static void goes_on_when_a_full_disk_has_room_again(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, 3);
    assert_ok(add(&world));
    assert_ok(upload(&world));
    disk_fault_set_room(world.fault, 100);
    assert_failed(add(&world), ERR_DISK_FULL);
    disk_fault_set_room(world.fault, ROOM);
    assert_ok(add(&world));
    assert_ok(upload(&world));
    assert_int_equal(world.server.seq, 2);
    reopen(&world);
    assert_int_equal(world.log.span(world.log.ctx).last, 2);
    world_close(&world);
}

static void begins_anew_above_what_was_lost(void **state)
{
    (void)state;
    struct world world;
    struct wire_log_entry gap = {.at = 1000, .kind = LOG_GAP};
    world_open(&world, 4);
    assert_ok(add(&world));
    assert_ok(world.log.begin_anew(world.log.ctx, 70, &gap, NULL));
    reopen(&world);
    struct log_span span = world.log.span(world.log.ctx);
    assert_int_equal(span.first, 71);
    assert_int_equal(span.last, 71);
    world.server = log_chain_start(world.key);
    world.server.seq = 70;
    assert_ok(upload(&world));
    world_close(&world);
}

/* One random bit in a random file: what is handed out afterwards still joins on, or is not there.
 */
static void finds_every_flipped_bit(void **state)
{
    (void)state;
    size_t rounds = test_rounds(60, 10000);
    for (size_t round = 0; round < rounds; round++) {
        struct world world;
        char name[40];
        world_open(&world, round);
        uint64_t count = 20 + entropy_below(world.chance, 900);
        for (uint64_t i = 0; i < count; i++) {
            assert_ok(add(&world));
        }
        assert_ok(log_file_sync(world.file, NULL));
        struct log_span before = world.log.span(world.log.ctx);
        ignore_int(snprintf(name, sizeof name, "log/%020d", 0));
        assert_true(disk_fault_flip(world.fault, name, entropy_u64(world.chance)));
        reopen(&world);
        struct log_span after = world.log.span(world.log.ctx);
        assert_true(log_file_was_mended(world.file) || after.last < before.last);
        while (after.first == 1 && world.server.seq < after.last) {
            assert_ok(upload(&world));
        }
        assert_ok(add(&world));
        world_close(&world);
    }
}

/* A day with a power cut somewhere in it. */
static void live_until_cut(struct world *world)
{
    disk_fault_cut_at(world->fault, 1 + entropy_below(world->chance, 120));
    while (!disk_fault_is_cut(world->fault)) {
        if (entropy_below(world->chance, 5) > 0) {
            ignore(add(world));
        } else if (upload(world) == OK && entropy_below(world->chance, 3) == 0) {
            world->log.kept(world->log.ctx, world->server.seq);
        }
    }
    disk_fault_restart(world->fault);
}

static void loses_nothing_that_was_handed_out_when_the_power_goes(void **state)
{
    (void)state;
    struct world world;
    size_t cuts = test_rounds(200, 5000);
    world_open(&world, 5);
    for (size_t cut = 0; cut < cuts; cut++) {
        live_until_cut(&world);
        reopen(&world);
        struct log_span span = world.log.span(world.log.ctx);
        if (span.last < world.server.seq || span.first > world.server.seq + 1) {
            fail_msg("cut %zu: the server has %llu, the log %llu to %llu", cut,
                     (unsigned long long)world.server.seq, (unsigned long long)span.first,
                     (unsigned long long)span.last);
        }
        assert_false(log_file_was_mended(world.file));
        assert_ok(add(&world));
        assert_ok(upload(&world));
    }
    world_close(&world);
}

static void works_in_a_real_folder(void **state)
{
    (void)state;
    static const char *const folders[] = {"log", NULL};
    struct world world;
    struct disk_folder *folder = NULL;
    char path[] = "/tmp/loa-log-XXXXXX";
    world_open(&world, 6);
    assert_non_null(mkdtemp(path));
    assert_ok(disk_folder_open(path, folders, &folder, NULL));
    world.disk = disk_folder_disk(folder);
    reopen(&world);
    for (int i = 0; i < 2000; i++) {
        assert_ok(add(&world));
    }
    assert_ok(upload(&world));
    reopen(&world);
    assert_true(world.log.span(world.log.ctx).last >= world.server.seq);
    assert_true(world.disk.room(world.disk.ctx) > 0);
    world_close(&world);
    disk_folder_close(folder);
    assert_ok(file_remove_tree(path, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_entries_over_a_restart),
        cmocka_unit_test(forgets_what_the_server_keeps_when_room_is_needed),
        cmocka_unit_test(goes_on_when_a_full_disk_has_room_again),
        cmocka_unit_test(begins_anew_above_what_was_lost),
        cmocka_unit_test(finds_every_flipped_bit),
        cmocka_unit_test(loses_nothing_that_was_handed_out_when_the_power_goes),
        cmocka_unit_test(works_in_a_real_folder),
    };
    return cmocka_run_group_tests_name("agent: log file", tests, NULL, NULL);
}
