/* The reader behind sqlgen: what it makes of a statement, and that a wrong contract is refused with
 * its line. */
#include "sql_parse.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

struct refusal {
    const char *text;
    int line;
    const char *reason;
};

static const struct refusal refusals[] = {
    {"SELECT 1;", 1, "without its comment"},
    {"-- a: several\n-- x\nSELECT 1;", 1, "begins with"},
    {"-- a: one\n-- out: x i64\nSELECT 1 AS x;", 1, "sentence"},
    {"-- a: one\n-- Says.\nSELECT 1;", 1, "wants -- out:"},
    {"-- a: change\n-- Says.\n-- out: x i64\nDELETE FROM t;", 1, "takes no -- out:"},
    {"-- a: change\n-- Says.\n-- in: x int\nDELETE FROM t;", 3, "not a field"},
    {"-- a: change\n-- Says.\n-- in: x i64, x str\nDELETE FROM t;", 3, "twice"},
    {"-- a: change\n-- Says.\n-- in: x i64\nDELETE FROM t;", 1, "declared and not used"},
    {"-- a: change\n-- Says.\nDELETE FROM t WHERE x = :x;", 1, "not declared"},
    {"-- a: change\n-- Says.\nDELETE FROM t WHERE x = ?1;", 1, "written :name"},
    {"-- a: change\n-- Says.\nDELETE FROM t WHERE x = $1;", 1, "written :name"},
    {"-- a: change\n-- Says.\nDELETE FROM t", 1, "semicolon"},
    {"-- a: change\n-- Says.\nDELETE FROM t; DELETE FROM u;", 3, "follows"},
    {"-- a: change\n-- Says.\nDELETE FROM t WHERE x = 'y;", 1, "semicolon"},
    {"-- a: change\n-- Says.\n\nDELETE FROM t;", 1, "no statement"},
    {"-- a: change\n-- Says.\nDELETE FROM t;\n\n-- a: change\n-- Says.\nDELETE FROM t;", 5,
     "line 1"},
    {"-- a: change\n-- Says.\n-- only: sqlite\nDELETE FROM t;", 1, "no text for postgresql"},
    {"-- a: change\n-- Says.\n-- only: oracle\nDELETE FROM t;", 3, "sqlite or postgresql"},
    {"-- a: many\n-- Says.\n-- out: x i64\n-- most: 0\nSELECT 1 AS x;", 4, "1 to"},
    {"-- a: one\n-- Says.\n-- out: x i64\n-- most: 3\nSELECT 1 AS x;", 1, "not many"},
    {"-- a: change\n-- Says.\n-- in: x i64\n-- batch\nDELETE FROM t WHERE x = :x;", 1, "VALUES"},
    {"-- a: change\n-- Says.\n-- in: x i64\n-- batch\nINSERT INTO t (x) VALUES (:x), (:x);", 1,
     "VALUES"},
    {"-- A: one\n-- Says.\n-- out: x i64\nSELECT 1 AS x;", 1, "begins with"},
    {"-- a: change\n-- Ends */ here.\nDELETE FROM t;", 2, "*/"},
};

static void sqlgen_refuses_a_wrong_contract_with_its_line(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
        struct sql_file file;
        struct sql_error error = {0};
        const char *text = refusals[i].text;
        bool good = sql_parse(text, strlen(text), &file, &error);
        if (good || error.line != refusals[i].line ||
            strstr(error.text, refusals[i].reason) == NULL) {
            print_error("%s\ngave %d: %s\n", text, error.line, error.text);
        }
        assert_false(good);
        assert_int_equal(error.line, refusals[i].line);
        assert_non_null(strstr(error.text, refusals[i].reason));
        sql_finish(&file);
    }
}

static void sqlgen_numbers_names_and_leaves_strings_alone(void **state)
{
    (void)state;
    static const char text[] = "-- A remark of the file.\n\n"
                               "-- a: many\n-- Says.\n-- in: b i64, a str?\n-- out: x i64\n"
                               "SELECT x::text AS x -- :no\n  FROM \"t:b\" /* :no */ WHERE\n"
                               "  a = :a AND b = :b AND c <> ':a' AND d = :a;\n";
    struct sql_file file;
    struct sql_error error = {0};
    assert_true(sql_parse(text, strlen(text), &file, &error));
    assert_int_equal(file.count, 1);
    assert_string_equal(file.list[0]->text[SQL_SQLITE],
                        "SELECT x::text AS x FROM \"t:b\" WHERE a = ?2 AND b = ?1 AND c <> ':a' "
                        "AND d = ?2");
    assert_string_equal(file.list[0]->text[SQL_POSTGRESQL],
                        "SELECT x::text AS x FROM \"t:b\" WHERE a = $2 AND b = $1 AND c <> ':a' "
                        "AND d = $2");
    assert_int_equal(file.list[0]->most, SQL_MOST);
    sql_finish(&file);
}

static void sqlgen_turns_a_batch_into_arrays(void **state)
{
    (void)state;
    static const char text[] = "-- a: change\n-- Says.\n-- in: a i64, b str?\n-- batch\n"
                               "INSERT INTO t (a, b, c) VALUES (:a, lower(:b), 'x,y')\n"
                               "ON CONFLICT (a) DO UPDATE SET b = excluded.b, c = 'z';\n";
    struct sql_file file;
    struct sql_error error = {0};
    assert_true(sql_parse(text, strlen(text), &file, &error));
    assert_string_equal(file.list[0]->rows,
                        "INSERT INTO t (a, b, c) SELECT u.a, lower(u.b), 'x,y' FROM "
                        "unnest($1::bigint[], $2::text[]) AS u(a, b) ON CONFLICT (a) DO UPDATE SET "
                        "b = excluded.b, c = 'z'");
    sql_finish(&file);
}

static void sqlgen_joins_the_two_texts_of_a_statement(void **state)
{
    (void)state;
    static const char text[] = "-- a: change\n-- Says.\n-- only: sqlite\nDELETE FROM s;\n\n"
                               "-- a: change\n-- Says.\n-- only: postgresql\nDELETE FROM p;\n";
    struct sql_file file;
    struct sql_error error = {0};
    assert_true(sql_parse(text, strlen(text), &file, &error));
    assert_int_equal(file.count, 1);
    assert_string_equal(file.list[0]->text[SQL_SQLITE], "DELETE FROM s");
    assert_string_equal(file.list[0]->text[SQL_POSTGRESQL], "DELETE FROM p");
    sql_finish(&file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sqlgen_refuses_a_wrong_contract_with_its_line),
        cmocka_unit_test(sqlgen_numbers_names_and_leaves_strings_alone),
        cmocka_unit_test(sqlgen_turns_a_batch_into_arrays),
        cmocka_unit_test(sqlgen_joins_the_two_texts_of_a_statement),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
