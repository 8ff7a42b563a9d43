/* The log of devices on both databases: honest ones are kept once, however they come; forged and
 * forked ones are not, and it is seen that they came. */
#include "broadcast/play_log_testing.h"

#include "broadcast/broadcast_store.h"
#include "broadcast/play_log_sql.h"
#include "people/people_store.h"
#include "store/testing/test_store.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const struct store_room *const rooms[] = {&people_room, &broadcast_room};
static const struct test_plan sqlite = {STORE_SQLITE, rooms, COUNT_OF(rooms)};
static const struct test_plan postgresql = {STORE_POSTGRESQL, rooms, COUNT_OF(rooms)};

struct play {
    struct test_store *test;
    struct pen pen;
    struct arena *arena;
    struct play_log_message message;
    struct play_log_kept kept;
    struct play_log_page page;
    struct play_log_entries read;
    struct log_head_of_row head;
};

static void begin(void **state, struct play *play)
{
    memset(play, 0, sizeof *play);
    play->test = test_store_of(state);
    pen_init(&play->pen, 7);
    assert_int_equal(arena_create(64 * 1024 * 1024, &play->arena), OK);
}

static errc run_keep(void *ctx, struct db *db, struct why *why)
{
    struct play *play = ctx;
    return play_log_keep(db, &play->message, play->arena, &play->kept, why);
}

static void keep(struct play *play, const struct wire_log *log)
{
    play->message =
        (struct play_log_message){play->pen.device, play->pen.key, log, PEN_BEGIN + 30 * USEC_DAY};
    assert_int_equal(store_write_now(play->test->store, run_keep, play, NULL), OK);
}

static errc run_read(void *ctx, struct db *db, struct why *why)
{
    struct play *play = ctx;
    struct log_head_of_in in = {(int64_t)play->pen.device};
    errc rc = log_head_of(db, &in, play->arena, &play->head, why);
    TRY(rc == ERR_NOT_FOUND ? OK : rc);
    return play_log_read(db, &play->page, &play->read, why);
}

static void read_back(struct play *play, uint64_t before, size_t limit)
{
    play->page = (struct play_log_page){play->pen.device, before, limit, play->arena};
    assert_int_equal(store_read_now(play->test->store, run_read, play, NULL), OK);
}

static void write_items(struct play *play, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        pen_item(&play->pen, i % 2 == 0 ? LOG_ITEM_STARTED : LOG_ITEM_PLAYED, (uint8_t)(i / 2 + 1));
    }
}

static void keeps_what_a_device_wrote(void **state)
{
    struct play play;
    begin(state, &play);
    write_items(&play, 6);
    keep(&play, pen_send(&play.pen));
    assert_int_equal(play.kept.seq, 6);
    assert_false(play.kept.is_refused);
    pen_sent(&play.pen);
    write_items(&play, 4);
    keep(&play, pen_send(&play.pen));
    assert_int_equal(play.kept.seq, 10);
    read_back(&play, 0, 4);
    assert_int_equal(play.read.count, 4);
    assert_int_equal(play.read.at[0].seq, 10);
    assert_int_equal(play.read.at[3].seq, 7);
    read_back(&play, play.read.next, 50);
    assert_int_equal(play.read.count, 6);
    assert_int_equal(play.read.at[5].seq, 1);
    assert_int_equal(play.read.next, 0);
    arena_destroy(play.arena);
}

static void takes_the_same_message_twice_as_once(void **state)
{
    struct play play;
    begin(state, &play);
    write_items(&play, 6);
    keep(&play, pen_send(&play.pen));
    keep(&play, pen_send(&play.pen));
    assert_int_equal(play.kept.seq, 6);
    assert_false(play.kept.is_refused);
    assert_int_equal(play.kept.receipt_count, 0);
    read_back(&play, 0, 50);
    assert_int_equal(play.read.count, 6);
    arena_destroy(play.arena);
}

static void takes_what_is_new_of_a_message_that_overlaps(void **state)
{
    struct play play;
    begin(state, &play);
    write_items(&play, 4);
    keep(&play, pen_send(&play.pen));
    write_items(&play, 3);
    keep(&play, pen_send(&play.pen));
    assert_int_equal(play.kept.seq, 7);
    assert_false(play.kept.is_refused);
    read_back(&play, 0, 50);
    assert_int_equal(play.read.count, 7);
    arena_destroy(play.arena);
}

static void refuses_a_forged_log_and_shows_it(void **state)
{
    struct play play;
    struct wire_log forged;
    begin(state, &play);
    write_items(&play, 4);
    forged = *pen_send(&play.pen);
    forged.signature.bytes[5] ^= 1;
    keep(&play, &forged);
    assert_true(play.kept.is_refused);
    assert_int_equal(play.kept.seq, 0);
    read_back(&play, 0, 50);
    assert_int_equal(play.read.count, 0);
    assert_int_equal(play.head.refused, 1);
    keep(&play, pen_send(&play.pen)); /* the honest one afterwards */
    assert_int_equal(play.kept.seq, 4);
    arena_destroy(play.arena);
}

