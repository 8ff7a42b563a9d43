/* Signing in, step by step, on both databases: what is let in, what is counted, what locks and for
 * how long, and that nobody learns whether a name is known. */
#include "people/account_testing.h"
#include "people/webauthn_rsa_testing.h"

#include <setjmp.h>
#include <sodium.h>
#include <stdarg.h>

#include <cmocka.h>

static const struct store_room *const rooms[] = {&people_room};
static const struct test_plan sqlite = {STORE_SQLITE, rooms, COUNT_OF(rooms)};
static const struct test_plan postgresql = {STORE_POSTGRESQL, rooms, COUNT_OF(rooms)};

static const char *const right = "quiet rain on tin roofs";

static void locks_a_name_at_the_limit_and_longer_each_time(void **state)
{
    (void)state;
    struct policy policy = policy_default();
    struct throttle throttle = {0};
    static const usec waits[] = {15 * USEC_MINUTE, 30 * USEC_MINUTE, USEC_HOUR,
                                 2 * USEC_HOUR,    4 * USEC_HOUR,    4 * USEC_HOUR};
    usec now = KIT_TODAY * USEC_DAY;
    for (size_t i = 0; i < COUNT_OF(waits); i++) {
        for (int j = 0; j < policy.failures_lock; j++) {
            assert_false(throttle_is_locked(&throttle, now));
            throttle = throttle_fail_name(throttle, &policy, now);
        }
        assert_true(throttle_is_locked(&throttle, now));
        assert_int_equal(throttle.locked_until - now, waits[i]);
        now = throttle.locked_until;
    }
    throttle = throttle_fail_name(throttle, &policy, now + policy.failures_forget);
    assert_int_equal(throttle.failures, 1);
    assert_int_equal(throttle.locks, 0);
}

static void lets_an_address_wait_for_the_rest_of_its_window(void **state)
{
    (void)state;
    struct policy policy = policy_default();
    struct throttle throttle = {0};
    usec start = KIT_TODAY * USEC_DAY;
    for (int i = 1; i <= policy.address_failures; i++) {
        assert_false(throttle_is_locked(&throttle, start + i));
        throttle = throttle_fail_address(throttle, &policy, start + i);
    }
    assert_int_equal(throttle.locked_until, start + 1 + policy.address_window);
    throttle = throttle_fail_address(throttle, &policy, throttle.locked_until);
    assert_int_equal(throttle.failures, 1);
}

static void counts_a_household_as_one_address(void **state)
{
    (void)state;
    assert_true(hash_is(throttle_address_key(S("2001:db8:1:2::3")),
                        throttle_address_key(S("2001:db8:1:2:ffff::9"))));
    assert_false(hash_is(throttle_address_key(S("2001:db8:1:2::3")),
                         throttle_address_key(S("2001:db8:1:3::3"))));
    assert_false(
        hash_is(throttle_address_key(S("192.0.2.1")), throttle_address_key(S("192.0.2.2"))));
    assert_false(hash_is(throttle_address_key(S("an")), throttle_name_key(S("an"))));
}

static void reads_a_name_as_it_is_typed(void **state)
{
    (void)state;
    AUTO(arena_close) struct arena *arena = NULL;
    str login;
    assert_int_equal(arena_create(65536, &arena), OK);
    assert_int_equal(login_normalise(arena, S(" An.Nguyen@xa "), &login), OK);
    assert_true(str_is(login, S("an.nguyen@xa")));
    assert_int_equal(login_normalise(arena, S("nguyễn"), &login), ERR_INVALID);
    assert_int_equal(login_normalise(arena, S("a b"), &login), ERR_INVALID);
    assert_int_equal(login_normalise(arena, S("' OR 1=1 --"), &login), ERR_INVALID);
    assert_int_equal(login_normalise(arena, S("  "), &login), ERR_INVALID);
}

static struct account_kit *kit_with(void **state, enum role role)
{
    struct account_kit *kit = kit_create(test_store_of(state));
    assert_int_equal(kit_add(kit, "an", KIT_WEST, role), OK);
    return kit;
}

