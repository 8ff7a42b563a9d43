/* Enrolling and removing second factors. Whatever is added or goes, the trail says so, and sessions
 * are loaded anew, because what they may do depends on it. */
#include "people/account_factor.h"

#include "base/text.h"
#include "people/account_rows.h"
#include "people/session_sql.h"

struct enrolment {
    struct db *db;
    const struct account_job *job;
    struct account_target target;
    struct factors_of_row *rows;
    size_t count;
    size_t confirmed;
};

static errc begin(struct db *db, const struct account_job *job, struct enrolment *ret_enrolment,
                  struct why *why)
{
    struct enrolment enrolment = {.db = db, .job = job};
    struct factors_of_in in = {job->actor->account_id};
    TRY(account_take_own(db, job, &enrolment.target, why));
    TRY(factors_of_all(db, &in, job->arena, &enrolment.rows, &enrolment.count, why));
    for (size_t i = 0; i < enrolment.count; i++) {
        enrolment.confirmed += enrolment.rows[i].confirmed ? 1 : 0;
    }
    *ret_enrolment = enrolment;
    return OK;
}

static bool is_required(const struct enrolment *enrolment)
{
    role_set held = role_set_of(enrolment->target.grants, enrolment->job->actor->today);
    return (held & enrolment->job->setup->policy.second_factor_roles) != 0;
}

static errc check_room(const struct enrolment *enrolment, struct why *why)
{
    size_t most = (size_t)enrolment->job->setup->policy.factors_most;
    return enrolment->confirmed < most
               ? OK
               : fail(why, ERR_CONFLICT, "the account has %zu second factors", most);
}

static errc tell(const struct enrolment *enrolment, const char *action, str after, struct why *why)
{
    TRY(db_announce(enrolment->db, "session", why));
    struct account_story story = {.action = action, .after = after};
    return account_tell(enrolment->db, enrolment->job, &enrolment->target, &story, why);
}

errc account_factor_list(struct db *db, const struct account_job *job,
                         struct account_factors *ret_factors, struct why *why)
{
    struct factors_of_in in = {job->actor->account_id};
    struct recovery_codes_left_in left_in = {job->actor->account_id};
    struct recovery_codes_left_row left;
    struct factors_of_row *rows = NULL;
    size_t count = 0;
    size_t kept = 0;
    TRY(factors_of_all(db, &in, job->arena, &rows, &count, why));
    TRY(recovery_codes_left(db, &left_in, job->arena, &left, why));
    struct account_factor *factors = arena_take_array(job->arena, count + 1, sizeof(*factors));
    if (factors == NULL) {
        return fail(why, ERR_NO_MEMORY, "no memory for factors");
    }
    for (size_t i = 0; i < count; i++) {
        if (rows[i].confirmed) {
            factors[kept++] = (struct account_factor){
                .id = rows[i].id,
                .is_webauthn = rows[i].credential_id.at != NULL,
                .name = rows[i].name,
                .added = rows[i].added_at_us,
                .used = rows[i].has_used_at_us ? rows[i].used_at_us : 0,
            };
        }
    }
    role_set held = role_set_of(job->actor->grants, job->actor->today);
    *ret_factors = (struct account_factors){
        .at = factors,
        .count = kept,
        .recovery_left = (int)left.codes,
        .required = (held & job->setup->policy.second_factor_roles) != 0,
    };
    return OK;
}

errc account_factor_totp(struct db *db, const struct account_job *job,
                         struct account_totp *ret_totp, struct why *why)
{
    const struct account_setup *setup = job->setup;
    AUTO(buf_finish) struct buf uri;
    struct enrolment enrolment;
    struct totp_secret secret;
    struct account_totp totp;
    str sealed;
    TRY(begin(db, job, &enrolment, why));
    TRY(check_room(&enrolment, why));
    totp_secret_make(setup->entropy, &secret);
    str plain = {(const char *)secret.bytes, sizeof(secret.bytes)};
    struct account_seal seal = {&setup->key, "totp", enrolment.target.row.id};
    TRY(account_key_seal(&seal, plain, setup->entropy, job->arena, &sealed, why));
    struct factors_remove_pending_in pending = {enrolment.target.row.id};
    struct factor_add_totp_in in = {enrolment.target.row.id, S("TOTP"), sealed, job->actor->now};
    struct factor_add_totp_row row;
    TRY(factors_remove_pending(db, &pending, NULL, why));
    TRY(factor_add_totp(db, &in, job->arena, &row, why));
    totp.id = row.id;
    totp_base32(&secret, totp.secret);
    buf_init(&uri, 2048);
    TRY(totp_uri(&secret, setup->issuer, enrolment.target.row.login, setup->policy.totp_step,
                 &uri));
    totp.uri = arena_str(job->arena, buf_str(&uri));
    mem_wipe(&secret, sizeof(secret));
    if (totp.uri.at == NULL) {
        return fail(why, ERR_NO_MEMORY, "no memory for a secret");
    }
    *ret_totp = totp;
    return OK;
}

