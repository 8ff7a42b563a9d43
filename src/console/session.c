/* Signing in and out. A refusal (a wrong password, a locked name) is not a failure of the step: it
 * counts, so it is committed, and the answer is written from ask->refused. */
#include "console/account_json.h"
#include "console/steps.h"
#include "people/login.h"

struct sign_in {
    struct login_attempt attempt;
    struct login_look look;
};

errc api_session_show(struct ask *ask, struct why *why)
{
    return account_json_session(ask, ask->session, ask->token, why);
}

static int seconds_until(const struct ask *ask, usec until)
{
    usec wait = until - ask->now;
    return wait <= 0 ? 0 : (int)((wait + USEC_SECOND - 1) / USEC_SECOND);
}

/* Writes the new session, or the refusal. */
static errc answer_outcome(struct ask *ask, const struct login_outcome *outcome, struct why *why)
{
    if (outcome->rc != OK) {
        ask->refused = outcome->rc;
        ask->retry_after_s = seconds_until(ask, outcome->until);
        return OK;
    }
    struct session *session = arena_take(ask->arena, sizeof *session);
    str token = arena_str(ask->arena, str_of(outcome->token.text));
    if (session == NULL || token.at == NULL) {
        return ERR_NO_MEMORY;
    }
    TRY(session_load(ask->db, token, ask->today, ask->arena, session, why));
    ask->cookie = ASK_COOKIE_SET;
    ask->cookie_token = token;
    return account_json_session(ask, session, token, why);
}

static struct sign_in *make_sign_in(struct ask *ask)
{
    struct sign_in *sign_in = arena_take(ask->arena, sizeof *sign_in);
    if (sign_in != NULL) {
        sign_in->attempt = (struct login_attempt){
            .address = ask->address, .agent = ask->agent, .now = ask->now, .today = ask->today};
        ask->carried = sign_in;
    }
    return sign_in;
}

errc api_session_look(struct ask *ask, struct why *why)
{
    static const char *const fields[] = {"login", "password", NULL};
    AUTO(json_in_finish) struct json_in in = {.root = NULL};
    struct sign_in *sign_in = make_sign_in(ask);
    if (sign_in == NULL) {
        return ERR_NO_MEMORY;
    }
    str login = STR_NONE;
    TRY(ask_body(ask, fields, &in, why));
    TRY(json_in_str(in.root, "login", 1, ACCOUNT_LOGIN_MOST, &login, &ask->bad));
    sign_in->attempt.login = arena_str(ask->arena, login);
    TRY(ask_password(ask, in.root, "password", &sign_in->attempt.password));
    return login_look(ask->db, &ask->setup, &sign_in->attempt, ask->arena, &sign_in->look, why);
}

errc api_session_prove(struct ask *ask, struct why *why)
{
    struct sign_in *sign_in = ask->carried;
    return login_weigh(&ask->setup, &sign_in->attempt, ask->arena, &sign_in->look, why);
}

errc api_session_begin(struct ask *ask, struct why *why)
{
    struct sign_in *sign_in = ask->carried;
    struct login_outcome outcome = {.rc = OK};
    TRY(login_settle(ask->db, &ask->setup, &sign_in->attempt, &sign_in->look, &outcome, why));
    return answer_outcome(ask, &outcome, why);
}

/* Two windows show the same lock, or a button was pressed twice: the first one has done it. */
static bool is_inside_already(const struct ask *ask)
{
    return ask->session->id != 0 &&
           session_state_at(ask->session, &ask->policy, ask->now) == SESSION_SIGNED_IN;
}

static errc must_have_session(const struct ask *ask)
{
    return ask->session->id == 0 ? ERR_SIGNED_OUT : OK;
}

errc api_session_end(struct ask *ask, struct why *why)
{
    ask->cookie = ASK_COOKIE_DROP;
    return ask->session->id == 0 ? OK : session_sign_out(ask->db, &ask->job, why);
}

static errc take_code(struct ask *ask, str *ret_code, struct why *why)
{
    static const char *const fields[] = {"code", NULL};
    AUTO(json_in_finish) struct json_in in = {.root = NULL};
    str code = STR_NONE;
    TRY(must_have_session(ask));
    TRY(ask_body(ask, fields, &in, why));
    TRY(json_in_str(in.root, "code", 1, 64, &code, &ask->bad));
    *ret_code = arena_str(ask->arena, code);
    return ret_code->at == NULL ? ERR_NO_MEMORY : OK;
}