static void signs_in_with_the_right_password(void **state)
{
    AUTO(kit_close) struct account_kit *kit = kit_with(state, ROLE_EDITOR);
    struct kit_login login;
    struct session session;
    assert_int_equal(kit_sign_in(kit, " AN ", right, &login), OK);
    assert_int_equal(kit_load(kit, &login.outcome.token, &session), OK);
    assert_int_equal(session.account_id, kit->id);
    assert_string_equal(session.login, "an");
    assert_int_equal(session.grant_count, 1);
    assert_true(session.must_change_password);
    assert_int_equal(session_state_at(&session, &kit->setup.policy, kit->actor.now),
                     SESSION_SIGNED_IN);
    login.outcome.token.text[3] ^= 1;
    assert_int_equal(kit_load(kit, &login.outcome.token, &session), ERR_SIGNED_OUT);
    assert_true(kit_verify(kit).ok);
}

static void locks_after_five_failures_known_or_not(void **state)
{
    AUTO(kit_close) struct account_kit *kit = kit_with(state, ROLE_EDITOR);
    struct kit_login login;
    static const char *const names[] = {"an", "nobody", "Nguyễn \xe1\xba", ""};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        for (int j = 1; j < 5; j++) {
            assert_int_equal(kit_sign_in(kit, names[i], "wrong", &login), ERR_SIGN_IN_FAILED);
        }
        assert_int_equal(kit_sign_in(kit, names[i], "wrong", &login), ERR_ACCOUNT_LOCKED);
        assert_int_equal(login.outcome.until, kit->actor.now + kit->setup.policy.lock_first);
        assert_int_equal(kit_sign_in(kit, names[i], right, &login), ERR_ACCOUNT_LOCKED);
    }
    kit_pass(kit, kit->setup.policy.lock_first);
    assert_int_equal(kit_sign_in(kit, "an", right, &login), OK);
    for (int j = 1; j < 5; j++) { /* forgiven: the count begins anew */
        assert_int_equal(kit_sign_in(kit, "an", "wrong", &login), ERR_SIGN_IN_FAILED);
    }
}

static void makes_an_address_wait_that_tries_many_names(void **state)
{
    AUTO(kit_close) struct account_kit *kit = kit_with(state, ROLE_EDITOR);
    struct kit_login login;
    kit->setup.policy.address_failures = 6;
    for (int i = 0; i < 6; i++) {
        char name[16];
        ignore_int(snprintf(name, sizeof(name), "name%d", i));
        assert_int_equal(kit_sign_in(kit, name, "wrong", &login), ERR_SIGN_IN_FAILED);
    }
    assert_int_equal(kit_sign_in(kit, "an", right, &login), ERR_TOO_MANY);
    kit->actor.address = S("192.0.2.8");
    assert_int_equal(kit_sign_in(kit, "an", right, &login), OK);
}

/* All are weighed before any is settled, as when they arrive at once. */
static void judges_guesses_sent_at_once_one_after_the_other(void **state)
{
    AUTO(kit_close) struct account_kit *kit = kit_with(state, ROLE_EDITOR);
    struct kit_login logins[8];
    for (size_t i = 0; i < COUNT_OF(logins); i++) {
        logins[i] = (struct kit_login){.attempt = {S("an"), i == 7 ? str_of(right) : S("wrong"),
                                                   S("192.0.2.7"), S(""), kit->actor.now,
                                                   kit->actor.today}};
        kit->out = &logins[i];
        assert_int_equal(kit_do(kit, kit_run_look), OK);
        assert_int_equal(
            login_weigh(&kit->setup, &logins[i].attempt, kit->arena, &logins[i].look, NULL), OK);
    }
    for (size_t i = 0; i < COUNT_OF(logins); i++) {
        kit->out = &logins[i];
        assert_int_equal(kit_do(kit, kit_run_settle), OK);
        assert_int_equal(logins[i].outcome.rc, i < 4 ? ERR_SIGN_IN_FAILED : ERR_ACCOUNT_LOCKED);
    }
}

static errc run_disable(struct account_kit *kit, struct db *db, struct why *why)
{
    return account_disable(db, &kit->job, kit->id, why);
}

