/* Accounts on both databases: who may make, see, change and end which, that nobody gains more than
 * they were given, that somebody who administers remains, and that the trail knows. */
#include "people/account_testing.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const struct store_room *const rooms[] = {&people_room};
static const struct test_plan sqlite = {STORE_SQLITE, rooms, COUNT_OF(rooms)};
static const struct test_plan postgresql = {STORE_POSTGRESQL, rooms, COUNT_OF(rooms)};

static errc run_read(struct account_kit *kit, struct db *db, struct why *why)
{
    return account_read(db, &kit->job, kit->id, kit->out, why);
}

static errc kit_read(struct account_kit *kit, int64_t id, struct account *ret_account)
{
    kit->id = id;
    kit->out = ret_account;
    return kit_do(kit, run_read);
}

static errc run_change(struct account_kit *kit, struct db *db, struct why *why)
{
    return account_change(db, &kit->job, kit->id, kit->in, why);
}

static errc kit_change(struct account_kit *kit, int64_t id, struct account_patch patch)
{
    kit->id = id;
    kit->in = &patch;
    return kit_do(kit, run_change);
}

static errc run_disable(struct account_kit *kit, struct db *db, struct why *why)
{
    return account_disable(db, &kit->job, kit->id, why);
}

static errc run_enable(struct account_kit *kit, struct db *db, struct why *why)
{
    return account_enable(db, &kit->job, kit->id, why);
}

static errc run_unlock(struct account_kit *kit, struct db *db, struct why *why)
{
    return account_unlock(db, &kit->job, kit->id, why);
}

static errc run_grant(struct account_kit *kit, struct db *db, struct why *why)
{
    return account_grant(db, &kit->job, kit->id, kit->in, why);
}

static errc kit_grant(struct account_kit *kit, int64_t id, struct grant grant)
{
    kit->id = id;
    kit->in = &grant;
    return kit_do(kit, run_grant);
}

struct revoking {
    int64_t grant_id;
};

static errc run_revoke(struct account_kit *kit, struct db *db, struct why *why)
{
    const struct revoking *revoking = kit->in;
    return account_revoke(db, &kit->job, kit->id, revoking->grant_id, why);
}

static errc kit_revoke(struct account_kit *kit, int64_t id, int64_t grant_id)
{
    struct revoking revoking = {grant_id};
    kit->id = id;
    kit->in = &revoking;
    return kit_do(kit, run_revoke);
}

static int64_t add(struct account_kit *kit, const char *login, int64_t unit_id, enum role role)
{
    assert_int_equal(kit_add(kit, login, unit_id, role), OK);
    return kit->id;
}

static void makes_an_account_that_must_change_its_password(void **state)
{
    AUTO(kit_close) struct account_kit *kit = kit_create(test_store_of(state));
    struct account account;
    int64_t id = add(kit, "my.lo", KIT_WEST, ROLE_COMMUNE_OFFICER);
    assert_int_equal(kit_read(kit, id, &account), OK);
    assert_true(str_is(account.login, S("my.lo")));
    assert_true(str_is(account.name, S("Lò Thị Mỵ")));
    assert_int_equal(account.state, ACCOUNT_ACTIVE);
    assert_true(account.must_change_password);
    assert_int_equal(account.grants.count, 1);
    assert_int_equal(account.grants.at[0].role, ROLE_COMMUNE_OFFICER);
    assert_true(account.email.at == NULL);
    assert_int_equal(account.seen, 0);
    assert_int_equal(kit_add(kit, "My.Lo", KIT_EAST, ROLE_VIEWER), ERR_EXISTS);
    assert_string_equal(kit->bad.code, "taken");
    assert_int_equal(kit_verify(kit).entries, 1);
}

static errc create_like(struct account_kit *kit, struct account_new wanted)
{
    struct account_secret secret;
    assert_int_equal(account_secret_make(&kit->setup, kit->arena, &secret, NULL), OK);
    wanted.secret = &secret;
    kit->in = &wanted;
    kit->bad.name[0] = '\0';
    return kit_do(kit, kit_run_create);
}