static void refuses_a_device_that_tells_two_stories(void **state)
{
    struct play play;
    struct pen other;
    begin(state, &play);
    write_items(&play, 4);
    keep(&play, pen_send(&play.pen));
    pen_init(&other, 7);
    for (uint8_t i = 0; i < 4; i++) {
        pen_item(&other, LOG_ITEM_NOT_PLAYED, i + 1);
    }
    keep(&play, pen_send(&other));
    assert_true(play.kept.is_refused);
    pen_sent(&other);
    pen_item(&other, LOG_ITEM_PLAYED, 9);
    keep(&play, pen_send(&other)); /* number 5 of another history */
    assert_true(play.kept.is_refused);
    read_back(&play, 0, 50);
    assert_int_equal(play.read.count, 4);
    assert_int_equal(play.head.refused, 2);
    arena_destroy(play.arena);
}

static void refuses_a_fork_that_hides_behind_an_overlap(void **state)
{
    struct play play;
    struct wire_log lie;
    begin(state, &play);
    write_items(&play, 4);
    keep(&play, pen_send(&play.pen));
    struct log_chain made_up = {3, hash_of(S("another beginning"))};
    log_chain_add(&made_up, play.pen.entries[3]);
    play.pen.chain = made_up;
    pen_item(&play.pen, LOG_ITEM_PLAYED, 9);
    lie = *pen_send(&play.pen);
    lie.first = 4;
    lie.before = hash_of(S("another beginning"));
    lie.entries.at += 3;
    lie.entries.count = 2;
    keep(&play, &lie);
    assert_true(play.kept.is_refused);
    arena_destroy(play.arena);
}

static void answers_what_is_kept_to_a_device_that_is_ahead(void **state)
{
    struct play play;
    begin(state, &play);
    write_items(&play, 4);
    keep(&play, pen_send(&play.pen));
    pen_sent(&play.pen);
    write_items(&play, 2);
    pen_sent(&play.pen);
    write_items(&play, 2);
    keep(&play, pen_send(&play.pen));
    assert_false(play.kept.is_refused);
    assert_int_equal(play.kept.seq, 4);
    arena_destroy(play.arena);
}

static void goes_on_after_a_gap_that_the_device_admits(void **state)
{
    struct play play;
    begin(state, &play);
    write_items(&play, 4);
    keep(&play, pen_send(&play.pen));
    play.pen.chain = (struct log_chain){10, log_chain_start(play.pen.key).head};
    pen_sent(&play.pen);
    pen_write(&play.pen, &(struct wire_log_entry){.kind = LOG_GAP, .value = 6});
    write_items(&play, 1);
    keep(&play, pen_send(&play.pen));
    assert_int_equal(play.kept.seq, 12);
    read_back(&play, 0, 50);
    assert_int_equal(play.read.count, 6);
    arena_destroy(play.arena);
}

static void hands_receipts_of_alarms_back(void **state)
{
    struct play play;
    begin(state, &play);
    pen_item(&play.pen, LOG_ORDER_RECEIVED, 3);
    pen_item(&play.pen, LOG_ITEM_PLAYED, 4);
    pen_write(&play.pen, &(struct wire_log_entry){.kind = LOG_ORDER_REFUSED,
                                                  .subject = pen_id(3),
                                                  .reason = REASON_CLOCK_UNSURE});
    keep(&play, pen_send(&play.pen));
    assert_int_equal(play.kept.receipt_count, 2);
    assert_int_equal(play.kept.receipts[1].reason, REASON_CLOCK_UNSURE);
    assert_int_equal(play.kept.receipts[1].order.bytes[0], 3);
    arena_destroy(play.arena);
}

/* Whatever statement fails: what was not acknowledged can be sent again, and is kept once. */
static void keeps_a_chunk_whole_or_not_at_all(void **state)
{
    struct play play;
    bool hit = true;
    unsigned long nth = 1;
    begin(state, &play);
    write_items(&play, 4);
    for (; hit && nth < 100; nth++) {
        play.message = (struct play_log_message){play.pen.device, play.pen.key, pen_send(&play.pen),
                                                 PEN_BEGIN + 30 * USEC_DAY};
        store_torture(nth);
        errc rc = store_write_now(play.test->store, run_keep, &play, NULL);
        hit = store_torture_hit() && rc != OK;
        store_torture(0);
        read_back(&play, 0, 50);
        assert_int_equal(play.read.count, rc == OK ? 4 : 0);
    }
    assert_true(nth > 5);
    arena_destroy(play.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_ON_BOTH(keeps_what_a_device_wrote),
        TEST_ON_BOTH(takes_the_same_message_twice_as_once),
        TEST_ON_BOTH(takes_what_is_new_of_a_message_that_overlaps),
        TEST_ON_BOTH(refuses_a_forged_log_and_shows_it),
        TEST_ON_BOTH(refuses_a_device_that_tells_two_stories),
        TEST_ON_BOTH(refuses_a_fork_that_hides_behind_an_overlap),
        TEST_ON_BOTH(answers_what_is_kept_to_a_device_that_is_ahead),
        TEST_ON_BOTH(goes_on_after_a_gap_that_the_device_admits),
        TEST_ON_BOTH(hands_receipts_of_alarms_back),
        TEST_ON_BOTH(keeps_a_chunk_whole_or_not_at_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
