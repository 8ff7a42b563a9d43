/* Who may do what where: a small tree (1 over 2 and 3, 2 over 4), a few grants, and the rule that
 * nobody gives away more than they hold. */
#include "people/right.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { PROVINCE = 1, WEST = 2, EAST = 3, VILLAGE = 4, TODAY = 20000 };

static bool tree_covers(const void *ctx, int64_t above, int64_t below, day at)
{
    (void)ctx;
    (void)at;
    static const int64_t parent[] = {0, 0, PROVINCE, PROVINCE, WEST};
    for (int64_t unit = below; unit > 0 && unit < (int64_t)COUNT_OF(parent); unit = parent[unit]) {
        if (unit == above) {
            return true;
        }
    }
    return false;
}

static const struct right_view tree = {NULL, tree_covers};

static struct actor actor_with(const struct grant *grants, size_t count)
{
    return (struct actor){.account_id = 7, .today = TODAY, .grants = {grants, count}};
}

static void names_every_right_and_role_both_ways(void **state)
{
    (void)state;
    for (size_t i = 0; i < RIGHT_COUNT; i++) {
        enum right right;
        assert_true(right_parse(str_of(right_name((enum right)i)), &right));
        assert_int_equal(right, i);
    }
    for (size_t i = 0; i < ROLE_COUNT; i++) {
        enum role role;
        assert_true(role_parse(str_of(role_name((enum role)i)), &role));
        assert_int_equal(role, i);
    }
    enum right right;
    enum role role;
    assert_false(right_parse(S("units"), &right));
    assert_false(role_parse(S(""), &role));
}

static void gives_no_role_the_rights_that_need_none(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROLE_COUNT; i++) {
        assert_int_equal(
            role_rights((enum role)i) & (RIGHT_BIT(RIGHT_PUBLIC) | RIGHT_BIT(RIGHT_SELF)), 0);
        assert_int_not_equal(role_rights((enum role)i) & RIGHT_BIT(RIGHT_UNITS_READ), 0);
    }
}

static void gives_the_administrator_everything_over_units(void **state)
{
    (void)state;
    for (size_t i = 0; i < RIGHT_COUNT; i++) {
        if (right_how((enum right)i) == RIGHT_OVER_UNIT) {
            assert_int_not_equal(role_rights(ROLE_PROVINCE_ADMIN) & RIGHT_BIT(i), 0);
        }
    }
}

static void holds_a_right_in_its_unit_and_below_between_its_dates(void **state)
{
    (void)state;
    static const struct {
        struct grant grant;
        enum right right;
        int64_t unit;
        bool expected;
    } cases[] = {
        {{1, WEST, ROLE_AUDITOR, DAY_FIRST, DAY_OPEN}, RIGHT_AUDIT_READ, WEST, true},
        {{1, WEST, ROLE_AUDITOR, DAY_FIRST, DAY_OPEN}, RIGHT_AUDIT_READ, VILLAGE, true},
        {{1, WEST, ROLE_AUDITOR, DAY_FIRST, DAY_OPEN}, RIGHT_AUDIT_READ, EAST, false},
        {{1, WEST, ROLE_AUDITOR, DAY_FIRST, DAY_OPEN}, RIGHT_AUDIT_READ, PROVINCE, false},
        {{1, WEST, ROLE_AUDITOR, DAY_FIRST, DAY_OPEN}, RIGHT_AUDIT_READ, 99, false},
        {{1, WEST, ROLE_AUDITOR, DAY_FIRST, DAY_OPEN}, RIGHT_ACCOUNTS_WRITE, WEST, false},
        {{1, WEST, ROLE_AUDITOR, DAY_FIRST, DAY_OPEN}, RIGHT_SELF, EAST, true},
        {{1, WEST, ROLE_AUDITOR, TODAY, DAY_OPEN}, RIGHT_AUDIT_READ, WEST, true},
        {{1, WEST, ROLE_AUDITOR, TODAY + 1, DAY_OPEN}, RIGHT_AUDIT_READ, WEST, false},
        {{1, WEST, ROLE_AUDITOR, DAY_FIRST, TODAY}, RIGHT_AUDIT_READ, WEST, false},
        {{1, WEST, ROLE_AUDITOR, DAY_FIRST, TODAY + 1}, RIGHT_AUDIT_READ, WEST, true},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct grants grants = {&cases[i].grant, 1};
        print_message("case %zu\n", i);
        assert_int_equal(right_check(grants, cases[i].right, cases[i].unit, &tree, TODAY),
                         cases[i].expected);
    }
}

