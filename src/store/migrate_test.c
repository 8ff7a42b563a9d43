/* Migrations: applied once, in order, whole or not at all; a changed or unknown one is refused. */
#include "store/migrate.h"

#include "base/hash.h"
#include "probe/probe_store.h"
#include "store/testing/test_store.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const struct store_room *const rooms[] = {&probe_room};
static const struct test_plan sqlite = {STORE_SQLITE, rooms, COUNT_OF(rooms)};
static const struct test_plan postgresql = {STORE_POSTGRESQL, rooms, COUNT_OF(rooms)};

struct dialect_case {
    const char *text;
    const char *sqlite;
    const char *postgresql;
};

static void migration_text_speaks_both_dialects(void **state)
{
    (void)state;
    static const struct dialect_case cases[] = {
        {"a {{int}}, b {{bytes}}\n", "a INTEGER, b BLOB\n", "a BIGINT, b BYTEA\n"},
        {"){{strict}};", ")STRICT;\n", ");\n"},
        {"a\n-- only: sqlite\nb\n-- end\nc\n", "a\nb\nc\n", "a\nc\n"},
        {"  -- only: postgresql\nb {{bool}}\n-- end", "", "b BOOLEAN\n"},
        {"", "", ""},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        for (int pg = 0; pg < 2; pg++) {
            AUTO(buf_finish) struct buf out;
            buf_init(&out, 4096);
            assert_int_equal(migration_text(str_of(cases[i].text), pg == 1, &out, NULL), OK);
            const char *expected = pg == 1 ? cases[i].postgresql : cases[i].sqlite;
            assert_true(str_is(buf_str(&out), str_of(expected)));
        }
    }
}

static void migration_text_refuses_what_it_does_not_know(void **state)
{
    (void)state;
    static const char *const cases[] = {
        "{{uint}}",
        "{{int",
        "-- end",
        "-- only: oracle",
        "-- only: sqlite\na",
        "-- only: sqlite\n-- only: postgresql\n-- end\n",
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        AUTO(buf_finish) struct buf out;
        buf_init(&out, 4096);
        assert_int_equal(migration_text(str_of(cases[i]), false, &out, NULL), ERR_INVALID);
    }
}

/* The room probe with other migrations, as another release would have them. */
enum { NOW = 3, LATER = NOW + 1 }; /* migrations of the room probe, and of a later release */
static struct store_migration changed[LATER];
static struct store_room other;
static const struct store_room *const others[] = {&other};

static void other_release(size_t count)
{
    assert_int_equal(probe_room.migration_count, NOW);
    memcpy(changed, probe_room.migrations, NOW * sizeof changed[0]);
    changed[NOW] =
        (struct store_migration){LATER, "later", "CREATE TABLE later (a {{int}}) {{strict}};"};
    other = probe_room;
    other.migrations = changed;
    other.migration_count = count;
}

static errc open_other(struct test_store *test, struct why *why)
{
    store_close(test->store);
    test->store = NULL;
    test->config.rooms = others;
    return store_open(&test->config, &test->store, why);
}

static void migrate_applies_what_a_later_release_adds(void **state)
{
    struct test_store *test = test_store_of(state);
    struct why why = {.text = ""};
    other_release(LATER);
    assert_int_equal(open_other(test, &why), OK);
    assert_int_equal(open_other(test, &why), OK); /* once */
}

static void migrate_refuses_a_database_from_the_future(void **state)
{
    struct test_store *test = test_store_of(state);
    struct why why = {.text = ""};
    other_release(LATER);
    assert_int_equal(open_other(test, &why), OK);
    other_release(NOW);
    assert_int_equal(open_other(test, &why), ERR_VERSION);
    assert_non_null(strstr(why.text, "probe/4 (later)"));
}

static void migrate_refuses_a_changed_migration(void **state)
{
    struct test_store *test = test_store_of(state);
    struct why why = {.text = ""};
    other_release(NOW);
    changed[1].text = "CREATE TABLE something_else (a {{int}});";
    assert_int_equal(open_other(test, &why), ERR_VERSION);
    assert_non_null(strstr(why.text, "probe/0002_numbers"));
}

static void migrate_keeps_nothing_of_a_migration_that_fails(void **state)
{
    struct test_store *test = test_store_of(state);
    struct why why = {.text = ""};
    other_release(LATER);
    changed[NOW].text =
        "CREATE TABLE later (a {{int}}) {{strict}}; CREATE TABLE later (b {{int}});";
    assert_int_not_equal(open_other(test, &why), OK);
    other_release(LATER);
    assert_int_equal(open_other(test, &why), OK); /* the table is not there */
}

static void migrate_only_checks_when_told(void **state)
{
    struct test_store *test = test_store_of(state);
    struct why why = {.text = ""};
    test->config.only_check = true;
    other_release(NOW);
    assert_int_equal(open_other(test, &why), OK);
    other_release(LATER);
    assert_int_equal(open_other(test, &why), ERR_VERSION);
}

static void store_open_names_a_statement_that_does_not_fit(void **state)
{
    struct test_store *test = test_store_of(state);
    struct why why = {.text = ""};
    struct db_statement wrong = *probe_room.statements[0];
    const struct db_statement *statements[] = {&wrong};
    wrong.sqlite = wrong.postgresql = "SELECT nothing FROM nowhere";
    wrong.in_count = 0;
    wrong.name = "wrong_one";
    other_release(NOW);
    other.statements = statements;
    other.statement_count = 1;
    assert_int_equal(open_other(test, &why), ERR_INTERNAL);
    assert_non_null(strstr(why.text, "probe/wrong_one"));
    wrong.sqlite = wrong.postgresql = "SELECT 1 AS other_name";
    assert_int_equal(open_other(test, &why), ERR_INTERNAL);
    assert_non_null(strstr(why.text, "named other_name"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(migration_text_speaks_both_dialects),
        cmocka_unit_test(migration_text_refuses_what_it_does_not_know),
        TEST_ON_BOTH(migrate_applies_what_a_later_release_adds),
        TEST_ON_BOTH(migrate_refuses_a_database_from_the_future),
        TEST_ON_BOTH(migrate_refuses_a_changed_migration),
        TEST_ON_BOTH(migrate_keeps_nothing_of_a_migration_that_fails),
        TEST_ON_BOTH(migrate_only_checks_when_told),
        TEST_ON_BOTH(store_open_names_a_statement_that_does_not_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
