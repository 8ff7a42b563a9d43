#include "people/import_job.h"
#include "people/lineage.h"
#include "people/people_store.h"
#include "people/rebase.h"
#include "people/reform_job.h"
#include "people/unit_book.h"
#include "people/unit_demo.h"
#include "people/unit_rows.h"
#include "people/unit_sight.h"
#include "people/unit_testing.h"
#include "store/testing/test_store.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const struct store_room *const rooms[] = {&people_room};
static const struct test_plan sqlite = {STORE_SQLITE, rooms, COUNT_OF(rooms)};
static const struct test_plan postgresql = {STORE_POSTGRESQL, rooms, COUNT_OF(rooms)};

static const struct actor the_system = {
    .login = {"", 0}, .name = {"", 0}, .address = {"", 0}, .agent = {"", 0}, .now = 1000};

/* One test's house: a book, an arena, and who acts. */
struct house {
    struct test_store *test;
    struct unit_book *book;
    struct arena *arena;
    struct actor actor;
    struct bad_field bad;
    struct unit_dependants dependants;
    bool in_use; /* what the dependants answer */
};

static errc find_dependants(void *ctx, struct db *db, const unit_id *units, size_t count,
                            bool *ret_any, struct why *why)
{
    const struct house *house = ctx;
    (void)db;
    (void)units;
    (void)why;
    *ret_any = house->in_use && count > 0;
    return OK;
}

static void house_open(struct house *house, void **state)
{
    *house = (struct house){.test = test_store_of(state), .actor = the_system};
    house->dependants = (struct unit_dependants){"accounts", find_dependants, house};
    assert_int_equal(unit_book_create(&house->book), OK);
    assert_int_equal(arena_create(512 * 1024 * 1024, &house->arena), OK);
}

static void house_close(struct house *house)
{
    unit_book_destroy(house->book);
    arena_destroy(house->arena);
}

static struct unit_job job_of(struct house *house)
{
    return (struct unit_job){house->book, &house->actor,      house->arena,
                             &house->bad, &house->dependants, 1};
}

static errc run_demo(void *ctx, struct db *db, struct why *why)
{
    struct unit_job job = job_of(ctx);
    unit_id province = 0;
    return unit_demo_load(&job, db, &province, why);
}

static errc write(struct house *house, errc (*run)(void *ctx, struct db *db, struct why *why),
                  void *ctx)
{
    struct why why = {""};
    errc rc = store_write_now(house->test->store, run, ctx, &why);
    if (rc != OK) {
        print_message("%s: %s\n", error_key(rc), why.text);
    }
    return rc;
}

struct reading {
    struct house *house;
    struct forest *forest;
};

static errc run_read(void *ctx, struct db *db, struct why *why)
{
    struct reading *reading = ctx;
    forest_drop(reading->forest);
    reading->forest = NULL;
    return unit_book_read(reading->house->book, db, &reading->forest, why);
}

/* The forest of now; the caller drops it. */
static struct forest *forest_of(struct house *house)
{
    struct reading reading = {.house = house};
    assert_int_equal(store_read_now(house->test->store, run_read, &reading, NULL), OK);
    return reading.forest;
}

static unit_id by_code(const struct forest *forest, const char *on, const char *code)
{
    return tree_by_code(forest_at(forest, kit_day(on)), -1, str_of(code));
}

static void check_counts(const struct forest *forest, const char *on, size_t districts,
                         size_t communes)
{
    size_t counts[TIERS_MOST];
    struct tree tree = forest_at(forest, kit_day(on));
    assert_int_equal(tree_counts(tree, tree_by_code(tree, 1, S("97")), counts), OK);
    assert_int_equal(counts[2], districts);
    assert_int_equal(counts[3], communes);
    assert_int_equal(counts[4], 250);
}

