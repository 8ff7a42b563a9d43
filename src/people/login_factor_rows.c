/* The second step of signing in, and the way out of an idle lock. Whatever proves the person, the
 * same follows: the session gets a new token, the counts are forgiven, the trail says how. What
 * does not prove it counts like a wrong password; when that locks the name, the session ends. */
#include "people/login_inside.h"

#include "base/crash.h"
#include "people/account_sql.h"
#include "people/recovery.h"
#include "people/session_sql.h"
#include "people/totp.h"

struct step {
    struct db *db;
    const struct account_job *job;
    hash name_key;
    struct account_by_id_row account;
    struct login_outcome outcome;
    bool open; /* nothing stands against judging */
};

static errc tell(struct step *step, const char *action, const char *how, struct why *why)
{
    char after[64];
    int len = snprintf(after, sizeof(after), "{\"by\":\"%s\"}", how);
    ENSURE(len > 0 && (size_t)len < sizeof(after));
    struct audit_entry entry = {
        .actor = step->job->actor,
        .action = action,
        .subject_kind = "account",
        .subject_id = step->account.id,
        .subject_name = step->account.login,
        .subject_unit_id = step->account.unit_id,
        .after = {after, (size_t)len},
    };
    return audit_append(step->db, &entry, why);
}

static errc state_of(struct step *step, enum session_state *ret_state, struct why *why)
{
    const struct actor *actor = step->job->actor;
    struct session_by_id_in in = {actor->session_id, actor->account_id};
    struct session_by_id_row row;
    errc rc = session_by_id(step->db, &in, step->job->arena, &row, why);
    if (rc != OK) {
        *ret_state = SESSION_ANONYMOUS;
        return rc == ERR_NOT_FOUND ? OK : rc;
    }
    struct session session = {
        .id = row.id,
        .needs_second_factor = row.needs_second_factor,
        .created = row.created_at_us,
        .seen = row.seen_at_us,
        .locked = row.has_locked_at_us ? row.locked_at_us : 0,
    };
    *ret_state = session_state_at(&session, &step->job->setup->policy, actor->now);
    return OK;
}

/* Is the session in the state that this step is for, the account enabled, the name not locked? */
static errc begin(struct db *db, const struct account_job *job, enum session_state wanted,
                  struct step *step, struct why *why)
{
    struct account_by_id_in in = {job->actor->account_id};
    enum session_state state;
    *step = (struct step){.db = db, .job = job, .outcome = {.rc = ERR_SIGNED_OUT}};
    TRY(audit_hold(db, why));
    TRY(account_by_id(db, &in, job->arena, &step->account, why));
    TRY(state_of(step, &state, why));
    step->name_key = step->account.throttle_key;
    if (state != wanted || step->account.has_disabled_at_us) {
        return OK;
    }
    TRY(login_waits(db, job, step->name_key, &step->outcome.until, why));
    step->outcome.rc = step->outcome.until != 0 ? ERR_ACCOUNT_LOCKED : ERR_SIGN_IN_FAILED;
    step->open = step->outcome.until == 0;
    return OK;
}

static errc fail_step(struct step *step, const char *how, struct why *why)
{
    const struct actor *actor = step->job->actor;
    struct throttle throttle;
    TRY(login_count(step->db, step->job, step->name_key, &throttle, why));
    bool locked = throttle_is_locked(&throttle, actor->now);
    step->outcome.rc = locked ? ERR_ACCOUNT_LOCKED : ERR_SIGN_IN_FAILED;
    step->outcome.until = locked ? throttle.locked_until : 0;
    if (locked) {
        struct session_remove_in in = {actor->session_id, actor->account_id};
        TRY(session_remove(step->db, &in, NULL, why));
        TRY(db_announce(step->db, "session", why));
        TRY(db_announce(step->db, "accounts", why));
    }
    return tell(step, locked ? "account_locked" : "sign_in_failed", how, why);
}

static errc pass_step(struct step *step, const char *action, const char *how, struct why *why)
{
    const struct actor *actor = step->job->actor;
    struct login_outcome outcome = {.rc = OK, .session_id = actor->session_id};
    session_token_make(step->job->setup->entropy, &outcome.token);
    struct session_step_up_in up = {actor->session_id, actor->account_id,
                                    session_token_hash(str_of(outcome.token.text)), actor->now};
    TRY(session_step_up(step->db, &up, NULL, why));
    TRY(login_forgive(step->db, step->name_key, why));
    TRY(db_announce(step->db, "session", why));
    TRY(tell(step, action, how, why));
    step->outcome = outcome;
    return OK;
}

static errc pass_second_factor(struct step *step, const char *how, struct why *why)
{
    struct session_restart_in restart = {step->job->actor->session_id, step->job->actor->now};
    struct account_change_signed_in_in in = {step->account.id, step->job->actor->now};
    TRY(session_restart(step->db, &restart, NULL, why));
    TRY(account_change_signed_in(step->db, &in, NULL, why));
    return pass_step(step, "signed_in", how, why);
}

