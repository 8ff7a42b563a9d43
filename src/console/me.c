/* My account: profile, password, second factors, recovery codes, sessions. Everything here is about
 * the actor himself, so there is no question of rights. */
#include "console/account_json.h"
#include "console/accounts.h"
#include "console/qr.h"
#include "console/steps.h"
#include "people/account_factor.h"
#include "people/login.h"

enum { QR_ROOM = 64 * 1024 };

static void write_factor(struct json_out *out, const struct account_factor *factor)
{
    json_object(out);
    json_i64_at(out, "id", factor->id);
    json_text_at(out, "kind", factor->is_webauthn ? "webauthn" : "totp");
    json_str_at(out, "name", factor->name);
    json_usec_at(out, "added_at", factor->added);
    json_key(out, "used_at");
    if (factor->used > 0) {
        json_usec(out, factor->used);
    } else {
        json_null(out);
    }
    json_end(out);
}

errc api_me_show(struct ask *ask, struct why *why)
{
    struct account account;
    struct account_factors factors = {.count = 0};
    TRY(account_read(ask->db, &ask->job, ask->actor.account_id, &account, why));
    TRY(account_factor_list(ask->db, &ask->job, &factors, why));
    json_object(&ask->json);
    json_key(&ask->json, "account");
    account_json_self(ask, &account);
    json_array_at(&ask->json, "factors");
    for (size_t i = 0; i < factors.count; i++) {
        write_factor(&ask->json, &factors.at[i]);
    }
    json_end(&ask->json);
    json_i64_at(&ask->json, "recovery_left", factors.recovery_left);
    json_bool_at(&ask->json, "second_factor_required", factors.required);
    json_usec_at(&ask->json, "password_changed_at", account.password_changed);
    json_end(&ask->json);
    return OK;
}

errc api_me_change(struct ask *ask, struct why *why)
{
    static const char *const fields[] = {"name", "language", "email", "phone", NULL};
    AUTO(json_in_finish) struct json_in in = {.root = NULL};
    struct account_patch patch = {.unit_id = 0};
    TRY(ask_body(ask, fields, &in, why));
    TRY(account_take_patch(ask, in.root, &patch));
    TRY(account_change(ask->db, &ask->job, ask->actor.account_id, &patch, why));
    return api_me_show(ask, why);
}

/* --- password: look up the old hash, weigh and hash beside the store, then change ----------------
 */

struct new_password {
    struct login_attempt attempt; /* of the current one */
    struct login_look look;
    str email;
    str next;
    struct password_hash hash;
};

errc api_me_password_look(struct ask *ask, struct why *why)
{
    static const char *const fields[] = {"current", "next", NULL};
    AUTO(json_in_finish) struct json_in in = {.root = NULL};
    struct new_password *fresh = arena_take(ask->arena, sizeof *fresh);
    struct account account;
    if (fresh == NULL) {
        return ERR_NO_MEMORY;
    }
    ask->carried = fresh;
    fresh->attempt = (struct login_attempt){.login = str_of(ask->session->login),
                                            .address = ask->address,
                                            .agent = ask->agent,
                                            .now = ask->now,
                                            .today = ask->today};
    TRY(ask_body(ask, fields, &in, why));
    TRY(ask_password(ask, in.root, "current", &fresh->attempt.password));
    TRY(ask_password(ask, in.root, "next", &fresh->next));
    TRY(account_read(ask->db, &ask->job, ask->actor.account_id, &account, why));
    fresh->email = account.email;
    return login_look(ask->db, &ask->setup, &fresh->attempt, ask->arena, &fresh->look, why);
}

errc api_me_password_prove(struct ask *ask, struct why *why)
{
    struct new_password *fresh = ask->carried;
    TRY(account_check_password(&ask->job, fresh->email, fresh->attempt.password, fresh->next, why));
    TRY(login_weigh(&ask->setup, &fresh->attempt, ask->arena, &fresh->look, why));
    return password_make_hash(&ask->policy, fresh->next, ask->arena, &fresh->hash, why);
}

errc api_me_password(struct ask *ask, struct why *why)
{
    const struct new_password *fresh = ask->carried;
    struct account_password password = {.look = &fresh->look, .hash = &fresh->hash};
    struct login_outcome outcome = {.rc = OK};
    TRY(account_change_own_password(ask->db, &ask->job, &password, &outcome, why));
    ask->refused = outcome.rc;
    if (outcome.rc == OK && outcome.token.text[0] != '\0') {
        ask->cookie = ASK_COOKIE_SET;
        ask->cookie_token = arena_str(ask->arena, str_of(outcome.token.text));
    }
    return OK;
}

/* --- second factors ------------------------------------------------------------------------------
 */

static void write_codes(struct json_out *out, const struct recovery_codes *codes)
{
    json_object(out);
    json_key(out, "recovery_codes");
    if (codes->count == 0) {
        json_null(out);
    } else {
        json_array(out);
        for (size_t i = 0; i < codes->count; i++) {
            json_text(out, codes->at[i]);
        }
        json_end(out);
    }
    json_end(out);
}

