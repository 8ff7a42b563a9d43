/* Passwords at the door: what is known is read, what was weighed is judged and written down. */
#include "people/login.h"

#include "people/account_sql.h"
#include "people/login_inside.h"
#include "people/login_sql.h"
#include "people/session_sql.h"

static errc read_throttle(struct db *db, hash key, struct arena *arena,
                          struct throttle *ret_throttle, struct why *why)
{
    struct login_throttle_get_in in = {key};
    struct login_throttle_get_row row;
    errc rc = login_throttle_get(db, &in, arena, &row, why);
    if (rc == ERR_NOT_FOUND) {
        *ret_throttle = (struct throttle){0};
        return OK;
    }
    if (rc == OK) {
        *ret_throttle = (struct throttle){(int)row.failures, (int)row.locks, row.failed_at_us,
                                          row.locked_until_us};
    }
    return rc;
}

static errc write_throttle(struct db *db, hash key, const struct throttle *throttle,
                           struct why *why)
{
    struct login_throttle_put_in in = {key, throttle->failures, throttle->locks, throttle->failed,
                                       throttle->locked_until};
    return login_throttle_put(db, &in, NULL, why);
}

errc login_look(struct db *db, const struct account_setup *setup,
                const struct login_attempt *attempt, struct arena *arena,
                struct login_look *ret_look, struct why *why)
{
    (void)setup;
    struct throttle name;
    struct throttle address;
    struct login_look look = {0};
    struct account_by_login_row row;
    str login;
    TRY(read_throttle(db, throttle_address_key(attempt->address), arena, &address, why));
    errc rc = login_normalise(arena, attempt->login, &login);
    if (rc != OK && rc != ERR_INVALID) {
        return rc;
    }
    TRY(read_throttle(db, throttle_name_key(rc == OK ? login : attempt->login), arena, &name, why));
    look.waits =
        throttle_is_locked(&name, attempt->now) || throttle_is_locked(&address, attempt->now);
    if (rc == OK) {
        struct account_by_login_in in = {login};
        rc = account_by_login(db, &in, arena, &row, why);
        if (rc != OK && rc != ERR_NOT_FOUND) {
            return rc;
        }
        look.account_id = rc == OK ? row.id : 0;
        look.kept = rc == OK ? row.password_hash : STR_NONE;
    }
    *ret_look = look;
    return OK;
}

errc login_weigh(const struct account_setup *setup, const struct login_attempt *attempt,
                 struct arena *arena, struct login_look *look, struct why *why)
{
    if (look->waits) {
        return OK;
    }
    errc rc = password_verify(&setup->policy, look->kept, attempt->password, arena, why);
    if (rc != OK && rc != ERR_SIGN_IN_FAILED) {
        return rc;
    }
    look->matches = rc == OK;
    if (look->matches && password_is_outdated(&setup->policy, look->kept)) {
        return password_make_hash(&setup->policy, attempt->password, arena, &look->renewed, why);
    }
    return OK;
}

/* One attempt being judged. */
struct trial {
    struct db *db;
    const struct account_setup *setup;
    const struct login_attempt *attempt;
    struct arena *arena;
    hash name_key;
    hash address_key;
    struct throttle name;
    struct throttle address;
    struct account_by_id_row account; /* of account.id 0: nobody */
};

static errc tell(struct trial *trial, const char *action, struct why *why)
{
    const struct account_by_id_row *account = &trial->account;
    struct actor actor = {
        .account_id = account->id,
        .unit_id = account->unit_id,
        .login = account->login,
        .name = account->name,
        .address = trial->attempt->address,
        .agent = trial->attempt->agent,
        .now = trial->attempt->now,
        .today = trial->attempt->today,
    };
    struct audit_entry entry = {
        .actor = &actor,
        .action = action,
        .subject_kind = "account",
        .subject_id = account->id,
        .subject_name = account->login,
        .subject_unit_id = account->unit_id,
    };
    return audit_append(trial->db, &entry, why);
}

/* Failures of known names are told until they lock; those of unknown ones would let a stranger
 * fill the trail. */
static errc fail_trial(struct trial *trial, struct login_outcome *outcome, struct why *why)
{
    const struct policy *policy = &trial->setup->policy;
    usec now = trial->attempt->now;
    trial->name = throttle_fail_name(trial->name, policy, now);
    trial->address = throttle_fail_address(trial->address, policy, now);
    TRY(write_throttle(trial->db, trial->name_key, &trial->name, why));
    TRY(write_throttle(trial->db, trial->address_key, &trial->address, why));
    bool locked = throttle_is_locked(&trial->name, now);
    outcome->rc = locked ? ERR_ACCOUNT_LOCKED : ERR_SIGN_IN_FAILED;
    outcome->until = locked ? trial->name.locked_until : 0;
    if (trial->account.id == 0) {
        return OK;
    }
    if (locked) {
        TRY(db_announce(trial->db, "accounts", why));
    }
    return tell(trial, locked ? "account_locked" : "sign_in_failed", why);
}

