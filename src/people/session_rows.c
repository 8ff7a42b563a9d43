/* Sessions in the database; see session_store.h. */
#include "people/session_store.h"

#include "people/account_sql.h"
#include "people/session_sql.h"

static errc take_grants(struct db *db, struct session *session, day today, struct arena *arena,
                        struct why *why)
{
    struct role_grants_of_in in = {session->account_id, today};
    struct role_grants_of_row *rows = NULL;
    size_t count = 0;
    TRY(role_grants_of_all(db, &in, arena, &rows, &count, why));
    for (size_t i = 0; i < count && session->grant_count < GRANTS_MOST; i++) {
        enum role role;
        if (role_parse(rows[i].role,
                       &role)) { /* one that this version does not know gives nothing */
            session->grants[session->grant_count++] =
                (struct grant){rows[i].id, rows[i].unit_id, role, rows[i].from_day, rows[i].to_day};
        }
    }
    return OK;
}

errc session_load(struct db *db, str token, day today, struct arena *arena,
                  struct session *ret_session, struct why *why)
{
    struct session_by_token_row row;
    if (!session_token_is_text(token)) {
        return fail(why, ERR_SIGNED_OUT, "the cookie is no token");
    }
    struct session_by_token_in in = {session_token_hash(token)};
    errc rc = session_by_token(db, &in, arena, &row, why);
    if (rc != OK) {
        return rc == ERR_NOT_FOUND ? fail(why, ERR_SIGNED_OUT, "no session with this token") : rc;
    }
    struct session session = {
        .id = row.id,
        .account_id = row.account_id,
        .unit_id = row.unit_id,
        .needs_second_factor = row.needs_second_factor,
        .must_change_password = row.must_change_password,
        .factors = (row.has_totp ? SESSION_HAS_TOTP : 0U) |
                   (row.has_webauthn ? SESSION_HAS_WEBAUTHN : 0U) |
                   (row.has_recovery ? SESSION_HAS_RECOVERY : 0U),
        .created = row.created_at_us,
        .seen = row.seen_at_us,
        .locked = row.has_locked_at_us ? row.locked_at_us : 0,
    };
    if (!str_to_array(row.login, session.login, sizeof(session.login)) ||
        !str_to_array(row.name, session.name, sizeof(session.name)) ||
        !str_to_array(row.language, session.language, sizeof(session.language))) {
        return fail(why, ERR_CORRUPT, "account %lld does not fit", (long long)row.account_id);
    }
    TRY(take_grants(db, &session, today, arena, why));
    *ret_session = session;
    return OK;
}

static enum session_state state_of(const struct sessions_of_row *row, const struct policy *policy,
                                   usec now)
{
    struct session session = {
        .id = row->id,
        .needs_second_factor = row->needs_second_factor,
        .created = row->created_at_us,
        .seen = row->seen_at_us,
        .locked = row->has_locked_at_us ? row->locked_at_us : 0,
    };
    return session_state_at(&session, policy, now);
}

errc session_list(struct db *db, const struct account_job *job, int64_t account_id,
                  struct session_lines *ret_lines, struct why *why)
{
    const struct policy *policy = &job->setup->policy;
    usec now = job->actor->now;
    struct sessions_of_in in = {account_id, now - policy->session_most};
    struct sessions_of_row *rows = NULL;
    size_t count = 0;
    TRY(sessions_of_all(db, &in, job->arena, &rows, &count, why));
    struct session_line *lines = arena_take_array(job->arena, count + 1, sizeof(*lines));
    if (lines == NULL) {
        return fail(why, ERR_NO_MEMORY, "no memory for sessions");
    }
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        enum session_state state = state_of(&rows[i], policy, now);
        if (state != SESSION_ANONYMOUS) {
            lines[kept++] = (struct session_line){
                .id = rows[i].id,
                .state = state,
                .created = rows[i].created_at_us,
                .seen = rows[i].seen_at_us,
                .address = rows[i].address,
                .agent = rows[i].agent,
                .current = rows[i].id == job->actor->session_id,
            };
        }
    }
    *ret_lines = (struct session_lines){lines, kept};
    return OK;
}

static errc tell(struct db *db, const struct account_job *job, const char *action, struct why *why)
{
    struct audit_entry entry = {
        .actor = job->actor,
        .action = action,
        .subject_kind = "account",
        .subject_id = job->actor->account_id,
        .subject_name = job->actor->login,
        .subject_unit_id = job->actor->unit_id,
    };
    TRY(db_announce(db, "session", why));
    return audit_append(db, &entry, why);
}

errc session_lock(struct db *db, const struct account_job *job, struct why *why)
{
    struct session_lock_now_in in = {job->actor->session_id, job->actor->now};
    int64_t changed = 0;
    TRY(audit_hold(db, why));
    TRY(session_lock_now(db, &in, &changed, why));
    return changed == 0 ? OK : tell(db, job, "session_locked", why);
}

static errc remove_own(struct db *db, const struct account_job *job, int64_t session_id,
                       const char *action, struct why *why)
{
    struct session_remove_in in = {session_id, job->actor->account_id};
    int64_t changed = 0;
    TRY(audit_hold(db, why));
    TRY(session_remove(db, &in, &changed, why));
    return changed == 0 ? fail(why, ERR_NOT_FOUND, "no session %lld", (long long)session_id)
                        : tell(db, job, action, why);
}

errc session_sign_out(struct db *db, const struct account_job *job, struct why *why)
{
    return remove_own(db, job, job->actor->session_id, "signed_out", why);
}

errc session_end(struct db *db, const struct account_job *job, int64_t session_id, struct why *why)
{
    return remove_own(db, job, session_id, "session_ended", why);
}

errc session_end_others(struct db *db, const struct account_job *job, struct why *why)
{
    struct sessions_remove_others_in in = {job->actor->account_id, job->actor->session_id};
    int64_t changed = 0;
    TRY(audit_hold(db, why));
    TRY(sessions_remove_others(db, &in, &changed, why));
    return changed == 0 ? OK : tell(db, job, "sessions_ended", why);
}

errc session_write_seen(struct db *db, const struct session_seen *seen, size_t count,
                        struct why *why)
{
    for (size_t i = 0; i < count; i++) {
        struct session_seen_in in = {seen[i].session_id, seen[i].seen};
        TRY(session_seen(db, &in, NULL, why));
    }
    return OK;
}

errc session_tidy(struct db *db, const struct policy *policy, usec now, struct why *why)
{
    struct sessions_remove_old_in in = {now - policy->session_most,
                                        now - policy->second_factor_wait};
    return sessions_remove_old(db, &in, NULL, why);
}
