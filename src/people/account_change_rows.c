/* Changing accounts. Every change goes the same way: hold the audit, read the account as it is now,
 * ask whether the actor may, write, announce, and tell the trail what was and what is. */
#include "people/account_rows.h"

#include "base/json_out.h"
#include "people/login.h"
#include "people/login_sql.h"
#include "people/session_sql.h"

enum { ABOUT_MOST = 4096 };

static errc read_target(struct db *db, const struct account_job *job, int64_t id,
                        struct account_target *ret_target, struct why *why)
{
    struct account_by_id_in in = {id};
    TRY(audit_hold(db, why));
    TRY(account_by_id(db, &in, job->arena, &ret_target->row, why));
    return account_grants(db, id, job->actor->today, job->arena, &ret_target->grants, why);
}

errc account_take(struct db *db, const struct account_job *job, int64_t id,
                  struct account_target *ret_target, struct why *why)
{
    const struct right_view *view = &job->setup->view;
    TRY(read_target(db, job, id, ret_target, why));
    if (!actor_may(job->actor, RIGHT_ACCOUNTS_READ, ret_target->row.unit_id, view)) {
        return fail(why, ERR_NOT_FOUND, "account %lld is outside of the actor's units",
                    (long long)id);
    }
    return role_may_touch(job->actor, ret_target->row.unit_id, ret_target->grants, view, why);
}

errc account_take_own(struct db *db, const struct account_job *job,
                      struct account_target *ret_target, struct why *why)
{
    return read_target(db, job, job->actor->account_id, ret_target, why);
}

errc account_tell(struct db *db, const struct account_job *job, const struct account_target *target,
                  const struct account_story *story, struct why *why)
{
    struct audit_entry entry = {
        .actor = job->actor,
        .action = story->action,
        .subject_kind = "account",
        .subject_id = target->row.id,
        .subject_name = target->row.login,
        .subject_unit_id = target->row.unit_id,
        .before = story->before,
        .after = story->after,
    };
    TRY(db_announce(db, "accounts", why));
    return audit_append(db, &entry, why);
}

static errc finish_json(struct json_out *json, const struct buf *out, struct arena *arena,
                        str *ret_json)
{
    json_end(json);
    TRY(json_out_check(json));
    *ret_json = arena_str(arena, buf_str(out));
    return ret_json->at == NULL ? ERR_NO_MEMORY : OK;
}

static errc new_json(struct arena *arena, const struct account_new *new_account, str *ret_json)
{
    AUTO(buf_finish) struct buf out;
    struct json_out json;
    buf_init(&out, AUDIT_JSON_MOST);
    json_out_init(&json, &out);
    json_object(&json);
    json_str_at(&json, "login", new_account->login);
    json_str_at(&json, "name", new_account->name);
    json_i64_at(&json, "unit_id", new_account->unit_id);
    json_str_at(&json, "language", new_account->language);
    json_str_at(&json, "email", new_account->email);
    json_str_at(&json, "phone", new_account->phone);
    json_array_at(&json, "roles");
    for (size_t i = 0; i < new_account->grants.count; i++) {
        role_write(&json, &new_account->grants.at[i]);
    }
    json_end(&json);
    return finish_json(&json, &out, arena, ret_json);
}

static errc check_new(const struct account_job *job, const struct account_new *wanted,
                      struct account_new *ret_normal, struct why *why)
{
    const struct right_view *view = &job->setup->view;
    const struct actor *actor = job->actor;
    *ret_normal = *wanted;
    errc rc = login_normalise(job->arena, wanted->login, &ret_normal->login);
    if (rc != OK) {
        return rc == ERR_INVALID ? account_field(job, "login", "not_a_login", why) : rc;
    }
    if (ret_normal->login.len < ACCOUNT_LOGIN_LEAST) {
        return account_field(job, "login", "too_short", why);
    }
    TRY(account_check_name(job, wanted->name, why));
    TRY(account_check_contact(job, wanted->language, wanted->email, wanted->phone, why));
    if (!view->covers(view->ctx, wanted->unit_id, wanted->unit_id, actor->today)) {
        return account_field(job, "unit_id", "not_found", why);
    }
    if (!actor_may(actor, RIGHT_ACCOUNTS_WRITE, wanted->unit_id, view)) {
        return fail(why, ERR_FORBIDDEN, "no accounts_write over unit %lld",
                    (long long)wanted->unit_id);
    }
    if (wanted->grants.count > GRANTS_MOST / 2) {
        return account_field(job, "roles", "too_long", why);
    }
    for (size_t i = 0; i < wanted->grants.count; i++) {
        TRY(role_check_grant(job, &wanted->grants.at[i], why));
    }
    return OK;
}

