/* One's own second factors: enrolling an authenticator app or a key, recovery codes, removing.
 * The job's actor is the account itself. The last factor of somebody who must have one stays
 * (ERR_IN_USE). Recovery codes come with the first factor and are told once. */
#ifndef LOA_PEOPLE_ACCOUNT_FACTOR_H
#define LOA_PEOPLE_ACCOUNT_FACTOR_H

#include "people/account_job.h"
#include "people/recovery.h"
#include "people/totp.h"

enum { FACTOR_NAME_MOST = 60, ACCOUNT_HANDLE_SIZE = 32 };

struct account_factor {
    int64_t id;
    bool is_webauthn; /* else an authenticator app */
    str name;
    usec added;
    usec used; /* 0: never */
};

struct account_factors {
    const struct account_factor *at;
    size_t count;
    int recovery_left;
    bool required; /* by the roles that the actor holds */
};

CHECKED errc account_factor_list(struct db *db, const struct account_job *job,
                                 struct account_factors *ret_factors, struct why *why);

struct account_totp {
    int64_t id;
    char secret[TOTP_BASE32_ROOM];
    str uri;
};

/* A secret that counts from its first right code on; one that waited for it is replaced. */
CHECKED errc account_factor_totp(struct db *db, const struct account_job *job,
                                 struct account_totp *ret_totp, struct why *why);

struct account_totp_code {
    int64_t id;
    str code;
};

/* ret_codes->count is 0 when the account had a factor before. ERR_INVALID: the code is wrong. */
CHECKED errc account_factor_totp_confirm(struct db *db, const struct account_job *job,
                                         const struct account_totp_code *code,
                                         struct recovery_codes *ret_codes, struct why *why);

struct account_key_options {
    str challenge;
    str handle; /* the account, without saying who */
    const str *exclude;
    size_t exclude_count;
};

CHECKED errc account_factor_key_options(struct db *db, const struct account_job *job,
                                        struct account_key_options *ret_options, struct why *why);

struct account_new_key {
    str name;
    struct webauthn_registration registration;
};

CHECKED errc account_factor_key(struct db *db, const struct account_job *job,
                                const struct account_new_key *new_key,
                                struct recovery_codes *ret_codes, struct why *why);
CHECKED errc account_factor_remove(struct db *db, const struct account_job *job, int64_t factor_id,
                                   struct why *why);
/* New codes; the old ones are void. ERR_CONFLICT without a factor. */
CHECKED errc account_factor_codes(struct db *db, const struct account_job *job,
                                  struct recovery_codes *ret_codes, struct why *why);

#endif