static void says_disabled_only_to_who_knows_the_password(void **state)
{
    AUTO(kit_close) struct account_kit *kit = kit_with(state, ROLE_EDITOR);
    struct kit_login login;
    struct session session;
    assert_int_equal(kit_sign_in(kit, "an", right, &login), OK);
    assert_int_equal(kit_do(kit, run_disable), OK);
    assert_int_equal(kit_load(kit, &login.outcome.token, &session), ERR_SIGNED_OUT);
    assert_int_equal(kit_sign_in(kit, "an", "wrong", &login), ERR_SIGN_IN_FAILED);
    assert_int_equal(kit_sign_in(kit, "an", right, &login), ERR_ACCOUNT_DISABLED);
}

static void hashes_anew_when_the_policy_grew(void **state)
{
    AUTO(kit_close) struct account_kit *kit = kit_with(state, ROLE_EDITOR);
    struct kit_login login;
    kit->setup.policy.argon2_passes = 2;
    assert_int_equal(kit_sign_in(kit, "an", right, &login), OK);
    assert_true(login.look.renewed.text[0] != '\0');
    assert_int_equal(kit_sign_in(kit, "an", right, &login), OK);
    assert_int_equal(login.look.renewed.text[0], '\0');
}

static void keeps_only_so_many_sessions(void **state)
{
    AUTO(kit_close) struct account_kit *kit = kit_with(state, ROLE_EDITOR);
    struct kit_login first;
    struct kit_login login;
    struct session session;
    kit->setup.policy.sessions_most = 3;
    assert_int_equal(kit_sign_in(kit, "an", right, &first), OK);
    for (int i = 0; i < 3; i++) {
        kit_pass(kit, USEC_SECOND);
        assert_int_equal(kit_sign_in(kit, "an", right, &login), OK);
    }
    assert_int_equal(kit_load(kit, &first.outcome.token, &session), ERR_SIGNED_OUT);
    assert_int_equal(kit_load(kit, &login.outcome.token, &session), OK);
}

static errc run_totp_begin(struct account_kit *kit, struct db *db, struct why *why)
{
    return account_factor_totp(db, &kit->job, kit->out, why);
}

struct codes {
    struct account_totp totp;
    struct recovery_codes recovery;
};

static errc run_totp_confirm(struct account_kit *kit, struct db *db, struct why *why)
{
    struct codes *codes = kit->out;
    struct account_totp_code code = {codes->totp.id, kit->text};
    return account_factor_totp_confirm(db, &kit->job, &code, &codes->recovery, why);
}

static void code_now(struct account_kit *kit, const struct codes *codes,
                     char ret_code[TOTP_CODE_ROOM])
{
    struct totp_secret secret;
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    uint64_t bits = 0;
    size_t at = 0;
    for (size_t i = 0; codes->totp.secret[i] != '\0'; i++) {
        bits = bits << 5 | (uint64_t)(strchr(letters, codes->totp.secret[i]) - letters);
        if (i % 8 == 7) {
            for (int shift = 32; shift >= 0; shift -= 8) {
                secret.bytes[at++] = (uint8_t)(bits >> shift);
            }
        }
    }
    int64_t step = kit->actor.now / kit->setup.policy.totp_step;
    assert_int_equal(totp_code(&secret, step, TOTP_DIGITS, ret_code, NULL), OK);
}

/* "an", signed in, with an authenticator app and recovery codes. */
static struct account_kit *kit_with_totp(void **state, struct codes *codes)
{
    struct account_kit *kit = kit_with(state, ROLE_PROVINCE_ADMIN);
    struct kit_login login;
    struct session session;
    char code[TOTP_CODE_ROOM];
    assert_int_equal(kit_sign_in(kit, "an", right, &login), OK);
    assert_int_equal(kit_load(kit, &login.outcome.token, &session), OK);
    kit_be(kit, &session);
    kit->actor.grants =
        (struct grants){memcpy(kit->grants, session.grants, sizeof(kit->grants)), 1};
    kit->actor.login = S("an");
    kit->actor.name = S("an");
    kit->out = &codes->totp;
    assert_int_equal(kit_do(kit, run_totp_begin), OK);
    kit->out = codes;
    kit->text = S("000000");
    assert_int_equal(kit_do(kit, run_totp_confirm), ERR_INVALID);
    code_now(kit, codes, code);
    kit->text = str_of(code);
    assert_int_equal(kit_do(kit, run_totp_confirm), OK);
    assert_int_equal(codes->recovery.count, 10);
    return kit;
}

