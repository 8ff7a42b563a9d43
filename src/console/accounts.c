/* Accounts as administrators see them: list, create, change, lock and unlock, roles. Who may do
 * what to whom is decided in people/account; here are only words in and words out. */
#include "console/accounts.h"

#include "console/account_json.h"
#include "console/audit_json.h"
#include "console/steps.h"

enum { NEW_ROLES_MOST = 16, HISTORY_LINES = 20 };

errc api_accounts_list(struct ask *ask, struct why *why)
{
    struct account_filter filter = {.query = STR_NONE};
    struct account_page page = {.count = 0};
    TRY(ask_query(ask, "q", &filter.query));
    TRY(ask_query(ask, "role", &filter.role));
    TRY(ask_query(ask, "state", &filter.state));
    TRY(ask_query_i64(ask, "unit", 0, &filter.unit_id));
    TRY(ask_query(ask, "after", &filter.after));
    TRY(ask_query_limit(ask, &filter.limit));
    TRY(account_list(ask->db, &ask->job, &filter, &page, why));
    ask_list_begin(ask);
    for (size_t i = 0; i < page.count; i++) {
        account_json_full(ask, &page.at[i]);
    }
    ask_list_end(ask, page.next);
    return OK;
}

static errc write_one(struct ask *ask, int64_t id, struct why *why)
{
    struct account account;
    TRY(account_read(ask->db, &ask->job, id, &account, why));
    json_object(&ask->json);
    json_key(&ask->json, "account");
    account_json_full(ask, &account);
    json_end(&ask->json);
    return OK;
}

static errc place_id(struct ask *ask, size_t place, int64_t *ret_id)
{
    int64_t id = ask_place_id(ask, place);
    if (id < 0) {
        return ERR_NOT_FOUND;
    }
    *ret_id = id;
    return OK;
}

errc api_accounts_show(struct ask *ask, struct why *why)
{
    int64_t id = 0;
    struct account account;
    struct session_lines sessions = {.count = 0};
    TRY(place_id(ask, 0, &id));
    TRY(account_read(ask->db, &ask->job, id, &account, why));
    TRY(session_list(ask->db, &ask->job, id, &sessions, why));
    json_object(&ask->json);
    json_key(&ask->json, "account");
    account_json_full(ask, &account);
    json_key(&ask->json, "sessions");
    account_json_sessions(ask, &sessions);
    TRY(audit_json_history(ask, "account", id, HISTORY_LINES, why));
    json_end(&ask->json);
    return OK;
}

/* --- what is typed ---------------------------------------------------------------------------- */

static errc keep_text(struct ask *ask, str text, str *ret_text)
{
    str copy = arena_str(ask->arena, text);
    if (copy.at == NULL) {
        return ERR_NO_MEMORY;
    }
    *ret_text = copy;
    return OK;
}

static errc take_text(struct ask *ask, const struct json_value *body, const char *key, size_t most,
                      str *ret_text)
{
    str text = STR_NONE;
    TRY(json_in_str(body, key, 1, most, &text, &ask->bad));
    return keep_text(ask, text, ret_text);
}

static errc take_optional(struct ask *ask, const struct json_value *body, const char *key,
                          size_t most, str *ret_text)
{
    bool given = false;
    str text = STR_NONE;
    TRY(ask_optional_str(ask, body, key, most, &given, &text));
    return given ? keep_text(ask, text, ret_text) : OK;
}

static errc take_day(struct ask *ask, const struct json_value *body, const char *key, day *ret_day)
{
    return json_in_has(body, key) ? json_in_day(body, key, ret_day, &ask->bad) : OK;
}