static void names_the_field_that_is_wrong(void **state)
{
    AUTO(kit_close) struct account_kit *kit = kit_create(test_store_of(state));
    const struct account_new good = {.login = S("some.body"),
                                     .name = S("A <b>'"),
                                     .unit_id = KIT_WEST,
                                     .language = S("en"),
                                     .email = S("a@b.vn"),
                                     .phone = S("+84 (0)912-345")};
    const struct grant past = {0, KIT_WEST, ROLE_VIEWER, 0, KIT_TODAY};
    struct account_new bad[10];
    static const char *const fields[] = {"login",   "login",    "name",  "name",  "name",
                                         "unit_id", "language", "email", "phone", "to"};
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        bad[i] = good;
    }
    char long_name[ACCOUNT_NAME_MOST + 1];
    memset(long_name, 'x', sizeof(long_name));
    bad[0].login = S("nguyễn");
    bad[1].login = S("");
    bad[2].name = S("  ");
    bad[3].name = S("a\nb");
    bad[4].name = (str){long_name, sizeof(long_name)};
    bad[5].unit_id = 99;
    bad[6].language = S("fr");
    bad[7].email = S("a@@b.vn");
    bad[8].phone = S("call me");
    bad[9].grants = (struct grants){&past, 1};
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        assert_int_equal(create_like(kit, bad[i]), ERR_INVALID);
        assert_string_equal(kit->bad.name, fields[i]);
    }
    assert_int_equal(create_like(kit, good), OK);
    assert_int_equal(kit_verify(kit).entries, 1);
}

static void keeps_an_actor_within_their_units(void **state)
{
    AUTO(kit_close) struct account_kit *kit = kit_create(test_store_of(state));
    struct account account;
    int64_t admin = add(kit, "west.admin", KIT_WEST, ROLE_PROVINCE_ADMIN);
    int64_t top = add(kit, "top.admin", KIT_PROVINCE, ROLE_PROVINCE_ADMIN);
    int64_t east = add(kit, "east", KIT_EAST, ROLE_VIEWER);
    int64_t village = add(kit, "village", KIT_VILLAGE, ROLE_VIEWER);
    kit_act_as(kit, admin, KIT_WEST, ROLE_PROVINCE_ADMIN);
    assert_int_equal(kit_read(kit, village, &account), OK);
    assert_int_equal(kit_read(kit, east, &account), ERR_NOT_FOUND);
    assert_int_equal(kit_read(kit, 4711, &account), ERR_NOT_FOUND);
    assert_int_equal(kit_change(kit, east, (struct account_patch){.name = S("x")}), ERR_NOT_FOUND);
    assert_int_equal(kit_change(kit, village, (struct account_patch){.name = S("x")}), OK);
    assert_int_equal(kit_change(kit, village, (struct account_patch){.unit_id = KIT_EAST}),
                     ERR_FORBIDDEN);
    assert_int_equal(kit_change(kit, village, (struct account_patch){.unit_id = KIT_WEST}), OK);
    assert_int_equal(kit_add(kit, "east.two", KIT_EAST, ROLE_VIEWER), ERR_FORBIDDEN);
    kit->id = top;
    assert_int_equal(kit_do(kit, run_disable), ERR_NOT_FOUND);
}

