/* What a child says is read strictly: see report.h. */
#include "sounds/report.h"

#include "base/testing.h"

static struct report report;

static errc hear(const char *text)
{
    report = (struct report){.progress = 0};
    return report_take(&report, str_of(text));
}

static void takes_progress_and_result_in_any_pieces(void **state)
{
    (void)state;
    static const char text[] =
        "progress 5\nprogress 99\nresult ms=41250 loudness=-1800 source=-2710 "
        "peak=-140 head=430 tail=1200\npeaks 000cff\n";
    report = (struct report){.progress = 0};
    for (size_t i = 0; i + 1 < sizeof text; i++) {
        assert_int_equal(report_take(&report, (str){text + i, 1}), OK);
    }
    assert_int_equal(report.progress, 99);
    assert_true(report.has_result);
    assert_int_equal(report.result.ms, 41250);
    assert_int_equal(report.result.source_loudness_mb, -2710);
    assert_int_equal(report.result.tail_ms, 1200);
    assert_int_equal(report.peak_count, 3);
    assert_int_equal((unsigned char)report.result.peaks.at[2], 255);
}

static void takes_only_reasons_that_it_knows(void **state)
{
    (void)state;
    assert_int_equal(hear("failed damaged\n"), OK);
    assert_string_equal(report.reason, "damaged");
    assert_int_equal(hear("failed ../../etc\n"), ERR_INVALID);
    assert_int_equal(hear("failed \n"), ERR_INVALID);
}

static void refuses_everything_else(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "progress 101\n",
        "progress -1\n",
        "progress\n",
        "hello\n",
        "\n",
        "result ms=0 loudness=0 source=0 peak=0 head=0 tail=0\n",
        "result ms=5 loudness=0 source=0 peak=0 head=0\n",
        "result ms=5 loudness=0 source=0 peak=0 head=0 tail=0 more=1\n",
        "result ms=99999999999 loudness=0 source=0 peak=0 head=0 tail=0\n",
        "peaks 0\n",
        "peaks zz\n",
    };
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        assert_int_equal(hear(wrong[i]), ERR_INVALID);
        assert_false(report.has_result);
    }
}

static void refuses_a_line_without_end(void **state)
{
    (void)state;
    AUTO(buf_finish) struct buf text;
    buf_init(&text, 4 * REPORT_LINE_MOST);
    while (text.len <= REPORT_LINE_MOST) {
        buf_add(&text, S("peaks "));
    }
    report = (struct report){.progress = 0};
    assert_int_equal(report_take(&report, buf_str(&text)), ERR_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_progress_and_result_in_any_pieces),
        cmocka_unit_test(takes_only_reasons_that_it_knows),
        cmocka_unit_test(refuses_everything_else),
        cmocka_unit_test(refuses_a_line_without_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
