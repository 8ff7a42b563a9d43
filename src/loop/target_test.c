/* Request targets by table: what is accepted means one thing, what is doubtful is refused. */
#include "loop/target.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* What target_parse() made of it, in the words of the table. */
static void describe(str text, struct buf *out)
{
    struct target target;
    AUTO(arena_close) struct arena *arena = NULL;
    assert_int_equal(arena_create(65536, &arena), OK);
    if (target_parse(text, 8, arena, &target) != OK) {
        buf_add_byte(out, '-');
        return;
    }
    buf_add(out, target.path);
    buf_add_byte(out, '|');
    buf_add(out, target.query);
    buf_add_byte(out, '|');
    for (size_t i = 0; i < target.param_count; i++) {
        buf_add_text(out, i == 0 ? "" : ";");
        buf_add(out, target.params[i].name);
        buf_add_byte(out, '=');
        buf_add(out, target.params[i].value);
    }
}

static void reads_every_target_as_the_table_says(void **state)
{
    (void)state;
    char line[512];
    int count = 0;
    FILE *table = fopen(LOA_SOURCE_DIR "/src/loop/target.cases", "r");
    assert_non_null(table);
    while (fgets(line, sizeof line, table) != NULL) {
        AUTO(buf_finish) struct buf said = {0};
        str expected;
        line[strcspn(line, "\n")] = 0;
        if (line[0] == '#') {
            continue;
        }
        str text = str_split(str_of(line), '\t', &expected);
        buf_init(&said, 4096);
        describe(text, &said);
        if (!str_is(buf_str(&said), expected)) {
            fail_msg("%s: got %.*s", line, STR_ARG(buf_str(&said)));
        }
        count++;
    }
    fclose(table);
    assert_true(count > 60);
}

static void reports_a_full_arena(void **state)
{
    (void)state;
    struct target target;
    AUTO(arena_close) struct arena *arena = NULL;
    assert_int_equal(arena_create(64, &arena), OK);
    assert_int_equal(
        target_parse(S("/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"), 8,
                     arena, &target),
        ERR_NO_MEMORY);
}

static void knows_a_host_when_it_sees_one(void **state)
{
    (void)state;
    static const char *const hosts[] = {
        "a", "a.b", "A-1_b.c:0", "127.0.0.1:65535", "[::1]", "[::ffff:1.2.3.4]:80"};
    static const char *const others[] = {"",    ":80", "a:",      "a:b",     "a:065536",
                                         "a b", "a/b", "a@b",     "[::1",    "[]",
                                         "[x]", "a,b", "[::1]80", "\xc3\xa9"};
    for (size_t i = 0; i < COUNT_OF(hosts); i++) {
        assert_true(target_is_host(str_of(hosts[i])));
    }
    for (size_t i = 0; i < COUNT_OF(others); i++) {
        assert_false(target_is_host(str_of(others[i])));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_every_target_as_the_table_says),
        cmocka_unit_test(reports_a_full_arena),
        cmocka_unit_test(knows_a_host_when_it_sees_one),
    };
    return cmocka_run_group_tests_name("loop: target", tests, NULL, NULL);
}
