/* Messages in the shape of the standard's examples; what is written reads back; what is refused, by
 * table; bombs. */
#include "cap/cap.h"

#include "base/cases.h"
#include "base/file.h"
#include "base/testing.h"
#include "cap/cap_shape.h"

#define EXAMPLES LOA_SOURCE_DIR "/src/cap/examples/"

static int set_up(void **state)
{
    return arena_create(64 << 20, (struct arena **)state) == OK ? 0 : -1;
}

static int tear_down(void **state)
{
    arena_destroy(*state);
    return 0;
}

static struct cap_message read_example(const char *path, struct arena *arena)
{
    AUTO(buf_finish) struct buf text;
    struct cap_message message;
    struct why why = {""};
    buf_init(&text, CAP_SIZE_MOST);
    assert_ok(file_read(path, CAP_SIZE_MOST, &text, &why));
    errc rc = cap_read(buf_str(&text), arena, &message, &why);
    assert_string_equal(why.text, "");
    assert_ok(rc);
    return message;
}

static usec at(const char *text)
{
    usec instant = 0;
    assert_true(cap_time_parse(str_of(text), &instant));
    return instant;
}

static void reads_a_storm(void **state)
{
    struct cap_message message = read_example(EXAMPLES "storm.xml", *state);
    assert_str(message.identifier, S("LG-KTTV-2026-0719-001"));
    assert_int_equal(message.sent, at("2026-07-19T07:57:00Z"));
    assert_int_equal(message.status, CAP_STATUS_ACTUAL);
    assert_int_equal(message.info_count, 1);
    const struct cap_info *info = message.infos;
    assert_int_equal(info->categories, cap_bit(CAP_CATEGORY, CAP_CATEGORY_MET));
    assert_int_equal(info->severity, CAP_SEVERITY_SEVERE);
    assert_str(info->codes.at[0].value, S("SVR"));
    assert_str(info->headline, S("Dông lốc mạnh đang tiến vào Ngàn Trúc"));
    assert_true(strstr(info->description.at, "30 km/h & kèm mưa đá") != NULL);
    assert_int_equal(cap_message_expires(&message), at("2026-07-19T16:00:00+07:00"));
    assert_int_equal(info->area_count, 1);
    assert_int_equal(info->areas[0].polygons[0].count, 5);
    assert_str(info->areas[0].geocodes.at[0].value, S("97203"));
    assert_true(cap_area_has(&info->areas[0], (struct cap_point){21.80, 104.0}));
    assert_false(cap_area_has(&info->areas[0], (struct cap_point){21.80, 104.2}));
}

static void reads_an_update_in_two_languages(void **state)
{
    struct cap_message message = read_example(EXAMPLES "quake.xml", *state);
    assert_int_equal(message.type, CAP_TYPE_UPDATE);
    assert_int_equal(message.reference_count, 1);
    assert_str(message.references[0].identifier, S("VLDC-13251-1"));
    assert_str(message.incidents.at[1], S("Dong dat Lam Giang"));
    assert_str(cap_info_in(&message, S("vi"))->event, S("Động đất"));
    assert_str(cap_info_in(&message, S("en"))->event, S("Earthquake"));
    assert_str(cap_info_in(&message, S("th"))->event, S("Động đất"));
    assert_int_equal(cap_message_expires(&message), 0);
    assert_int_equal(message.infos[0].resources[0].bytes, 12345);
    assert_true(message.infos[0].areas[0].has_altitude);
    assert_true(cap_area_has(&message.infos[0].areas[0], (struct cap_point){21.9, 104.1}));
    assert_false(cap_area_has(&message.infos[0].areas[0], (struct cap_point){22.2, 104.1}));
}

static void reads_an_exercise_and_an_ack(void **state)
{
    struct cap_message exercise = read_example(EXAMPLES "exercise.xml", *state);
    assert_int_equal(exercise.status, CAP_STATUS_EXERCISE);
    assert_str(exercise.infos[0].description, S("Diễn tập: hồ <Ngàn Trúc> xả lũ."));
    assert_str(exercise.infos[0].language, S("en-US"));
    assert_str(exercise.codes.at[0], S("lamgiang-dt-1"));
    struct cap_message ack = read_example(EXAMPLES "ack.xml", *state);
    assert_int_equal(ack.type, CAP_TYPE_ACK);
    assert_int_equal(ack.info_count, 0);
    assert_str(ack.addresses.at[1], S("Ban chi huy"));
}

static void writes_what_it_reads(void **state)
{
    static const char *const paths[] = {EXAMPLES "storm.xml", EXAMPLES "quake.xml",
                                        EXAMPLES "exercise.xml", EXAMPLES "ack.xml"};
    for (size_t i = 0; i < COUNT_OF(paths); i++) {
        AUTO(buf_finish) struct buf first;
        AUTO(buf_finish) struct buf second;
        struct cap_message message = read_example(paths[i], *state);
        struct why why = {""};
        buf_init(&first, CAP_SIZE_MOST);
        buf_init(&second, CAP_SIZE_MOST);
        cap_write(&message, 7 * USEC_HOUR, &first);
        assert_ok(cap_read(buf_str(&first), *state, &message, &why));
        cap_write(&message, 7 * USEC_HOUR, &second);
        assert_str(buf_str(&second), buf_str(&first));
    }
}

