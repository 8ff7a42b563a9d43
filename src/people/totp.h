/* Time-based one-time codes (RFC 6238, SHA-1, six digits), as authenticator apps know them. The
 * step before and after are accepted for clocks that are off; a step is good once, and none before
 * it after that, so that a code seen over a shoulder is worth nothing. */
#ifndef LOA_PEOPLE_TOTP_H
#define LOA_PEOPLE_TOTP_H

#include "base/base.h"
#include "base/entropy.h"

enum {
    TOTP_SECRET_SIZE = 20,
    TOTP_DIGITS = 6,
    TOTP_CODE_ROOM = 16,
    TOTP_BASE32_ROOM = 40,
    TOTP_SLACK = 1, /* steps on either side */
};

struct totp_secret {
    uint8_t bytes[TOTP_SECRET_SIZE];
};

void totp_secret_make(struct entropy entropy, struct totp_secret *ret_secret);
/* The code of a step with so many digits (6 to 8), zero-ended. */
CHECKED errc totp_code(const struct totp_secret *secret, int64_t step, unsigned digits,
                       char ret_code[TOTP_CODE_ROOM], struct why *why);
/* When a code is given, and which was used before. */
struct totp_use {
    usec now;
    usec step_length;
    int64_t last_step; /* this step and those before it are refused; -1: none was used */
};

/* OK and the step that matched, which the caller keeps as the next last_step; else
 * ERR_SIGN_IN_FAILED. */
CHECKED errc totp_check(const struct totp_secret *secret, str code, const struct totp_use *use,
                        int64_t *ret_step, struct why *why);
void totp_base32(const struct totp_secret *secret, char ret_text[TOTP_BASE32_ROOM]);
/* otpauth://totp/Issuer:login?secret=…&issuer=… with everything outside [A-Za-z0-9-._~] encoded. */
CHECKED errc totp_uri(const struct totp_secret *secret, str issuer, str login, usec step_length,
                      struct buf *out);

#endif
