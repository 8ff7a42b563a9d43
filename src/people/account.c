/* What an account may look like, before any database is asked. */
#include "people/account_inside.h"

#include "base/text.h"

static const char *const state_names[] = {
    [ACCOUNT_ACTIVE] = "active",
    [ACCOUNT_LOCKED] = "locked",
    [ACCOUNT_DISABLED] = "disabled",
    [ACCOUNT_INACTIVE] = "inactive",
};

const char *account_state_name(enum account_state state)
{
    return state_names[state];
}

bool account_state_parse(str name, enum account_state *ret_state)
{
    for (size_t i = 0; i < COUNT_OF(state_names); i++) {
        if (str_is(name, str_of(state_names[i]))) {
            *ret_state = (enum account_state)i;
            return true;
        }
    }
    return false;
}

errc account_secret_make(const struct account_setup *setup, struct arena *arena,
                         struct account_secret *ret_secret, struct why *why)
{
    struct account_secret secret;
    password_readable(setup->entropy, secret.password);
    TRY(password_make_hash(&setup->policy, str_of(secret.password), arena, &secret.hash, why));
    *ret_secret = secret;
    mem_wipe(&secret, sizeof(secret));
    return OK;
}

bool account_is_inactive(usec signed_in, usec enabled, const struct policy *policy, usec now)
{
    usec last = signed_in > enabled ? signed_in : enabled;
    return now - last >= policy->inactive_disable;
}

errc account_field(const struct account_job *job, const char *name, const char *code,
                   struct why *why)
{
    if (job->bad != NULL) {
        ignore(bad_field(job->bad, name, code));
    }
    return fail(why, ERR_INVALID, "%s: %s", name, code);
}

static errc check_text(const struct account_job *job, const char *name, str text, size_t most,
                       struct why *why)
{
    if (!text_is_plain(text)) {
        return account_field(job, name, "not_text", why);
    }
    return text_length(text) > most ? account_field(job, name, "too_long", why) : OK;
}

errc account_check_name(const struct account_job *job, str name, struct why *why)
{
    if (str_trim(name).len == 0) {
        return account_field(job, "name", "too_short", why);
    }
    return check_text(job, "name", name, ACCOUNT_NAME_MOST, why);
}

/* Something before and after one @, no blanks: whether mail arrives is another question. */
static bool is_email(str email)
{
    str domain;
    str local = str_split(email, '@', &domain);
    return local.len > 0 && domain.len > 2 && !str_has(domain, '@') && !str_has(email, ' ') &&
           str_has(domain, '.');
}

static bool is_phone(str phone)
{
    for (size_t i = 0; i < phone.len; i++) {
        char byte = phone.at[i];
        if (!(byte >= '0' && byte <= '9') && byte != ' ' && byte != '+' && byte != '-' &&
            byte != '.' && byte != '(' && byte != ')') {
            return false;
        }
    }
    return phone.len >= 3;
}

errc account_check_contact(const struct account_job *job, str language, str email, str phone,
                           struct why *why)
{
    if (language.at != NULL && !str_is(language, S("vi")) && !str_is(language, S("en"))) {
        return account_field(job, "language", "not_a_choice", why);
    }
    TRY(check_text(job, "email", email, ACCOUNT_EMAIL_MOST, why));
    TRY(check_text(job, "phone", phone, ACCOUNT_PHONE_MOST, why));
    if (email.len > 0 && !is_email(email)) {
        return account_field(job, "email", "not_an_email", why);
    }
    return phone.len > 0 && !is_phone(phone) ? account_field(job, "phone", "not_a_phone", why) : OK;
}

errc account_keys(struct arena *arena, const struct account_words *words,
                  struct account_words *ret_normal, str *ret_search, str *ret_sort, struct why *why)
{
    struct account_words normal = *words;
    TRY(text_nfc(arena, str_trim(words->name), &normal.name));
    str all = arena_format(arena, "%.*s %.*s %.*s", STR_ARG(words->login), STR_ARG(normal.name),
                           STR_ARG(words->email));
    if (all.at == NULL) {
        return fail(why, ERR_NO_MEMORY, "no memory for the keys of an account");
    }
    TRY(text_search_key(arena, all, ret_search));
    TRY(text_sort_key(arena, normal.name, ret_sort));
    *ret_normal = normal;
    return OK;
}

/* Base64url of "id:sort key". */
str account_place_write(struct arena *arena, int64_t id, str sort_key)
{
    AUTO(buf_finish) struct buf out;
    str plain = arena_format(arena, "%lld:", (long long)id);
    char *whole = arena_take(arena, plain.len + sort_key.len + 1);
    if (plain.at == NULL || whole == NULL) {
        return STR_NONE;
    }
    memcpy(whole, plain.at, plain.len);
    memcpy(whole + plain.len, sort_key.at, sort_key.len);
    buf_init(&out, (size_t)2 * ACCOUNT_KEY_MOST);
    webauthn_encode((str){whole, plain.len + sort_key.len}, &out);
    return buf_check(&out) == OK ? arena_str(arena, buf_str(&out)) : STR_NONE;
}

errc account_place_read(struct arena *arena, str place, int64_t *ret_id, str *ret_sort_key,
                        struct why *why)
{
    str whole;
    str sort_key;
    TRY(webauthn_decode(arena, place, ACCOUNT_KEY_MOST, &whole, why));
    str number = str_split(whole, ':', &sort_key);
    int64_t id;
    if (!str_to_i64(number, &id)) {
        return fail(why, ERR_BAD_REQUEST, "a place that is none of ours");
    }
    *ret_id = id;
    *ret_sort_key = sort_key;
    return OK;
}

errc account_check_password(const struct account_job *job, str email, str current, str next,
                            struct why *why)
{
    const struct actor *actor = job->actor;
    struct password_owner owner = {actor->login, actor->name, email};
    const char *code = password_weakness(&job->setup->policy, &owner, next, job->arena);
    if (code == NULL && str_is(current, next)) {
        code = "same_as_before";
    }
    if (code == NULL) {
        return OK;
    }
    ignore(account_field(job, "next", code, why));
    return ERR_PASSWORD_WEAK;
}