static void lets_nobody_gain_more_than_they_hold(void **state)
{
    AUTO(kit_close) struct account_kit *kit = kit_create(test_store_of(state));
    int64_t admin = add(kit, "west.admin", KIT_WEST, ROLE_PROVINCE_ADMIN);
    int64_t village = add(kit, "village", KIT_VILLAGE, ROLE_VIEWER);
    int64_t strong = add(kit, "strong", KIT_VILLAGE, ROLE_VIEWER);
    assert_int_equal(
        kit_grant(kit, strong, (struct grant){0, KIT_PROVINCE, ROLE_AUDITOR, KIT_TODAY, DAY_OPEN}),
        OK);
    kit_act_as(kit, admin, KIT_WEST, ROLE_PROVINCE_ADMIN);
    assert_int_equal(
        kit_grant(kit, village, (struct grant){0, KIT_VILLAGE, ROLE_AUDITOR, KIT_TODAY, DAY_OPEN}),
        OK);
    assert_int_equal(
        kit_grant(kit, village, (struct grant){0, KIT_PROVINCE, ROLE_VIEWER, KIT_TODAY, DAY_OPEN}),
        ERR_FORBIDDEN);
    assert_int_equal(
        kit_grant(kit, admin,
                  (struct grant){0, KIT_PROVINCE, ROLE_PROVINCE_ADMIN, KIT_TODAY, DAY_OPEN}),
        ERR_FORBIDDEN);
    /* An account within the unit that holds more than the actor is out of reach. */
    kit->id = strong;
    assert_int_equal(kit_do(kit, run_disable), ERR_FORBIDDEN);
    kit_act_as(kit, village, KIT_VILLAGE, ROLE_AUDITOR);
    assert_int_equal(kit_change(kit, strong, (struct account_patch){.name = S("x")}),
                     ERR_FORBIDDEN);
    assert_int_equal(kit_change(kit, village, (struct account_patch){.name = S("Own Name")}), OK);
    assert_int_equal(kit_change(kit, village, (struct account_patch){.unit_id = KIT_WEST}),
                     ERR_FORBIDDEN);
}

static void keeps_somebody_who_administers(void **state)
{
    AUTO(kit_close) struct account_kit *kit = kit_create(test_store_of(state));
    struct account account;
    int64_t one = add(kit, "one", KIT_PROVINCE, ROLE_PROVINCE_ADMIN);
    int64_t west = add(kit, "west", KIT_WEST, ROLE_PROVINCE_ADMIN);
    kit_act_as(kit, one, KIT_PROVINCE, ROLE_PROVINCE_ADMIN);
    kit->id = one;
    assert_int_equal(kit_do(kit, run_disable), ERR_IN_USE);
    assert_int_equal(kit_read(kit, one, &account), OK);
    assert_int_equal(kit_revoke(kit, one, account.grants.at[0].id), ERR_IN_USE);
    kit->id = west; /* the one above remains */
    assert_int_equal(kit_do(kit, run_disable), OK);
    int64_t two = add(kit, "two", KIT_PROVINCE, ROLE_PROVINCE_ADMIN);
    assert_int_equal(kit_revoke(kit, one, account.grants.at[0].id), OK);
    kit->id = two;
    assert_int_equal(kit_do(kit, run_disable), ERR_IN_USE);
    assert_int_equal(kit_read(kit, one, &account), OK);
    assert_int_equal(account.grants.count, 0);
    assert_int_equal(kit_revoke(kit, one, 12345), ERR_NOT_FOUND);
}

struct rival {
    struct store *store;
    struct account_kit *kit;
    struct grant grant;
    struct actor actor;
    int64_t victim;
    errc rc;
};

static errc disable_rival(void *ctx, struct db *db, struct why *why)
{
    struct rival *rival = ctx;
    AUTO(arena_close) struct arena *arena = NULL;
    TRY(arena_create(1 << 20, &arena));
    struct account_job job = {&rival->kit->setup, &rival->actor, arena, NULL};
    return account_disable(db, &job, rival->victim, why);
}

static void *run_rival(void *ctx)
{
    struct rival *rival = ctx;
    rival->rc = store_write_now(rival->store, disable_rival, rival, NULL);
    return NULL;
}

