#include "agent/log_tail.h"

#include "base/testing.h"
#include "wire/codec.h"

#include <sodium.h>

struct world {
    uint8_t secret[COSE_SECRET_SIZE];
    hash key;
    struct log_tail tail;
    struct device_log log;
    struct arena *arena;
};

static void world_open(struct world *world)
{
    assert_true(sodium_init() >= 0);
    uint8_t seed[crypto_sign_SEEDBYTES] = {7};
    ignore_int(crypto_sign_seed_keypair(world->key.bytes, world->secret, seed));
    log_tail_init(&world->tail, world->key, 4096);
    world->log = log_tail_log(&world->tail);
    assert_ok(arena_create(256 * 1024, &world->arena));
}

static void world_close(struct world *world)
{
    arena_destroy(world->arena);
    log_tail_finish(&world->tail);
}

static void add(struct world *world, enum log_kind kind)
{
    struct wire_log_entry entry = {.at = 1000, .kind = kind};
    assert_ok(world->log.add(world->log.ctx, &entry, NULL));
}

/* What a server does with it. */
static void follow(struct world *world, struct log_chain *chain, const struct log_piece *piece)
{
    struct wire_log message = {
        .first = piece->first,
        .before = piece->before,
        .entries = piece->entries,
        .signature = log_chain_sign(&piece->end, 9, world->secret),
    };
    struct log_sender sender = {.device = 9, .key = world->key, .now = 1000};
    assert_ok(log_chain_follow(chain, &message, &sender, NULL));
}

static void hands_out_pieces_that_a_server_follows(void **state)
{
    (void)state;
    struct world world;
    world_open(&world);
    for (int i = 0; i < 10; i++) {
        add(&world, LOG_ITEM_PLAYED);
    }
    struct log_chain server = log_chain_start(world.key);
    for (uint64_t from = 1; from <= 10; from = server.seq + 1) {
        struct log_piece piece;
        assert_ok(world.log.read(world.log.ctx, from, 3, world.arena, &piece, NULL));
        assert_true(piece.entries.count <= 3);
        follow(&world, &server, &piece);
        world.log.kept(world.log.ctx, piece.first);
    }
    assert_int_equal(server.seq, 10);
    assert_int_equal(world.log.span(world.log.ctx).first, 11);
    world_close(&world);
}

static void does_not_hand_out_what_is_no_longer_there(void **state)
{
    (void)state;
    struct world world;
    world_open(&world);
    add(&world, LOG_BOOT);
    add(&world, LOG_BOOT);
    world.log.kept(world.log.ctx, 1);
    struct log_piece piece;
    assert_failed(world.log.read(world.log.ctx, 1, 3, world.arena, &piece, NULL), ERR_NOT_FOUND);
    assert_failed(world.log.read(world.log.ctx, 3, 3, world.arena, &piece, NULL), ERR_NOT_FOUND);
    assert_ok(world.log.read(world.log.ctx, 2, 3, world.arena, &piece, NULL));
    world_close(&world);
}

static void a_full_tail_refuses_and_goes_on_when_there_is_room(void **state)
{
    (void)state;
    struct world world;
    world_open(&world);
    struct wire_log_entry entry = {.at = 1000, .kind = LOG_BOOT};
    errc rc = OK;
    while (rc == OK) {
        rc = world.log.add(world.log.ctx, &entry, NULL);
    }
    assert_int_equal(rc, ERR_DISK_FULL);
    uint64_t last = world.log.span(world.log.ctx).last;
    world.log.kept(world.log.ctx, last - 1);
    assert_ok(world.log.add(world.log.ctx, &entry, NULL));
    struct log_piece piece;
    assert_ok(world.log.read(world.log.ctx, last, 5, world.arena, &piece, NULL));
    assert_int_equal(piece.entries.count, 2);
    world_close(&world);
}

static void begins_anew_with_a_gap_that_a_server_follows(void **state)
{
    (void)state;
    struct world world;
    world_open(&world);
    add(&world, LOG_BOOT);
    struct wire_log_entry gap = {.at = 1000, .kind = LOG_GAP, .value = 40};
    assert_ok(world.log.begin_anew(world.log.ctx, 40, &gap, NULL));
    struct log_piece piece;
    assert_ok(world.log.read(world.log.ctx, 41, 5, world.arena, &piece, NULL));
    struct log_chain server = {.seq = 40, .head = hash_of(S("what was there"))};
    follow(&world, &server, &piece);
    assert_int_equal(server.seq, 41);
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hands_out_pieces_that_a_server_follows),
        cmocka_unit_test(does_not_hand_out_what_is_no_longer_there),
        cmocka_unit_test(a_full_tail_refuses_and_goes_on_when_there_is_room),
        cmocka_unit_test(begins_anew_with_a_gap_that_a_server_follows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
