/* Sessions: which state follows from which times, what may be done in it, that tokens tell nothing,
 * and that the cache forgets when it must. */
#include "people/session.h"
#include "people/session_cache.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { TODAY = 20000 };
static const usec start = 1700000000 * USEC_SECOND;

static struct session session_of(int64_t id)
{
    struct session session = {
        .id = id, .account_id = 7, .unit_id = 3, .created = start, .seen = start, .grant_count = 1};
    session.grants[0] = (struct grant){1, 3, ROLE_VIEWER, 0, DAY_OPEN};
    return session;
}

static void passes_through_its_states_with_time(void **state)
{
    (void)state;
    struct policy policy = policy_default();
    static const struct {
        usec after;
        usec seen_after;
        usec locked_after; /* 0: not */
        bool second_factor;
        enum session_state expected;
    } cases[] = {
        {0, 0, 0, false, SESSION_SIGNED_IN},
        {15 * USEC_MINUTE - 1, 0, 0, false, SESSION_SIGNED_IN},
        {15 * USEC_MINUTE, 0, 0, false, SESSION_LOCKED},
        {20 * USEC_MINUTE, 19 * USEC_MINUTE, 0, false, SESSION_SIGNED_IN},
        {20 * USEC_MINUTE, 19 * USEC_MINUTE, 19 * USEC_MINUTE, false, SESSION_LOCKED},
        {12 * USEC_HOUR - 1, 12 * USEC_HOUR - 2, 0, false, SESSION_SIGNED_IN},
        {12 * USEC_HOUR, 12 * USEC_HOUR - 2, 0, false, SESSION_ANONYMOUS},
        {12 * USEC_HOUR, 0, 1, false, SESSION_ANONYMOUS},
        {10 * USEC_MINUTE - 1, 0, 0, true, SESSION_SECOND_FACTOR},
        {10 * USEC_MINUTE, 0, 0, true, SESSION_ANONYMOUS},
        {-USEC_HOUR, 0, 0, false, SESSION_SIGNED_IN}, /* the clock was set back */
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct session session = session_of(1);
        session.seen = start + cases[i].seen_after;
        session.locked = cases[i].locked_after == 0 ? 0 : start + cases[i].locked_after;
        session.needs_second_factor = cases[i].second_factor;
        print_message("case %zu\n", i);
        assert_int_equal(session_state_at(&session, &policy, start + cases[i].after),
                         cases[i].expected);
    }
    struct session none = {0};
    assert_int_equal(session_state_at(&none, &policy, start), SESSION_ANONYMOUS);
}

static void tells_at_the_gate_what_is_missing(void **state)
{
    (void)state;
    struct policy policy = policy_default();
    struct session session = session_of(1);
    struct session none = {0};
    assert_int_equal(session_gate(&none, &policy, RIGHT_PUBLIC, start, TODAY), OK);
    assert_int_equal(session_gate(&none, &policy, RIGHT_SELF, start, TODAY), ERR_SIGNED_OUT);
    assert_int_equal(session_gate(&session, &policy, RIGHT_UNITS_READ, start, TODAY), OK);
    assert_int_equal(session_gate(&session, &policy, RIGHT_AUDIT_READ, start, TODAY),
                     ERR_FORBIDDEN);
    assert_int_equal(session_gate(&session, &policy, RIGHT_SELF, start + USEC_HOUR, TODAY),
                     ERR_SESSION_LOCKED);
    session.must_change_password = true;
    assert_int_equal(session_gate(&session, &policy, RIGHT_SELF, start, TODAY), OK);
    assert_int_equal(session_gate(&session, &policy, RIGHT_UNITS_READ, start, TODAY),
                     ERR_MUST_CHANGE_PASSWORD);
    session.needs_second_factor = true;
    assert_int_equal(session_gate(&session, &policy, RIGHT_SELF, start, TODAY), ERR_SECOND_FACTOR);
}

static void demands_a_second_factor_of_administrators_only(void **state)
{
    (void)state;
    struct policy policy = policy_default();
    struct session session = session_of(1);
    assert_int_equal(session_must(&session, &policy, TODAY), 0);
    session.grants[0].role = ROLE_PROVINCE_ADMIN;
    assert_int_equal(session_must(&session, &policy, TODAY), SESSION_MUST_ENROL);
    assert_int_equal(session_gate(&session, &policy, RIGHT_UNITS_READ, start, TODAY),
                     ERR_SECOND_FACTOR);
    session.factors = SESSION_HAS_RECOVERY; /* codes alone are no second factor */
    assert_int_equal(session_must(&session, &policy, TODAY), SESSION_MUST_ENROL);
    session.factors = SESSION_HAS_WEBAUTHN;
    assert_int_equal(session_must(&session, &policy, TODAY), 0);
    session.factors = 0;
    session.grants[0].to = TODAY; /* was one until yesterday */
    assert_int_equal(session_must(&session, &policy, TODAY), 0);
}