/* Password done, second factor awaited; the actor is the waiting session. */
static void wait_at_second_factor(struct account_kit *kit, struct kit_login *ret_login)
{
    struct session session;
    assert_int_equal(kit_sign_in(kit, "an", right, ret_login), OK);
    assert_int_equal(kit_load(kit, &ret_login->outcome.token, &session), OK);
    assert_int_equal(session_state_at(&session, &kit->setup.policy, kit->actor.now),
                     SESSION_SECOND_FACTOR);
    assert_int_equal(session.factors & (SESSION_HAS_TOTP | SESSION_HAS_RECOVERY),
                     SESSION_HAS_TOTP | SESSION_HAS_RECOVERY);
    kit->actor.session_id = session.id;
}

static errc run_totp(struct account_kit *kit, struct db *db, struct why *why)
{
    return login_totp(db, &kit->job, kit->text, kit->out, why);
}

static errc run_recovery(struct account_kit *kit, struct db *db, struct why *why)
{
    return login_recovery(db, &kit->job, kit->text, kit->out, why);
}

static errc kit_factor(struct account_kit *kit, kit_run run, const char *code,
                       struct login_outcome *ret_outcome)
{
    kit->text = str_of(code);
    kit->out = ret_outcome;
    errc rc = kit_do(kit, run);
    return rc == OK ? ret_outcome->rc : rc;
}

static void asks_for_the_second_factor_and_takes_a_code_once(void **state)
{
    struct codes codes;
    AUTO(kit_close) struct account_kit *kit = kit_with_totp(state, &codes);
    struct kit_login login;
    struct login_outcome outcome;
    struct session session;
    char code[TOTP_CODE_ROOM];
    wait_at_second_factor(kit, &login);
    code_now(kit, &codes, code); /* the one that confirmed it */
    assert_int_equal(kit_factor(kit, run_totp, code, &outcome), ERR_SIGN_IN_FAILED);
    kit_pass(kit, kit->setup.policy.totp_step);
    code_now(kit, &codes, code);
    assert_int_equal(kit_factor(kit, run_totp, code, &outcome), OK);
    assert_int_equal(kit_load(kit, &login.outcome.token, &session),
                     ERR_SIGNED_OUT); /* the old cookie */
    assert_int_equal(kit_load(kit, &outcome.token, &session), OK);
    assert_int_equal(session_state_at(&session, &kit->setup.policy, kit->actor.now),
                     SESSION_SIGNED_IN);
    assert_int_equal(kit_factor(kit, run_totp, code, &outcome),
                     ERR_SIGNED_OUT); /* nothing awaits it */
}

static void takes_a_recovery_code_once(void **state)
{
    struct codes codes;
    AUTO(kit_close) struct account_kit *kit = kit_with_totp(state, &codes);
    struct kit_login login;
    struct login_outcome outcome;
    wait_at_second_factor(kit, &login);
    assert_int_equal(kit_factor(kit, run_recovery, "zzzz-zzzz", &outcome), ERR_SIGN_IN_FAILED);
    assert_int_equal(kit_factor(kit, run_recovery, codes.recovery.at[4], &outcome), OK);
    wait_at_second_factor(kit, &login);
    assert_int_equal(kit_factor(kit, run_recovery, codes.recovery.at[4], &outcome),
                     ERR_SIGN_IN_FAILED);
    assert_int_equal(kit_factor(kit, run_recovery, codes.recovery.at[5], &outcome), OK);
}

static void counts_wrong_codes_like_wrong_passwords(void **state)
{
    struct codes codes;
    AUTO(kit_close) struct account_kit *kit = kit_with_totp(state, &codes);
    struct kit_login login;
    struct login_outcome outcome;
    struct session session;
    for (int i = 1; i < 5; i++) { /* a right password in between forgives nothing */
        wait_at_second_factor(kit, &login);
        assert_int_equal(kit_factor(kit, run_totp, "123456", &outcome), ERR_SIGN_IN_FAILED);
    }
    wait_at_second_factor(kit, &login);
    assert_int_equal(kit_factor(kit, run_totp, "123456", &outcome), ERR_ACCOUNT_LOCKED);
    assert_int_equal(kit_load(kit, &login.outcome.token, &session), ERR_SIGNED_OUT);
    assert_int_equal(kit_sign_in(kit, "an", right, &login), ERR_ACCOUNT_LOCKED);
}