static str or_none(str text)
{
    return text.len > 0 ? text : STR_NONE;
}

static errc insert_account(struct db *db, const struct account_job *job,
                           const struct account_new *normal, int64_t *ret_id, struct why *why)
{
    struct account_words words = {normal->login, normal->name, normal->email};
    struct account_add_row row;
    str search_key;
    str sort_key;
    TRY(account_keys(job->arena, &words, &words, &search_key, &sort_key, why));
    struct account_add_in in = {
        .login = normal->login,
        .throttle_key = throttle_name_key(normal->login),
        .name = words.name,
        .sort_key = sort_key,
        .search_key = search_key,
        .unit_id = normal->unit_id,
        .language = normal->language,
        .email = or_none(normal->email),
        .phone = or_none(normal->phone),
        .password_hash = str_of(normal->secret->hash.text),
        .now_us = job->actor->now,
    };
    errc rc = account_add(db, &in, job->arena, &row, why);
    if (rc == ERR_NOT_FOUND) {
        ignore(account_field(job, "login", "taken", why));
        return ERR_EXISTS;
    }
    if (rc == OK) {
        *ret_id = row.id;
    }
    return rc;
}

errc account_create(struct db *db, const struct account_job *job,
                    const struct account_new *new_account, int64_t *ret_id, struct why *why)
{
    struct account_new normal;
    struct account_target target = {0};
    str after;
    int64_t id;
    TRY(audit_hold(db, why));
    TRY(check_new(job, new_account, &normal, why));
    TRY(insert_account(db, job, &normal, &id, why));
    for (size_t i = 0; i < normal.grants.count; i++) {
        TRY(role_add_grant(db, job, id, &normal.grants.at[i], why));
    }
    TRY(new_json(job->arena, &normal, &after));
    target.row.id = id;
    target.row.login = normal.login;
    target.row.unit_id = normal.unit_id;
    TRY(account_tell(db, job, &target,
                     &(struct account_story){.action = "account_created", .after = after}, why));
    *ret_id = id;
    return OK;
}

/* What a patch makes of an account, and both states of the fields that differ. */
struct patched {
    struct account_change_about_in in;
    str before;
    str after;
    bool differs;
};

static void write_pair(struct json_out *out, const char *key, str value)
{
    json_str_at(out, key, value.len > 0 ? value : STR_NONE);
}

static errc write_side(struct arena *arena, const struct account_by_id_row *row,
                       const struct account_change_about_in *in, bool after, str *ret_json)
{
    AUTO(buf_finish) struct buf out;
    struct json_out json;
    buf_init(&out, ABOUT_MOST);
    json_out_init(&json, &out);
    json_object(&json);
    if (!str_is(row->name, in->name)) {
        write_pair(&json, "name", after ? in->name : row->name);
    }
    if (row->unit_id != in->unit_id) {
        json_i64_at(&json, "unit_id", after ? in->unit_id : row->unit_id);
    }
    if (!str_is(row->language, in->language)) {
        write_pair(&json, "language", after ? in->language : row->language);
    }
    if (!str_is(row->email, in->email)) {
        write_pair(&json, "email", after ? in->email : row->email);
    }
    if (!str_is(row->phone, in->phone)) {
        write_pair(&json, "phone", after ? in->phone : row->phone);
    }
    return finish_json(&json, &out, arena, ret_json);
}