static void the_demo_province_lives_through_its_reforms(void **state)
{
    struct house house;
    house_open(&house, state);
    assert_int_equal(write(&house, run_demo, &house), OK);
    struct forest *forest = forest_of(&house);
    check_counts(forest, "2010-01-01", 6, 60);
    check_counts(forest, "2020-02-01", 6, 57);
    check_counts(forest, "2025-06-30", 6, 57);
    check_counts(forest, "2025-07-01", 0, 24);
    size_t epochs = 0;
    const struct forest_epoch *list = forest_epochs(forest, &epochs);
    assert_int_equal(epochs, 3);
    assert_true(str_is(list[2].title, S("Sắp xếp đơn vị hành chính hai cấp")));
    /* Bến Sậy's code is Thụy Sen's now, though Bến Sậy went to Cốc Lau */
    unit_id old = by_code(forest, "2025-06-30", "97406");
    unit_id new = by_code(forest, "2025-07-01", "97406");
    struct lineage_parts parts;
    assert_int_equal(lineage_between(forest, old, kit_day("2025-06-30"), kit_day("2025-07-01"),
                                     house.arena, &parts),
                     OK);
    assert_int_equal(parts.count, 1);
    assert_true(parts.parts[0].unit != new);
    assert_int_equal(parts.parts[0].unit, by_code(forest, "2025-07-01", "97327"));
    forest_drop(forest);
    assert_int_equal(write(&house, run_demo, &house), ERR_EXISTS);
    house_close(&house);
}

/* A figure of 7 on every village and commune of 2012, on today's units. */
static void figures_of_the_demo_keep_their_sum(void **state)
{
    struct house house;
    house_open(&house, state);
    assert_int_equal(write(&house, run_demo, &house), OK);
    struct forest *forest = forest_of(&house);
    static const char *const days[] = {"2012-01-01", "2023-01-01", "2026-01-01"};
    for (size_t d = 0; d < COUNT_OF(days) * COUNT_OF(days); d++) {
        struct tree from = forest_at(forest, kit_day(days[d % COUNT_OF(days)]));
        struct tree onto = forest_at(forest, kit_day(days[d / COUNT_OF(days)]));
        struct figure figures[64];
        size_t count = 0;
        int64_t sum = 0;
        for (size_t i = 0; i < forest_count(forest); i++) {
            unit_id unit = forest_unit(forest, i);
            if (forest_life(forest, unit)->tier == 3 && tree_has(from, unit)) {
                figures[count++] = (struct figure){unit, from.on, 7 + (int64_t)i};
                sum += 7 + (int64_t)i;
            }
        }
        struct rebased_series series;
        assert_int_equal(rebase(onto, figures, count, house.arena, &series), OK);
        for (size_t i = 0; i < series.count; i++) {
            assert_true(tree_has(onto, series.rows[i].unit));
            sum -= series.rows[i].value;
        }
        assert_int_equal(sum, 0);
    }
    forest_drop(forest);
    house_close(&house);
}

/* What the store holds, loaded afresh, is what the trial had in memory. */
static void a_restart_finds_the_same_units(void **state)
{
    struct house house;
    house_open(&house, state);
    assert_int_equal(write(&house, run_demo, &house), OK);
    struct forest *before = forest_of(&house);
    test_store_reopen(house.test);
    unit_book_destroy(house.book);
    assert_int_equal(unit_book_create(&house.book), OK);
    struct forest *after = forest_of(&house);
    assert_int_equal(forest_count(before), forest_count(after));
    assert_int_equal(forest_ledger(before)->fact_count, forest_ledger(after)->fact_count);
    assert_int_equal(forest_ledger(before)->link_count, forest_ledger(after)->link_count);
    assert_int_equal(forest_ledger(before)->next_unit, forest_ledger(after)->next_unit);
    forest_drop(before);
    forest_drop(after);
    house_close(&house);
}

struct doing {
    struct house *house;
    int64_t id;
    struct unit_changes changes;
    struct unit_draft draft;
    struct import_file file;
    const char *steps;
    const char *on;
    struct reform_view view;
    struct import import;
    struct reforms reforms;
};

static errc run_change(void *ctx, struct db *db, struct why *why)
{
    struct doing *doing = ctx;
    struct unit_job job = job_of(doing->house);
    return unit_change(&job, db, &doing->changes, why);
}

