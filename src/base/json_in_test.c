/* Reading JSON: what strangers send is refused before it costs; what our writer wrote reads back.
 */
#include "base/json_in.h"

#include "base/base.h"
#include "base/entropy.h"
#include "base/json_out.h"
#include "base/testing.h"
#include "base/torture.h"

#include <float.h>
#include <math.h>

static struct json_in parse(const char *text)
{
    struct json_in in = {NULL};
    struct why why = {""};
    if (json_in_parse(str_of(text), &in, &why) != OK) {
        fail_msg("%s in %s", why.text, text);
    }
    return in;
}

static void assert_bad(const struct bad_field *bad, const char *name, const char *code)
{
    assert_string_equal(bad->name, name);
    assert_string_equal(bad->code, code);
}

static void reads_each_kind_of_field(void **state)
{
    (void)state;
    AUTO(json_in_finish)
    struct json_in in =
        parse("{\"s\":\"đài\",\"l\":\"a\\nb\",\"i\":-5,\"d\":2.5,\"b\":true,\"f\":false,"
              "\"day\":\"2025-07-01\",\"n\":null,\"a\":[1,\"x\"],\"o\":{}}");
    str text = STR_NONE;
    int64_t i = 0;
    double d = 0;
    bool b = false;
    day date = 0;
    assert_ok(json_in_str(in.root, "s", 3, 3, &text, NULL));
    assert_str(text, S("đài"));
    assert_ok(json_in_lines(in.root, "l", 0, 3, &text, NULL));
    assert_str(text, S("a\nb"));
    assert_ok(json_in_i64(in.root, "i", -5, -5, &i, NULL));
    assert_ok(json_in_double(in.root, "d", 2, 3, &d, NULL));
    assert_ok(json_in_double(in.root, "i", -5, 3, &d, NULL));
    assert_true(i == -5 && d == -5);
    assert_ok(json_in_bool(in.root, "b", &b, NULL));
    assert_true(b);
    assert_ok(json_in_bool(in.root, "f", &b, NULL));
    assert_false(b);
    assert_ok(json_in_day(in.root, "day", &date, NULL));
    assert_int_equal(date, 20270);
    assert_true(json_in_has(in.root, "o") && !json_in_has(in.root, "n") &&
                !json_in_has(in.root, "?"));
    assert_true(json_in_is_null(in.root, "n"));
    assert_false(json_in_is_null(in.root, "s") || json_in_is_null(in.root, "?"));
    const struct json_value *array = json_in_get(in.root, "a");
    assert_false(json_in_is_array(NULL) || json_in_is_object(NULL) || json_in_is_array(in.root));
    assert_true(json_in_is_array(array) && !json_in_is_object(array) && json_in_is_object(in.root));
    assert_int_equal(json_in_count(array), 2);
    struct json_in_limits limits = {1, 1, false};
    assert_ok(json_in_as_str(json_in_at(array, 1), "a", limits, &text, NULL));
    assert_str(text, S("x"));
    assert_null(json_in_at(array, 2));
    assert_failed(json_in_as_str(json_in_at(array, 2), "a", limits, &text, NULL), ERR_INVALID);
    int64_t id = 0;
    assert_ok(json_in_as_id(json_in_at(array, 0), "a", &id, NULL));
    assert_int_equal(id, 1);
    assert_failed(json_in_as_id(json_in_at(array, 1), "a", &id, NULL), ERR_INVALID);
    assert_failed(json_in_as_id(NULL, "a", &id, NULL), ERR_INVALID);
}