static errc apply_patch(const struct account_job *job, const struct account_by_id_row *row,
                        const struct account_patch *patch, struct patched *ret_patched,
                        struct why *why)
{
    struct account_words words = {row->login, patch->name.at == NULL ? row->name : patch->name,
                                  patch->email.at == NULL ? row->email : patch->email};
    struct account_change_about_in in = {
        .id = row->id,
        .unit_id = patch->unit_id == 0 ? row->unit_id : patch->unit_id,
        .language = patch->language.at == NULL ? row->language : patch->language,
        .email = or_none(words.email),
        .phone = or_none(patch->phone.at == NULL ? row->phone : patch->phone),
    };
    TRY(account_check_name(job, words.name, why));
    TRY(account_check_contact(job, in.language, in.email, in.phone, why));
    TRY(account_keys(job->arena, &words, &words, &in.search_key, &in.sort_key, why));
    in.name = words.name;
    ret_patched->in = in;
    ret_patched->differs = !str_is(row->name, in.name) || row->unit_id != in.unit_id ||
                           !str_is(row->language, in.language) || !str_is(row->email, in.email) ||
                           !str_is(row->phone, in.phone);
    TRY(write_side(job->arena, row, &in, false, &ret_patched->before));
    return write_side(job->arena, row, &in, true, &ret_patched->after);
}

/* To move an account needs the right at both ends. */
static errc check_move(const struct account_job *job, int64_t unit_id, struct why *why)
{
    const struct right_view *view = &job->setup->view;
    if (unit_id == 0) {
        return OK;
    }
    if (!view->covers(view->ctx, unit_id, unit_id, job->actor->today)) {
        return account_field(job, "unit_id", "not_found", why);
    }
    return actor_may(job->actor, RIGHT_ACCOUNTS_WRITE, unit_id, view)
               ? OK
               : fail(why, ERR_FORBIDDEN, "no accounts_write over unit %lld", (long long)unit_id);
}

errc account_change(struct db *db, const struct account_job *job, int64_t id,
                    const struct account_patch *patch, struct why *why)
{
    struct account_target target;
    struct patched patched;
    bool own = id == job->actor->account_id && patch->unit_id == 0;
    TRY(own ? account_take_own(db, job, &target, why) : account_take(db, job, id, &target, why));
    TRY(check_move(job, patch->unit_id, why));
    TRY(apply_patch(job, &target.row, patch, &patched, why));
    if (!patched.differs) {
        return OK;
    }
    TRY(account_change_about(db, &patched.in, NULL, why));
    return account_tell(db, job, &target,
                        &(struct account_story){.action = "account_changed",
                                                .before = patched.before,
                                                .after = patched.after},
                        why);
}

static errc end_sessions(struct db *db, int64_t id, struct why *why)
{
    struct sessions_remove_others_in in = {id, 0};
    TRY(sessions_remove_others(db, &in, NULL, why));
    return db_announce(db, "session", why);
}

errc account_disable(struct db *db, const struct account_job *job, int64_t id, struct why *why)
{
    struct account_target target;
    struct account_change_disabled_in in = {id, S("administrator"), job->actor->now};
    int64_t changed = 0;
    TRY(account_take(db, job, id, &target, why));
    TRY(account_keep_admin(db, job, id, target.grants, 0, why));
    TRY(account_change_disabled(db, &in, &changed, why));
    if (changed == 0) {
        return OK;
    }
    TRY(end_sessions(db, id, why));
    return account_tell(db, job, &target, &(struct account_story){.action = "account_disabled"},
                        why);
}

errc account_enable(struct db *db, const struct account_job *job, int64_t id, struct why *why)
{
    struct account_target target;
    struct account_change_enabled_in in = {id, job->actor->now};
    int64_t changed = 0;
    TRY(account_take(db, job, id, &target, why));
    TRY(account_change_enabled(db, &in, &changed, why));
    return changed == 0 ? OK
                        : account_tell(db, job, &target,
                                       &(struct account_story){.action = "account_enabled"}, why);
}

errc account_unlock(struct db *db, const struct account_job *job, int64_t id, struct why *why)
{
    struct account_target target;
    int64_t changed = 0;
    TRY(account_take(db, job, id, &target, why));
    struct login_throttle_remove_in in = {target.row.throttle_key};
    TRY(login_throttle_remove(db, &in, &changed, why));
    return changed == 0 ? OK
                        : account_tell(db, job, &target,
                                       &(struct account_story){.action = "account_unlocked"}, why);
}

static errc drop_factors(struct db *db, int64_t id, struct why *why)
{
    struct factors_remove_all_in factors = {id};
    struct recovery_codes_remove_in codes = {id};
    TRY(factors_remove_all(db, &factors, NULL, why));
    return recovery_codes_remove(db, &codes, NULL, why);
}