static errc run_create(void *ctx, struct db *db, struct why *why)
{
    struct doing *doing = ctx;
    struct unit_job job = job_of(doing->house);
    return unit_create(&job, db, &doing->draft, &doing->id, why);
}

static errc run_reform_create(void *ctx, struct db *db, struct why *why)
{
    struct doing *doing = ctx;
    struct unit_job job = job_of(doing->house);
    struct json_in in AUTO(json_in_finish) = {NULL};
    TRY(json_in_parse(str_of(doing->steps), &in, why));
    struct reform_draft draft = {S("Gộp"), S("NQ"), kit_day(doing->on), in.root};
    return reform_create(&job, db, &draft, &doing->id, why);
}

static errc run_reform_apply(void *ctx, struct db *db, struct why *why)
{
    struct doing *doing = ctx;
    struct unit_job job = job_of(doing->house);
    return reform_apply(&job, db, doing->id, why);
}

static errc run_reform_undo(void *ctx, struct db *db, struct why *why)
{
    struct doing *doing = ctx;
    struct unit_job job = job_of(doing->house);
    return reform_undo(&job, db, doing->id, why);
}

static errc run_reform_remove(void *ctx, struct db *db, struct why *why)
{
    struct doing *doing = ctx;
    struct unit_job job = job_of(doing->house);
    return reform_remove(&job, db, doing->id, why);
}

static errc run_reform_get(void *ctx, struct db *db, struct why *why)
{
    struct doing *doing = ctx;
    struct unit_job job = job_of(doing->house);
    TRY(reform_page(&job, db, 0, 10, &doing->reforms, why));
    return reform_get(&job, db, doing->id, &doing->view, why);
}

static errc run_import_create(void *ctx, struct db *db, struct why *why)
{
    struct doing *doing = ctx;
    struct unit_job job = job_of(doing->house);
    return import_create(&job, db, &doing->file, &doing->id, why);
}

static errc run_import_apply(void *ctx, struct db *db, struct why *why)
{
    struct doing *doing = ctx;
    struct unit_job job = job_of(doing->house);
    return import_apply(&job, db, doing->id, why);
}

static errc run_import_discard(void *ctx, struct db *db, struct why *why)
{
    struct doing *doing = ctx;
    struct unit_job job = job_of(doing->house);
    return import_discard(&job, db, doing->id, why);
}

static errc run_import_get(void *ctx, struct db *db, struct why *why)
{
    struct doing *doing = ctx;
    struct unit_job job = job_of(doing->house);
    return import_get(&job, db, doing->id, &doing->import, why);
}

static const char merge_steps[] =
    "[{\"op\":\"merge\",\"from\":[{\"unit_id\":\"97530\",\"share\":1},"
    "{\"unit_id\":\"97627\",\"share\":1}],\"into\":{\"kind\":\"xa\",\"name\":\"Xã Gió Sim\","
    "\"code\":\"97530\",\"parent_id\":\"97\"}}]";

static struct reform_view view_of(struct doing *doing)
{
    assert_int_equal(store_read_now(doing->house->test->store, run_reform_get, doing, NULL), OK);
    return doing->view;
}

static void a_reform_is_drafted_applied_and_undone(void **state)
{
    struct house house;
    house_open(&house, state);
    struct doing doing = {.house = &house, .steps = merge_steps, .on = "2027-01-01"};
    assert_int_equal(write(&house, run_demo, &house), OK);
    assert_int_equal(write(&house, run_reform_create, &doing), OK);
    struct reform_view view = view_of(&doing);
    assert_int_equal(view.reform.state, REFORM_DRAFT);
    assert_int_equal(view.preview.problems.errors, 0);
    assert_int_equal(view.preview.ends, 2);
    assert_int_equal(doing.reforms.count, 3);
    assert_int_equal(write(&house, run_reform_apply, &doing), OK);
    assert_int_equal(write(&house, run_reform_apply, &doing), ERR_CONFLICT);
    struct forest *forest = forest_of(&house);
    check_counts(forest, "2027-01-01", 0, 23);
    forest_drop(forest);
    view = view_of(&doing);
    assert_true(view.reform.can_undo);
    assert_int_equal(view.preview.ends, 2);
    assert_int_equal(view.preview.begins, 1);
    assert_int_equal(write(&house, run_reform_undo, &doing), OK);
    assert_int_equal(write(&house, run_reform_remove, &doing), ERR_CONFLICT);
    forest = forest_of(&house);
    check_counts(forest, "2027-01-01", 0, 24);
    forest_drop(forest);
    assert_string_equal(view_of(&doing).reform.why_not_undo, "undone");
    assert_true(view_of(&doing).preview.ends < 10); /* not every unit that has no end */
    house_close(&house);
}