static void names_the_field_that_does_not_fit(void **state)
{
    (void)state;
    AUTO(json_in_finish)
    struct json_in in =
        parse("{\"s\":\"ab\",\"e\":\"\",\"c\":\"a\\nb\",\"x\":\"a\\u0001\",\"i\":5,\"r\":5.0,"
              "\"n\":null,\"day\":\"2025-02-30\"}");
    static const struct {
        const char *name;
        const char *code;
    } texts[] = {{"s", "too_short"},  {"e", "missing"}, {"c", "not_text"}, {"x", "not_text"},
                 {"i", "wrong_type"}, {"n", "missing"}, {"?", "missing"}};
    struct bad_field bad;
    str text = S("old");
    for (size_t n = 0; n < COUNT_OF(texts); n++) {
        assert_failed(json_in_str(in.root, texts[n].name, 3, 9, &text, &bad), ERR_INVALID);
        assert_bad(&bad, texts[n].name, texts[n].code);
    }
    assert_failed(json_in_str(in.root, "s", 0, 1, &text, &bad), ERR_INVALID);
    assert_bad(&bad, "s", "too_long");
    assert_failed(json_in_lines(in.root, "x", 0, 9, &text, &bad), ERR_INVALID);
    assert_failed(json_in_lines(in.root, "?", 0, 9, &text, &bad), ERR_INVALID);
    assert_str(text, S("old"));
    int64_t i = 0;
    assert_failed(json_in_i64(in.root, "i", 6, 9, &i, &bad), ERR_INVALID);
    assert_bad(&bad, "i", "out_of_range");
    assert_failed(json_in_i64(in.root, "i", 0, 4, &i, &bad), ERR_INVALID);
    assert_failed(json_in_i64(in.root, "r", 0, 9, &i, &bad), ERR_INVALID);
    assert_bad(&bad, "r", "wrong_type");
    assert_failed(json_in_i64(in.root, "?", 0, 9, &i, &bad), ERR_INVALID);
}

static void names_other_fields_that_do_not_fit(void **state)
{
    (void)state;
    AUTO(json_in_finish) struct json_in in = parse("{\"s\":\"ab\",\"i\":5,\"day\":\"2025-02-30\"}");
    struct bad_field bad;
    double d = 0;
    bool b = false;
    day date = 0;
    assert_failed(json_in_double(in.root, "i", 6, 9, &d, &bad), ERR_INVALID);
    assert_bad(&bad, "i", "out_of_range");
    assert_failed(json_in_double(in.root, "i", 0, 4, &d, &bad), ERR_INVALID);
    assert_failed(json_in_double(in.root, "s", 0, 4, &d, &bad), ERR_INVALID);
    assert_bad(&bad, "s", "wrong_type");
    assert_failed(json_in_double(in.root, "?", 0, 4, &d, &bad), ERR_INVALID);
    assert_failed(json_in_bool(in.root, "i", &b, &bad), ERR_INVALID);
    assert_failed(json_in_bool(in.root, "?", &b, &bad), ERR_INVALID);
    assert_failed(json_in_day(in.root, "day", &date, &bad), ERR_INVALID);
    assert_bad(&bad, "day", "not_a_date");
    assert_failed(json_in_day(in.root, "i", &date, &bad), ERR_INVALID);
    assert_failed(json_in_day(in.root, "?", &date, &bad), ERR_INVALID);
    assert_failed(json_in_day(NULL, "day", &date, &bad), ERR_INVALID);
    assert_bad(&bad, "day", "not_an_object");
    AUTO(json_in_finish) struct json_in array = parse("[]");
    assert_failed(json_in_bool(array.root, "i", &b, &bad), ERR_INVALID);
    assert_bad(&bad, "i", "not_an_object");
}

static void refuses_fields_that_nobody_asked_for(void **state)
{
    (void)state;
    struct bad_field bad;
    AUTO(json_in_finish) struct json_in in = parse("{\"a\":1,\"b\":2}");
    assert_ok(json_in_only(in.root, (const char *[]){"b", "a", "c", NULL}, &bad));
    assert_failed(json_in_only(in.root, (const char *[]){"a", NULL}, &bad), ERR_UNKNOWN_FIELD);
    assert_bad(&bad, "b", "unknown_field");
    assert_failed(json_in_only(NULL, (const char *[]){NULL}, &bad), ERR_INVALID);
    AUTO(json_in_finish) struct json_in array = parse("[]");
    assert_failed(json_in_only(array.root, (const char *[]){NULL}, &bad), ERR_INVALID);
    /* the name of a field is cut between characters, so that the answer can carry it */
    assert_failed(bad_field(&bad, "xđđđđđđđđđđđđđđđđđđđđđđđđđđđđđđđđđđđđ", "unknown_field"),
                  ERR_INVALID);
    assert_int_equal(strlen(bad.name), 63);
    assert_failed(bad_field(&bad, "đđđđđđđđđđđđđđđđđđđđđđđđđđđđđđđđđđđđđ", "unknown_field"),
                  ERR_INVALID);
    assert_int_equal(strlen(bad.name), 62);
}

