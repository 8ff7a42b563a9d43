/* What may stand on the command line of loa-sim. */
#include "sim/args.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { WORDS_MOST = 16 };

static errc parse(const char *const *words, struct sim_args *ret_args)
{
    static char name[] = "loa-sim";
    char *copy[WORDS_MOST + 2] = {name};
    int count = 1;
    for (; words[count - 1] != NULL && count <= WORDS_MOST; count++) {
        copy[count] = (char *)(uintptr_t)words[count - 1];
    }
    return sim_args_parse(count, copy, ret_args, NULL);
}

static void what_is_not_said_has_its_default(void **state)
{
    (void)state;
    struct sim_args args;
    const char *const words[] = {"--url", "wss://localhost/device/v1", NULL};
    assert_int_equal(parse(words, &args), OK);
    assert_int_equal(args.devices, 20);
    assert_int_equal(args.link, LINK_LAW_NONE);
    assert_int_equal(args.ramp, 20000);
    assert_null(args.sound_dir);
}

static void everything_may_be_said(void **state)
{
    (void)state;
    struct sim_args args;
    const char *const words[] = {"--url=ws://127.0.0.1/",
                                 "--devices=20000",
                                 "--link=4G",
                                 "--seed=7",
                                 "--claim-prefix=A-",
                                 "--state-dir=s",
                                 "--sink=file:wav",
                                 "--ramp=0.5",
                                 "--kill-after=2",
                                 "--report=json",
                                 NULL};
    assert_int_equal(parse(words, &args), OK);
    assert_int_equal(args.devices, 20000);
    assert_int_equal(args.link, LINK_LAW_4G);
    assert_string_equal(args.sound_dir, "wav");
    assert_int_equal(args.ramp, USEC_SECOND / 2);
    assert_int_equal(args.kill_after, 2 * USEC_SECOND);
    assert_true(args.json);
}

static void what_makes_no_sense_is_refused(void **state)
{
    (void)state;
    const char *const bad[] = {"--devices=0", "--devices=20001", "--link=5g",  "--seed=x",
                               "--ramp=-1",   "--sink=alsa",     "--report=x", "more",
                               "--nothing",   "--sink=file:"};
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        struct sim_args args;
        const char *const words[] = {"--url=ws://127.0.0.1/", bad[i], NULL};
        assert_int_equal(parse(words, &args), ERR_USAGE);
    }
    struct sim_args args;
    const char *const nothing[] = {NULL};
    assert_int_equal(parse(nothing, &args), ERR_USAGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_not_said_has_its_default),
        cmocka_unit_test(everything_may_be_said),
        cmocka_unit_test(what_makes_no_sense_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