static errc make_codes(const struct enrolment *enrolment, struct recovery_codes *ret_codes,
                       struct why *why)
{
    const struct account_setup *setup = enrolment->job->setup;
    int64_t id = enrolment->target.row.id;
    struct recovery_code_add_in in[RECOVERY_CODES_MOST];
    struct recovery_codes_remove_in old = {id};
    struct recovery_codes codes;
    recovery_make(setup->entropy, setup->policy.recovery_codes, &codes);
    for (size_t i = 0; i < codes.count; i++) {
        in[i].account_id = id;
        if (!recovery_mark(&setup->key, id, str_of(codes.at[i]), &in[i].mark)) {
            return fail(why, ERR_INTERNAL, "a recovery code that cannot be read");
        }
    }
    TRY(recovery_codes_remove(enrolment->db, &old, NULL, why));
    TRY(recovery_code_add_batch(enrolment->db, in, codes.count, why));
    *ret_codes = codes;
    mem_wipe(&codes, sizeof(codes));
    return OK;
}

/* The first factor brings codes for the day it is lost. */
static errc finish(const struct enrolment *enrolment, str after, struct recovery_codes *ret_codes,
                   struct why *why)
{
    struct recovery_codes codes = {.count = 0};
    if (enrolment->confirmed == 0) {
        TRY(make_codes(enrolment, &codes, why));
    }
    TRY(tell(enrolment, "factor_added", after, why));
    *ret_codes = codes;
    return OK;
}

static errc check_first_code(const struct enrolment *enrolment, const struct factors_of_row *factor,
                             str code, int64_t *ret_step, struct why *why)
{
    const struct account_job *job = enrolment->job;
    struct totp_secret secret;
    str plain;
    struct account_seal seal = {&job->setup->key, "totp", enrolment->target.row.id};
    TRY(account_key_open(&seal, factor->secret, job->arena, &plain, why));
    if (plain.len != sizeof(secret.bytes)) {
        return fail(why, ERR_CORRUPT, "a secret of %zu bytes", plain.len);
    }
    memcpy(secret.bytes, plain.at, sizeof(secret.bytes));
    struct totp_use use = {job->actor->now, job->setup->policy.totp_step, -1};
    errc rc = totp_check(&secret, code, &use, ret_step, why);
    mem_wipe(&secret, sizeof(secret));
    return rc == ERR_SIGN_IN_FAILED ? account_field(job, "code", "wrong", why) : rc;
}

errc account_factor_totp_confirm(struct db *db, const struct account_job *job,
                                 const struct account_totp_code *code,
                                 struct recovery_codes *ret_codes, struct why *why)
{
    struct enrolment enrolment;
    const struct factors_of_row *factor = NULL;
    int64_t step;
    TRY(begin(db, job, &enrolment, why));
    for (size_t i = 0; i < enrolment.count; i++) {
        const struct factors_of_row *row = &enrolment.rows[i];
        factor = row->id == code->id && !row->confirmed && row->secret.at != NULL ? row : factor;
    }
    if (factor == NULL) {
        return fail(why, ERR_NOT_FOUND, "no secret %lld waits for a code", (long long)code->id);
    }
    TRY(check_room(&enrolment, why));
    TRY(check_first_code(&enrolment, factor, code->code, &step, why));
    struct factor_confirm_in in = {factor->id, enrolment.target.row.id, step};
    TRY(factor_confirm(db, &in, NULL, why));
    return finish(&enrolment, S("{\"kind\":\"totp\"}"), ret_codes, why);
}

errc account_factor_key_options(struct db *db, const struct account_job *job,
                                struct account_key_options *ret_options, struct why *why)
{
    const struct account_setup *setup = job->setup;
    struct enrolment enrolment;
    TRY(begin(db, job, &enrolment, why));
    TRY(check_room(&enrolment, why));
    int64_t id = enrolment.target.row.id;
    str *exclude = arena_take_array(job->arena, enrolment.count + 1, sizeof(str));
    uint8_t *challenge = arena_take(job->arena, WEBAUTHN_CHALLENGE_SIZE);
    struct account_seal seal = {&setup->key, "webauthn user", id};
    hash handle = account_key_mark(&seal, STR_NONE);
    if (exclude == NULL || challenge == NULL) {
        return fail(why, ERR_NO_MEMORY, "no memory for a challenge");
    }
    struct account_key_options options = {
        .challenge = {(const char *)challenge, WEBAUTHN_CHALLENGE_SIZE},
        .handle = arena_str(job->arena, (str){(const char *)handle.bytes, ACCOUNT_HANDLE_SIZE}),
        .exclude = exclude,
    };
    for (size_t i = 0; i < enrolment.count; i++) {
        if (enrolment.rows[i].credential_id.at != NULL) {
            exclude[options.exclude_count++] = enrolment.rows[i].credential_id;
        }
    }
    entropy_fill(setup->entropy, challenge, WEBAUTHN_CHALLENGE_SIZE);
    struct webauthn_challenge_put_in in = {job->actor->session_id, S("enrol"), options.challenge,
                                           job->actor->now + setup->policy.webauthn_wait};
    TRY(webauthn_challenge_put(db, &in, NULL, why));
    *ret_options = options;
    return OK;
}