errc api_session_totp(struct ask *ask, struct why *why)
{
    str code = STR_NONE;
    struct login_outcome outcome = {.rc = OK};
    TRY(take_code(ask, &code, why));
    if (is_inside_already(ask)) {
        return account_json_session(ask, ask->session, ask->token, why);
    }
    TRY(login_totp(ask->db, &ask->job, code, &outcome, why));
    return answer_outcome(ask, &outcome, why);
}

errc api_session_recovery(struct ask *ask, struct why *why)
{
    str code = STR_NONE;
    struct login_outcome outcome = {.rc = OK};
    TRY(take_code(ask, &code, why));
    TRY(login_recovery(ask->db, &ask->job, code, &outcome, why));
    return answer_outcome(ask, &outcome, why);
}

errc api_session_webauthn_options(struct ask *ask, struct why *why)
{
    struct login_options options = {.count = 0};
    TRY(must_have_session(ask));
    TRY(login_webauthn_options(ask->db, &ask->job, &options, why));
    struct json_out *out = &ask->json;
    json_object(out);
    ask_write_bytes(ask, "challenge", options.challenge);
    json_str_at(out, "rp_id", ask->setup.site.rp_id);
    json_i64_at(out, "timeout_ms", ask->policy.webauthn_wait / 1000);
    json_array_at(out, "allow");
    for (size_t i = 0; i < options.count; i++) {
        json_object(out);
        ask_write_bytes(ask, "id", options.ids[i]);
        json_end(out);
    }
    json_end(out);
    json_end(out);
    return OK;
}

errc api_session_webauthn(struct ask *ask, struct why *why)
{
    static const char *const fields[] = {"id", "authenticator_data", "client_data", "signature",
                                         NULL};
    AUTO(json_in_finish) struct json_in in = {.root = NULL};
    struct webauthn_assertion assertion = {.id = STR_NONE};
    struct login_outcome outcome = {.rc = OK};
    TRY(must_have_session(ask));
    TRY(ask_body(ask, fields, &in, why));
    TRY(ask_bytes(ask, in.root, "id", WEBAUTHN_ID_MOST, &assertion.id));
    TRY(ask_bytes(ask, in.root, "authenticator_data", WEBAUTHN_DATA_MOST,
                  &assertion.authenticator_data));
    TRY(ask_bytes(ask, in.root, "client_data", WEBAUTHN_CLIENT_DATA_MOST, &assertion.client_data));
    TRY(ask_bytes(ask, in.root, "signature", WEBAUTHN_SIGNATURE_MOST, &assertion.signature));
    TRY(login_webauthn(ask->db, &ask->job, &assertion, &outcome, why));
    return answer_outcome(ask, &outcome, why);
}

errc api_session_unlock_look(struct ask *ask, struct why *why)
{
    static const char *const fields[] = {"password", NULL};
    AUTO(json_in_finish) struct json_in in = {.root = NULL};
    struct sign_in *sign_in = make_sign_in(ask);
    if (sign_in == NULL) {
        return ERR_NO_MEMORY;
    }
    TRY(must_have_session(ask));
    TRY(ask_body(ask, fields, &in, why));
    TRY(ask_password(ask, in.root, "password", &sign_in->attempt.password));
    sign_in->attempt.login = str_of(ask->session->login);
    return login_look(ask->db, &ask->setup, &sign_in->attempt, ask->arena, &sign_in->look, why);
}

errc api_session_unlock_prove(struct ask *ask, struct why *why)
{
    return api_session_prove(ask, why);
}

errc api_session_unlock(struct ask *ask, struct why *why)
{
    struct sign_in *sign_in = ask->carried;
    struct login_outcome outcome = {.rc = OK};
    TRY(must_have_session(ask));
    if (is_inside_already(ask)) {
        return account_json_session(ask, ask->session, ask->token, why);
    }
    TRY(login_settle_unlock(ask->db, &ask->job, &sign_in->look, &outcome, why));
    return answer_outcome(ask, &outcome, why);
}

errc api_session_lock(struct ask *ask, struct why *why)
{
    TRY(must_have_session(ask));
    TRY(session_lock(ask->db, &ask->job, why));
    struct session *session = arena_take(ask->arena, sizeof *session);
    if (session == NULL) {
        return ERR_NO_MEMORY;
    }
    TRY(session_load(ask->db, ask->token, ask->today, ask->arena, session, why));
    return account_json_session(ask, session, ask->token, why);
}
