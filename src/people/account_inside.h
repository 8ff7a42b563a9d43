/* What the files of accounts share; not for other rooms. */
#ifndef LOA_PEOPLE_ACCOUNT_INSIDE_H
#define LOA_PEOPLE_ACCOUNT_INSIDE_H

#include "people/account.h"

struct account_words {
    str login;
    str name;
    str email;
};

/* Names the field that is wrong; ERR_INVALID. */
CHECKED errc account_field(const struct account_job *job, const char *name, const char *code,
                           struct why *why);
CHECKED errc account_check_name(const struct account_job *job, str name, struct why *why);
CHECKED errc account_check_contact(const struct account_job *job, str language, str email,
                                   str phone, struct why *why);
/* The name as it is kept, and the keys by which it is found and sorted. */
CHECKED errc account_keys(struct arena *arena, const struct account_words *words,
                          struct account_words *ret_normal, str *ret_search, str *ret_sort,
                          struct why *why);
str account_place_write(struct arena *arena, int64_t id, str sort_key);
CHECKED errc account_place_read(struct arena *arena, str place, int64_t *ret_id, str *ret_sort_key,
                                struct why *why);

#endif
