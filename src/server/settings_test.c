/* Settings: the table is sound, a wrong file is refused with its line, nothing is guessed. */
#include "server/settings.h"

#include "base/testing.h"

static void gives_every_key_a_default_that_it_accepts(void **state)
{
    (void)state;
    struct settings settings;
    settings_init(&settings);
    for (int i = 0; i < SETTING_COUNT; i++) {
        struct why why;
        const struct setting *setting = setting_of((enum setting_key)i);
        assert_int_equal(settings_set(&settings, (enum setting_key)i, str_of(setting->fallback),
                                      SETTING_FROM_FILE, &why),
                         OK);
    }
    struct why why;
    assert_int_equal(settings_check(&settings, &why), OK);
}

static void reads_a_file_with_comments_and_units(void **state)
{
    (void)state;
    struct settings settings;
    struct why why;
    str text =
        S("# Sơn Hà\n\nidle_lock = 10m\r\nupload_most=16M\n plain_http = yes \nlanguage = en");
    assert_int_equal(settings_parse(&settings, text, &why), OK);
    assert_int_equal(settings_number(&settings, SETTING_KEY_idle_lock), 600);
    assert_int_equal(settings_number(&settings, SETTING_KEY_upload_most), 16 * 1024 * 1024);
    assert_int_equal(settings_number(&settings, SETTING_KEY_plain_http), 1);
    assert_int_equal(settings_number(&settings, SETTING_KEY_language), 1);
    assert_int_equal(settings.values[SETTING_KEY_idle_lock].source, SETTING_FROM_FILE);
}

struct refusal {
    const char *text;
    const char *why;
};

static void refuses_a_wrong_file_and_names_the_line(void **state)
{
    (void)state;
    static const struct refusal refusals[] = {
        {"listen = 127.0.0.1:1\nlissten = 1", "line 2: unknown key: lissten"},
        {"idle_lock = 5\n", "line 1: idle_lock wants a number from 60 to 86400"},
        {"idle_lock = 10x", "line 1: idle_lock wants a number from 60 to 86400"},
        {"idle_lock = 99999999999999999999m", "line 1: idle_lock wants a number from 60 to 86400"},
        {"plain_http = maybe", "line 1: plain_http wants yes or no"},
        {"database = oracle", "line 1: database wants one of: sqlite postgresql"},
        {"database =", "line 1: database wants one of: sqlite postgresql"},
        {"language = vi\nlanguage = en", "line 2: given twice: language"},
        {"[listen]\n", "line 1: neither `key = value` nor a comment"},
        {"folder = \n", "line 1: folder wants a text of 1 to 200 bytes"},
        {"folder = a\x01b\n", "line 1: folder wants a text of 1 to 200 bytes"},
        {"folder = \xff\n", "not UTF-8"},
    };
    for (size_t i = 0; i < COUNT_OF(refusals); i++) {
        struct settings settings = {0};
        struct settings before = settings;
        struct why why = {""};
        assert_int_not_equal(settings_parse(&settings, str_of(refusals[i].text), &why), OK);
        assert_string_equal(why.text, refusals[i].why);
        assert_memory_equal(&settings, &before, sizeof settings);
    }
}

static errc check(const char *text, struct why *why)
{
    struct settings settings;
    TRY(settings_parse(&settings, str_of(text), why));
    return settings_check(&settings, why);
}

static void refuses_plain_http_beyond_loopback(void **state)
{
    (void)state;
    struct why why;
    assert_int_equal(check("listen = 0.0.0.0:80", &why), ERR_INVALID);
    assert_int_equal(check("listen = 127.0.0.1:80, 10.0.0.1:80", &why), ERR_INVALID);
    assert_int_equal(check("listen = 0.0.0.0:80\nplain_http = yes", &why), OK);
    assert_int_equal(check("listen = 0.0.0.0:443\ntls_certificate = c\ntls_key = k", &why), OK);
}

static void refuses_half_a_pair(void **state)
{
    (void)state;
    struct why why;
    assert_int_equal(check("tls_certificate = c", &why), ERR_INVALID);
    assert_int_equal(check("database = postgresql", &why), ERR_INVALID);
    assert_int_equal(check("speech_engine = say", &why), ERR_INVALID);
    assert_int_equal(check("speech_engine = command:/bin/say", &why), OK);
    assert_int_equal(check("speech_voice = nobody", &why), ERR_INVALID);
    assert_int_equal(check("media = s3", &why), ERR_INVALID);
    assert_int_equal(check("listen = nowhere", &why), ERR_INVALID);
    assert_int_equal(check("public_address = loa.example", &why), ERR_INVALID);
    assert_int_equal(check("public_address = https://loa.example/", &why), ERR_INVALID);
    assert_int_equal(check("public_address = https://", &why), ERR_INVALID);
    assert_int_equal(check("public_address = https://loa.example:8443", &why), OK);
}

static void writes_values_that_it_reads_back(void **state)
{
    (void)state;
    struct settings settings;
    settings_init(&settings);
    AUTO(buf_finish) struct buf text;
    buf_init(&text, 64 * 1024);
    for (int i = 0; i < SETTING_COUNT; i++) {
        buf_add_format(&text, "%s = ", setting_of((enum setting_key)i)->key);
        settings_write_value(&settings, (enum setting_key)i, &text);
        buf_add_byte(&text, '\n');
    }
    struct settings again;
    struct why why;
    assert_int_equal(settings_parse(&again, buf_str(&text), &why), OK);
    for (int i = 0; i < SETTING_COUNT; i++) {
        assert_int_equal(again.values[i].number, settings.values[i].number);
        assert_string_equal(again.values[i].text, settings.values[i].text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_every_key_a_default_that_it_accepts),
        cmocka_unit_test(reads_a_file_with_comments_and_units),
        cmocka_unit_test(refuses_a_wrong_file_and_names_the_line),
        cmocka_unit_test(refuses_plain_http_beyond_loopback),
        cmocka_unit_test(refuses_half_a_pair),
        cmocka_unit_test(writes_values_that_it_reads_back),
    };
    return cmocka_run_group_tests_name("server: settings", tests, NULL, NULL);
}
