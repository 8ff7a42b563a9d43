/* Sounds over a link that breaks, from a server that lies, onto a disk that fails. */
#include "agent/fetch.h"

#include "agent/disk_fault.h"
#include "base/testing.h"
#include "wire/codec.h"

#include <unistd.h>

enum { SOUND = 3 * 1000 * 1000, PIECE = 32 * 1024, CHUNK = 1200, ROOM = 64 * 1024 * 1024 };

struct world {
    struct entropy_seed seed;
    struct entropy chance;
    struct disk_fault *fault;
    struct disk disk;
    struct cache *cache;
    struct fetcher *fetcher;
    usec now;
    char *sound;
    size_t size;
    hash media;
    hash pieces[CACHE_PIECES_MOST];
    struct wire_fetch asked; /* what the server has been asked last; tag 0: answered */
    uint64_t sent;           /* bytes of chunks that arrived here, ever */
    errc done;
    bool is_done;
    bool is_needed;
};

static errc take_fetch(void *ctx, const struct wire_fetch *fetch)
{
    struct world *world = ctx;
    world->asked = *fetch;
    return OK;
}

static void take_done(void *ctx, hash media, errc rc)
{
    struct world *world = ctx;
    assert_true(hash_is(media, world->media));
    world->is_done = true;
    world->done = rc;
}

static bool need(void *ctx, hash media)
{
    (void)media;
    return ((struct world *)ctx)->is_needed;
}

static void start(struct world *world)
{
    struct fetch_ports ports = {
        .ctx = world, .send = take_fetch, .done = take_done, .needs = {need, world}};
    assert_ok(cache_open(&world->disk, ROOM, &world->cache, NULL));
    world->fetcher = fetcher_create(world->cache, &ports);
}

static void stop(struct world *world)
{
    fetcher_destroy(world->fetcher);
    cache_close(world->cache);
}

static void world_open(struct world *world, uint64_t seed, size_t size)
{
    memset(world, 0, sizeof *world);
    world->seed.state = seed;
    world->chance = entropy_seeded(&world->seed);
    world->fault = disk_fault_create(ROOM, world->chance);
    world->disk = disk_fault_disk(world->fault);
    world->sound = mem_take(size);
    world->size = size;
    world->now = USEC_DAY;
    entropy_fill(world->chance, world->sound, size);
    world->media = hash_of((str){world->sound, size});
    for (size_t at = 0; at < size; at += PIECE) {
        size_t part = size - at < PIECE ? size - at : PIECE;
        world->pieces[at / PIECE] = hash_of((str){world->sound + at, part});
    }
    start(world);
}

static void world_close(struct world *world)
{
    stop(world);
    disk_fault_destroy(world->fault);
    mem_give(world->sound);
}

static void turn(struct world *world)
{
    struct fetch_wish wish = {.media = world->media, .bytes = world->size, .urgent = true};
    struct fetch_now now = {.steady = world->now, .is_attached = true};
    world->now += 1000;
    ignore_int(fetcher_turn(world->fetcher, &now, &wish, 1) < 0);
}

static void tell_outline(struct world *world, const struct wire_fetch *fetch)
{
    struct wire_said said = {
        .kind = WIRE_OUTLINE,
        .outline = {.tag = fetch->tag,
                    .bytes = world->size,
                    .piece_bytes = PIECE,
                    .pieces = {world->pieces, (world->size + PIECE - 1) / PIECE}}};
    fetcher_heard(world->fetcher, world->now, &said);
}

static void tell_chunk(struct world *world, const struct wire_fetch *fetch, uint64_t at,
                       size_t size)
{
    struct wire_said said = {
        .kind = WIRE_CHUNK,
        .chunk = {.tag = fetch->tag, .from = at, .bytes = {world->sound + at, size}}};
    world->sent += size;
    fetcher_heard(world->fetcher, world->now, &said);
}

/* Answers what was asked; a link that breaks after `most` bytes ends it. */
static void serve(struct world *world, uint64_t most)
{
    struct wire_fetch fetch = world->asked;
    world->asked.tag = 0;
    if (fetch.from == 0 || fetch.most == 0) {
        tell_outline(world, &fetch);
    }
    uint64_t end = fetch.from + fetch.most < world->size ? fetch.from + fetch.most : world->size;
    for (uint64_t at = fetch.from; at < end && at - fetch.from < most; at += CHUNK) {
        tell_chunk(world, &fetch, at, (size_t)(end - at < CHUNK ? end - at : CHUNK));
    }
}

static void fetch_all(struct world *world)
{
    for (int i = 0; i < 200 && !world->is_done; i++) {
        turn(world);
        if (world->asked.tag != 0) {
            serve(world, UINT64_MAX);
        }
    }
}

static void check_there(struct world *world)
{
    int fd = -1;
    char first[16];
    assert_true(world->is_done);
    assert_int_equal(world->done, OK);
    assert_ok(cache_take(world->cache, world->media, &fd, NULL));
    assert_int_equal(read(fd, first, sizeof first), sizeof first);
    assert_memory_equal(first, world->sound, sizeof first);
    close(fd);
}

