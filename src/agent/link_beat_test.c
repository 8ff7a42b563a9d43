#include "agent/link_beat.h"

#include "base/testing.h"

/* A connection that is dropped after so much silence: the beat that follows it brings the end. */
static void drop_after_silence(struct link_beat *beat, usec silence)
{
    link_beat_opened(beat, 0);
    link_beat_sent(beat, silence);
    link_beat_broke(beat, silence + 20 * USEC_SECOND, USEC_SECOND);
}

static void keeps_to_what_the_server_says(void **state)
{
    (void)state;
    struct link_beat beat = link_beat_start();
    link_beat_opened(&beat, 0);
    assert_int_equal(link_beat_due(&beat, 45000, 0), 45 * USEC_SECOND);
    assert_int_equal(link_beat_due(&beat, 5000, 0), 5 * USEC_SECOND);
}

static void is_silent_for_less_on_a_link_that_forgets(void **state)
{
    (void)state;
    struct link_beat beat = link_beat_start();
    drop_after_silence(&beat, 45 * USEC_SECOND);
    assert_int_equal(link_beat_due(&beat, 45000, 0), 45 * USEC_SECOND); /* once may be chance */
    drop_after_silence(&beat, 45 * USEC_SECOND);
    assert_int_equal(link_beat_due(&beat, 45000, 0), 30 * USEC_SECOND);
    for (int i = 0; i < 20; i++) {
        drop_after_silence(&beat, link_beat_due(&beat, 45000, 0));
    }
    assert_int_equal(link_beat_due(&beat, 45000, 0), 10 * USEC_SECOND);
}

static void an_end_in_the_midst_of_talk_is_not_laid_to_silence(void **state)
{
    (void)state;
    struct link_beat beat = link_beat_start();
    for (int i = 0; i < 4; i++) {
        link_beat_opened(&beat, 0);
        link_beat_sent(&beat, 45 * USEC_SECOND);
        link_beat_broke(&beat, 47 * USEC_SECOND, 46 * USEC_SECOND); /* it had answered */
    }
    assert_int_equal(link_beat_due(&beat, 45000, 0), 45 * USEC_SECOND);
}

static void good_days_lengthen_it_again(void **state)
{
    (void)state;
    struct link_beat beat = link_beat_start();
    drop_after_silence(&beat, 30 * USEC_SECOND);
    drop_after_silence(&beat, 30 * USEC_SECOND);
    link_beat_opened(&beat, 0);
    assert_int_equal(link_beat_due(&beat, 45000, USEC_HOUR), 20 * USEC_SECOND);
    usec now = 0;
    for (int i = 0; i < 10; i++) {
        now += USEC_DAY;
        ignore_int(link_beat_due(&beat, 45000, now));
    }
    assert_int_equal(link_beat_due(&beat, 45000, now), 45 * USEC_SECOND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_to_what_the_server_says),
        cmocka_unit_test(is_silent_for_less_on_a_link_that_forgets),
        cmocka_unit_test(an_end_in_the_midst_of_talk_is_not_laid_to_silence),
        cmocka_unit_test(good_days_lengthen_it_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
