/* Writing accounts. Units are shown as they are today. */
#include "console/account_json.h"

#include "console/unit_json.h"
#include "people/account.h"

static struct tree today_of(const struct ask *ask)
{
    return forest_at(ask->forest, ask->today);
}

void account_json_roles(struct ask *ask, struct grants grants)
{
    struct json_out *out = &ask->json;
    json_array_at(out, "roles");
    for (size_t i = 0; i < grants.count; i++) {
        const struct grant *grant = &grants.at[i];
        json_object(out);
        json_i64_at(out, "id", grant->id);
        json_text_at(out, "role", role_name(grant->role));
        unit_json_name_at(out, "unit", today_of(ask), grant->unit_id);
        json_day_at(out, "from", grant->from);
        json_day_at(out, "to", grant->to);
        json_end(out);
    }
    json_end(out);
}

void account_json_self(struct ask *ask, const struct account *account)
{
    struct json_out *out = &ask->json;
    json_object(out);
    json_i64_at(out, "id", account->id);
    json_str_at(out, "login", account->login);
    json_str_at(out, "name", account->name);
    unit_json_ref_at(out, "unit", today_of(ask), account->unit_id);
    json_str_at(out, "language", account->language);
    ask_write_text(ask, "email", account->email);
    ask_write_text(ask, "phone", account->phone);
    account_json_roles(ask, account->grants);
    json_end(out);
}

void account_json_full(struct ask *ask, const struct account *account)
{
    struct json_out *out = &ask->json;
    json_object(out);
    json_i64_at(out, "id", account->id);
    json_str_at(out, "login", account->login);
    json_str_at(out, "name", account->name);
    unit_json_ref_at(out, "unit", today_of(ask), account->unit_id);
    json_text_at(out, "state", account_state_name(account->state));
    json_str_at(out, "language", account->language);
    ask_write_text(ask, "email", account->email);
    ask_write_text(ask, "phone", account->phone);
    account_json_roles(ask, account->grants);
    json_usec_at(out, "created_at", account->created);
    json_key(out, "last_seen_at");
    if (account->seen > 0) {
        json_usec(out, account->seen);
    } else {
        json_null(out);
    }
    json_bool_at(out, "second_factor", account->has_factor);
    json_bool_at(out, "must_change_password", account->must_change_password);
    json_end(out);
}

static void write_factors(struct json_out *out, const struct session *session, bool waits)
{
    json_array_at(out, "factors");
    if (waits && (session->factors & SESSION_HAS_TOTP) != 0) {
        json_text(out, "totp");
    }
    if (waits && (session->factors & SESSION_HAS_WEBAUTHN) != 0) {
        json_text(out, "webauthn");
    }
    if (waits && (session->factors & SESSION_HAS_RECOVERY) != 0) {
        json_text(out, "recovery");
    }
    json_end(out);
}

static void write_must(struct ask *ask, const struct session *session, bool inside)
{
    unsigned must = inside ? session_must(session, &ask->policy, ask->today) : 0;
    json_array_at(&ask->json, "must");
    if ((must & SESSION_MUST_CHANGE_PASSWORD) != 0) {
        json_text(&ask->json, "change_password");
    }
    if ((must & SESSION_MUST_ENROL) != 0) {
        json_text(&ask->json, "enrol_second_factor");
    }
    json_end(&ask->json);
}

static void write_rights(struct ask *ask, const struct session *session, bool inside)
{
    right_set rights = inside ? session_rights(session, &ask->policy, ask->now, ask->today) : 0;
    json_array_at(&ask->json, "rights");
    for (int i = 0; i < RIGHT_COUNT; i++) {
        if ((rights & RIGHT_BIT(i)) != 0) {
            json_text(&ask->json, right_name((enum right)i));
        }
    }
    json_end(&ask->json);
}

/* Until the second factor is there, or while locked, the name alone is told to who waits. */
static errc write_account(struct ask *ask, const struct session *session, enum session_state state,
                          struct why *why)
{
    json_key(&ask->json, "account");
    if (state == SESSION_ANONYMOUS || state == SESSION_SECOND_FACTOR) {
        json_null(&ask->json);
        return OK;
    }
    struct account account;
    struct actor actor = session_actor(session, ask->address, ask->agent, ask->now, ask->today);
    struct account_job job = ask->job;
    job.actor = &actor;
    TRY(account_read(ask->db, &job, session->account_id, &account, why));
    account_json_self(ask, &account);
    return OK;
}

errc account_json_session(struct ask *ask, const struct session *session, str token,
                          struct why *why)
{
    struct json_out *out = &ask->json;
    enum session_state state =
        session->id == 0 ? SESSION_ANONYMOUS : session_state_at(session, &ask->policy, ask->now);
    bool inside = state == SESSION_SIGNED_IN;
    json_object(out);
    json_text_at(out, "state", session_state_name(state));
    json_key(out, "csrf");
    if (state == SESSION_ANONYMOUS) {
        json_null(out);
    } else {
        char csrf[SESSION_TOKEN_ROOM];
        session_token_csrf(token, csrf);
        json_text(out, csrf);
    }
    TRY(write_account(ask, session, state, why));
    write_factors(out, session, state == SESSION_SECOND_FACTOR);
    write_must(ask, session, inside);
    json_i64_at(out, "idle_lock_s", ask->policy.idle_lock / USEC_SECOND);
    json_key(out, "expires_at");
    if (state == SESSION_ANONYMOUS) {
        json_null(out);
    } else {
        json_usec(out, session_expires(session, &ask->policy));
    }
    write_rights(ask, session, inside);
    json_end(out);
    return OK;
}

void account_json_sessions(struct ask *ask, const struct session_lines *lines)
{
    struct json_out *out = &ask->json;
    json_array(out);
    for (size_t i = 0; i < lines->count; i++) {
        const struct session_line *line = &lines->at[i];
        json_object(out);
        json_i64_at(out, "id", line->id);
        json_bool_at(out, "current", line->current);
        json_usec_at(out, "created_at", line->created);
        json_usec_at(out, "seen_at", line->seen);
        json_str_at(out, "address", line->address);
        json_str_at(out, "agent", line->agent);
        json_text_at(out, "state", session_state_name(line->state));
        json_end(out);
    }
    json_end(out);
}
