/* The arithmetic of waiting, and the names under which it is counted. */
#include "people/login.h"

#include <arpa/inet.h>

enum { NETWORK = 8 }; /* bytes of an IPv6 address that one household has for itself */

bool throttle_is_locked(const struct throttle *throttle, usec now)
{
    return now < throttle->locked_until;
}

static usec lock_length(const struct policy *policy, int locks)
{
    usec length = policy->lock_first;
    for (int i = 0; i < locks && length < policy->lock_most; i++) {
        length *= 2;
    }
    return length < policy->lock_most ? length : policy->lock_most;
}

struct throttle throttle_fail_name(struct throttle throttle, const struct policy *policy, usec now)
{
    if (now - throttle.failed >= policy->failures_forget) {
        throttle = (struct throttle){0};
    }
    throttle.failed = now;
    throttle.failures++;
    if (throttle.failures >= policy->failures_lock) {
        throttle.locked_until = now + lock_length(policy, throttle.locks);
        throttle.failures = 0;
        throttle.locks++;
    }
    return throttle;
}

/* `failed` is when the window opened. */
struct throttle throttle_fail_address(struct throttle throttle, const struct policy *policy,
                                      usec now)
{
    if (throttle.failures == 0 || now - throttle.failed >= policy->address_window) {
        throttle = (struct throttle){.failed = now};
    }
    throttle.failures++;
    if (throttle.failures >= policy->address_failures) {
        throttle.locked_until = throttle.failed + policy->address_window;
    }
    return throttle;
}

static hash key_of(str kind, const void *bytes, size_t size)
{
    struct hasher hasher;
    hasher_start(&hasher);
    hasher_add(&hasher, kind.at, kind.len);
    hasher_add(&hasher, bytes, size);
    return hasher_end(&hasher);
}

hash throttle_name_key(str login)
{
    return key_of(S("loa name\n"), login.at, login.len);
}

hash throttle_address_key(str address)
{
    char text[INET6_ADDRSTRLEN];
    struct in6_addr parsed;
    if (str_to_array(address, text, sizeof(text)) && inet_pton(AF_INET6, text, &parsed) == 1 &&
        !IN6_IS_ADDR_V4MAPPED(&parsed)) {
        return key_of(S("loa network\n"), &parsed, NETWORK);
    }
    return key_of(S("loa address\n"), address.at, address.len);
}

errc login_normalise(struct arena *arena, str typed, str *ret_login)
{
    typed = str_trim(typed);
    if (typed.len == 0 || typed.len > ACCOUNT_LOGIN_MOST) {
        return ERR_INVALID;
    }
    char *login = arena_take(arena, typed.len + 1);
    if (login == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < typed.len; i++) {
        char byte = typed.at[i];
        byte = byte >= 'A' && byte <= 'Z' ? (char)(byte - 'A' + 'a') : byte;
        bool fits = (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') || byte == '.' ||
                    byte == '_' || byte == '-' || byte == '@';
        if (!fits) {
            return ERR_INVALID;
        }
        login[i] = byte;
    }
    *ret_login = (str){login, typed.len};
    return OK;
}