/* The challenge is gone after one answer. A refused answer fails the whole job, which puts it
 * back: it still waits for the right one, until its time is over. */
static errc check_registration(const struct enrolment *enrolment,
                               const struct webauthn_registration *registration,
                               struct webauthn_credential *ret_credential, struct why *why)
{
    const struct account_job *job = enrolment->job;
    struct webauthn_challenge_get_in get = {job->actor->session_id, S("enrol")};
    struct webauthn_challenge_remove_in gone = {job->actor->session_id, S("enrol")};
    struct webauthn_challenge_get_row asked;
    errc rc = webauthn_challenge_get(enrolment->db, &get, job->arena, &asked, why);
    if (rc == ERR_NOT_FOUND || (rc == OK && job->actor->now >= asked.expires_at_us)) {
        return account_field(job, "client_data", "too_late", why);
    }
    TRY(rc);
    TRY(webauthn_challenge_remove(enrolment->db, &gone, NULL, why));
    rc = webauthn_check_registration(registration, asked.challenge, &job->setup->site,
                                     ret_credential, why);
    return rc == ERR_SIGN_IN_FAILED ? account_field(job, "attestation_object", "wrong", why) : rc;
}

static errc check_factor_name(const struct account_job *job, str name, struct why *why)
{
    if (!text_is_plain(name) || str_trim(name).len == 0) {
        return account_field(job, "name", "not_text", why);
    }
    return text_length(name) > FACTOR_NAME_MOST ? account_field(job, "name", "too_long", why) : OK;
}

errc account_factor_key(struct db *db, const struct account_job *job,
                        const struct account_new_key *new_key, struct recovery_codes *ret_codes,
                        struct why *why)
{
    struct enrolment enrolment;
    struct webauthn_credential credential;
    struct factor_add_webauthn_row row;
    TRY(begin(db, job, &enrolment, why));
    TRY(check_room(&enrolment, why));
    TRY(check_factor_name(job, new_key->name, why));
    TRY(check_registration(&enrolment, &new_key->registration, &credential, why));
    struct factor_add_webauthn_in in = {
        .account_id = enrolment.target.row.id,
        .name = str_trim(new_key->name),
        .credential_id = credential.id,
        .public_key = {(const char *)credential.key, credential.key_size},
        .algorithm = credential.algorithm,
        .sign_count = credential.sign_count,
        .now_us = job->actor->now,
    };
    errc rc = factor_add_webauthn(db, &in, job->arena, &row, why);
    if (rc == ERR_NOT_FOUND) {
        return fail(why, ERR_EXISTS, "this key is known already");
    }
    TRY(rc);
    return finish(&enrolment, S("{\"kind\":\"webauthn\"}"), ret_codes, why);
}

errc account_factor_remove(struct db *db, const struct account_job *job, int64_t factor_id,
                           struct why *why)
{
    struct enrolment enrolment;
    struct factor_remove_in in = {factor_id, job->actor->account_id};
    struct recovery_codes_remove_in codes = {job->actor->account_id};
    int64_t removed = 0;
    TRY(begin(db, job, &enrolment, why));
    TRY(factor_remove(db, &in, &removed, why));
    if (removed == 0) {
        return fail(why, ERR_NOT_FOUND, "no factor %lld", (long long)factor_id);
    }
    for (size_t i = 0; i < enrolment.count; i++) {
        if (enrolment.rows[i].id == factor_id && !enrolment.rows[i].confirmed) {
            return OK; /* it never counted */
        }
    }
    if (enrolment.confirmed == 1 && is_required(&enrolment)) {
        return fail(why, ERR_IN_USE, "the last second factor of somebody who must have one");
    }
    if (enrolment.confirmed == 1) { /* codes without a factor would be a factor of their own */
        TRY(recovery_codes_remove(db, &codes, NULL, why));
    }
    return tell(&enrolment, "factor_removed", STR_NONE, why);
}

errc account_factor_codes(struct db *db, const struct account_job *job,
                          struct recovery_codes *ret_codes, struct why *why)
{
    struct enrolment enrolment;
    TRY(begin(db, job, &enrolment, why));
    if (enrolment.confirmed == 0) {
        return fail(why, ERR_CONFLICT, "recovery codes belong to a second factor");
    }
    TRY(make_codes(&enrolment, ret_codes, why));
    return tell(&enrolment, "recovery_codes_made", STR_NONE, why);
}