static void fetches_a_sound(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, 1, SOUND);
    fetch_all(&world);
    check_there(&world);
    assert_int_equal(world.sent, SOUND);
    world_close(&world);
}

/* The link is cut twenty times, the program ends at some of them: at most half a per cent comes
 * twice, which is the messages that were on their way. */
static void goes_on_where_a_link_broke(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, 2, SOUND);
    for (int cut = 0; cut < 20; cut++) {
        turn(&world);
        for (int i = 0; i < 3 && world.asked.tag != 0; i++) {
            serve(&world, entropy_below(world.chance, 100 * 1000));
        }
        fetcher_closed(world.fetcher);
        if (cut % 4 == 0) {
            stop(&world);
            start(&world);
        }
    }
    fetch_all(&world);
    check_there(&world);
    assert_true(world.sent - SOUND <= SOUND / 200);
    world_close(&world);
}

static void gives_up_a_sound_that_never_holds(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, 3, 100 * 1000);
    world.pieces[1].bytes[3] ^= 1;
    fetch_all(&world);
    assert_true(world.is_done);
    assert_int_equal(world.done, ERR_CORRUPT);
    assert_int_not_equal(cache_look(world.cache, world.media), CACHE_HERE);
    world.is_done = false;
    world.asked.tag = 0;
    turn(&world); /* it is left alone for a while */
    assert_int_equal(world.asked.tag, 0);
    world_close(&world);
}

/* Pieces that hold, of another sound than the one that was signed for. */
static void believes_the_name_and_not_the_outline(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, 4, 100 * 1000);
    world.media.bytes[0] ^= 1;
    fetch_all(&world);
    assert_int_equal(world.done, ERR_CORRUPT);
    assert_int_equal(cache_look(world.cache, world.media), CACHE_MISSING);
    world_close(&world);
}

static void makes_room_by_what_nobody_needs(void **state)
{
    (void)state;
    struct world world;
    char old[5000] = "an old sound";
    world_open(&world, 5, 100 * 1000);
    hash name = hash_of((str){old, sizeof old});
    assert_ok(cache_put(world.cache, name, (str){old, sizeof old}, NULL));
    disk_fault_set_room(world.fault, CACHE_SPARE + 104 * 1000);
    world.is_needed = true;
    fetch_all(&world);
    assert_int_equal(world.done, ERR_DISK_FULL);
    assert_int_equal(cache_look(world.cache, name), CACHE_HERE);
    world.is_needed = false;
    world.is_done = false;
    world.now += USEC_HOUR;
    fetch_all(&world);
    check_there(&world);
    assert_int_equal(cache_look(world.cache, name), CACHE_MISSING);
    world_close(&world);
}

static void asks_again_after_silence_and_waits_when_told(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, 6, 100 * 1000);
    turn(&world);
    unsigned tag = (unsigned)world.asked.tag;
    world.asked.tag = 0;
    turn(&world);
    assert_int_equal(world.asked.tag, 0); /* it waits */
    world.now += 40 * USEC_SECOND;
    turn(&world);
    assert_int_not_equal(world.asked.tag, 0);
    assert_int_not_equal(world.asked.tag, tag);
    struct wire_said later = {
        .kind = WIRE_LATER,
        .later = {.tag = world.asked.tag, .after_ms = 60000, .reason = LATER_BUSY}};
    fetcher_heard(world.fetcher, world.now, &later);
    world.asked.tag = 0;
    turn(&world);
    assert_int_equal(world.asked.tag, 0);
    world.now += USEC_MINUTE;
    fetch_all(&world);
    check_there(&world);
    world_close(&world);
}

static void throws_away_what_rotted_on_the_disk(void **state)
{
    (void)state;
    struct world world;
    char name[100];
    char text[HASH_TEXT_SIZE];
    int fd = -1;
    world_open(&world, 7, 100 * 1000);
    fetch_all(&world);
    hash_text(world.media, text);
    ignore_int(snprintf(name, sizeof name, "media/%s", text));
    assert_true(disk_fault_flip(world.fault, name, 12345));
    stop(&world);
    start(&world);
    assert_int_equal(cache_look(world.cache, world.media), CACHE_HERE);
    assert_true(cache_check_next(world.cache));
    assert_int_equal(cache_look(world.cache, world.media), CACHE_BAD);
    assert_failed(cache_take(world.cache, world.media, &fd, NULL), ERR_NOT_FOUND);
    world.is_done = false;
    fetch_all(&world);
    check_there(&world);
    world_close(&world);
}

