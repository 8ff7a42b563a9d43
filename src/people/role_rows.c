/* Roles of accounts: given, ended, and the watch that somebody who administers remains. */
#include "people/account_rows.h"

#include "base/json_out.h"

enum { GRANT_JSON_MOST = 1024 };

errc account_keep_admin(struct db *db, const struct account_job *job, int64_t account_id,
                        struct grants leaving, int64_t grant_id, struct why *why)
{
    day today = job->actor->today;
    struct role_grants_of_others_in in = {str_of(role_name(ROLE_PROVINCE_ADMIN)),
                                          grant_id == 0 ? account_id : 0, grant_id, today};
    struct role_grants_of_others_row *rows = NULL;
    size_t count = 0;
    TRY(role_grants_of_others_all(db, &in, job->arena, &rows, &count, why));
    struct grant *others = arena_take_array(job->arena, count + 1, sizeof(*others));
    if (others == NULL) {
        return fail(why, ERR_NO_MEMORY, "no memory for administrators");
    }
    for (size_t i = 0; i < count; i++) {
        others[i] = (struct grant){rows[i].id, rows[i].unit_id, ROLE_PROVINCE_ADMIN,
                                   rows[i].from_day, rows[i].to_day};
    }
    for (size_t i = 0; i < leaving.count; i++) {
        const struct grant *grant = &leaving.at[i];
        bool counts = grant_is_in_force(grant, today) && (grant_id == 0 || grant->id == grant_id);
        if (counts &&
            !role_admin_remains(grant, (struct grants){others, count}, &job->setup->view, today)) {
            return fail(why, ERR_IN_USE, "nobody else administers unit %lld for good",
                        (long long)grant->unit_id);
        }
    }
    return OK;
}

void role_write(struct json_out *out, const struct grant *grant)
{
    json_object(out);
    json_text_at(out, "role", role_name(grant->role));
    json_i64_at(out, "unit_id", grant->unit_id);
    json_day_at(out, "from", grant->from);
    json_day_at(out, "to", grant->to);
    json_end(out);
}

static errc grant_json(struct arena *arena, const struct grant *grant, str *ret_json)
{
    AUTO(buf_finish) struct buf out;
    struct json_out json;
    buf_init(&out, GRANT_JSON_MOST);
    json_out_init(&json, &out);
    role_write(&json, grant);
    TRY(json_out_check(&json));
    *ret_json = arena_str(arena, buf_str(&out));
    return ret_json->at == NULL ? ERR_NO_MEMORY : OK;
}

errc role_check_grant(const struct account_job *job, const struct grant *grant, struct why *why)
{
    const struct right_view *view = &job->setup->view;
    if (grant->from >= grant->to || grant->to <= job->actor->today) {
        return account_field(job, "to", "out_of_range", why);
    }
    if (!view->covers(view->ctx, grant->unit_id, grant->unit_id, job->actor->today)) {
        return account_field(job, "unit_id", "not_found", why);
    }
    return role_may_grant(job->actor, grant, view, why);
}

errc role_add_grant(struct db *db, const struct account_job *job, int64_t account_id,
                    const struct grant *grant, struct why *why)
{
    struct role_grant_add_in in = {
        .account_id = account_id,
        .role = str_of(role_name(grant->role)),
        .unit_id = grant->unit_id,
        .from_day = grant->from,
        .to_day = grant->to,
        .has_granted_by = job->actor->account_id != 0,
        .granted_by = job->actor->account_id,
        .now_us = job->actor->now,
    };
    struct role_grant_add_row row;
    return role_grant_add(db, &in, job->arena, &row, why);
}

errc account_grant(struct db *db, const struct account_job *job, int64_t id,
                   const struct grant *grant, struct why *why)
{
    struct account_target target;
    str after;
    TRY(account_take(db, job, id, &target, why));
    TRY(role_check_grant(job, grant, why));
    if (target.grants.count >= GRANTS_MOST / 2) {
        return account_field(job, "roles", "too_long", why);
    }
    TRY(role_add_grant(db, job, id, grant, why));
    TRY(grant_json(job->arena, grant, &after));
    TRY(db_announce(db, "session", why));
    return account_tell(db, job, &target,
                        &(struct account_story){.action = "role_granted", .after = after}, why);
}

errc account_revoke(struct db *db, const struct account_job *job, int64_t id, int64_t grant_id,
                    struct why *why)
{
    struct account_target target;
    const struct grant *grant = NULL;
    str before;
    TRY(account_take(db, job, id, &target, why));
    for (size_t i = 0; i < target.grants.count; i++) {
        grant = target.grants.at[i].id == grant_id ? &target.grants.at[i] : grant;
    }
    if (grant == NULL) {
        return fail(why, ERR_NOT_FOUND, "account %lld has no role %lld", (long long)id,
                    (long long)grant_id);
    }
    struct grant until_now = *grant;
    until_now.to = job->actor->today;
    TRY(role_may_grant(job->actor, &until_now, &job->setup->view, why));
    TRY(account_keep_admin(db, job, id, target.grants, grant_id, why));
    struct role_grant_end_in in = {grant_id, id, job->actor->today};
    TRY(role_grant_end(db, &in, NULL, why));
    TRY(grant_json(job->arena, grant, &before));
    TRY(db_announce(db, "session", why));
    return account_tell(db, job, &target,
                        &(struct account_story){.action = "role_revoked", .before = before}, why);
}