/* Two administrators on two servers disable each other at the same moment. */
static void lets_only_one_of_two_administrators_go(void **state)
{
    AUTO(kit_close) struct account_kit *kit = kit_create(test_store_of(state));
    AUTO(store_closer) struct store *second = NULL;
    assert_int_equal(store_open(&kit->test->config, &second, NULL), OK);
    int64_t ids[] = {add(kit, "one", KIT_PROVINCE, ROLE_PROVINCE_ADMIN),
                     add(kit, "two", KIT_PROVINCE, ROLE_PROVINCE_ADMIN)};
    struct rival rivals[2];
    pthread_t threads[2];
    for (size_t i = 0; i < 2; i++) {
        rivals[i] = (struct rival){
            .store = i == 0 ? kit->test->store : second,
            .kit = kit,
            .grant = {0, KIT_PROVINCE, ROLE_PROVINCE_ADMIN, 0, DAY_OPEN},
            .actor = kit->actor,
            .victim = ids[1 - i],
        };
        rivals[i].actor.account_id = ids[i];
        rivals[i].actor.grants = (struct grants){&rivals[i].grant, 1};
        assert_int_equal(pthread_create(&threads[i], NULL, run_rival, &rivals[i]), 0);
    }
    assert_int_equal(pthread_join(threads[0], NULL), 0);
    assert_int_equal(pthread_join(threads[1], NULL), 0);
    assert_int_not_equal(rivals[0].rc == OK, rivals[1].rc == OK);
    assert_int_equal(rivals[0].rc == OK ? rivals[1].rc : rivals[0].rc, ERR_IN_USE);
}

static void ends_a_role_on_its_day_and_remembers_it(void **state)
{
    AUTO(kit_close) struct account_kit *kit = kit_create(test_store_of(state));
    struct account account;
    int64_t id = add(kit, "dated", KIT_WEST, ROLE_VIEWER);
    assert_int_equal(
        kit_grant(kit, id,
                  (struct grant){0, KIT_WEST, ROLE_EDITOR, KIT_TODAY + 10, KIT_TODAY + 20}),
        OK);
    assert_int_equal(kit_read(kit, id, &account), OK);
    assert_int_equal(account.grants.count, 2);
    assert_int_equal(role_set_of(account.grants, KIT_TODAY), ROLE_BIT(ROLE_VIEWER));
    kit_pass(kit, 20 * USEC_DAY);
    assert_int_equal(kit_read(kit, id, &account), OK);
    assert_int_equal(account.grants.count, 1);
    assert_int_equal(
        kit_grant(kit, id, (struct grant){0, KIT_WEST, ROLE_EDITOR, KIT_TODAY, KIT_TODAY + 20}),
        ERR_INVALID);
    assert_int_equal(
        kit_grant(kit, id,
                  (struct grant){0, KIT_WEST, ROLE_EDITOR, KIT_TODAY + 50, KIT_TODAY + 40}),
        ERR_INVALID);
}

static errc run_list(struct account_kit *kit, struct db *db, struct why *why)
{
    return account_list(db, &kit->job, kit->in, kit->out, why);
}

static size_t count_listed(struct account_kit *kit, struct account_filter filter)
{
    struct account_page page;
    kit->in = &filter;
    kit->out = &page;
    assert_int_equal(kit_do(kit, run_list), OK);
    return page.count;
}

static void lists_what_fits_the_filter(void **state)
{
    AUTO(kit_close) struct account_kit *kit = kit_create(test_store_of(state));
    struct account_filter bad_role = {.role = S("king")};
    add(kit, "one", KIT_PROVINCE, ROLE_PROVINCE_ADMIN);
    add(kit, "two", KIT_WEST, ROLE_EDITOR);
    int64_t three = add(kit, "three", KIT_VILLAGE, ROLE_EDITOR);
    add(kit, "four", KIT_EAST, ROLE_VIEWER);
    assert_int_equal(
        kit_change(kit, three,
                   (struct account_patch){.name = S("Đặng Văn Hoà"), .email = S("hoa@xa.vn")}),
        OK);
    assert_int_equal(count_listed(kit, (struct account_filter){.limit = 50}), 4);
    assert_int_equal(count_listed(kit, (struct account_filter){.query = S("dang HOA")}), 1);
    assert_int_equal(count_listed(kit, (struct account_filter){.query = S("hoa@xa")}), 1);
    assert_int_equal(count_listed(kit, (struct account_filter){.query = S("lo thi")}), 3);
    assert_int_equal(count_listed(kit, (struct account_filter){.query = S("%")}), 0);
    assert_int_equal(count_listed(kit, (struct account_filter){.unit_id = KIT_WEST}), 2);
    assert_int_equal(count_listed(kit, (struct account_filter){.role = S("editor")}), 2);
    assert_int_equal(
        count_listed(kit, (struct account_filter){.role = S("editor"), .unit_id = KIT_VILLAGE}), 1);
    kit->id = three;
    assert_int_equal(kit_do(kit, run_disable), OK);
    assert_int_equal(count_listed(kit, (struct account_filter){.state = S("disabled")}), 1);
    assert_int_equal(count_listed(kit, (struct account_filter){.state = S("active")}), 3);
    kit_act_as(kit, 99, KIT_WEST, ROLE_AUDITOR);
    assert_int_equal(count_listed(kit, (struct account_filter){.limit = 50}), 2);
    kit->in = &bad_role;
    assert_int_equal(kit_do(kit, run_list), ERR_INVALID);
}

