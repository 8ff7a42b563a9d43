/* What the loop remembers of sessions, so that a request costs no database. Set-associative with a
 * fixed number of entries; the least recently used one of its set gives way. A change anywhere
 * (topics "session" and "accounts", or a broken listener) makes everything forgotten at once by one
 * number. Belongs to the loop's thread.
 *
 * The cache may say "signed in", never "locked" or "ended": another server may have seen the
 * person since. When the remembered times say otherwise it answers "not known", and the store is
 * asked. */
#ifndef LOA_PEOPLE_SESSION_CACHE_H
#define LOA_PEOPLE_SESSION_CACHE_H

#include "people/session.h"

struct session_cache;

struct session_seen {
    int64_t session_id;
    usec seen;
};

/* Room for at least `entries` sessions. */
CHECKED errc session_cache_create(size_t entries, struct session_cache **ret_cache);
void session_cache_destroy(struct session_cache *cache); /* accepts null */
/* The number that a load must hand back to session_cache_keep(): what was read from the store
 * before a change must not be remembered after it. */
uint64_t session_cache_generation(const struct session_cache *cache);
void session_cache_forget(struct session_cache *cache);
/* Null when not known. A loan until the next call. */
const struct session *session_cache_find(struct session_cache *cache, hash token,
                                         const struct policy *policy, usec now);
void session_cache_keep(struct session_cache *cache, hash token, const struct session *session,
                        uint64_t generation);
/* The person did something. To be called for what people do, not for what pages do by themselves.
 */
void session_cache_touch(struct session_cache *cache, hash token, usec now);
/* Moves up to `room` last-seen times that were not written for seen_every into ret_seen. */
size_t session_cache_take_seen(struct session_cache *cache, const struct policy *policy, usec now,
                               struct session_seen *ret_seen, size_t room);

#endif
