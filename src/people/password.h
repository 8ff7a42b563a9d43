/* Passwords: which are good enough, how they are kept, and how long a check takes.
 *
 * Kept as argon2id with its parameters inside the text, so that a stricter policy applies to the
 * next sign-in of each account. Compared in NFC, because the same word typed on two keyboards is
 * two byte sequences. A check of an unknown account costs what a real one costs. Hashing takes a
 * worker about a tenth of a second and `argon2_memory` bytes: the caller bounds how many run at
 * once, and never runs one inside a write transaction. */
#ifndef LOA_PEOPLE_PASSWORD_H
#define LOA_PEOPLE_PASSWORD_H

#include "base/base.h"
#include "base/entropy.h"
#include "people/policy.h"

enum { PASSWORD_HASH_ROOM = 128, PASSWORD_READABLE_ROOM = 20 };

struct password_hash {
    char text[PASSWORD_HASH_ROOM]; /* "$argon2id$v=19$m=65536,t=2,p=1$…" */
};

/* What must not appear inside the password; any may be STR_NONE. */
struct password_owner {
    str login;
    str name;
    str email;
};

/* Null when the password is good, else the catalogue code of the first thing against it:
 * not_text, too_short, too_long, too_common, too_regular, has_name. */
const char *password_weakness(const struct policy *policy, const struct password_owner *owner,
                              str password, struct arena *arena);
CHECKED errc password_make_hash(const struct policy *policy, str password, struct arena *arena,
                                struct password_hash *ret_hash, struct why *why);
/* OK, ERR_SIGN_IN_FAILED when it does not match, or a real failure. With an empty `kept` (no such
 * account) it works as long and never matches. */
CHECKED errc password_verify(const struct policy *policy, str kept, str password,
                             struct arena *arena, struct why *why);
/* Whether a kept hash is weaker than (or other than) what the policy asks for now. */
bool password_is_outdated(const struct policy *policy, str kept);
/* A random password that can be read over the telephone: "k7mq-9xhr-2bvd-wp4e", 79 bits. */
void password_readable(struct entropy entropy, char ret_password[PASSWORD_READABLE_ROOM]);
/* `groups` groups of four such characters; room for 5 * groups bytes. */
void password_readable_groups(struct entropy entropy, size_t groups, char *ret_text);

#endif
