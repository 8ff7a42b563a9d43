/* Recovery codes: readable, different, forgiving about how they are typed, and bound to their
 * account and key. */
#include "people/recovery.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const struct account_key key = {{1, 2, 3}};

static void makes_codes_that_differ(void **state)
{
    (void)state;
    struct entropy_seed seed = {11};
    struct recovery_codes codes;
    recovery_make(entropy_seeded(&seed), 10, &codes);
    assert_int_equal(codes.count, 10);
    for (size_t i = 0; i < codes.count; i++) {
        assert_int_equal(strlen(codes.at[i]), 9);
        assert_int_equal(codes.at[i][4], '-');
        for (size_t j = 0; j < i; j++) {
            assert_string_not_equal(codes.at[i], codes.at[j]);
        }
    }
    recovery_make(entropy_seeded(&seed), 1000, &codes);
    assert_int_equal(codes.count, RECOVERY_CODES_MOST);
}

static void reads_a_code_however_it_is_typed(void **state)
{
    (void)state;
    static const struct {
        const char *typed;
        bool same;
        bool can_be;
    } cases[] = {
        {"k7mq-9xhr", true, true},   {"K7MQ9XHR", true, true},   {" k7mq 9xhr ", true, true},
        {"k7mq-9xhs", false, true},  {"k7mq-9xh", false, false}, {"k7mq-9xhrr", false, false},
        {"k7mq_9xhr", false, false}, {"", false, false},         {"k7mq-9xh\xc3\xa9", false, false},
    };
    hash right;
    assert_true(recovery_mark(&key, 5, S("k7mq-9xhr"), &right));
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        hash mark;
        assert_int_equal(recovery_mark(&key, 5, str_of(cases[i].typed), &mark), cases[i].can_be);
        assert_int_equal(cases[i].can_be && hash_is(mark, right), cases[i].same);
    }
}

static void binds_a_code_to_its_account_and_key(void **state)
{
    (void)state;
    static const struct account_key other = {{9}};
    hash right;
    hash mark;
    assert_true(recovery_mark(&key, 5, S("k7mq-9xhr"), &right));
    assert_true(recovery_mark(&key, 6, S("k7mq-9xhr"), &mark));
    assert_false(hash_is(mark, right));
    assert_true(recovery_mark(&other, 5, S("k7mq-9xhr"), &mark));
    assert_false(hash_is(mark, right));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(makes_codes_that_differ),
        cmocka_unit_test(reads_a_code_however_it_is_typed),
        cmocka_unit_test(binds_a_code_to_its_account_and_key),
    };
    return cmocka_run_group_tests_name("people: recovery", tests, NULL, NULL);
}
