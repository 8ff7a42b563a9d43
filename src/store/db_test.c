/* Statements on both databases: every type there and back, cardinalities, errors that mean the
 * same, doom and attempts. */
#include "store/db.h"

#include "base/hash.h"
#include "probe/probe_sql.h"
#include "probe/probe_store.h"
#include "store/testing/test_store.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const struct store_room *const rooms[] = {&probe_room};
static const struct test_plan sqlite = {STORE_SQLITE, rooms, COUNT_OF(rooms)};
static const struct test_plan postgresql = {STORE_POSTGRESQL, rooms, COUNT_OF(rooms)};

static struct things_add_in full_thing(void)
{
    return (struct things_add_in){
        .name = S("Đài xã Tân An"),
        .size = INT64_MAX,
        .note = S(""),
        .picture = S("\0\1\377"),
        .fine = true,
        .seen_at_us = -1,
        .from_day = DAY_FIRST,
        .has_to_day = true,
        .to_day = DAY_OPEN,
        .hash = hash_of(S("x")),
        .has_weight = true,
        .weight = -0.125,
        .has_rank = true,
        .rank = INT64_MIN,
    };
}

struct scene {
    struct arena *arena;
    int64_t id;
    int64_t count;
    int calls;
    errc wanted;
    int step;
    struct things_by_id_row row;
};

static void with_scene(struct test_store *test, struct scene *scene,
                       errc (*run)(void *ctx, struct db *db, struct why *why), errc expected)
{
    struct why why = {.text = ""};
    assert_int_equal(arena_create(1 << 20, &scene->arena), OK);
    errc rc = store_write_now(test->store, run, scene, &why);
    if (rc != expected) {
        print_error("%s: %s\n", error_key(rc), why.text);
    }
    assert_int_equal(rc, expected);
    arena_close(&scene->arena);
}

static errc there_and_back(void *ctx, struct db *db, struct why *why)
{
    struct scene *scene = ctx;
    struct things_add_in in = full_thing();
    struct things_add_row added;
    struct things_by_id_row row;
    TRY(things_add(db, &in, scene->arena, &added, why));
    TRY(things_by_id(db, &(struct things_by_id_in){.id = added.id}, scene->arena, &row, why));
    assert_int_equal(row.id, added.id);
    assert_true(str_is(row.name, in.name));
    assert_int_equal(row.size, INT64_MAX);
    assert_true(row.note.at != NULL && row.note.len == 0);
    assert_true(str_is(row.picture, in.picture));
    assert_true(row.fine);
    assert_int_equal(row.seen_at_us, -1);
    assert_int_equal(row.from_day, DAY_FIRST);
    assert_true(row.has_to_day && row.to_day == DAY_OPEN);
    assert_true(hash_is(row.hash, in.hash));
    assert_true(row.has_weight && row.weight == -0.125);
    assert_true(row.has_rank && row.rank == INT64_MIN);
    return OK;
}

static void db_carries_every_type_there_and_back(void **state)
{
    with_scene(test_store_of(state), &(struct scene){.id = 0}, there_and_back, OK);
}

static errc nulls(void *ctx, struct db *db, struct why *why)
{
    struct scene *scene = ctx;
    struct things_add_in in = {.name = S("a"), .hash = hash_of(S(""))};
    struct things_add_row added;
    struct things_by_id_row row;
    TRY(things_add(db, &in, scene->arena, &added, why));
    TRY(things_by_id(db, &(struct things_by_id_in){.id = added.id}, scene->arena, &row, why));
    assert_null(row.note.at);
    assert_null(row.picture.at);
    assert_false(row.has_to_day || row.has_weight || row.has_rank || row.fine);
    return OK;
}

static void db_keeps_absent_apart_from_empty(void **state)
{
    with_scene(test_store_of(state), &(struct scene){.id = 0}, nulls, OK);
}

static errc missing(void *ctx, struct db *db, struct why *why)
{
    struct scene *scene = ctx;
    struct things_by_id_row row;
    struct things_by_id_in in = {.id = 77};
    assert_int_equal(things_by_id(db, &in, scene->arena, &row, why), ERR_NOT_FOUND);
    struct things_add_in thing = full_thing();
    struct things_add_row added;
    return things_add(db, &thing, scene->arena, &added, why); /* the job is not doomed */
}

static void db_answers_not_found_for_no_row_and_goes_on(void **state)
{
    with_scene(test_store_of(state), &(struct scene){.id = 0}, missing, OK);
}

static errc wrong(void *ctx, struct db *db, struct why *why)
{
    struct scene *scene = ctx;
    struct things_add_in in = full_thing();
    struct things_add_row added;
    TRY(things_add(db, &in, scene->arena, &added, why));
    switch (scene->step) {
    case 0:
        return things_add(db, &in, scene->arena, &added, why);
    case 1:
        return parts_add(db, &(struct parts_add_in){.thing_id = 99, .name = S("x")}, NULL, why);
    case 2:
        return things_resize(db, &(struct things_resize_in){.least = 0, .size = -1}, NULL, why);
    case 3:
        in.name = S("\xff");
        return things_add(db, &in, scene->arena, &added, why);
    default:
        in.name = S("a\0b");
        return things_add(db, &in, scene->arena, &added, why);
    }
}

static void db_means_the_same_error_on_both(void **state)
{
    struct test_store *test = test_store_of(state);
    static const errc expected[] = {ERR_EXISTS, ERR_CONFLICT, ERR_INVALID, ERR_BAD_UTF8,
                                    ERR_BAD_UTF8};
    for (int i = 0; i < (int)COUNT_OF(expected); i++) {
        with_scene(test, &(struct scene){.step = i}, wrong, expected[i]);
    }
}

