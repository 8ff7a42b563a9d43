/* Writing JSON: each kind of value as the standard has it, and each misuse is told at the end. */
#include "base/json_out.h"

#include "base/base.h"
#include "base/testing.h"

#include <math.h>

static void writes_each_kind_of_value(void **state)
{
    (void)state;
    AUTO(buf_finish) struct buf to = {.ceiling = 10000};
    struct json_out out;
    json_out_init(&out, &to);
    json_object(&out);
    json_str_at(&out, "s", S("a\"\\\n\t\x7f<đ>\x01"));
    json_text_at(&out, "t", "x");
    json_text_at(&out, "null", NULL);
    json_i64_at(&out, "i", INT64_MIN);
    json_bool_at(&out, "b", true);
    json_null_at(&out, "n");
    json_usec_at(&out, "at", 0);
    json_usec_at(&out, "never", USEC_MOST + 1);
    json_usec_at(&out, "before", USEC_LEAST - 1);
    json_day_at(&out, "day", 0);
    json_day_at(&out, "open", DAY_OPEN);
    json_day_at(&out, "first", DAY_FIRST);
    json_object_at(&out, "o");
    json_end(&out);
    json_array_at(&out, "a");
    json_double(&out, 0.1);
    json_bool(&out, false);
    json_raw(&out, S("{\"x\":1}"));
    json_end(&out);
    json_end(&out);
    assert_ok(json_out_check(&out));
    assert_str(
        buf_str(&to),
        S("{\"s\":\"a\\\"\\\\\\n\\u0009\\u007f\\u003cđ\\u003e\\u0001\",\"t\":\"x\",\"null\":null,"
          "\"i\":-9223372036854775808,\"b\":true,\"n\":null,\"at\":\"1970-01-01T00:00:00Z\","
          "\"never\":null,\"before\":null,\"day\":\"1970-01-01\",\"open\":null,\"first\":null,"
          "\"o\":{},\"a\":[0.1,false,{\"x\":1}]}"));
}

static void misuse_object_value(struct json_out *out)
{
    json_object(out);
    json_i64(out, 1);
    json_end(out);
}

static void misuse_key_in_array(struct json_out *out)
{
    json_array(out);
    json_key(out, "a");
    json_end(out);
}

static void misuse_key_outside(struct json_out *out)
{
    json_key(out, "a");
    json_null(out);
}

static void misuse_two_keys(struct json_out *out)
{
    json_object(out);
    json_key(out, "a");
    json_i64_at(out, "b", 1);
    json_end(out);
}

static void misuse_key_not_utf8(struct json_out *out)
{
    json_object(out);
    json_i64_at(out, "\xff", 1);
    json_end(out);
}

static void misuse_end_after_key(struct json_out *out)
{
    json_object(out);
    json_key(out, "a");
    json_end(out);
}

static void misuse_end_outside(struct json_out *out)
{
    json_null(out);
    json_end(out);
}

static void misuse_two_roots(struct json_out *out)
{
    json_null(out);
    json_null(out);
}

static void misuse_open(struct json_out *out)
{
    json_array(out);
}

static void misuse_nothing(struct json_out *out)
{
    (void)out;
}

static void misuse_text(struct json_out *out)
{
    json_str(out, S("\xff"));
}

static void misuse_number(struct json_out *out)
{
    json_double(out, (double)NAN);
}

static void misuse_depth(struct json_out *out)
{
    for (int i = 0; i < JSON_DEPTH + 1; i++) {
        json_array(out);
    }
    for (int i = 0; i < JSON_DEPTH; i++) {
        json_end(out);
    }
}

static void tells_of_its_misuse(void **state)
{
    (void)state;
    static void (*const misuses[])(struct json_out * out) = {
        misuse_object_value, misuse_key_in_array,  misuse_key_outside, misuse_two_keys,
        misuse_key_not_utf8, misuse_end_after_key, misuse_end_outside, misuse_two_roots,
        misuse_open,         misuse_nothing,       misuse_text,        misuse_number,
        misuse_depth,
    };
    for (size_t i = 0; i < COUNT_OF(misuses); i++) {
        AUTO(buf_finish) struct buf to = {.ceiling = 10000};
        struct json_out out;
        json_out_init(&out, &to);
        misuses[i](&out);
        if (json_out_check(&out) != ERR_INTERNAL) {
            fail_msg("misuse %zu went unnoticed", i);
        }
    }
    AUTO(buf_finish) struct buf to = {.ceiling = 3};
    struct json_out out;
    json_out_init(&out, &to);
    json_text(&out, "too long");
    assert_failed(json_out_check(&out), ERR_TOO_BIG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_each_kind_of_value),
        cmocka_unit_test(tells_of_its_misuse),
    };
    return cmocka_run_group_tests_name("base: json out", tests, NULL, NULL);
}