static errc take_grant(struct ask *ask, const struct json_value *body, int64_t unit,
                       struct grant *ret_grant)
{
    static const char *const fields[] = {"role", "unit_id", "from", "to", NULL};
    struct grant grant = {.unit_id = unit, .from = ask->today, .to = DAY_OPEN};
    str role = STR_NONE;
    TRY(json_in_only(body, fields, &ask->bad));
    TRY(json_in_str(body, "role", 1, 32, &role, &ask->bad));
    if (!role_parse(role, &grant.role)) {
        return bad_field(&ask->bad, "role", "unknown");
    }
    if (json_in_has(body, "unit_id") || unit == 0) {
        TRY(json_in_i64(body, "unit_id", 1, INT64_MAX, &grant.unit_id, &ask->bad));
    }
    TRY(take_day(ask, body, "from", &grant.from));
    TRY(take_day(ask, body, "to", &grant.to));
    *ret_grant = grant;
    return OK;
}

static errc take_grants(struct ask *ask, const struct json_value *body, int64_t unit,
                        struct grants *ret_grants)
{
    const struct json_value *roles = json_in_get(body, "roles");
    if (roles == NULL) {
        return OK;
    }
    size_t count = json_in_is_array(roles) ? json_in_count(roles) : NEW_ROLES_MOST + 1;
    if (count > NEW_ROLES_MOST) {
        return bad_field(&ask->bad, "roles", "out_of_range");
    }
    struct grant *grants = arena_take_array(ask->arena, count, sizeof *grants);
    if (grants == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        TRY(take_grant(ask, json_in_at(roles, i), unit, &grants[i]));
    }
    *ret_grants = (struct grants){.at = grants, .count = count};
    return OK;
}

/* --- creating and changing -------------------------------------------------------------------- */

errc api_accounts_create_prove(struct ask *ask, struct why *why)
{
    struct account_secret *secret = arena_take(ask->arena, sizeof *secret);
    if (secret == NULL) {
        return ERR_NO_MEMORY;
    }
    ask->carried = secret;
    return account_secret_make(&ask->setup, ask->arena, secret, why);
}

errc api_accounts_create(struct ask *ask, struct why *why)
{
    static const char *const fields[] = {"login", "name",  "unit_id", "language",
                                         "email", "phone", "roles",   NULL};
    const struct account_secret *secret = ask->carried;
    AUTO(json_in_finish) struct json_in in = {.root = NULL};
    struct account_new fresh = {.language = words_code(ask->language), .secret = secret};
    int64_t id = 0;
    TRY(ask_body(ask, fields, &in, why));
    TRY(take_text(ask, in.root, "login", ACCOUNT_LOGIN_MOST, &fresh.login));
    TRY(take_text(ask, in.root, "name", ACCOUNT_NAME_MOST, &fresh.name));
    TRY(json_in_i64(in.root, "unit_id", 1, INT64_MAX, &fresh.unit_id, &ask->bad));
    TRY(take_optional(ask, in.root, "language", 2, &fresh.language));
    TRY(take_optional(ask, in.root, "email", ACCOUNT_EMAIL_MOST, &fresh.email));
    TRY(take_optional(ask, in.root, "phone", ACCOUNT_PHONE_MOST, &fresh.phone));
    TRY(take_grants(ask, in.root, fresh.unit_id, &fresh.grants));
    TRY(account_create(ask->db, &ask->job, &fresh, &id, why));
    struct account account;
    TRY(account_read(ask->db, &ask->job, id, &account, why));
    json_object(&ask->json);
    json_key(&ask->json, "account");
    account_json_full(ask, &account);
    json_text_at(&ask->json, "password", secret->password);
    json_end(&ask->json);
    return OK;
}

/* A field that is there and null clears what may be empty. */
static errc take_clearable(struct ask *ask, const struct json_value *body, const char *key,
                           size_t most, str *ret_text)
{
    if (json_in_is_null(body, key)) {
        *ret_text = S("");
        return OK;
    }
    return take_optional(ask, body, key, most, ret_text);
}

