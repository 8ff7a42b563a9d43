/* The states of a session follow from its times and the policy alone; see session.h. */
#include "people/session.h"

#include <sodium.h>

enum { BASE64 = sodium_base64_VARIANT_URLSAFE_NO_PADDING };

_Static_assert(SESSION_TOKEN_ROOM == 44, "32 bytes are 43 characters of base64url");

const char *session_state_name(enum session_state state)
{
    switch (state) {
    case SESSION_ANONYMOUS:
        return "anonymous";
    case SESSION_SECOND_FACTOR:
        return "second_factor";
    case SESSION_SIGNED_IN:
        return "signed_in";
    case SESSION_LOCKED:
        return "locked";
    }
    return "anonymous";
}

static void write_token(const uint8_t bytes[SESSION_TOKEN_SIZE], char ret_text[SESSION_TOKEN_ROOM])
{
    sodium_bin2base64(ret_text, SESSION_TOKEN_ROOM, bytes, SESSION_TOKEN_SIZE, BASE64);
}

void session_token_make(struct entropy entropy, struct session_token *ret_token)
{
    uint8_t bytes[SESSION_TOKEN_SIZE];
    entropy_fill(entropy, bytes, sizeof(bytes));
    write_token(bytes, ret_token->text);
    mem_wipe(bytes, sizeof(bytes));
}

bool session_token_is_text(str token)
{
    if (token.len != SESSION_TOKEN_ROOM - 1) {
        return false;
    }
    for (size_t i = 0; i < token.len; i++) {
        char byte = token.at[i];
        if (!((byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') ||
              (byte >= '0' && byte <= '9') || byte == '-' || byte == '_')) {
            return false;
        }
    }
    return true;
}

/* Two uses of one token must not be derivable from each other. */
static hash hash_for(str purpose, str token)
{
    struct hasher hasher;
    hasher_start(&hasher);
    hasher_add(&hasher, purpose.at, purpose.len);
    hasher_add(&hasher, token.at, token.len);
    return hasher_end(&hasher);
}

hash session_token_hash(str token)
{
    return hash_for(S("loa session kept\n"), token);
}

void session_token_csrf(str token, char ret_csrf[SESSION_TOKEN_ROOM])
{
    write_token(hash_for(S("loa session csrf\n"), token).bytes, ret_csrf);
}

bool session_csrf_is(str token, str csrf)
{
    char right[SESSION_TOKEN_ROOM];
    session_token_csrf(token, right);
    return csrf.len == sizeof(right) - 1 && sodium_memcmp(right, csrf.at, csrf.len) == 0;
}

usec session_expires(const struct session *session, const struct policy *policy)
{
    return session->created +
           (session->needs_second_factor ? policy->second_factor_wait : policy->session_most);
}

enum session_state session_state_at(const struct session *session, const struct policy *policy,
                                    usec now)
{
    if (session->id == 0 || now >= session_expires(session, policy)) {
        return SESSION_ANONYMOUS;
    }
    if (session->needs_second_factor) {
        return SESSION_SECOND_FACTOR;
    }
    bool idle = now - session->seen >= policy->idle_lock;
    return session->locked != 0 || idle ? SESSION_LOCKED : SESSION_SIGNED_IN;
}

struct grants session_grants(const struct session *session)
{
    return (struct grants){session->grants, session->grant_count};
}

unsigned session_must(const struct session *session, const struct policy *policy, day today)
{
    unsigned must = session->must_change_password ? SESSION_MUST_CHANGE_PASSWORD : 0;
    bool has = (session->factors & (SESSION_HAS_TOTP | SESSION_HAS_WEBAUTHN)) != 0;
    role_set held = role_set_of(session_grants(session), today);
    if (!has && (held & policy->second_factor_roles) != 0) {
        must |= SESSION_MUST_ENROL;
    }
    return must;
}

right_set session_rights(const struct session *session, const struct policy *policy, usec now,
                         day today)
{
    if (session_state_at(session, policy, now) != SESSION_SIGNED_IN) {
        return RIGHT_BIT(RIGHT_PUBLIC);
    }
    if (session_must(session, policy, today) != 0) {
        return RIGHT_BIT(RIGHT_PUBLIC) | RIGHT_BIT(RIGHT_SELF);
    }
    return right_set_of(session_grants(session), today);
}

errc session_gate(const struct session *session, const struct policy *policy, enum right right,
                  usec now, day today)
{
    if ((session_rights(session, policy, now, today) & RIGHT_BIT(right)) != 0) {
        return OK;
    }
    switch (session_state_at(session, policy, now)) {
    case SESSION_ANONYMOUS:
        return ERR_SIGNED_OUT;
    case SESSION_SECOND_FACTOR:
        return ERR_SECOND_FACTOR;
    case SESSION_LOCKED:
        return ERR_SESSION_LOCKED;
    case SESSION_SIGNED_IN:
        break;
    }
    unsigned must = session_must(session, policy, today);
    if ((must & SESSION_MUST_CHANGE_PASSWORD) != 0) {
        return ERR_MUST_CHANGE_PASSWORD;
    }
    return (must & SESSION_MUST_ENROL) != 0 ? ERR_SECOND_FACTOR : ERR_FORBIDDEN;
}

struct actor session_actor(const struct session *session, str address, str agent, usec now,
                           day today)
{
    return (struct actor){
        .account_id = session->account_id,
        .session_id = session->id,
        .unit_id = session->unit_id,
        .login = str_of(session->login),
        .name = str_of(session->name),
        .grants = session_grants(session),
        .address = address,
        .agent = agent,
        .now = now,
        .today = today,
    };
}