static void pages_through_all_accounts_once(void **state)
{
    AUTO(kit_close) struct account_kit *kit = kit_create(test_store_of(state));
    struct account_filter filter = {.limit = 3};
    struct account_page page = {.next = STR_NONE};
    uint32_t seen = 0;
    for (int i = 0; i < 10; i++) {
        char login[16];
        ignore_int(snprintf(login, sizeof(login), "account%d", i));
        int64_t id = add(kit, login, KIT_WEST, ROLE_VIEWER);
        assert_int_equal(
            kit_grant(kit, id, (struct grant){0, KIT_WEST, ROLE_EDITOR, KIT_TODAY, DAY_OPEN}), OK);
    }
    for (int pages = 0; pages < 4; pages++) {
        filter.after = page.next;
        kit->in = &filter;
        kit->out = &page;
        assert_int_equal(kit_do(kit, run_list), OK);
        assert_int_equal(page.count, pages < 3 ? 3 : 1);
        for (size_t i = 0; i < page.count; i++) {
            uint32_t bit = UINT32_C(1) << (page.at[i].login.at[7] - '0');
            assert_int_equal(seen & bit, 0);
            assert_int_equal(page.at[i].grants.count, 2);
            seen |= bit;
        }
    }
    assert_true(page.next.at == NULL);
    assert_int_equal(seen, 0x3ff);
    filter.after = S("AAAA");
    assert_int_equal(kit_do(kit, run_list), ERR_BAD_REQUEST);
}

static errc run_inactive(struct account_kit *kit, struct db *db, struct why *why)
{
    return account_disable_inactive(db, &kit->job, 100, &kit->id, why);
}

static void disables_who_stays_away_but_not_the_last_administrator(void **state)
{
    AUTO(kit_close) struct account_kit *kit = kit_create(test_store_of(state));
    struct kit_login login;
    struct account account;
    int64_t admin = add(kit, "admin", KIT_PROVINCE, ROLE_PROVINCE_ADMIN);
    int64_t away = add(kit, "away", KIT_WEST, ROLE_VIEWER);
    int64_t busy = add(kit, "busy", KIT_WEST, ROLE_VIEWER);
    kit_pass(kit, 40 * USEC_DAY);
    assert_int_equal(kit_sign_in(kit, "busy", "quiet rain on tin roofs", &login), OK);
    kit_pass(kit, 5 * USEC_DAY - 1);
    assert_int_equal(kit_do(kit, run_inactive), OK);
    assert_int_equal(kit->id, 0);
    kit_pass(kit, 1);
    assert_int_equal(kit_do(kit, run_inactive), OK);
    assert_int_equal(kit->id, 1);
    assert_int_equal(kit_read(kit, away, &account), OK);
    assert_int_equal(account.state, ACCOUNT_INACTIVE);
    assert_int_equal(kit_read(kit, busy, &account), OK);
    assert_int_equal(account.state, ACCOUNT_ACTIVE);
    assert_int_equal(kit_read(kit, admin, &account), OK);
    assert_int_equal(account.state, ACCOUNT_ACTIVE);
    kit->id = away;
    assert_int_equal(kit_do(kit, run_enable), OK);
    assert_int_equal(kit_do(kit, run_inactive), OK);
    assert_int_equal(kit->id, 0); /* enabling counts as being there */
}

