#include "agent/options.h"

#include "base/testing.h"

static void the_sample_is_what_holds_anyway(void **state)
{
    (void)state;
    AUTO(buf_finish) struct buf sample;
    struct options options;
    struct options usual;
    buf_init(&sample, 16 * 1024);
    options_write_sample(&sample);
    options_init(&usual);
    assert_ok(options_parse(&options, buf_str(&sample), NULL));
    for (int key = 0; key < OPTION_COUNT; key++) {
        assert_str(str_of(option_text(&options, (enum option_key)key)),
                   str_of(option_text(&usual, (enum option_key)key)));
    }
    for (char *c = sample.at; *c != '\0'; c++) {
        bool is_value = *c == '#' && c[1] != ' ';
        *c = is_value ? ' ' : *c; /* the same with every line in force */
    }
    assert_ok(options_parse(&options, buf_str(&sample), NULL));
}

static void what_is_wrong_is_said_with_its_line(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *says;
    } cases[] = {
        {"server = wss://x\nvolume = 3", "line 2: unknown key: volume"},
        {"link = 4g\nlink = 3g", "line 2: given twice: link"},
        {"link = 5g", "line 1: link cannot be that"},
        {"relay_line = 1024", "line 1: relay_line cannot be that"},
        {"log_most = 2X", "line 1: log_most cannot be that"},
        {"\n\nnonsense", "line 3: neither"},
        {"model = \xff", "not UTF-8"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct options options;
        struct why why = {""};
        assert_int_not_equal(options_parse(&options, str_of(cases[i].text), &why), OK);
        assert_true(str_starts(str_of(why.text), str_of(cases[i].says)));
    }
}

static void values_are_read_as_they_are_written(void **state)
{
    (void)state;
    struct options options;
    assert_ok(
        options_parse(&options, S("# a pole\nlink = 3g\nmedia_most = 512M\nrelay = gpio\n"), NULL));
    assert_int_equal(option_number(&options, OPTION_link), 4);
    assert_int_equal(option_number(&options, OPTION_media_most), 512 << 20);
    assert_ok(options_set(&options, S("relay_line=4"), NULL));
    assert_int_equal(option_number(&options, OPTION_relay_line), 4);
    assert_failed(options_set(&options, S("relay_line"), NULL), ERR_INVALID);
}

static void what_one_key_cannot_tell_is_checked_too(void **state)
{
    (void)state;
    struct options options;
    options_init(&options);
    assert_failed(options_check(&options, NULL), ERR_INVALID); /* no server */
    assert_ok(options_set(&options, S("server = http://x"), NULL));
    assert_failed(options_check(&options, NULL), ERR_INVALID);
    assert_ok(options_set(&options, S("server = wss://x/device/v1"), NULL));
    assert_ok(options_check(&options, NULL));
    assert_ok(options_set(&options, S("sink = file"), NULL));
    assert_failed(options_check(&options, NULL), ERR_INVALID); /* which file? */
    assert_ok(options_set(&options, S("sink_file = /tmp/x.wav"), NULL));
    assert_ok(options_check(&options, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_sample_is_what_holds_anyway),
        cmocka_unit_test(what_is_wrong_is_said_with_its_line),
        cmocka_unit_test(values_are_read_as_they_are_written),
        cmocka_unit_test(what_one_key_cannot_tell_is_checked_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