static void collects_the_rights_of_today(void **state)
{
    (void)state;
    const struct grant grants[] = {{1, WEST, ROLE_TECHNICIAN, DAY_FIRST, DAY_OPEN},
                                   {2, EAST, ROLE_AUDITOR, TODAY + 1, DAY_OPEN}};
    right_set set = right_set_of((struct grants){grants, 2}, TODAY);
    assert_int_not_equal(set & RIGHT_BIT(RIGHT_METRICS_READ), 0);
    assert_int_not_equal(set & RIGHT_BIT(RIGHT_SELF), 0);
    assert_int_equal(set & RIGHT_BIT(RIGHT_AUDIT_READ), 0);
    assert_int_equal(role_set_of((struct grants){grants, 2}, TODAY), ROLE_BIT(ROLE_TECHNICIAN));
}

static void lets_nobody_grant_more_than_they_hold(void **state)
{
    (void)state;
    static const struct {
        struct grant held;
        struct grant wanted;
        errc expected;
    } cases[] = {
        {{1, PROVINCE, ROLE_PROVINCE_ADMIN, 0, DAY_OPEN},
         {0, VILLAGE, ROLE_EDITOR, TODAY, DAY_OPEN},
         OK},
        {{1, PROVINCE, ROLE_PROVINCE_ADMIN, 0, DAY_OPEN},
         {0, PROVINCE, ROLE_PROVINCE_ADMIN, TODAY, DAY_OPEN},
         OK},
        {{1, WEST, ROLE_PROVINCE_ADMIN, 0, DAY_OPEN}, {0, WEST, ROLE_AUDITOR, TODAY, DAY_OPEN}, OK},
        {{1, WEST, ROLE_PROVINCE_ADMIN, 0, DAY_OPEN},
         {0, EAST, ROLE_VIEWER, TODAY, DAY_OPEN},
         ERR_FORBIDDEN},
        {{1, WEST, ROLE_PROVINCE_ADMIN, 0, DAY_OPEN},
         {0, PROVINCE, ROLE_VIEWER, TODAY, DAY_OPEN},
         ERR_FORBIDDEN},
        /* No longer than oneself, not before, not after. */
        {{1, WEST, ROLE_PROVINCE_ADMIN, 0, TODAY + 9},
         {0, WEST, ROLE_VIEWER, TODAY, TODAY + 9},
         OK},
        {{1, WEST, ROLE_PROVINCE_ADMIN, 0, TODAY + 9},
         {0, WEST, ROLE_VIEWER, TODAY, DAY_OPEN},
         ERR_FORBIDDEN},
        {{1, WEST, ROLE_PROVINCE_ADMIN, TODAY + 1, DAY_OPEN},
         {0, WEST, ROLE_VIEWER, TODAY + 1, DAY_OPEN},
         ERR_FORBIDDEN},
        {{1, WEST, ROLE_PROVINCE_ADMIN, 0, TODAY},
         {0, WEST, ROLE_VIEWER, TODAY, TODAY},
         ERR_FORBIDDEN},
        /* To hold what the role holds is not enough. */
        {{1, WEST, ROLE_AUDITOR, 0, DAY_OPEN},
         {0, WEST, ROLE_AUDITOR, TODAY, DAY_OPEN},
         ERR_FORBIDDEN},
        {{1, WEST, ROLE_VIEWER, 0, DAY_OPEN},
         {0, WEST, ROLE_VIEWER, TODAY, DAY_OPEN},
         ERR_FORBIDDEN},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct actor actor = actor_with(&cases[i].held, 1);
        print_message("case %zu\n", i);
        assert_int_equal(role_may_grant(&actor, &cases[i].wanted, &tree, NULL), cases[i].expected);
    }
}