static void what_depends_on_a_reform_keeps_it(void **state)
{
    struct house house;
    house_open(&house, state);
    struct doing doing = {.house = &house, .steps = merge_steps, .on = "2027-01-01"};
    assert_int_equal(write(&house, run_demo, &house), OK);
    assert_int_equal(write(&house, run_reform_create, &doing), OK);
    assert_int_equal(write(&house, run_reform_apply, &doing), OK);
    house.in_use = true;
    assert_string_equal(view_of(&doing).reform.why_not_undo, "accounts");
    assert_int_equal(write(&house, run_reform_undo, &doing), ERR_IN_USE);
    house.in_use = false;
    struct forest *forest = forest_of(&house);
    doing.changes = (struct unit_changes){.unit = by_code(forest, "2027-01-01", "97530"),
                                          .on = kit_day("2028-01-01"),
                                          .has_name = true,
                                          .name = S("Xã Sim Gió")};
    forest_drop(forest);
    assert_int_equal(write(&house, run_change, &doing), OK);
    assert_string_equal(view_of(&doing).reform.why_not_undo, "later_change");
    assert_int_equal(write(&house, run_reform_undo, &doing), ERR_IN_USE);
    house_close(&house);
}

static void single_changes_name_the_wrong_field(void **state)
{
    struct house house;
    house_open(&house, state);
    assert_int_equal(write(&house, run_demo, &house), OK);
    struct forest *forest = forest_of(&house);
    unit_id commune = by_code(forest, "2026-01-01", "97530");
    forest_drop(forest);
    struct doing doing = {.house = &house};
    doing.draft = (struct unit_draft){.kind = S("thon"),
                                      .name = S("Thôn Mới"),
                                      .code = S("x1"),
                                      .parent = commune,
                                      .from = kit_day("2026-01-01")};
    assert_int_equal(write(&house, run_create, &doing), OK);
    doing.draft.name = S(" ");
    assert_int_equal(write(&house, run_create, &doing), ERR_INVALID);
    assert_string_equal(house.bad.name, "name");
    doing.draft.name = S("Thôn Mới Hơn");
    assert_int_equal(write(&house, run_create, &doing), ERR_INVALID);
    assert_string_equal(house.bad.name, "code");
    assert_string_equal(house.bad.code, "code_taken");
    doing.changes = (struct unit_changes){
        .unit = doing.id, .on = kit_day("2026-02-01"), .has_kind = true, .kind = S("xa")};
    assert_int_equal(write(&house, run_change, &doing), ERR_INVALID);
    assert_string_equal(house.bad.name, "kind");
    doing.changes =
        (struct unit_changes){.unit = commune, .on = kit_day("2026-02-01"), .ends = true};
    assert_int_equal(write(&house, run_change, &doing), ERR_INVALID);
    assert_string_equal(house.bad.code, "children_left");
    doing.changes.unit = 99999;
    assert_int_equal(write(&house, run_change, &doing), ERR_NOT_FOUND);
    house_close(&house);
}

static struct grant grant_of(unit_id unit)
{
    return (struct grant){1, unit, ROLE_PROVINCE_ADMIN, DAY_FIRST, DAY_OPEN};
}