/* The power goes while a sound is fetched; afterwards it is fetched to its end and holds. */
static void survives_power_cuts(void **state)
{
    (void)state;
    size_t cuts = test_rounds(40, 1000);
    for (size_t cut = 0; cut < cuts; cut++) {
        struct world world;
        world_open(&world, cut, 200 * 1000);
        disk_fault_cut_at(world.fault, 1 + entropy_below(world.chance, 200));
        fetch_all(&world);
        stop(&world);
        disk_fault_restart(world.fault);
        start(&world);
        while (cache_check_next(world.cache)) {
        }
        world.is_done = cache_look(world.cache, world.media) == CACHE_HERE;
        world.done = OK;
        world.asked.tag = 0;
        world.now += USEC_HOUR;
        fetch_all(&world);
        check_there(&world);
        world_close(&world);
    }
}

static void waits_for_quiet_hours_and_budget(void **state)
{
    (void)state;
    struct fetch_rules rules = {.from_min = 22 * 60, .to_min = 4 * 60, .budget_kb = 1000};
    usec noon = 12 * USEC_HOUR;
    struct fetch_wish wish = {.bytes = 100 * 1024, .needed_at = noon + USEC_DAY};
    assert_int_equal(fetch_may(&rules, &wish, noon, 0), FETCH_QUIET_HOURS);
    assert_int_equal(fetch_may(&rules, &wish, 23 * USEC_HOUR, 0), FETCH_NOW);
    assert_int_equal(fetch_may(&rules, &wish, 3 * USEC_HOUR, 0), FETCH_NOW);
    wish.needed_at = noon + 2 * USEC_HOUR; /* would come too late */
    assert_int_equal(fetch_may(&rules, &wish, noon, 0), FETCH_NOW);
    assert_int_equal(fetch_may(&rules, &wish, noon, 950), FETCH_BUDGET);
    assert_int_equal(fetch_may(&rules, &wish, 0, 0), FETCH_QUIET_HOURS);
    wish.urgent = true;
    assert_int_equal(fetch_may(&rules, &wish, noon, 950), FETCH_NOW);
    rules = (struct fetch_rules){.from_min = 0, .to_min = 0, .zone_s = -20 * 3600};
    wish.urgent = false;
    assert_int_equal(fetch_may(&rules, &wish, noon, 0), FETCH_NOW);
}

static bool is_lacking(struct world *world)
{
    struct fetch_wish wish = {.media = world->media, .bytes = world->size, .urgent = true};
    struct fetch_now now = {.steady = world->now, .is_attached = true};
    return fetcher_lacks(world->fetcher, &now, &wish, 1, USEC_DAY);
}

static void what_grows_is_no_fault_and_what_stalls_is_one(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, 8, SOUND);
    for (int i = 0; i < 5; i++) {
        turn(&world);
        serve(&world, 0); /* the outline */
        serve(&world, 50 * 1000);
        assert_false(is_lacking(&world));
        world.now += 4 * USEC_MINUTE;
    }
    assert_false(is_lacking(&world));
    world.now += 2 * USEC_MINUTE;
    assert_true(is_lacking(&world));
    turn(&world);
    serve(&world, 0);
    serve(&world, UINT64_MAX);
    assert_false(is_lacking(&world));
    fetch_all(&world);
    assert_false(is_lacking(&world));
    world_close(&world);
}

static void what_waits_for_its_hours_is_not_missing(void **state)
{
    (void)state;
    struct world world;
    struct fetch_rules rules = {.from_min = 22 * 60, .to_min = 4 * 60, .budget_kb = 1000};
    usec noon = 12 * USEC_HOUR;
    world_open(&world, 9, 100 * 1000);
    struct fetch_wish wish = {.media = world.media, .bytes = world.size, .needed_at = 3 * USEC_DAY};
    struct fetch_now now = {.steady = world.now, .server = noon, .is_attached = true};
    fetcher_set_rules(world.fetcher, &rules);
    ignore_int(fetcher_turn(world.fetcher, &now, &wish, 1) < 0);
    now.steady += USEC_HOUR;
    assert_false(fetcher_lacks(world.fetcher, &now, &wish, 1, INT64_MAX));
    assert_int_equal(fetcher_look(world.fetcher).missing, 0);
    now.used_kb = 950;
    assert_true(fetcher_lacks(world.fetcher, &now, &wish, 1, INT64_MAX));
    assert_false(fetcher_lacks(world.fetcher, &now, &wish, 1, noon + USEC_DAY));
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fetches_a_sound),
        cmocka_unit_test(goes_on_where_a_link_broke),
        cmocka_unit_test(gives_up_a_sound_that_never_holds),
        cmocka_unit_test(believes_the_name_and_not_the_outline),
        cmocka_unit_test(makes_room_by_what_nobody_needs),
        cmocka_unit_test(asks_again_after_silence_and_waits_when_told),
        cmocka_unit_test(throws_away_what_rotted_on_the_disk),
        cmocka_unit_test(survives_power_cuts),
        cmocka_unit_test(waits_for_quiet_hours_and_budget),
        cmocka_unit_test(what_grows_is_no_fault_and_what_stalls_is_one),
        cmocka_unit_test(what_waits_for_its_hours_is_not_missing),
    };
    return cmocka_run_group_tests_name("agent: fetch", tests, NULL, NULL);
}