errc api_me_totp_begin(struct ask *ask, struct why *why)
{
    struct account_totp totp;
    AUTO(buf_finish) struct buf picture;
    buf_init(&picture, QR_ROOM);
    TRY(account_factor_totp(ask->db, &ask->job, &totp, why));
    TRY(qr_svg(totp.uri, &picture, why));
    json_object(&ask->json);
    json_i64_at(&ask->json, "id", totp.id);
    json_text_at(&ask->json, "secret", totp.secret);
    json_str_at(&ask->json, "uri", totp.uri);
    json_str_at(&ask->json, "qr_svg", buf_str(&picture));
    json_end(&ask->json);
    return OK;
}

errc api_me_totp_confirm(struct ask *ask, struct why *why)
{
    static const char *const fields[] = {"id", "code", NULL};
    AUTO(json_in_finish) struct json_in in = {.root = NULL};
    struct account_totp_code code = {.id = 0};
    struct recovery_codes codes = {.count = 0};
    TRY(ask_body(ask, fields, &in, why));
    TRY(json_in_i64(in.root, "id", 1, INT64_MAX, &code.id, &ask->bad));
    TRY(json_in_str(in.root, "code", 1, 16, &code.code, &ask->bad));
    TRY(account_factor_totp_confirm(ask->db, &ask->job, &code, &codes, why));
    write_codes(&ask->json, &codes);
    return OK;
}

static void write_key_options(struct ask *ask, const struct account_key_options *options)
{
    struct json_out *out = &ask->json;
    json_object(out);
    ask_write_bytes(ask, "challenge", options->challenge);
    json_object_at(out, "rp");
    json_str_at(out, "id", ask->setup.site.rp_id);
    json_str_at(out, "name", ask->house->site_name);
    json_end(out);
    json_object_at(out, "user");
    ask_write_bytes(ask, "id", options->handle);
    json_str_at(out, "name", ask->actor.login);
    json_str_at(out, "display_name", ask->actor.name);
    json_end(out);
    json_array_at(out, "exclude");
    for (size_t i = 0; i < options->exclude_count; i++) {
        json_object(out);
        ask_write_bytes(ask, "id", options->exclude[i]);
        json_end(out);
    }
    json_end(out);
    json_array_at(out, "algorithms");
    json_i64(out, WEBAUTHN_ES256);
    json_i64(out, WEBAUTHN_EDDSA);
    json_i64(out, WEBAUTHN_RS256);
    json_end(out);
    json_i64_at(out, "timeout_ms", ask->policy.webauthn_wait / 1000);
    json_end(out);
}

errc api_me_webauthn_options(struct ask *ask, struct why *why)
{
    struct account_key_options options = {.exclude_count = 0};
    TRY(account_factor_key_options(ask->db, &ask->job, &options, why));
    write_key_options(ask, &options);
    return OK;
}

errc api_me_webauthn_add(struct ask *ask, struct why *why)
{
    static const char *const fields[] = {"name", "attestation_object", "client_data", NULL};
    AUTO(json_in_finish) struct json_in in = {.root = NULL};
    struct account_new_key key = {.name = STR_NONE};
    struct recovery_codes codes = {.count = 0};
    TRY(ask_body(ask, fields, &in, why));
    TRY(json_in_str(in.root, "name", 1, FACTOR_NAME_MOST, &key.name, &ask->bad));
    TRY(ask_bytes(ask, in.root, "attestation_object", WEBAUTHN_ATTESTATION_MOST,
                  &key.registration.attestation_object));
    TRY(ask_bytes(ask, in.root, "client_data", WEBAUTHN_CLIENT_DATA_MOST,
                  &key.registration.client_data));
    TRY(account_factor_key(ask->db, &ask->job, &key, &codes, why));
    write_codes(&ask->json, &codes);
    return OK;
}

errc api_me_factor_drop(struct ask *ask, struct why *why)
{
    int64_t id = ask_place_id(ask, 0);
    return id < 0 ? ERR_NOT_FOUND : account_factor_remove(ask->db, &ask->job, id, why);
}

errc api_me_recovery_codes(struct ask *ask, struct why *why)
{
    struct recovery_codes codes = {.count = 0};
    TRY(account_factor_codes(ask->db, &ask->job, &codes, why));
    write_codes(&ask->json, &codes);
    return OK;
}

/* --- sessions ------------------------------------------------------------------------------------
 */

errc api_me_sessions(struct ask *ask, struct why *why)
{
    struct session_lines lines = {.count = 0};
    TRY(session_list(ask->db, &ask->job, ask->actor.account_id, &lines, why));
    json_object(&ask->json);
    json_key(&ask->json, "items");
    account_json_sessions(ask, &lines);
    json_null_at(&ask->json, "next");
    json_end(&ask->json);
    return OK;
}

errc api_me_session_end(struct ask *ask, struct why *why)
{
    int64_t id = ask_place_id(ask, 0);
    return id < 0 ? ERR_NOT_FOUND : session_end(ask->db, &ask->job, id, why);
}

errc api_me_sessions_end(struct ask *ask, struct why *why)
{
    return session_end_others(ask->db, &ask->job, why);
}
