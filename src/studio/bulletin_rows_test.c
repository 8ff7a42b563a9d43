/* The life of bulletins in the database. */
#include "studio/studio_testing.h"

#include "base/testing.h"

static const struct store_room *const rooms[] = {&people_room, &orders_room, &broadcast_room,
                                                 &studio_room};
static const struct test_plan sqlite = {STORE_SQLITE, rooms, COUNT_OF(rooms)};
static const struct test_plan postgresql = {STORE_POSTGRESQL, rooms, COUNT_OF(rooms)};

static errc run_change(void *ctx, struct db *db, struct why *why)
{
    struct studio_kit *kit = ctx;
    return bulletin_change(&kit->desk.desk, db, kit->bulletin, kit->made, kit->in, why);
}

static errc run_return(void *ctx, struct db *db, struct why *why)
{
    struct studio_kit *kit = ctx;
    return bulletin_return(&kit->desk.desk, db, kit->bulletin, S("Sai giờ"), why);
}

static errc run_allow_one(void *ctx, struct db *db, struct why *why)
{
    struct studio_kit *kit = ctx;
    return bulletin_rule_set(&kit->desk.desk, db, kit->desk.orders.commune, true, why);
}

static errc run_versions(void *ctx, struct db *db, struct why *why)
{
    struct studio_kit *kit = ctx;
    return bulletin_versions_load(&kit->desk.desk, db, kit->bulletin, kit->out, why);
}

static errc run_list(void *ctx, struct db *db, struct why *why)
{
    struct studio_kit *kit = ctx;
    return bulletin_list(&kit->desk.desk, db, kit->in, kit->out, why);
}

static errc run_similar(void *ctx, struct db *db, struct why *why)
{
    struct studio_kit *kit = ctx;
    return bulletin_similar(&kit->desk.desk, db, S("canh bao lu"), S(""), 0, kit->out, why);
}

static void a_second_person_approves(void **state)
{
    struct studio_kit kit;
    studio_kit_init(&kit, state);
    struct bulletin_draft draft = kit_draft(&kit, kit.desk.orders.commune, 1);
    kit.in = &draft;
    assert_ok(kit_do(&kit, kit_create_bulletin, KIT_WRITER));
    int64_t first = kit.bulletin;
    assert_ok(kit_do(&kit, kit_create_bulletin, KIT_WRITER));
    assert_int_equal(kit.bulletin, first);
    assert_failed(kit_do(&kit, kit_approve, KIT_APPROVER), ERR_CONFLICT);
    assert_ok(kit_do(&kit, kit_submit, KIT_WRITER));
    assert_failed(kit_do(&kit, kit_approve, KIT_WRITER), ERR_SECOND_PERSON);
    assert_ok(kit_do(&kit, run_return, KIT_APPROVER));
    assert_int_equal(kit_state(&kit), BULLETIN_RETURNED);
    assert_ok(kit_do(&kit, kit_submit, KIT_WRITER));
    assert_ok(kit_do(&kit, kit_approve, KIT_APPROVER));
    assert_int_equal(kit_state(&kit), BULLETIN_APPROVED);
    studio_kit_finish(&kit);
}

static void one_person_is_enough_where_it_is_allowed(void **state)
{
    struct studio_kit kit;
    struct bulletin bulletin;
    studio_kit_init(&kit, state);
    assert_ok(kit_do(&kit, run_allow_one, KIT_APPROVER));
    struct bulletin_draft draft = kit_draft(&kit, kit.desk.orders.commune, 1);
    kit.in = &draft;
    assert_ok(kit_do(&kit, kit_create_bulletin, KIT_WRITER));
    assert_ok(kit_do(&kit, kit_submit, KIT_WRITER));
    assert_ok(kit_do(&kit, kit_approve, KIT_WRITER));
    kit.out = &bulletin;
    assert_ok(kit_do(&kit, kit_show, KIT_WRITER));
    assert_true(bulletin.line.approved_alone);
    studio_kit_finish(&kit);
}

