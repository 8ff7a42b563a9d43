/* Where a live may come from besides a browser: a studio encoder, which knows a password and begins
 * by itself, or an Internet radio, which the server fetches. */
#ifndef LOA_LIVE_SOURCE_H
#define LOA_LIVE_SOURCE_H

#include "live/live.h"

enum { SOURCE_NAME_MOST = 64, SOURCE_ADDRESS_MOST = 512, SOURCE_PASSWORD_SIZE = 33 };

enum source_kind { SOURCE_ENCODER, SOURCE_RELAY };

struct live_source {
    int64_t id;
    str name; /* [a-z0-9-] */
    enum source_kind kind;
    struct live_terms terms;
    str address; /* of a relay: http or https */
    hash secret; /* of an encoder's password */
    int64_t made_by;
    str made_name;
    usec made_at;
};

struct live_sources {
    const struct live_source *at;
    size_t count;
};

bool source_name_is(str name);
/* http or https, a host, no name and password in it. Whether the host may be asked is looked at
 * when its address is known. */
bool source_address_is(str address);
/* What is kept of a password, which is long and random. */
hash source_secret_of(str password);
/* A new password of 128 bits. */
void source_password(struct entropy entropy, char ret_password[SOURCE_PASSWORD_SIZE]);

CHECKED errc source_add(const struct desk *desk, struct db *db, const struct live_source *draft,
                        int64_t *ret_id, struct why *why);
CHECKED errc source_drop(const struct desk *desk, struct db *db, int64_t id, struct why *why);
CHECKED errc source_get(const struct desk *desk, struct db *db, int64_t id,
                        struct live_source *ret_source, struct why *why);
/* For whoever knocks: no right is looked at. */
CHECKED errc source_find(struct db *db, str name, struct arena *arena,
                         struct live_source *ret_source, struct why *why);
CHECKED errc source_list(const struct desk *desk, struct db *db, unit_id unit,
                         struct live_sources *ret_sources, struct why *why);

#endif
