/* The links do what their laws say, in order, and the same from the same seed. */
#include "sim/link.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { FRAMES = 20000 };

static void frames_keep_their_order(void **state)
{
    (void)state;
    for (int kind = 0; kind < LINK_LAWS; kind++) {
        struct link link;
        usec before = 0;
        link_init(&link, link_law_of((enum link_kind)kind), 7);
        for (usec now = 0; now < FRAMES; now++) {
            usec arrival = link_arrival(&link, LINK_DOWN, now, 200);
            assert_true(arrival >= before && arrival >= now);
            before = arrival;
        }
    }
}

/* Single frames, far apart, take what the law says. */
static void delays_have_the_mean_of_their_law(void **state)
{
    (void)state;
    for (int kind = LINK_LAW_FIBRE; kind < LINK_LAWS; kind++) {
        const struct link_law *law = link_law_of((enum link_kind)kind);
        struct link link;
        usec sum = 0;
        int quick = 0;
        link_init(&link, law, 11);
        for (int i = 0; i < FRAMES; i++) {
            usec now = (usec)i * USEC_HOUR;
            usec took = link_arrival(&link, LINK_UP, now, 100) - now;
            assert_true(took >= law->up);
            if (took < law->retry) { /* else it was lost once at least */
                sum += took - law->rate / 10;
                quick++;
            }
        }
        assert_true(quick > FRAMES * 9 / 10);
        usec mean = sum / quick;
        usec wanted = law->up + law->up_more;
        assert_true(mean > wanted * 9 / 10 && mean < wanted * 11 / 10);
    }
}

static void the_same_seed_gives_the_same_link(void **state)
{
    (void)state;
    struct link one;
    struct link other;
    link_init(&one, link_law_of(LINK_LAW_3G), 3);
    link_init(&other, link_law_of(LINK_LAW_3G), 3);
    for (usec now = 0; now < 1000; now++) {
        assert_int_equal(link_arrival(&one, LINK_UP, now, 3000),
                         link_arrival(&other, LINK_UP, now, 3000));
        assert_int_equal(link_cut_after(&one), link_cut_after(&other));
    }
}

static void a_law_is_found_by_its_name(void **state)
{
    (void)state;
    enum link_kind kind;
    assert_true(link_law_find(S("4G"), &kind));
    assert_int_equal(kind, LINK_LAW_4G);
    assert_true(link_law_find(S("none"), &kind));
    assert_int_equal(kind, LINK_LAW_NONE);
    assert_false(link_law_find(S("5g"), &kind));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(frames_keep_their_order),
        cmocka_unit_test(delays_have_the_mean_of_their_law),
        cmocka_unit_test(the_same_seed_gives_the_same_link),
        cmocka_unit_test(a_law_is_found_by_its_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