static void makes_tokens_whose_hash_and_csrf_differ(void **state)
{
    (void)state;
    struct entropy_seed seed = {1};
    struct session_token token;
    char csrf[SESSION_TOKEN_ROOM];
    session_token_make(entropy_seeded(&seed), &token);
    str text = str_of(token.text);
    assert_true(session_token_is_text(text));
    assert_false(session_token_is_text(S("short")));
    assert_false(session_token_is_text(S("' OR 1=1; DROP TABLE accounts; -- ---------")));
    session_token_csrf(text, csrf);
    assert_string_not_equal(csrf, token.text);
    assert_true(session_csrf_is(text, str_of(csrf)));
    assert_false(session_csrf_is(text, text));
    assert_false(session_csrf_is(text, STR_NONE));
    assert_false(session_csrf_is(str_of(csrf), str_of(csrf)));
    assert_false(hash_is(session_token_hash(text), hash_of(text)));
}

static struct session_cache *cache_of(size_t entries)
{
    struct session_cache *cache = NULL;
    assert_int_equal(session_cache_create(entries, &cache), OK);
    return cache;
}

static hash token_of(uint64_t number)
{
    return hash_of((str){(const char *)&number, sizeof(number)});
}

static void remembers_until_told_to_forget(void **state)
{
    (void)state;
    struct policy policy = policy_default();
    struct session_cache *cache = cache_of(64);
    struct session session = session_of(5);
    assert_null(session_cache_find(cache, token_of(1), &policy, start));
    session_cache_keep(cache, token_of(1), &session, session_cache_generation(cache));
    assert_int_equal(session_cache_find(cache, token_of(1), &policy, start)->id, 5);
    assert_null(session_cache_find(cache, token_of(2), &policy, start));
    uint64_t before = session_cache_generation(cache);
    session_cache_forget(cache);
    assert_null(session_cache_find(cache, token_of(1), &policy, start));
    session_cache_keep(cache, token_of(1), &session, before); /* read before the change */
    assert_null(session_cache_find(cache, token_of(1), &policy, start));
    session_cache_destroy(cache);
}

static void asks_the_store_before_it_calls_anything_locked_or_ended(void **state)
{
    (void)state;
    struct policy policy = policy_default();
    struct session_cache *cache = cache_of(64);
    struct session session = session_of(5);
    session_cache_keep(cache, token_of(1), &session, session_cache_generation(cache));
    assert_null(session_cache_find(cache, token_of(1), &policy, start + policy.idle_lock));
    session_cache_touch(cache, token_of(1), start + policy.idle_lock);
    assert_non_null(session_cache_find(cache, token_of(1), &policy, start + policy.idle_lock));
    assert_null(session_cache_find(cache, token_of(1), &policy, start + policy.session_most));
    session_cache_destroy(cache);
}

static void writes_last_seen_lazily_and_once(void **state)
{
    (void)state;
    struct policy policy = policy_default();
    struct session_cache *cache = cache_of(64);
    struct session session = session_of(5);
    struct session_seen seen[4];
    usec late = start + policy.seen_every;
    session_cache_keep(cache, token_of(1), &session, session_cache_generation(cache));
    assert_int_equal(session_cache_take_seen(cache, &policy, late, seen, 4), 0);
    session_cache_touch(cache, token_of(1), start + USEC_SECOND);
    assert_int_equal(session_cache_take_seen(cache, &policy, start + USEC_SECOND, seen, 4), 0);
    assert_int_equal(session_cache_take_seen(cache, &policy, late, seen, 0), 0);
    assert_int_equal(session_cache_take_seen(cache, &policy, late, seen, 4), 1);
    assert_int_equal(seen[0].session_id, 5);
    assert_int_equal(seen[0].seen, start + USEC_SECOND);
    assert_int_equal(session_cache_take_seen(cache, &policy, late, seen, 4), 0);
    session_cache_destroy(cache);
}

static void stays_within_its_room_under_a_flood(void **state)
{
    (void)state;
    struct policy policy = policy_default();
    struct session_cache *cache = cache_of(64);
    size_t known = 0;
    for (int64_t i = 1; i <= 10000; i++) {
        struct session session = session_of(i);
        session_cache_keep(cache, token_of((uint64_t)i), &session, session_cache_generation(cache));
        assert_int_equal(session_cache_find(cache, token_of((uint64_t)i), &policy, start)->id, i);
    }
    for (int64_t i = 1; i <= 10000; i++) {
        known += session_cache_find(cache, token_of((uint64_t)i), &policy, start) != NULL ? 1 : 0;
    }
    assert_in_range(known, 32, 64);
    session_cache_destroy(cache);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(passes_through_its_states_with_time),
        cmocka_unit_test(tells_at_the_gate_what_is_missing),
        cmocka_unit_test(demands_a_second_factor_of_administrators_only),
        cmocka_unit_test(makes_tokens_whose_hash_and_csrf_differ),
        cmocka_unit_test(remembers_until_told_to_forget),
        cmocka_unit_test(asks_the_store_before_it_calls_anything_locked_or_ended),
        cmocka_unit_test(writes_last_seen_lazily_and_once),
        cmocka_unit_test(stays_within_its_room_under_a_flood),
    };
    return cmocka_run_group_tests_name("people: session", tests, NULL, NULL);
}