static void refuses_what_is_not_strict_json(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        errc expected;
    } table[] = {
        {"", ERR_BAD_JSON},
        {"{", ERR_BAD_JSON},
        {"{}x", ERR_BAD_JSON},
        {"{\"a\":1,\"a\":2}", ERR_BAD_JSON},
        {"{\"a\":{\"b\":1,\"b\":2}}", ERR_BAD_JSON},
        {"[1,]", ERR_BAD_JSON},
        {"[01]", ERR_BAD_JSON},
        {"[NaN]", ERR_BAD_JSON},
        {"[9223372036854775808]", ERR_BAD_JSON},
        {"[-9223372036854775809]", ERR_BAD_JSON},
        {"[1e999]", ERR_BAD_JSON},
        {"[\"\\u0000\"]", ERR_BAD_JSON},
        {"[\"\\ud800\"]", ERR_BAD_JSON},
        {"[\"a\nb\"]", ERR_BAD_JSON},
        {"[\"\\x\"]", ERR_BAD_JSON},
        {"['a']", ERR_BAD_JSON},
        {"[1]//", ERR_BAD_JSON},
        {"[\"\\", ERR_BAD_JSON},
        {"]]]]", ERR_BAD_JSON},
        {"[\"\xff\"]", ERR_BAD_UTF8},
        {"\xef\xbb\xbf[]", ERR_BAD_JSON},
    };
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        struct json_in in = {NULL};
        struct why why = {""};
        errc rc = json_in_parse(str_of(table[i].text), &in, &why);
        if (rc != table[i].expected || in.root != NULL) {
            fail_msg("%s gave %s", table[i].text, error_key(rc));
        }
    }
    struct json_in in = {NULL};
    assert_failed(json_in_parse(STR_NONE, &in, NULL), ERR_BAD_JSON);
    json_in_finish(&in);
    AUTO(json_in_finish)
    struct json_in largest = parse("[9223372036854775807,-9223372036854775808]");
    assert_int_equal(json_in_count(largest.root), 2);
}

static errc parse_repeated(const char *unit, size_t count, const char *end)
{
    AUTO(buf_finish) struct buf text = {.ceiling = 8 << 20};
    AUTO(json_in_finish) struct json_in in = {NULL};
    for (size_t i = 0; i < count; i++) {
        buf_add_text(&text, unit);
    }
    buf_add_text(&text, end);
    TRY(buf_check(&text));
    return json_in_parse(buf_str(&text), &in, NULL);
}

static void refuses_what_would_cost_too_much(void **state)
{
    (void)state;
    assert_ok(parse_repeated("[", 24, "]]]]]]]]]]]]]]]]]]]]]]]]"));
    assert_failed(parse_repeated("[", 25, "]]]]]]]]]]]]]]]]]]]]]]]]]"), ERR_BAD_JSON);
    assert_failed(parse_repeated("{\"a\":", 1000000 / 2, ""), ERR_BAD_JSON);
    assert_failed(parse_repeated(" ", JSON_IN_SIZE, "1"), ERR_TOO_BIG);
    assert_ok(parse_repeated(" ", JSON_IN_SIZE - 2, "[]"));
    assert_failed(parse_repeated("[],", JSON_IN_VALUES, ""), ERR_TOO_BIG);
    /* brackets and commas inside of texts are no structure */
    assert_ok(parse_repeated("", 0, "[\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\\\"[{{{{{,,,,,\"]"));
}

/* ---- round trip: a random value is written, read, and compared on the way ---- */

struct trip {
    struct entropy_seed seed;
    struct json_out out;
    int depth;
};

static double random_double(struct entropy chance)
{
    double value = 0;
    do {
        uint64_t bits = entropy_u64(chance);
        memcpy(&value, &bits, sizeof value);
    } while (!isfinite(value));
    return value;
}

static str random_text(struct entropy chance, char text[16])
{
    static const char bytes[] = "ab\"\\/<>{}[],: \t\n";
    size_t len = (size_t)entropy_below(chance, 16);
    for (size_t i = 0; i < len; i++) {
        text[i] = bytes[entropy_below(chance, sizeof bytes - 1)];
    }
    return (str){text, len};
}

static void write_leaf(struct trip *trip)
{
    struct entropy chance = entropy_seeded(&trip->seed);
    char text[16];
    json_i64_at(&trip->out, "i", (int64_t)entropy_u64(chance));
    json_key(&trip->out, "d");
    json_double(&trip->out, random_double(chance));
    json_str_at(&trip->out, "s", random_text(chance, text));
    json_bool_at(&trip->out, "b", entropy_below(chance, 2) == 1);
    json_day_at(&trip->out, "day", (day)entropy_below(chance, 100000));
}