static errc count_things(void *ctx, struct db *db, struct why *why)
{
    struct scene *scene = ctx;
    struct things_fine_row row;
    TRY(things_fine(db, scene->arena, &row, why));
    scene->count = row.count;
    return OK;
}

static errc swallow(void *ctx, struct db *db, struct why *why)
{
    struct scene *scene = ctx;
    struct things_add_in in = full_thing();
    struct things_add_row added;
    TRY(things_add(db, &in, scene->arena, &added, why));
    assert_int_equal(things_add(db, &in, scene->arena, &added, why), ERR_EXISTS);
    assert_int_equal(count_things(ctx, db, why), ERR_EXISTS);
    return OK; /* as if nothing had happened */
}

static void db_keeps_nothing_of_a_doomed_job(void **state)
{
    struct test_store *test = test_store_of(state);
    struct scene scene = {.id = 0};
    with_scene(test, &scene, swallow, ERR_EXISTS);
    with_scene(test, &scene, count_things, OK);
    assert_int_equal(scene.count, 0);
}

static errc add_twice(void *ctx, struct db *db, struct why *why)
{
    struct scene *scene = ctx;
    struct things_add_in in = full_thing();
    struct things_add_row added;
    in.name = S("twice");
    TRY(things_add(db, &in, scene->arena, &added, why));
    return things_add(db, &in, scene->arena, &added, why);
}

static errc attempt(void *ctx, struct db *db, struct why *why)
{
    struct scene *scene = ctx;
    struct things_add_in in = full_thing();
    struct things_add_row added;
    TRY(things_add(db, &in, scene->arena, &added, why));
    assert_int_equal(db_attempt(db, add_twice, ctx, why), ERR_EXISTS);
    in.name = S("after");
    return things_add(db, &in, scene->arena, &added, why);
}

static void db_undoes_a_failed_attempt_alone(void **state)
{
    struct test_store *test = test_store_of(state);
    struct scene scene = {.id = 0};
    with_scene(test, &scene, attempt, OK);
    with_scene(test, &scene, count_things, OK);
    assert_int_equal(scene.count, 2);
}

static errc add_parts(void *ctx, struct db *db, struct why *why)
{
    struct scene *scene = ctx;
    struct things_add_in in = full_thing();
    struct things_add_row added;
    struct parts_add_in parts[21];
    static const char letters[] = "abcdefghijklmnopqrstu";
    TRY(things_add(db, &in, scene->arena, &added, why));
    for (size_t i = 0; i < 21; i++) {
        parts[i] = (struct parts_add_in){.thing_id = added.id, .name = {&letters[i], 1}};
    }
    scene->id = added.id;
    return parts_add_batch(db, parts, (size_t)scene->count, why);
}

static errc stop_at_three(void *ctx, const struct parts_of_row *row)
{
    struct scene *scene = ctx;
    assert_int_equal(row->name.at[0], 'a' + scene->calls);
    scene->calls++;
    return scene->calls == 3 ? ERR_CANCELLED : OK;
}

static errc read_parts(void *ctx, struct db *db, struct why *why)
{
    struct scene *scene = ctx;
    struct parts_of_row *rows = NULL;
    size_t count = 0;
    struct parts_of_in in = {.thing_id = scene->id};
    assert_int_equal(parts_of(db, &in, stop_at_three, scene, why), ERR_CANCELLED);
    TRY(parts_of_all(db, &in, scene->arena, &rows, &count, why));
    assert_int_equal(count, 20);
    assert_true(str_is(rows[19].name, S("t")));
    return OK;
}

static void db_streams_rows_and_stops_when_told(void **state)
{
    struct test_store *test = test_store_of(state);
    struct scene scene = {.count = 20};
    with_scene(test, &scene, add_parts, OK);
    with_scene(test, &scene, read_parts, OK);
    assert_int_equal(scene.calls, 3);
}

static void db_refuses_more_rows_than_declared(void **state)
{
    struct test_store *test = test_store_of(state);
    struct scene scene = {.count = 21};
    with_scene(test, &scene, add_parts, OK);
    scene.calls = 0;
    with_scene(test, &scene, read_parts, ERR_TOO_BIG);
}

static errc nest(void *ctx, const struct parts_of_row *row)
{
    (void)row;
    struct scene *scene = ctx;
    struct why why;
    scene->wanted = things_resize((struct db *)(void *)scene->arena,
                                  &(struct things_resize_in){.least = 0, .size = 1}, NULL, &why);
    return scene->wanted;
}

static errc nested(void *ctx, struct db *db, struct why *why)
{
    struct scene *scene = ctx;
    struct scene inner = {.arena = (struct arena *)(void *)db};
    struct parts_of_in in = {.thing_id = scene->id};
    return parts_of(db, &in, nest, &inner, why);
}

static void db_refuses_a_statement_while_rows_stream(void **state)
{
    struct test_store *test = test_store_of(state);
    struct scene scene = {.count = 2};
    with_scene(test, &scene, add_parts, OK);
    with_scene(test, &scene, nested, ERR_INTERNAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_ON_BOTH(db_carries_every_type_there_and_back),
        TEST_ON_BOTH(db_keeps_absent_apart_from_empty),
        TEST_ON_BOTH(db_answers_not_found_for_no_row_and_goes_on),
        TEST_ON_BOTH(db_means_the_same_error_on_both),
        TEST_ON_BOTH(db_keeps_nothing_of_a_doomed_job),
        TEST_ON_BOTH(db_undoes_a_failed_attempt_alone),
        TEST_ON_BOTH(db_streams_rows_and_stops_when_told),
        TEST_ON_BOTH(db_refuses_more_rows_than_declared),
        TEST_ON_BOTH(db_refuses_a_statement_while_rows_stream),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
