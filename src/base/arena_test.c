/* The arena: zeroed and aligned memory up to a ceiling, and nothing lost when the heap fails. */
#include "base/arena.h"

#include "base/base.h"
#include "base/testing.h"
#include "base/torture.h"

#include <stdalign.h>

static void hands_out_zeroed_and_aligned_memory(void **state)
{
    (void)state;
    AUTO(arena_close) struct arena *arena = NULL;
    assert_ok(arena_create(1 << 20, &arena));
    for (size_t size = 0; size < 3000; size += 37) {
        unsigned char *at = arena_take(arena, size);
        assert_non_null(at);
        assert_int_equal((uintptr_t)at % alignof(max_align_t), 0);
        for (size_t i = 0; i < size; i++) {
            assert_int_equal(at[i], 0);
        }
        memset(at, 0xff, size);
    }
    size_t used = arena_used(arena);
    assert_in_range(used, 100000, 1 << 20);
    arena_reset(arena);
    assert_int_equal(arena_used(arena), 0);
    const unsigned char *again = arena_take(arena, 64);
    assert_int_equal(again[0] | again[63], 0);
}

static void copies_and_formats_texts(void **state)
{
    (void)state;
    AUTO(arena_close) struct arena *arena = NULL;
    assert_ok(arena_create(1 << 20, &arena));
    str copy = arena_str(arena, S("abc"));
    assert_str(copy, S("abc"));
    assert_int_equal(copy.at[3], 0);
    assert_str(arena_str(arena, STR_NONE), S(""));
    assert_non_null(arena_str(arena, STR_NONE).at);
    assert_str(arena_format(arena, "%s-%d", "a", 5), S("a-5"));
    assert_non_null(arena_take_array(arena, 10, 20));
    assert_non_null(arena_take_array(arena, 10, 0));
    assert_false(arena_failed(arena));
    assert_null(arena_format(arena, "%ls", L"\x1234").at); /* not to be had in the C locale */
    assert_true(arena_failed(arena));
}

static void stops_at_its_ceiling_and_tells(void **state)
{
    (void)state;
    AUTO(arena_close) struct arena *arena = NULL;
    assert_ok(arena_create(10000, &arena));
    assert_non_null(arena_take(arena, 4000));
    assert_non_null(arena_take(arena, 5000));
    assert_false(arena_failed(arena));
    assert_null(arena_take(arena, 1000));
    assert_true(arena_failed(arena));
    assert_null(arena_str(arena, (str){"", 2000}).at);
    assert_null(arena_format(arena, "%02000d", 1).at);
    arena_reset(arena);
    assert_false(arena_failed(arena));
    assert_null(arena_take(arena, SIZE_MAX - 3));
    arena_reset(arena);
    assert_null(arena_take_array(arena, SIZE_MAX / 2, 3));
    assert_true(arena_failed(arena));
    arena_reset(arena);
    assert_non_null(arena_take(arena, 5900)); /* the first block stays held */
}

static void grows_in_blocks_that_have_a_limit(void **state)
{
    (void)state;
    AUTO(arena_close) struct arena *arena = NULL;
    assert_ok(arena_create(4 << 20, &arena));
    for (int i = 0; i < 3000; i++) {
        assert_non_null(arena_take(arena, 1000));
    }
    assert_non_null(arena_take(arena, 300000));
    AUTO(arena_close) struct arena *none = NULL;
    assert_ok(arena_create(0, &none));
    assert_null(arena_take(none, 1));
    arena_destroy(NULL);
}

static errc run_arena(void *ctx)
{
    (void)ctx;
    AUTO(arena_close) struct arena *arena = NULL;
    TRY(arena_create(1 << 20, &arena));
    for (int i = 0; i < 20; i++) {
        if (arena_take(arena, 3000) == NULL) {
            return arena_failed(arena) ? ERR_NO_MEMORY : ERR_INTERNAL;
        }
    }
    return OK;
}

static bool tells_no_memory(void *ctx, errc rc)
{
    (void)ctx;
    return rc == ERR_NO_MEMORY;
}

static void torture_survives_each_failed_allocation(void **state)
{
    (void)state;
    struct why why = {""};
    struct torture torture = {.name = "arena", .run = run_arena, .holds = tells_no_memory};
    assert_ok(torture_run(&torture_heap, &torture, &why));
    assert_in_range(torture.runs, 4, 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hands_out_zeroed_and_aligned_memory),
        cmocka_unit_test(copies_and_formats_texts),
        cmocka_unit_test(stops_at_its_ceiling_and_tells),
        cmocka_unit_test(grows_in_blocks_that_have_a_limit),
        cmocka_unit_test(torture_survives_each_failed_allocation),
    };
    return cmocka_run_group_tests_name("base: arena", tests, NULL, NULL);
}