static void lets_nobody_take_over_an_account_that_holds_more(void **state)
{
    (void)state;
    const struct grant west = {1, WEST, ROLE_PROVINCE_ADMIN, 0, DAY_OPEN};
    const struct grant whole = {2, PROVINCE, ROLE_PROVINCE_ADMIN, 0, DAY_OPEN};
    const struct grant past = {3, PROVINCE, ROLE_PROVINCE_ADMIN, 0, TODAY};
    const struct grant later = {4, PROVINCE, ROLE_AUDITOR, TODAY + 5, DAY_OPEN};
    const struct grant village = {5, VILLAGE, ROLE_AUDITOR, 0, DAY_OPEN};
    struct actor actor = actor_with(&west, 1);
    struct actor system = {.today = TODAY};
    assert_int_equal(role_may_touch(&actor, WEST, (struct grants){NULL, 0}, &tree, NULL), OK);
    assert_int_equal(role_may_touch(&actor, WEST, (struct grants){&village, 1}, &tree, NULL), OK);
    assert_int_equal(role_may_touch(&actor, WEST, (struct grants){&past, 1}, &tree, NULL), OK);
    assert_int_equal(role_may_touch(&actor, WEST, (struct grants){&whole, 1}, &tree, NULL),
                     ERR_FORBIDDEN);
    assert_int_equal(role_may_touch(&actor, WEST, (struct grants){&later, 1}, &tree, NULL),
                     ERR_FORBIDDEN);
    assert_int_equal(role_may_touch(&actor, EAST, (struct grants){NULL, 0}, &tree, NULL),
                     ERR_FORBIDDEN);
    assert_int_equal(role_may_touch(&system, EAST, (struct grants){&whole, 1}, &tree, NULL), OK);
}

static void keeps_somebody_who_administers(void **state)
{
    (void)state;
    const struct grant leaving = {1, WEST, ROLE_PROVINCE_ADMIN, 0, DAY_OPEN};
    const struct grant above = {2, PROVINCE, ROLE_PROVINCE_ADMIN, 0, DAY_OPEN};
    const struct grant ending = {2, PROVINCE, ROLE_PROVINCE_ADMIN, 0, TODAY + 30};
    const struct grant beside = {2, EAST, ROLE_PROVINCE_ADMIN, 0, DAY_OPEN};
    const struct grant auditor = {2, WEST, ROLE_AUDITOR, 0, DAY_OPEN};
    assert_true(role_admin_remains(&leaving, (struct grants){&above, 1}, &tree, TODAY));
    assert_false(role_admin_remains(&leaving, (struct grants){&ending, 1}, &tree, TODAY));
    assert_false(role_admin_remains(&leaving, (struct grants){&beside, 1}, &tree, TODAY));
    assert_false(role_admin_remains(&leaving, (struct grants){&auditor, 1}, &tree, TODAY));
    assert_false(role_admin_remains(&leaving, (struct grants){NULL, 0}, &tree, TODAY));
    assert_true(role_admin_remains(&auditor, (struct grants){NULL, 0}, &tree, TODAY));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_every_right_and_role_both_ways),
        cmocka_unit_test(gives_no_role_the_rights_that_need_none),
        cmocka_unit_test(gives_the_administrator_everything_over_units),
        cmocka_unit_test(holds_a_right_in_its_unit_and_below_between_its_dates),
        cmocka_unit_test(collects_the_rights_of_today),
        cmocka_unit_test(lets_nobody_grant_more_than_they_hold),
        cmocka_unit_test(lets_nobody_take_over_an_account_that_holds_more),
        cmocka_unit_test(keeps_somebody_who_administers),
    };
    return cmocka_run_group_tests_name("people: right", tests, NULL, NULL);
}