static void lets_the_second_factor_come_only_in_time(void **state)
{
    struct codes codes;
    AUTO(kit_close) struct account_kit *kit = kit_with_totp(state, &codes);
    struct kit_login login;
    struct login_outcome outcome;
    wait_at_second_factor(kit, &login);
    kit_pass(kit, kit->setup.policy.second_factor_wait);
    assert_int_equal(kit_factor(kit, run_recovery, codes.recovery.at[0], &outcome), ERR_SIGNED_OUT);
}

static errc run_unlock(struct account_kit *kit, struct db *db, struct why *why)
{
    struct kit_login *login = kit->out;
    return login_settle_unlock(db, &kit->job, &login->look, &login->outcome, why);
}

static errc unlock(struct account_kit *kit, const char *password, struct kit_login *ret_login)
{
    *ret_login =
        (struct kit_login){.attempt = {S("an"), str_of(password), kit->actor.address,
                                       kit->actor.agent, kit->actor.now, kit->actor.today}};
    kit->out = ret_login;
    TRY(kit_do(kit, kit_run_look));
    TRY(login_weigh(&kit->setup, &ret_login->attempt, kit->arena, &ret_login->look, NULL));
    TRY(kit_do(kit, run_unlock));
    return ret_login->outcome.rc;
}

static void unlocks_an_idle_session_with_the_password(void **state)
{
    AUTO(kit_close) struct account_kit *kit = kit_with(state, ROLE_EDITOR);
    struct kit_login login;
    struct kit_login again;
    struct session session;
    assert_int_equal(kit_sign_in(kit, "an", right, &login), OK);
    assert_int_equal(kit_load(kit, &login.outcome.token, &session), OK);
    kit_be(kit, &session);
    assert_int_equal(unlock(kit, right, &again), ERR_SIGNED_OUT); /* it is not locked */
    kit_pass(kit, kit->setup.policy.idle_lock);
    assert_int_equal(unlock(kit, "wrong", &again), ERR_SIGN_IN_FAILED);
    assert_int_equal(unlock(kit, right, &again), OK);
    struct session after;
    assert_int_equal(kit_load(kit, &again.outcome.token, &after), OK);
    assert_int_equal(after.id, session.id);
    assert_int_equal(after.created, session.created); /* its life did not grow */
    assert_int_equal(session_state_at(&after, &kit->setup.policy, kit->actor.now),
                     SESSION_SIGNED_IN);
}

static errc run_options(struct account_kit *kit, struct db *db, struct why *why)
{
    return account_factor_key_options(db, &kit->job, kit->out, why);
}

static errc run_enrol(struct account_kit *kit, struct db *db, struct why *why)
{
    struct recovery_codes codes;
    return account_factor_key(db, &kit->job, kit->in, &codes, why);
}

struct key {
    EVP_PKEY *rsa; /* null: the key is the Ed25519 one below */
    uint8_t public_key[crypto_sign_PUBLICKEYBYTES];
    uint8_t secret_key[crypto_sign_SECRETKEYBYTES];
    struct buf client_data;
    struct buf data;
    struct buf object;
};

static void key_finish(struct key *key)
{
    rsa_close(&key->rsa);
    buf_finish(&key->client_data);
    buf_finish(&key->data);
    buf_finish(&key->object);
}

static void make_client_data(struct key *key, const char *type, str challenge)
{
    buf_clear(&key->client_data);
    buf_add_format(&key->client_data, "{\"type\":\"%s\",\"challenge\":\"", type);
    webauthn_encode(challenge, &key->client_data);
    buf_add_text(&key->client_data, "\",\"origin\":\"https://loa.test:8443\"}");
}

static void make_data(struct key *key, uint8_t flags, uint8_t count)
{
    hash rp = hash_sha256(S("loa.test"));
    const char tail[] = {(char)flags, 0, 0, 0, (char)count};
    buf_clear(&key->data);
    buf_add(&key->data, (str){(const char *)rp.bytes, HASH_SIZE});
    buf_add(&key->data, (str){tail, sizeof(tail)});
}

