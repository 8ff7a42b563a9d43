#include "agent/engine_source.h"
#include "base/testing.h"

/* Parts are runs of their tag: tag t has t times a hundred frames of the value t; 9 does not open,
 * 8 breaks after its first read. */

struct part {
    uint64_t tag;
    uint64_t at;
};

static int opened;

static errc read_part(void *ctx, int16_t *pcm, size_t most, size_t *ret_count, struct why *why)
{
    struct part *part = ctx;
    uint64_t left = part->tag * 100 - part->at;
    if (part->tag == 8 && part->at > 0) {
        return fail(why, ERR_CORRUPT, "broken");
    }
    *ret_count = most < left ? most : (size_t)left;
    for (size_t i = 0; i < *ret_count; i++) {
        pcm[i] = (int16_t)part->tag;
    }
    part->at += *ret_count;
    return OK;
}

static errc seek_part(void *ctx, uint64_t frame, struct why *why)
{
    (void)why;
    ((struct part *)ctx)->at = frame;
    return OK;
}

static void close_part(void *ctx)
{
    opened--;
    mem_give(ctx);
}

static errc open_part(void *ctx, uint64_t tag, struct source *ret_source, struct why *why)
{
    (void)ctx;
    if (tag == 9) {
        return fail(why, ERR_NOT_FOUND, "no such part");
    }
    struct part *part = mem_take(sizeof *part);
    opened++;
    part->tag = tag;
    *ret_source = (struct source){.ctx = part,
                                  .read = read_part,
                                  .seek = seek_part,
                                  .close = close_part,
                                  .frames = tag * 100};
    return OK;
}

static const struct sequence_port port = {.open = open_part};

static size_t read_to_end(struct source *source, int16_t *pcm, errc *ret_rc)
{
    size_t count = 0;
    size_t got = 1;
    for (*ret_rc = OK; *ret_rc == OK && got > 0; count += *ret_rc == OK ? got : 0) {
        *ret_rc = source->read(source->ctx, pcm + count, 70, &got, NULL);
    }
    return count;
}

/* A hundred frames are 2,083 microseconds and a third. */
static const struct sequence_part parts[] = {{0, 2084, 1}, {4167, 4167, 2}, {0, 6250, 3}};

static void plays_the_parts_in_a_row_with_their_pauses(void **state)
{
    (void)state;
    struct source source;
    int16_t pcm[2000];
    errc rc = OK;
    assert_ok(sequence_open(parts, 3, &port, &source, NULL));
    assert_int_equal(source.frames, 800);
    assert_int_equal(read_to_end(&source, pcm, &rc), 800);
    assert_ok(rc);
    for (size_t i = 0; i < 800; i++) {
        assert_int_equal(pcm[i], i < 100 ? 1 : i < 300 ? 0 : i < 500 ? 2 : 3);
    }
    source_close(&source);
    assert_int_equal(opened, 0);
}

static void enters_anywhere(void **state)
{
    (void)state;
    for (uint64_t from = 0; from <= 900; from += 50) {
        struct source source;
        int16_t pcm[2000];
        errc rc = OK;
        assert_ok(sequence_open(parts, 3, &port, &source, NULL));
        assert_ok(source.seek(source.ctx, from, NULL));
        size_t count = read_to_end(&source, pcm, &rc);
        assert_ok(rc);
        assert_int_equal(count, from < 800 ? 800 - from : 0);
        for (uint64_t i = from; i < from + count; i++) {
            assert_int_equal(pcm[i - from], i < 100 ? 1 : i < 300 ? 0 : i < 500 ? 2 : 3);
        }
        source_close(&source);
    }
    assert_int_equal(opened, 0);
}

static void leaves_out_what_does_not_open_or_breaks(void **state)
{
    (void)state;
    static const struct sequence_part broken[] = {{0, 0, 9}, {0, 0, 1}, {0, 0, 8}, {0, 0, 2}};
    struct source source;
    int16_t pcm[2000];
    errc rc = OK;
    assert_ok(sequence_open(broken, 4, &port, &source, NULL));
    assert_int_equal(source.frames, 0);
    assert_int_equal(read_to_end(&source, pcm, &rc), 100 + 70 + 200);
    assert_ok(rc);
    source_close(&source);
    assert_int_equal(opened, 0);
}

static void fails_when_nothing_of_it_sounds(void **state)
{
    (void)state;
    static const struct sequence_part none[] = {{0, 0, 9}, {0, 0, 9}};
    struct source source;
    int16_t pcm[200];
    errc rc = OK;
    assert_ok(sequence_open(none, 2, &port, &source, NULL));
    assert_int_equal(read_to_end(&source, pcm, &rc), 0);
    assert_failed(rc, ERR_NOT_FOUND);
    source_close(&source);
    assert_failed(sequence_open(none, 0, &port, &source, NULL), ERR_INVALID);
    assert_failed(sequence_open(none, SEQUENCE_PARTS + 1, &port, &source, NULL), ERR_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plays_the_parts_in_a_row_with_their_pauses),
        cmocka_unit_test(enters_anywhere),
        cmocka_unit_test(leaves_out_what_does_not_open_or_breaks),
        cmocka_unit_test(fails_when_nothing_of_it_sounds),
    };
    return cmocka_run_group_tests_name("agent: sequence", tests, NULL, NULL);
}