errc account_take_patch(struct ask *ask, const struct json_value *body,
                        struct account_patch *ret_patch)
{
    struct account_patch patch = {.unit_id = 0};
    TRY(take_optional(ask, body, "name", ACCOUNT_NAME_MOST, &patch.name));
    TRY(take_optional(ask, body, "language", 2, &patch.language));
    TRY(take_clearable(ask, body, "email", ACCOUNT_EMAIL_MOST, &patch.email));
    TRY(take_clearable(ask, body, "phone", ACCOUNT_PHONE_MOST, &patch.phone));
    if (json_in_has(body, "unit_id")) {
        TRY(json_in_i64(body, "unit_id", 1, INT64_MAX, &patch.unit_id, &ask->bad));
    }
    *ret_patch = patch;
    return OK;
}

errc api_accounts_change(struct ask *ask, struct why *why)
{
    static const char *const fields[] = {"name", "unit_id", "language", "email", "phone", NULL};
    AUTO(json_in_finish) struct json_in in = {.root = NULL};
    struct account_patch patch = {.unit_id = 0};
    int64_t id = 0;
    TRY(place_id(ask, 0, &id));
    TRY(ask_body(ask, fields, &in, why));
    TRY(account_take_patch(ask, in.root, &patch));
    TRY(account_change(ask->db, &ask->job, id, &patch, why));
    return write_one(ask, id, why);
}

errc api_accounts_reset_prove(struct ask *ask, struct why *why)
{
    return api_accounts_create_prove(ask, why);
}

errc api_accounts_reset(struct ask *ask, struct why *why)
{
    static const char *const fields[] = {"second_factor", NULL};
    const struct account_secret *secret = ask->carried;
    AUTO(json_in_finish) struct json_in in = {.root = NULL};
    struct account_reset reset = {.secret = secret};
    int64_t id = 0;
    TRY(place_id(ask, 0, &id));
    TRY(ask_body(ask, fields, &in, why));
    if (json_in_has(in.root, "second_factor")) {
        TRY(json_in_bool(in.root, "second_factor", &reset.second_factor, &ask->bad));
    }
    TRY(account_reset(ask->db, &ask->job, id, &reset, why));
    json_object(&ask->json);
    json_text_at(&ask->json, "password", secret->password);
    json_end(&ask->json);
    return OK;
}

typedef errc change_fn(struct db *db, const struct account_job *job, int64_t id, struct why *why);

static errc change_one(struct ask *ask, change_fn *change, struct why *why)
{
    int64_t id = 0;
    TRY(place_id(ask, 0, &id));
    TRY(change(ask->db, &ask->job, id, why));
    return ask->status == 204 ? OK : write_one(ask, id, why);
}

errc api_accounts_unlock(struct ask *ask, struct why *why)
{
    return change_one(ask, account_unlock, why);
}

errc api_accounts_disable(struct ask *ask, struct why *why)
{
    return change_one(ask, account_disable, why);
}

errc api_accounts_enable(struct ask *ask, struct why *why)
{
    return change_one(ask, account_enable, why);
}

errc api_accounts_sessions_end(struct ask *ask, struct why *why)
{
    return change_one(ask, account_end_sessions, why);
}

errc api_accounts_grant(struct ask *ask, struct why *why)
{
    static const char *const fields[] = {"role", "unit_id", "from", "to", NULL};
    AUTO(json_in_finish) struct json_in in = {.root = NULL};
    struct grant grant;
    int64_t id = 0;
    TRY(place_id(ask, 0, &id));
    TRY(ask_body(ask, fields, &in, why));
    TRY(take_grant(ask, in.root, 0, &grant));
    TRY(account_grant(ask->db, &ask->job, id, &grant, why));
    return write_one(ask, id, why);
}

errc api_accounts_revoke(struct ask *ask, struct why *why)
{
    int64_t id = 0;
    int64_t grant = 0;
    TRY(place_id(ask, 0, &id));
    TRY(place_id(ask, 1, &grant));
    TRY(account_revoke(ask->db, &ask->job, id, grant, why));
    return write_one(ask, id, why);
}