static void unlocks_and_shows_the_lock(void **state)
{
    AUTO(kit_close) struct account_kit *kit = kit_create(test_store_of(state));
    struct kit_login login;
    struct account account;
    int64_t id = add(kit, "an", KIT_WEST, ROLE_VIEWER);
    for (int i = 0; i < 5; i++) {
        ignore(kit_sign_in(kit, "an", "wrong", &login));
    }
    assert_int_equal(kit_read(kit, id, &account), OK);
    assert_int_equal(account.state, ACCOUNT_LOCKED);
    assert_int_equal(count_listed(kit, (struct account_filter){.state = S("locked")}), 1);
    kit->id = id;
    assert_int_equal(kit_do(kit, run_unlock), OK);
    assert_int_equal(kit_sign_in(kit, "an", "quiet rain on tin roofs", &login), OK);
}

static errc run_reset(struct account_kit *kit, struct db *db, struct why *why)
{
    return account_reset(db, &kit->job, kit->id, kit->in, why);
}

static void resets_to_a_password_that_is_told_once(void **state)
{
    AUTO(kit_close) struct account_kit *kit = kit_create(test_store_of(state));
    struct account_secret secret;
    struct kit_login login;
    struct session session;
    int64_t id = add(kit, "an", KIT_WEST, ROLE_VIEWER);
    assert_int_equal(kit_sign_in(kit, "an", "quiet rain on tin roofs", &login), OK);
    assert_int_equal(account_secret_make(&kit->setup, kit->arena, &secret, NULL), OK);
    struct account_reset reset = {&secret, true};
    kit->id = id;
    kit->in = &reset;
    assert_int_equal(kit_do(kit, run_reset), OK);
    assert_int_equal(kit_load(kit, &login.outcome.token, &session), ERR_SIGNED_OUT);
    assert_int_equal(kit_sign_in(kit, "an", "quiet rain on tin roofs", &login), ERR_SIGN_IN_FAILED);
    assert_int_equal(kit_sign_in(kit, "an", secret.password, &login), OK);
    assert_int_equal(kit_load(kit, &login.outcome.token, &session), OK);
    assert_true(session.must_change_password);
}

static errc run_password(struct account_kit *kit, struct db *db, struct why *why)
{
    return account_change_own_password(db, &kit->job, kit->in, kit->out, why);
}

static errc change_password(struct account_kit *kit, const char *current, const char *next)
{
    struct kit_login login = {.attempt = {S("an"), str_of(current), kit->actor.address, STR_NONE,
                                          kit->actor.now, kit->actor.today}};
    struct password_hash hashed;
    struct account_password password = {&login.look, &hashed};
    struct login_outcome outcome;
    TRY(account_check_password(&kit->job, STR_NONE, str_of(current), str_of(next), NULL));
    kit->out = &login;
    TRY(kit_do(kit, kit_run_look));
    TRY(login_weigh(&kit->setup, &login.attempt, kit->arena, &login.look, NULL));
    TRY(password_make_hash(&kit->setup.policy, str_of(next), kit->arena, &hashed, NULL));
    kit->in = &password;
    kit->out = &outcome;
    TRY(kit_do(kit, run_password));
    return outcome.rc;
}