static void of_two_changes_the_later_is_told(void **state)
{
    struct studio_kit kit;
    struct bulletin_versions versions;
    studio_kit_init(&kit, state);
    struct bulletin_draft draft = kit_draft(&kit, kit.desk.orders.commune, 1);
    kit.in = &draft;
    assert_ok(kit_do(&kit, kit_create_bulletin, KIT_WRITER));
    struct bulletin_body body = draft.body;
    body.title = S("Của người duyệt");
    kit.in = &body;
    kit.made = 1;
    assert_ok(kit_do(&kit, run_change, KIT_APPROVER));
    assert_ok(kit_do(&kit, run_change, KIT_APPROVER)); /* the same again changes nothing */
    body.title = S("Của người viết");
    assert_failed(kit_do(&kit, run_change, KIT_WRITER), ERR_VERSION);
    kit.out = &versions;
    assert_ok(kit_do(&kit, run_versions, KIT_WRITER));
    assert_int_equal(versions.count, 2);
    assert_int_equal(versions.at[0].saved.account, KIT_APPROVER);
    studio_kit_finish(&kit);
}

static size_t found(struct studio_kit *kit, const char *question)
{
    struct bulletin_lines lines;
    struct bulletin_filter filter = {.question = str_of(question), .limit = 10};
    kit->in = &filter;
    kit->out = &lines;
    assert_ok(kit_do(kit, run_list, KIT_WRITER));
    return lines.count;
}

static void words_are_found_with_and_without_marks(void **state)
{
    struct studio_kit kit;
    struct bulletin_likes likes;
    studio_kit_init(&kit, state);
    kit_make_approved(&kit, kit.desk.orders.commune, 1, BULLETIN_ORDINARY);
    assert_int_equal(found(&kit, "lũ"), 1);
    assert_int_equal(found(&kit, "lu duong"), 1);
    assert_int_equal(found(&kit, "Đường"), 1);
    assert_int_equal(found(&kit, "lụ"), 0);
    assert_int_equal(found(&kit, "dường"), 0);
    assert_int_equal(found(&kit, "one two three four five six"), 0);
    kit.out = &likes;
    assert_ok(kit_do(&kit, run_similar, KIT_WRITER));
    assert_int_equal(likes.count, 1);
    assert_int_equal(likes.at[0].percent, 100);
    studio_kit_finish(&kit);
}

static void lists_are_of_a_unit_a_state_or_mine(void **state)
{
    struct studio_kit kit;
    struct bulletin_lines lines;
    studio_kit_init(&kit, state);
    kit_make_approved(&kit, kit.desk.orders.commune, 1, BULLETIN_ORDINARY);
    kit_make_approved(&kit, kit.desk.orders.other, 2, BULLETIN_PRIORITY);
    const struct bulletin_filter filters[] = {
        {.unit = kit.desk.orders.commune, .limit = 10},
        {.unit = kit.desk.orders.province,
         .has_class = true,
         .class = BULLETIN_PRIORITY,
         .limit = 10},
        {.has_state = true, .state = BULLETIN_SUBMITTED, .limit = 10},
        {.mine = true, .limit = 1},
    };
    static const size_t counts[] = {1, 1, 0, 1};
    kit.out = &lines;
    for (size_t i = 0; i < COUNT_OF(filters); i++) {
        kit.in = &filters[i];
        assert_ok(kit_do(&kit, run_list, KIT_WRITER));
        assert_int_equal(lines.count, counts[i]);
    }
    assert_int_not_equal(lines.next, 0);
    studio_kit_finish(&kit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_ON_BOTH(a_second_person_approves),
        TEST_ON_BOTH(one_person_is_enough_where_it_is_allowed),
        TEST_ON_BOTH(of_two_changes_the_later_is_told),
        TEST_ON_BOTH(words_are_found_with_and_without_marks),
        TEST_ON_BOTH(lists_are_of_a_unit_a_state_or_mine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