static void nobody_changes_units_beyond_the_own(void **state)
{
    struct house house;
    house_open(&house, state);
    assert_int_equal(write(&house, run_demo, &house), OK);
    struct forest *forest = forest_of(&house);
    unit_id own = by_code(forest, "2026-01-01", "97530");
    unit_id other = by_code(forest, "2026-01-01", "97627");
    struct grant grant = grant_of(own);
    house.actor.account_id = 7;
    house.actor.today = kit_day("2026-03-01");
    house.actor.grants = (struct grants){&grant, 1};
    struct unit_sight sight = {forest, &house.actor, RIGHT_UNITS_READ};
    struct unit_lines lines;
    assert_int_equal(unit_list(&sight, 0, house.actor.today, house.arena, &lines), OK);
    assert_int_equal(lines.count, 1);
    assert_int_equal(lines.lines[0].id, own);
    assert_int_equal(unit_list(&sight, other, house.actor.today, house.arena, &lines),
                     ERR_NOT_FOUND);
    struct forest_query query = {
        .text = S("khau gió"), .any_day = true, .on = house.actor.today, .most = 10};
    struct unit_founds founds;
    assert_int_equal(unit_search(&sight, &query, house.arena, &founds), OK);
    assert_int_equal(founds.count, 0);
    struct doing doing = {.house = &house, .steps = merge_steps, .on = "2027-01-01"};
    doing.changes = (struct unit_changes){
        .unit = other, .on = house.actor.today, .has_name = true, .name = S("Xã Của Tôi")};
    assert_int_equal(write(&house, run_change, &doing), ERR_NOT_FOUND);
    assert_int_equal(write(&house, run_reform_create, &doing), ERR_FORBIDDEN);
    doing.changes.unit = own;
    assert_int_equal(write(&house, run_change, &doing), OK);
    forest_drop(forest);
    house_close(&house);
}

static void the_card_tells_past_and_future(void **state)
{
    struct house house;
    house_open(&house, state);
    assert_int_equal(write(&house, run_demo, &house), OK);
    struct forest *forest = forest_of(&house);
    struct unit_sight sight = {forest, &house.actor, RIGHT_UNITS_READ};
    struct unit_card card;
    unit_id old = by_code(forest, "2025-06-30", "97318"); /* Nà Trăng, divided without a share */
    assert_int_equal(unit_card(&sight, old, kit_day("2026-01-01"), house.arena, &card), OK);
    assert_false(card.line.lives);
    assert_int_equal(card.successor_count, 2);
    assert_false(share_is_declared(card.successors[0].share));
    assert_int_equal(card.ancestors.count, 2);
    assert_true(str_is(card.ancestors.lines[1].name, S("Huyện Khe Mây")));
    unit_id new = by_code(forest, "2025-07-01", "97103");
    assert_int_equal(unit_card(&sight, new, kit_day("2026-01-01"), house.arena, &card), OK);
    assert_int_equal(card.predecessor_count, 3);
    assert_true(str_is(card.predecessors[0].line.name, S("Phường Bến Gạo")));
    assert_int_equal(card.fact_counts[UNIT_NAME], 1);
    forest_drop(forest);
    house_close(&house);
}

#define HEAD "Tỉnh Thành Phố,Mã TP,Quận Huyện,Mã QH,Phường Xã,Mã PX,Cấp\n"

static struct import import_of(struct doing *doing)
{
    assert_int_equal(store_read_now(doing->house->test->store, run_import_get, doing, NULL), OK);
    return doing->import;
}

static void an_import_waits_is_applied_once_and_stays_idempotent(void **state)
{
    struct house house;
    house_open(&house, state);
    struct doing doing = {.house = &house};
    doing.file = (struct import_file){IMPORT_UNITS_BEFORE, kit_day("2010-01-01"), S("a.csv"),
                                      S(HEAD "Tỉnh A,91,Huyện B,911,Xã C,91101,Xã\n")};
    assert_int_equal(write(&house, run_import_create, &doing), OK);
    struct forest *forest = forest_of(&house);
    assert_int_equal(forest_count(forest), 0);
    forest_drop(forest);
    assert_int_equal(import_of(&doing).state, IMPORT_CHECKED);
    assert_int_equal(import_of(&doing).adds, 3);
    assert_int_equal(write(&house, run_import_apply, &doing), OK);
    assert_int_equal(write(&house, run_import_apply, &doing), ERR_CONFLICT);
    assert_int_equal(write(&house, run_import_discard, &doing), ERR_CONFLICT);
    forest = forest_of(&house);
    assert_int_equal(forest_count(forest), 3);
    int64_t batches = (int64_t)forest_ledger(forest)->batch_count;
    forest_drop(forest);
    assert_int_equal(write(&house, run_import_create, &doing), OK);
    assert_int_equal(write(&house, run_import_apply, &doing), OK);
    forest = forest_of(&house);
    assert_int_equal(forest_count(forest), 3);
    assert_int_equal(forest_ledger(forest)->batch_count, batches);
    forest_drop(forest);
    house_close(&house);
}