errc login_settle_unlock(struct db *db, const struct account_job *job,
                         const struct login_look *look, struct login_outcome *ret_outcome,
                         struct why *why)
{
    struct step step;
    TRY(begin(db, job, SESSION_LOCKED, &step, why));
    if (step.open && look->waits) {
        step.outcome.rc = ERR_BUSY;
    } else if (step.open) {
        bool right = look->matches && look->account_id == step.account.id &&
                     str_is(look->kept, step.account.password_hash);
        TRY(right ? pass_step(&step, "session_unlocked", "password", why)
                  : fail_step(&step, "password", why));
    }
    *ret_outcome = step.outcome;
    return OK;
}

static errc read_factors(struct step *step, struct factors_of_row **ret_rows, size_t *ret_count,
                         struct why *why)
{
    struct factors_of_in in = {step->account.id};
    return factors_of_all(step->db, &in, step->job->arena, ret_rows, ret_count, why);
}

static errc note_use(struct step *step, const struct factors_of_row *factor, int64_t last_step,
                     int64_t sign_count, struct why *why)
{
    struct factor_used_in in = {factor->id, last_step, sign_count, step->job->actor->now};
    return factor_used(step->db, &in, NULL, why);
}

/* ERR_SIGN_IN_FAILED is the answer of a wrong code; anything else broke. */
static errc try_totp(struct step *step, const struct factors_of_row *factor, str code,
                     struct why *why)
{
    const struct account_setup *setup = step->job->setup;
    struct totp_secret secret;
    str plain;
    int64_t used;
    TRY(account_key_open(&(struct account_seal){&setup->key, "totp", step->account.id},
                         factor->secret, step->job->arena, &plain, why));
    if (plain.len != sizeof(secret.bytes)) {
        return fail(why, ERR_CORRUPT, "a secret of %zu bytes", plain.len);
    }
    memcpy(secret.bytes, plain.at, sizeof(secret.bytes));
    errc rc = totp_check(
        &secret, code,
        &(struct totp_use){step->job->actor->now, setup->policy.totp_step, factor->last_step},
        &used, why);
    mem_wipe(&secret, sizeof(secret));
    return rc == OK ? note_use(step, factor, used, factor->sign_count, why) : rc;
}

errc login_totp(struct db *db, const struct account_job *job, str code,
                struct login_outcome *ret_outcome, struct why *why)
{
    struct step step;
    struct factors_of_row *rows = NULL;
    size_t count = 0;
    TRY(begin(db, job, SESSION_SECOND_FACTOR, &step, why));
    if (step.open) {
        errc rc = ERR_SIGN_IN_FAILED;
        TRY(read_factors(&step, &rows, &count, why));
        for (size_t i = 0; rc == ERR_SIGN_IN_FAILED && i < count; i++) {
            if (rows[i].confirmed && rows[i].secret.at != NULL) {
                rc = try_totp(&step, &rows[i], code, why);
            }
        }
        if (rc != OK && rc != ERR_SIGN_IN_FAILED) {
            return rc;
        }
        TRY(rc == OK ? pass_second_factor(&step, "totp", why) : fail_step(&step, "totp", why));
    }
    *ret_outcome = step.outcome;
    return OK;
}

errc login_recovery(struct db *db, const struct account_job *job, str code,
                    struct login_outcome *ret_outcome, struct why *why)
{
    struct step step;
    TRY(begin(db, job, SESSION_SECOND_FACTOR, &step, why));
    if (step.open) {
        struct recovery_code_use_in in = {.account_id = step.account.id, .now_us = job->actor->now};
        int64_t used = 0;
        if (recovery_mark(&job->setup->key, step.account.id, code, &in.mark)) {
            TRY(recovery_code_use(db, &in, &used, why));
        }
        TRY(used > 0 ? pass_second_factor(&step, "recovery", why)
                     : fail_step(&step, "recovery", why));
    }
    *ret_outcome = step.outcome;
    return OK;
}