static void changes_ones_own_password_and_ends_other_sessions(void **state)
{
    AUTO(kit_close) struct account_kit *kit = kit_create(test_store_of(state));
    struct kit_login other;
    struct kit_login login;
    struct session session;
    add(kit, "an", KIT_WEST, ROLE_VIEWER);
    assert_int_equal(kit_sign_in(kit, "an", "quiet rain on tin roofs", &other), OK);
    assert_int_equal(kit_sign_in(kit, "an", "quiet rain on tin roofs", &login), OK);
    assert_int_equal(kit_load(kit, &login.outcome.token, &session), OK);
    kit_be(kit, &session);
    assert_int_equal(change_password(kit, "quiet rain on tin roofs", "short"), ERR_PASSWORD_WEAK);
    assert_string_equal(kit->bad.code, "too_short");
    assert_int_equal(change_password(kit, "quiet rain on tin roofs", "quiet rain on tin roofs"),
                     ERR_PASSWORD_WEAK);
    assert_int_equal(change_password(kit, "wrong", "loud wind in the bamboo"), ERR_SIGN_IN_FAILED);
    assert_int_equal(change_password(kit, "quiet rain on tin roofs", "loud wind in the bamboo"),
                     OK);
    struct session after;
    assert_int_equal(kit_load(kit, &login.outcome.token, &after), OK);
    assert_false(after.must_change_password);
    assert_int_equal(kit_load(kit, &other.outcome.token, &after), ERR_SIGNED_OUT);
    assert_int_equal(kit_sign_in(kit, "an", "loud wind in the bamboo", &login), OK);
}

static errc run_sessions(struct account_kit *kit, struct db *db, struct why *why)
{
    return session_list(db, &kit->job, kit->actor.account_id, kit->out, why);
}

static errc run_end(struct account_kit *kit, struct db *db, struct why *why)
{
    return session_end(db, &kit->job, kit->id, why);
}

static errc run_lock(struct account_kit *kit, struct db *db, struct why *why)
{
    return session_lock(db, &kit->job, why);
}

static errc run_tidy(struct account_kit *kit, struct db *db, struct why *why)
{
    TRY(login_tidy(db, &kit->setup.policy, kit->actor.now, why));
    return session_tidy(db, &kit->setup.policy, kit->actor.now, why);
}

static void lists_and_ends_ones_sessions(void **state)
{
    AUTO(kit_close) struct account_kit *kit = kit_create(test_store_of(state));
    struct kit_login logins[2];
    struct session session;
    struct session other;
    struct session_lines lines;
    add(kit, "an", KIT_WEST, ROLE_VIEWER);
    assert_int_equal(kit_sign_in(kit, "an", "quiet rain on tin roofs", &logins[0]), OK);
    kit_pass(kit, USEC_SECOND);
    assert_int_equal(kit_sign_in(kit, "an", "quiet rain on tin roofs", &logins[1]), OK);
    assert_int_equal(kit_load(kit, &logins[0].outcome.token, &session), OK);
    kit_be(kit, &session);
    kit->out = &lines;
    assert_int_equal(kit_do(kit, run_sessions), OK);
    assert_int_equal(lines.count, 2);
    assert_true(lines.at[1].current && !lines.at[0].current);
    assert_int_equal(kit_do(kit, run_lock), OK);
    assert_int_equal(kit_load(kit, &logins[0].outcome.token, &other), OK);
    assert_int_equal(session_state_at(&other, &kit->setup.policy, kit->actor.now), SESSION_LOCKED);
    kit->id = logins[1].outcome.session_id;
    assert_int_equal(kit_do(kit, run_end), OK);
    assert_int_equal(kit_do(kit, run_end), ERR_NOT_FOUND);
    assert_int_equal(kit_load(kit, &logins[1].outcome.token, &other), ERR_SIGNED_OUT);
    kit_pass(kit, kit->setup.policy.session_most + 1);
    assert_int_equal(kit_do(kit, run_tidy), OK);
    assert_int_equal(kit_load(kit, &logins[0].outcome.token, &other), ERR_SIGNED_OUT);
}

static errc run_seen(struct account_kit *kit, struct db *db, struct why *why)
{
    return session_write_seen(db, kit->in, 1, why);
}