errc account_reset(struct db *db, const struct account_job *job, int64_t id,
                   const struct account_reset *reset, struct why *why)
{
    struct account_target target;
    TRY(account_take(db, job, id, &target, why));
    struct account_change_password_in in = {id, str_of(reset->secret->hash.text), true,
                                            job->actor->now};
    struct login_throttle_remove_in forgive = {target.row.throttle_key};
    TRY(account_change_password(db, &in, NULL, why));
    TRY(login_throttle_remove(db, &forgive, NULL, why));
    TRY(end_sessions(db, id, why));
    if (reset->second_factor) {
        TRY(drop_factors(db, id, why));
    }
    str after = reset->second_factor ? S("{\"second_factor\":false}") : STR_NONE;
    return account_tell(db, job, &target,
                        &(struct account_story){.action = "account_reset", .after = after}, why);
}

errc account_end_sessions(struct db *db, const struct account_job *job, int64_t id, struct why *why)
{
    struct account_target target;
    TRY(account_take(db, job, id, &target, why));
    TRY(end_sessions(db, id, why));
    return account_tell(db, job, &target, &(struct account_story){.action = "sessions_ended"}, why);
}

static errc disable_one(struct db *db, const struct account_job *job, int64_t id, bool *ret_done,
                        struct why *why)
{
    struct account_target target;
    struct account_change_disabled_in in = {id, S("inactivity"), job->actor->now};
    TRY(read_target(db, job, id, &target, why));
    usec signed_in = target.row.has_signed_in_at_us ? target.row.signed_in_at_us : 0;
    *ret_done = false;
    if (!account_is_inactive(signed_in, target.row.enabled_at_us, &job->setup->policy,
                             job->actor->now)) {
        return OK;
    }
    errc rc = account_keep_admin(db, job, id, target.grants, 0, why);
    if (rc != OK) {
        return rc == ERR_IN_USE ? OK : rc;
    }
    TRY(account_change_disabled(db, &in, NULL, why));
    TRY(end_sessions(db, id, why));
    *ret_done = true;
    return account_tell(db, job, &target, &(struct account_story){.action = "account_inactive"},
                        why);
}

errc account_disable_inactive(struct db *db, const struct account_job *job, int64_t most,
                              int64_t *ret_disabled, struct why *why)
{
    struct accounts_inactive_in in = {job->actor->now - job->setup->policy.inactive_disable + 1,
                                      most};
    struct accounts_inactive_row *rows = NULL;
    size_t count = 0;
    int64_t disabled = 0;
    TRY(audit_hold(db, why));
    TRY(accounts_inactive_all(db, &in, job->arena, &rows, &count, why));
    for (size_t i = 0; i < count; i++) {
        bool done;
        TRY(disable_one(db, job, rows[i].id, &done, why));
        disabled += done ? 1 : 0;
    }
    *ret_disabled = disabled;
    return OK;
}

errc account_change_own_password(struct db *db, const struct account_job *job,
                                 const struct account_password *password,
                                 struct login_outcome *ret_outcome, struct why *why)
{
    struct account_target target;
    struct login_outcome outcome = {.rc = OK};
    TRY(account_take_own(db, job, &target, why));
    bool right = password->look->matches && password->look->account_id == target.row.id &&
                 str_is(password->look->kept, target.row.password_hash);
    if (password->look->waits) {
        outcome.rc = ERR_ACCOUNT_LOCKED;
        outcome.until = target.row.has_locked_until_us ? target.row.locked_until_us : 0;
    } else if (!right) {
        TRY(login_count_failure(db, job, "password_refused", &outcome, why));
    } else {
        struct account_change_password_in in = {target.row.id, str_of(password->hash->text), false,
                                                job->actor->now};
        struct sessions_remove_others_in others = {target.row.id, job->actor->session_id};
        TRY(account_change_password(db, &in, NULL, why));
        TRY(sessions_remove_others(db, &others, NULL, why));
        TRY(db_announce(db, "session", why));
        TRY(account_tell(db, job, &target, &(struct account_story){.action = "password_changed"},
                         why));
    }
    *ret_outcome = outcome;
    return OK;
}