static void write_tree(struct trip *trip)
{
    json_object(&trip->out);
    write_leaf(trip);
    json_array_at(&trip->out, "a");
    uint64_t count = trip->depth < 4 ? entropy_below(entropy_seeded(&trip->seed), 4) : 0;
    trip->depth++;
    for (uint64_t i = 0; i < count; i++) {
        write_tree(trip);
    }
    trip->depth--;
    json_end(&trip->out);
    json_end(&trip->out);
}

static void check_leaf(struct trip *trip, const struct json_value *value)
{
    struct entropy chance = entropy_seeded(&trip->seed);
    char text[16];
    int64_t i = 0;
    double d = 0;
    str s = STR_NONE;
    bool b = false;
    day date = 0;
    assert_ok(json_in_i64(value, "i", INT64_MIN, INT64_MAX, &i, NULL));
    assert_ok(json_in_double(value, "d", -DBL_MAX, DBL_MAX, &d, NULL));
    assert_ok(json_in_lines(value, "s", 0, 16, &s, NULL));
    assert_ok(json_in_bool(value, "b", &b, NULL));
    assert_ok(json_in_day(value, "day", &date, NULL));
    assert_true(i == (int64_t)entropy_u64(chance));
    assert_true(d == random_double(chance));
    assert_str(s, random_text(chance, text));
    assert_true(b == (entropy_below(chance, 2) == 1));
    assert_int_equal(date, entropy_below(chance, 100000));
}

static void check_tree(struct trip *trip, const struct json_value *value)
{
    check_leaf(trip, value);
    const struct json_value *array = json_in_get(value, "a");
    uint64_t count = trip->depth < 4 ? entropy_below(entropy_seeded(&trip->seed), 4) : 0;
    assert_int_equal(json_in_count(array), count);
    trip->depth++;
    for (size_t i = 0; i < count; i++) {
        check_tree(trip, json_in_at(array, i));
    }
    trip->depth--;
}

static void reads_back_what_it_writes(void **state)
{
    (void)state;
    uint64_t first = entropy_u64(entropy_system());
    print_message("seed %llu\n", (unsigned long long)first);
    for (uint64_t i = 0; i < 500; i++) {
        AUTO(buf_finish) struct buf to = {.ceiling = 1 << 20};
        AUTO(json_in_finish) struct json_in in = {NULL};
        struct trip trip = {.seed = {first + i}};
        json_out_init(&trip.out, &to);
        write_tree(&trip);
        assert_ok(json_out_check(&trip.out));
        assert_ok(json_in_parse(buf_str(&to), &in, NULL));
        trip.seed.state = first + i;
        check_tree(&trip, in.root);
    }
}

static errc run_json(void *ctx)
{
    (void)ctx;
    AUTO(json_in_finish) struct json_in in = {NULL};
    str text = STR_NONE;
    TRY(json_in_parse(
        S("{\"a\":[1,2.5,{\"b\":\"a longer text than fits at first \\u00e0 xxxxxxxxxxxxx\"}],"
          "\"c\":null,\"d\":true,\"e\":1,\"f\":1,\"g\":1,\"h\":1,\"i\":1,\"j\":1}"),
        &in, NULL));
    const struct json_value *object = json_in_at(json_in_get(in.root, "a"), 2);
    TRY(json_in_str(object, "b", 0, 99, &text, NULL));
    return str_is(text, S("a longer text than fits at first à xxxxxxxxxxxxx")) ? OK : ERR_CORRUPT;
}

static bool tells_no_memory(void *ctx, errc rc)
{
    (void)ctx;
    return rc == ERR_NO_MEMORY;
}

static void torture_survives_each_failed_allocation(void **state)
{
    (void)state;
    struct why why = {""};
    struct torture torture = {.name = "json", .run = run_json, .holds = tells_no_memory};
    errc rc = torture_run(&torture_heap, &torture, &why);
    if (rc != OK) {
        fail_msg("%s", why.text);
    }
    assert_true(torture.runs > 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_each_kind_of_field),
        cmocka_unit_test(names_the_field_that_does_not_fit),
        cmocka_unit_test(names_other_fields_that_do_not_fit),
        cmocka_unit_test(refuses_fields_that_nobody_asked_for),
        cmocka_unit_test(refuses_what_is_not_strict_json),
        cmocka_unit_test(refuses_what_would_cost_too_much),
        cmocka_unit_test(reads_back_what_it_writes),
        cmocka_unit_test(torture_survives_each_failed_allocation),
    };
    return cmocka_run_group_tests_name("base: json in", tests, NULL, NULL);
}