/* --- refusals --------------------------------------------------------------------------------- */

struct refusing {
    struct arena *arena;
    struct buf storm;
};

static void replace(str text, str what, str by, struct buf *out)
{
    const char *found = strstr(text.at, what.at);
    assert_non_null(found);
    size_t before = (size_t)(found - text.at);
    buf_add(out, str_cut(text, 0, before));
    buf_add(out, by);
    buf_add(out, str_cut(text, before + what.len, text.len));
    assert_ok(buf_check(out));
}

static void check_row(void *ctx, const struct cases_row *row)
{
    struct refusing *refusing = ctx;
    AUTO(buf_finish) struct buf text;
    struct cap_message message;
    struct why why = {""};
    buf_init(&text, CAP_SIZE_MOST);
    replace(buf_str(&refusing->storm), arena_str(refusing->arena, row->cells[0]), row->cells[1],
            &text);
    errc rc = cap_read(buf_str(&text), refusing->arena, &message, &why);
    if (rc != ERR_INVALID || !str_starts(str_of(why.text), row->cells[2])) {
        fail_msg("%s:%zu: %d, %s", row->path, row->line, (int)rc, why.text);
    }
}

static void refuses_by_table(void **state)
{
    struct refusing refusing = {.arena = *state};
    struct why why = {""};
    buf_init(&refusing.storm, CAP_SIZE_MOST);
    assert_ok(file_read(EXAMPLES "storm.xml", CAP_SIZE_MOST, &refusing.storm, &why));
    assert_ok(
        cases_each(LOA_SOURCE_DIR "/src/cap/cap_refused.cases", 3, check_row, &refusing, &why));
    buf_finish(&refusing.storm);
}

static void add_many(struct buf *out, const char *text, size_t times)
{
    for (size_t i = 0; i < times; i++) {
        buf_add_text(out, text);
    }
}

static errc read_text(const struct buf *text, struct arena *arena, struct why *why)
{
    struct cap_message message;
    return cap_read(buf_str(text), arena, &message, why);
}

static void refuses_bombs(void **state)
{
    AUTO(buf_finish) struct buf text;
    struct why why = {""};
    buf_init(&text, 8 * 1024 * 1024);
    add_many(&text, "<a>", 300);
    add_many(&text, "</a>", 300);
    assert_int_equal(read_text(&text, *state, &why), ERR_INVALID); /* deep */
    buf_clear(&text);
    buf_add_text(&text, "<a>");
    add_many(&text, "<b/>", 60000);
    buf_add_text(&text, "</a>");
    assert_int_equal(read_text(&text, *state, &why), ERR_TOO_BIG); /* wide */
    buf_clear(&text);
    buf_add_text(&text, "<a>");
    add_many(&text, "0123456789abcdef", 80000);
    buf_add_text(&text, "</a>");
    assert_int_equal(read_text(&text, *state, &why), ERR_TOO_BIG); /* long */
    buf_clear(&text);
    buf_add_text(&text, "\xff\xfe<\0a\0");
    assert_int_equal(read_text(&text, *state, &why), ERR_BAD_UTF8);
    buf_clear(&text);
    assert_int_equal(read_text(&text, *state, &why), ERR_INVALID); /* nothing */
}

static void writes_times_as_the_standard_has_them(void **state)
{
    AUTO(buf_finish) struct buf text;
    (void)state;
    buf_init(&text, 200);
    cap_time_write(at("2026-07-19T07:57:00Z"), 7 * USEC_HOUR, &text);
    buf_add_byte(&text, ' ');
    cap_time_write(at("2026-07-19T07:57:00.5-03:30"), 0, &text);
    assert_str(buf_str(&text), S("2026-07-19T14:57:00+07:00 2026-07-19T11:27:00-00:00"));
}

static void knows_what_is_inside(void **state)
{
    struct cap_polygon polygon;
    struct cap_circle circle;
    assert_ok(cap_polygon_parse(S("0,0 0,10 10,10 10,0 5,5 0,0"), *state, &polygon, NULL));
    assert_true(cap_polygon_has(&polygon, (struct cap_point){2, 5}));
    assert_false(cap_polygon_has(&polygon, (struct cap_point){5, 4}));
    assert_true(cap_polygon_has(&polygon, (struct cap_point){0, 5})); /* its edge */
    assert_true(cap_circle_parse(S("21.03,105.85 10.5"), &circle));
    assert_true(cap_circle_has(&circle, (struct cap_point){21.1, 105.85}));
    assert_false(cap_circle_has(&circle, (struct cap_point){21.2, 105.85}));
    assert_false(cap_circle_parse(S("21.03,105.85 -1"), &circle));
    assert_false(cap_circle_parse(S("21.03,105.85"), &circle));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_a_storm),
        cmocka_unit_test(reads_an_update_in_two_languages),
        cmocka_unit_test(reads_an_exercise_and_an_ack),
        cmocka_unit_test(writes_what_it_reads),
        cmocka_unit_test(refuses_by_table),
        cmocka_unit_test(refuses_bombs),
        cmocka_unit_test(writes_times_as_the_standard_has_them),
        cmocka_unit_test(knows_what_is_inside),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