static void writes_last_seen_only_forward(void **state)
{
    AUTO(kit_close) struct account_kit *kit = kit_create(test_store_of(state));
    struct kit_login login;
    struct session session;
    add(kit, "an", KIT_WEST, ROLE_VIEWER);
    assert_int_equal(kit_sign_in(kit, "an", "quiet rain on tin roofs", &login), OK);
    struct session_seen seen = {login.outcome.session_id, kit->actor.now + USEC_MINUTE};
    struct session_seen before = {login.outcome.session_id, kit->actor.now};
    kit->in = &seen;
    assert_int_equal(kit_do(kit, run_seen), OK);
    kit->in = &before;
    assert_int_equal(kit_do(kit, run_seen), OK);
    assert_int_equal(kit_load(kit, &login.outcome.token, &session), OK);
    assert_int_equal(session.seen, kit->actor.now + USEC_MINUTE);
}

static void makes_all_of_an_account_or_nothing(void **state)
{
    AUTO(kit_close) struct account_kit *kit = kit_create(test_store_of(state));
    bool hit = true;
    int made = 0;
    for (unsigned long nth = 1; hit && nth < 200; nth++) {
        char login[16];
        ignore_int(snprintf(login, sizeof(login), "try%lu", nth));
        store_torture(nth);
        errc rc = kit_add(kit, login, KIT_WEST, ROLE_EDITOR);
        hit = store_torture_hit();
        store_torture(0);
        made += rc == OK ? 1 : 0;
        assert_true(rc == OK || rc == ERR_STORE);
        struct account_page page;
        struct account_filter filter = {.limit = 200};
        kit->in = &filter;
        kit->out = &page;
        assert_int_equal(kit_do(kit, run_list), OK);
        for (size_t i = 0; i < page.count; i++) {
            assert_int_equal(page.at[i].grants.count, 1);
        }
        assert_int_equal(kit_verify(kit).entries, page.count);
    }
    assert_false(hit);
    assert_true(made >= 1);
}

static void comes_through_an_exhausted_heap(void **state)
{
    AUTO(kit_close) struct account_kit *kit = kit_create(test_store_of(state));
    bool hit = true;
    int failed = 0;
    int64_t entries = 0;
    for (unsigned long nth = 1; hit && nth < 300; nth++) {
        char login[16];
        ignore_int(snprintf(login, sizeof(login), "try%lu", nth));
        mem_torture(nth);
        errc rc = kit_add(kit, login, KIT_WEST, ROLE_EDITOR);
        hit = mem_torture_hit() != 0;
        mem_torture(0);
        arena_reset(kit->arena);
        failed += rc == OK ? 0 : 1;
        entries += rc == OK ? 1 : 0;
        assert_true(rc == OK || (hit && rc == ERR_NO_MEMORY));
        assert_int_equal(kit_verify(kit).entries, entries);
    }
    assert_false(hit);
    assert_true(failed >= 1 && entries >= 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_ON_BOTH(makes_an_account_that_must_change_its_password),
        TEST_ON_BOTH(names_the_field_that_is_wrong),
        TEST_ON_BOTH(keeps_an_actor_within_their_units),
        TEST_ON_BOTH(lets_nobody_gain_more_than_they_hold),
        TEST_ON_BOTH(keeps_somebody_who_administers),
        TEST_ON_BOTH(lets_only_one_of_two_administrators_go),
        TEST_ON_BOTH(ends_a_role_on_its_day_and_remembers_it),
        TEST_ON_BOTH(lists_what_fits_the_filter),
        TEST_ON_BOTH(pages_through_all_accounts_once),
        TEST_ON_BOTH(disables_who_stays_away_but_not_the_last_administrator),
        TEST_ON_BOTH(unlocks_and_shows_the_lock),
        TEST_ON_BOTH(resets_to_a_password_that_is_told_once),
        TEST_ON_BOTH(changes_ones_own_password_and_ends_other_sessions),
        TEST_ON_BOTH(lists_and_ends_ones_sessions),
        TEST_ON_BOTH(writes_last_seen_only_forward),
        TEST_ON_BOTH(makes_all_of_an_account_or_nothing),
        TEST_ON_SQLITE(comes_through_an_exhausted_heap),
    };
    return cmocka_run_group_tests_name("people: account", tests, NULL, NULL);
}