static void add_cose(struct key *key)
{
    static const char head[] = {'\xa4', 1, 1, 3, 0x27, 0x20, 6, 0x21, 0x58, 0x20};
    if (key->rsa != NULL) {
        rsa_add_key(&key->data, key->rsa);
    } else {
        buf_add(&key->data, (str){head, sizeof(head)});
        buf_add(&key->data, (str){(const char *)key->public_key, sizeof(key->public_key)});
    }
}

static struct account_new_key enrolment_of(struct key *key, str challenge)
{
    static const char head[] = "\xa3\x63"
                               "fmt\x64none\x67"
                               "attStmt\xa0\x68"
                               "authData\x59";
    static const char credential[] = "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\4key1";
    buf_init(&key->client_data, 4096);
    buf_init(&key->data, 4096);
    buf_init(&key->object, 4096);
    make_client_data(key, "webauthn.create", challenge);
    make_data(key, 0x45, 0);
    buf_add(&key->data, (str){credential, sizeof(credential) - 1});
    add_cose(key);
    buf_add(&key->object, (str){head, sizeof(head) - 1});
    buf_add_byte(&key->object, (char)(key->data.len >> 8));
    buf_add_byte(&key->object, (char)key->data.len);
    buf_add(&key->object, buf_str(&key->data));
    return (struct account_new_key){S("Khoá"), {buf_str(&key->client_data), buf_str(&key->object)}};
}

static errc run_sign_options(struct account_kit *kit, struct db *db, struct why *why)
{
    return login_webauthn_options(db, &kit->job, kit->out, why);
}

static errc run_assert(struct account_kit *kit, struct db *db, struct why *why)
{
    return login_webauthn(db, &kit->job, kit->in, kit->out, why);
}

static str sign_answer(struct key *key, uint8_t room[WEBAUTHN_SIGNATURE_MOST])
{
    str data = buf_str(&key->data);
    str client_data = buf_str(&key->client_data);
    if (key->rsa != NULL) {
        return rsa_sign(key->rsa, data, client_data, room);
    }
    hash client = hash_sha256(client_data);
    uint8_t message[256];
    memcpy(message, data.at, data.len);
    memcpy(message + data.len, client.bytes, HASH_SIZE);
    assert_int_equal(
        crypto_sign_detached(room, NULL, message, data.len + HASH_SIZE, key->secret_key), 0);
    return (str){(const char *)room, crypto_sign_BYTES};
}

static errc answer(struct account_kit *kit, struct key *key, str challenge, uint8_t count)
{
    uint8_t signature[WEBAUTHN_SIGNATURE_MOST];
    struct login_outcome outcome;
    make_client_data(key, "webauthn.get", challenge);
    make_data(key, 0x01, count);
    struct webauthn_assertion assertion = {S("key1"), buf_str(&key->client_data),
                                           buf_str(&key->data), sign_answer(key, signature)};
    kit->in = &assertion;
    kit->out = &outcome;
    assert_int_equal(kit_do(kit, run_assert), OK);
    return outcome.rc;
}

static void enrols_a_key_and_signs_in_with_it(void **state)
{
    struct codes codes;
    AUTO(kit_close) struct account_kit *kit = kit_with_totp(state, &codes);
    AUTO(key_finish) struct key key = {.secret_key = {0}};
    struct account_key_options options;
    struct login_options asked;
    struct kit_login login;
    assert_int_equal(crypto_sign_keypair(key.public_key, key.secret_key), 0);
    kit->out = &options;
    assert_int_equal(kit_do(kit, run_options), OK);
    struct account_new_key wanted = enrolment_of(&key, options.challenge);
    kit->in = &wanted;
    assert_int_equal(kit_do(kit, run_enrol), OK);
    assert_int_equal(kit_do(kit, run_enrol), ERR_INVALID); /* the challenge is gone */
    wait_at_second_factor(kit, &login);
    kit->out = &asked;
    assert_int_equal(kit_do(kit, run_sign_options), OK);
    assert_int_equal(asked.count, 1);
    assert_true(str_is(asked.ids[0], S("key1")));
    assert_int_equal(answer(kit, &key, asked.challenge, 5), OK);
    wait_at_second_factor(kit, &login);
    assert_int_equal(answer(kit, &key, asked.challenge, 6), ERR_SIGN_IN_FAILED); /* nothing asked */
    kit->out = &asked;
    assert_int_equal(kit_do(kit, run_sign_options), OK);
    assert_int_equal(answer(kit, &key, asked.challenge, 5), ERR_SIGN_IN_FAILED); /* it went back */
    assert_int_equal(answer(kit, &key, asked.challenge, 7), ERR_SIGN_IN_FAILED); /* asked once */
}