errc login_webauthn_options(struct db *db, const struct account_job *job,
                            struct login_options *ret_options, struct why *why)
{
    struct step step;
    struct factors_of_row *rows = NULL;
    size_t count = 0;
    TRY(begin(db, job, SESSION_SECOND_FACTOR, &step, why));
    if (!step.open) {
        return fail(why, step.outcome.rc, "no second factor is awaited");
    }
    TRY(read_factors(&step, &rows, &count, why));
    str *ids = arena_take_array(job->arena, count + 1, sizeof(str));
    uint8_t *challenge = arena_take(job->arena, WEBAUTHN_CHALLENGE_SIZE);
    if (ids == NULL || challenge == NULL) {
        return fail(why, ERR_NO_MEMORY, "no memory for a challenge");
    }
    size_t keys = 0;
    for (size_t i = 0; i < count; i++) {
        if (rows[i].credential_id.at != NULL) {
            ids[keys++] = rows[i].credential_id;
        }
    }
    entropy_fill(job->setup->entropy, challenge, WEBAUTHN_CHALLENGE_SIZE);
    str text = {(const char *)challenge, WEBAUTHN_CHALLENGE_SIZE};
    struct webauthn_challenge_put_in in = {job->actor->session_id, S("sign_in"), text,
                                           job->actor->now + job->setup->policy.webauthn_wait};
    TRY(webauthn_challenge_put(db, &in, NULL, why));
    *ret_options = (struct login_options){text, ids, keys};
    return OK;
}

static errc try_key(struct step *step, const struct factors_of_row *factor,
                    const struct webauthn_assertion *assertion, str challenge, struct why *why)
{
    struct webauthn_credential known = {
        .id = factor->credential_id,
        .key_size = factor->public_key.len,
        .sign_count = (uint32_t)factor->sign_count,
    };
    uint32_t count;
    if (known.key_size > sizeof(known.key) ||
        !webauthn_algorithm_of(factor->algorithm, &known.algorithm)) {
        return fail(why, ERR_CORRUPT, "a key of %zu bytes for the algorithm %lld", known.key_size,
                    (long long)factor->algorithm);
    }
    memcpy(known.key, factor->public_key.at, known.key_size);
    TRY(webauthn_check_assertion(assertion, challenge, &step->job->setup->site, &known, &count,
                                 why));
    return note_use(step, factor, factor->last_step, count, why);
}

/* The challenge is gone after one answer, right or wrong. */
static errc judge_assertion(struct step *step, const struct webauthn_assertion *assertion,
                            struct why *why)
{
    const struct actor *actor = step->job->actor;
    struct webauthn_challenge_get_in get = {actor->session_id, S("sign_in")};
    struct webauthn_challenge_remove_in gone = {actor->session_id, S("sign_in")};
    struct webauthn_challenge_get_row asked;
    struct factors_of_row *rows = NULL;
    size_t count = 0;
    errc rc = webauthn_challenge_get(step->db, &get, step->job->arena, &asked, why);
    if (rc != OK) {
        return rc == ERR_NOT_FOUND ? fail(why, ERR_SIGN_IN_FAILED, "nothing was asked") : rc;
    }
    TRY(webauthn_challenge_remove(step->db, &gone, NULL, why));
    if (actor->now >= asked.expires_at_us) {
        return fail(why, ERR_SIGN_IN_FAILED, "the answer came too late");
    }
    TRY(read_factors(step, &rows, &count, why));
    for (size_t i = 0; i < count; i++) {
        if (rows[i].credential_id.at != NULL && str_is(rows[i].credential_id, assertion->id)) {
            return try_key(step, &rows[i], assertion, asked.challenge, why);
        }
    }
    return fail(why, ERR_SIGN_IN_FAILED, "no key of this account");
}

errc login_webauthn(struct db *db, const struct account_job *job,
                    const struct webauthn_assertion *assertion, struct login_outcome *ret_outcome,
                    struct why *why)
{
    struct step step;
    TRY(begin(db, job, SESSION_SECOND_FACTOR, &step, why));
    if (step.open) {
        errc rc = judge_assertion(&step, assertion, why);
        bool wrong = rc == ERR_SIGN_IN_FAILED || rc == ERR_BAD_REQUEST || rc == ERR_BAD_JSON ||
                     rc == ERR_BAD_UTF8;
        if (rc != OK && !wrong) {
            return rc;
        }
        TRY(rc == OK ? pass_second_factor(&step, "webauthn", why)
                     : fail_step(&step, "webauthn", why));
    }
    *ret_outcome = step.outcome;
    return OK;
}

errc login_count_failure(struct db *db, const struct account_job *job, const char *action,
                         struct login_outcome *outcome, struct why *why)
{
    struct account_by_id_in in = {job->actor->account_id};
    struct step step = {.db = db, .job = job};
    struct throttle throttle;
    TRY(account_by_id(db, &in, job->arena, &step.account, why));
    TRY(login_count(db, job, step.account.throttle_key, &throttle, why));
    bool locked = throttle_is_locked(&throttle, job->actor->now);
    outcome->rc = locked ? ERR_ACCOUNT_LOCKED : ERR_SIGN_IN_FAILED;
    outcome->until = locked ? throttle.locked_until : 0;
    if (locked) {
        struct sessions_remove_others_in all = {step.account.id, 0};
        TRY(sessions_remove_others(db, &all, NULL, why));
        TRY(db_announce(db, "session", why));
        TRY(db_announce(db, "accounts", why));
    }
    return tell(&step, locked ? "account_locked" : action, "password", why);
}