static errc open_session(struct trial *trial, struct login_outcome *outcome, struct why *why)
{
    struct session_add_row added;
    struct login_attempt attempt = *trial->attempt;
    session_token_make(trial->setup->entropy, &outcome->token);
    struct session_add_in in = {
        .account_id = trial->account.id,
        .token = session_token_hash(str_of(outcome->token.text)),
        .needs_second_factor = trial->account.has_factor,
        .now_us = attempt.now,
        .address = attempt.address,
        .agent = audit_clean(trial->arena, attempt.agent, SESSION_AGENT_MOST),
    };
    TRY(session_add(trial->db, &in, trial->arena, &added, why));
    outcome->session_id = added.id;
    struct sessions_remove_surplus_in surplus = {trial->account.id,
                                                 trial->setup->policy.sessions_most};
    return sessions_remove_surplus(trial->db, &surplus, NULL, why);
}

static errc pass_trial(struct trial *trial, const struct login_look *look,
                       struct login_outcome *outcome, struct why *why)
{
    struct account_by_id_row *account = &trial->account;
    if (account->has_disabled_at_us) {
        outcome->rc = ERR_ACCOUNT_DISABLED;
        return tell(trial, "sign_in_refused", why);
    }
    outcome->rc = OK;
    TRY(open_session(trial, outcome, why));
    if (look->renewed.text[0] != '\0') {
        struct account_change_hash_in in = {account->id, str_of(look->renewed.text), look->kept};
        TRY(account_change_hash(trial->db, &in, NULL, why));
    }
    if (account->has_factor) {
        return OK; /* the count goes on until the second factor was right as well */
    }
    struct login_throttle_remove_in forgive = {trial->name_key};
    struct account_change_signed_in_in signed_in = {account->id, trial->attempt->now};
    TRY(login_throttle_remove(trial->db, &forgive, NULL, why));
    TRY(account_change_signed_in(trial->db, &signed_in, NULL, why));
    return tell(trial, "signed_in", why);
}

static errc open_trial(struct trial *trial, const struct login_look *look, struct why *why)
{
    str login;
    errc rc = login_normalise(trial->arena, trial->attempt->login, &login);
    if (rc != OK && rc != ERR_INVALID) {
        return rc;
    }
    trial->name_key = throttle_name_key(rc == OK ? login : trial->attempt->login);
    trial->address_key = throttle_address_key(trial->attempt->address);
    TRY(audit_hold(trial->db, why));
    TRY(read_throttle(trial->db, trial->name_key, trial->arena, &trial->name, why));
    TRY(read_throttle(trial->db, trial->address_key, trial->arena, &trial->address, why));
    if (look->account_id == 0) {
        return OK;
    }
    struct account_by_id_in in = {look->account_id};
    return account_by_id(trial->db, &in, trial->arena, &trial->account, why);
}

errc login_settle(struct db *db, const struct account_setup *setup,
                  const struct login_attempt *attempt, const struct login_look *look,
                  struct login_outcome *ret_outcome, struct why *why)
{
    AUTO(arena_close) struct arena *arena = NULL;
    struct trial trial = {.db = db, .setup = setup, .attempt = attempt};
    struct login_outcome outcome = {.rc = ERR_SIGN_IN_FAILED};
    TRY(arena_create(LOGIN_ARENA, &arena));
    trial.arena = arena;
    TRY(open_trial(&trial, look, why));
    /* The password may have been changed since it was weighed. */
    bool stale = look->matches && !str_is(look->kept, trial.account.password_hash);
    if (throttle_is_locked(&trial.address, attempt->now)) {
        outcome = (struct login_outcome){.rc = ERR_TOO_MANY, .until = trial.address.locked_until};
    } else if (throttle_is_locked(&trial.name, attempt->now)) {
        outcome =
            (struct login_outcome){.rc = ERR_ACCOUNT_LOCKED, .until = trial.name.locked_until};
    } else if (look->waits) {
        outcome.rc = ERR_BUSY; /* the lock ended between looking and judging: simply again */
    } else if (look->matches && !stale) {
        TRY(pass_trial(&trial, look, &outcome, why));
    } else {
        TRY(fail_trial(&trial, &outcome, why));
    }
    *ret_outcome = outcome;
    return OK;
}

errc login_count(struct db *db, const struct account_job *job, hash key,
                 struct throttle *ret_throttle, struct why *why)
{
    struct throttle throttle;
    TRY(read_throttle(db, key, job->arena, &throttle, why));
    throttle = throttle_fail_name(throttle, &job->setup->policy, job->actor->now);
    TRY(write_throttle(db, key, &throttle, why));
    *ret_throttle = throttle;
    return OK;
}

errc login_waits(struct db *db, const struct account_job *job, hash key, usec *ret_until,
                 struct why *why)
{
    struct throttle throttle;
    TRY(read_throttle(db, key, job->arena, &throttle, why));
    *ret_until = throttle_is_locked(&throttle, job->actor->now) ? throttle.locked_until : 0;
    return OK;
}

errc login_forgive(struct db *db, hash key, struct why *why)
{
    struct login_throttle_remove_in in = {key};
    return login_throttle_remove(db, &in, NULL, why);
}

errc login_tidy(struct db *db, const struct policy *policy, usec now, struct why *why)
{
    struct login_throttles_remove_old_in in = {now - policy->failures_forget, now};
    struct login_throttles_remove_surplus_in surplus = {LOGIN_THROTTLES_MOST};
    TRY(login_throttles_remove_old(db, &in, NULL, why));
    return login_throttles_remove_surplus(db, &surplus, NULL, why);
}
