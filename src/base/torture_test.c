/* The torture driver and its fuse: one step fails, whoever takes it, and the driver says which. */
#include "base/torture.h"

#include "base/base.h"
#include "base/fuse.h"
#include "base/testing.h"

#include <pthread.h>

static struct fuse shared;
static _Atomic int blows;

static void *burn_much(void *ctx)
{
    (void)ctx;
    for (int i = 0; i < 10000; i++) {
        if (fuse_burn(&shared)) {
            atomic_fetch_add(&blows, 1);
        }
    }
    return NULL;
}

static void blows_once_whoever_burns(void **state)
{
    (void)state;
    pthread_t threads[4];
    fuse_light(&shared, 20000);
    for (size_t i = 0; i < COUNT_OF(threads); i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, burn_much, NULL), 0);
    }
    for (size_t i = 0; i < COUNT_OF(threads); i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    }
    assert_int_equal(atomic_load(&blows), 1);
    assert_true(fuse_blown(&shared));
    fuse_light(&shared, 0);
    assert_false(fuse_blown(&shared));
    assert_false(fuse_burn(&shared));
}

static errc three_allocations(void *ctx)
{
    int *step = ctx;
    for (*step = 0; *step < 3; (*step)++) {
        void *block = mem_try(10);
        if (block == NULL) {
            return ERR_NO_MEMORY;
        }
        mem_give(block);
    }
    return OK;
}

static bool is_before_the_second_step(void *ctx, errc rc)
{
    return *(int *)ctx < 1 && rc == ERR_NO_MEMORY;
}

static errc always_fails(void *ctx)
{
    (void)ctx;
    return ERR_BUSY;
}

static errc never_ends(void *ctx)
{
    (void)ctx;
    for (int i = 0; i <= TORTURE_RUNS; i++) {
        mem_give(mem_try(1));
    }
    return ERR_BUSY;
}

static void torture_tells_what_broke(void **state)
{
    (void)state;
    int step = 0;
    struct why why = {""};
    struct torture torture = {.name = "three", .run = three_allocations, .ctx = &step};
    assert_ok(torture_run(&torture_heap, &torture, &why));
    assert_int_equal(torture.runs, 4);
    torture.holds = is_before_the_second_step;
    assert_failed(torture_run(&torture_heap, &torture, &why), ERR_INTERNAL);
    assert_string_equal(why.text, "three does not survive allocation 2, which gave no_memory");
    torture.run = always_fails;
    assert_failed(torture_run(&torture_heap, &torture, &why), ERR_INTERNAL);
    assert_string_equal(why.text, "three fails untouched: busy");
    torture.run = never_ends;
    torture.holds = NULL;
    assert_failed(torture_run(&torture_heap, &torture, &why), ERR_INTERNAL);
    assert_string_equal(why.text, "three: 10000 runs were not enough");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blows_once_whoever_burns),
        cmocka_unit_test(torture_tells_what_broke),
    };
    return cmocka_run_group_tests_name("base: torture", tests, NULL, NULL);
}