static void a_wrong_file_is_refused_with_its_lines(void **state)
{
    struct house house;
    house_open(&house, state);
    struct doing doing = {.house = &house};
    doing.file = (struct import_file){IMPORT_UNITS_BEFORE, kit_day("2010-01-01"), S("a.csv"),
                                      S(HEAD "Tỉnh A,91,Huyện B,911,Xã C,9110,Xã\n")};
    assert_int_equal(write(&house, run_import_create, &doing), OK);
    struct import import = import_of(&doing);
    assert_int_equal(import.state, IMPORT_REFUSED);
    assert_int_equal(import.error_count, 1);
    assert_int_equal(import.errors[0].line, 2);
    assert_true(str_is(import.errors[0].column, S("Mã PX")));
    assert_true(str_is(import.errors[0].key, S("code_unfit")));
    assert_int_equal(write(&house, run_import_apply, &doing), ERR_CONFLICT);
    assert_int_equal(write(&house, run_import_discard, &doing), OK);
    house_close(&house);
}

/* Torture: whichever statement fails, nothing is half there, and the same call works afterwards. */
static void no_failing_statement_leaves_half_a_province(void **state)
{
    struct house house;
    house_open(&house, state);
    struct doing doing = {.house = &house, .steps = merge_steps, .on = "2027-01-01"};
    for (unsigned long n = 1;; n += n < 20 ? 1 : 23) {
        store_torture(n);
        errc rc = store_write_now(house.test->store, run_demo, &house, NULL);
        bool hit = store_torture_hit();
        store_torture(0);
        struct forest *forest = forest_of(&house);
        assert_true(forest_count(forest) == 0 || rc == OK);
        forest_drop(forest);
        arena_reset(house.arena);
        if (rc == OK || !hit) {
            assert_int_equal(rc, OK);
            break;
        }
    }
    assert_int_equal(write(&house, run_reform_create, &doing), OK);
    for (unsigned long n = 1;; n++) {
        store_torture(n);
        errc rc = store_write_now(house.test->store, run_reform_apply, &doing, NULL);
        bool hit = store_torture_hit();
        store_torture(0);
        struct forest *forest = forest_of(&house);
        check_counts(forest, "2027-01-01", 0, rc == OK ? 23 : 24);
        forest_drop(forest);
        if (rc == OK || !hit) {
            assert_int_equal(rc, OK);
            break;
        }
    }
    house_close(&house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_ON_BOTH(the_demo_province_lives_through_its_reforms),
        TEST_ON_BOTH(figures_of_the_demo_keep_their_sum),
        TEST_ON_BOTH(a_restart_finds_the_same_units),
        TEST_ON_BOTH(a_reform_is_drafted_applied_and_undone),
        TEST_ON_BOTH(what_depends_on_a_reform_keeps_it),
        TEST_ON_BOTH(single_changes_name_the_wrong_field),
        TEST_ON_BOTH(nobody_changes_units_beyond_the_own),
        TEST_ON_BOTH(the_card_tells_past_and_future),
        TEST_ON_BOTH(an_import_waits_is_applied_once_and_stays_idempotent),
        TEST_ON_BOTH(a_wrong_file_is_refused_with_its_lines),
        TEST_ON_BOTH(no_failing_statement_leaves_half_a_province),
    };
    return cmocka_run_group_tests_name("unit_store", tests, NULL, NULL);
}