static void signs_in_with_a_kept_rsa_key(void **state)
{
    struct codes codes;
    AUTO(kit_close) struct account_kit *kit = kit_with_totp(state, &codes);
    AUTO(key_finish) struct key key = {.rsa = rsa_make(2048)};
    struct account_key_options options;
    struct login_options asked;
    struct kit_login login;
    kit->out = &options;
    assert_int_equal(kit_do(kit, run_options), OK);
    struct account_new_key wanted = enrolment_of(&key, options.challenge);
    kit->in = &wanted;
    assert_int_equal(kit_do(kit, run_enrol), OK);
    for (uint8_t count = 1; count <= 2; count++) {
        wait_at_second_factor(kit, &login);
        kit->out = &asked;
        assert_int_equal(kit_do(kit, run_sign_options), OK);
        assert_int_equal(answer(kit, &key, asked.challenge, count), OK);
    }
    EVP_PKEY_free(key.rsa);
    key.rsa = rsa_make(2048);
    wait_at_second_factor(kit, &login);
    kit->out = &asked;
    assert_int_equal(kit_do(kit, run_sign_options), OK);
    assert_int_equal(answer(kit, &key, asked.challenge, 3), ERR_SIGN_IN_FAILED);
}

static void survives_the_failure_of_any_statement(void **state)
{
    AUTO(kit_close) struct account_kit *kit = kit_with(state, ROLE_EDITOR);
    struct kit_login login;
    struct session session;
    bool hit = true;
    int passed = 0;
    for (unsigned long nth = 1; hit && nth < 200; nth++) {
        store_torture(nth);
        errc rc = kit_sign_in(kit, "an", right, &login);
        hit = store_torture_hit();
        store_torture(0);
        if (rc == OK) {
            passed++;
            assert_int_equal(kit_load(kit, &login.outcome.token, &session), OK);
        } else {
            assert_int_equal(rc, ERR_STORE);
        }
        assert_true(kit_verify(kit).ok);
        arena_reset(kit->arena);
    }
    assert_false(hit);
    assert_true(passed >= 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(locks_a_name_at_the_limit_and_longer_each_time),
        cmocka_unit_test(lets_an_address_wait_for_the_rest_of_its_window),
        cmocka_unit_test(counts_a_household_as_one_address),
        cmocka_unit_test(reads_a_name_as_it_is_typed),
        TEST_ON_BOTH(signs_in_with_the_right_password),
        TEST_ON_BOTH(locks_after_five_failures_known_or_not),
        TEST_ON_BOTH(makes_an_address_wait_that_tries_many_names),
        TEST_ON_BOTH(judges_guesses_sent_at_once_one_after_the_other),
        TEST_ON_BOTH(says_disabled_only_to_who_knows_the_password),
        TEST_ON_BOTH(hashes_anew_when_the_policy_grew),
        TEST_ON_BOTH(keeps_only_so_many_sessions),
        TEST_ON_BOTH(asks_for_the_second_factor_and_takes_a_code_once),
        TEST_ON_BOTH(takes_a_recovery_code_once),
        TEST_ON_BOTH(counts_wrong_codes_like_wrong_passwords),
        TEST_ON_BOTH(lets_the_second_factor_come_only_in_time),
        TEST_ON_BOTH(unlocks_an_idle_session_with_the_password),
        TEST_ON_BOTH(enrols_a_key_and_signs_in_with_it),
        TEST_ON_BOTH(signs_in_with_a_kept_rsa_key),
        TEST_ON_BOTH(survives_the_failure_of_any_statement),
    };
    return cmocka_run_group_tests_name("people: login", tests, NULL, NULL);
}
