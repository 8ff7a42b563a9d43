/* Sets of WAYS entries, chosen by the first bytes of the token's hash, which a stranger cannot
 * steer: making many tokens of one set takes as many hash computations as signing in. */
#include "people/session_cache.h"

enum { WAYS = 8, SETS_MOST = 1 << 16 };

struct entry {
    hash token;
    uint64_t generation; /* 0: empty */
    uint64_t used;       /* the cache's tick of the last use */
    usec written;        /* last-seen as the store has it */
    struct session session;
};

struct session_cache {
    size_t sets; /* a power of two */
    uint64_t generation;
    uint64_t tick;
    struct entry entries[];
};

errc session_cache_create(size_t entries, struct session_cache **ret_cache)
{
    size_t sets = 1;
    while (sets * WAYS < entries && sets < SETS_MOST) {
        sets *= 2;
    }
    size_t size = sizeof(struct session_cache) + sets * WAYS * sizeof(struct entry);
    struct session_cache *cache = mem_try(size);
    if (cache == NULL) {
        return ERR_NO_MEMORY;
    }
    memset(cache, 0, size);
    cache->sets = sets;
    cache->generation = 1;
    *ret_cache = cache;
    return OK;
}

void session_cache_destroy(struct session_cache *cache)
{
    mem_give(cache);
}

uint64_t session_cache_generation(const struct session_cache *cache)
{
    return cache->generation;
}

void session_cache_forget(struct session_cache *cache)
{
    cache->generation++;
}

static struct entry *set_of(struct session_cache *cache, hash token)
{
    uint64_t at;
    memcpy(&at, token.bytes, sizeof(at));
    return &cache->entries[(size_t)(at & (cache->sets - 1)) * WAYS];
}

static struct entry *find_entry(struct session_cache *cache, hash token)
{
    struct entry *set = set_of(cache, token);
    for (size_t i = 0; i < WAYS; i++) {
        if (set[i].generation == cache->generation && hash_is(set[i].token, token)) {
            return &set[i];
        }
    }
    return NULL;
}

const struct session *session_cache_find(struct session_cache *cache, hash token,
                                         const struct policy *policy, usec now)
{
    struct entry *entry = find_entry(cache, token);
    if (entry == NULL || session_state_at(&entry->session, policy, now) != SESSION_SIGNED_IN) {
        return NULL;
    }
    entry->used = ++cache->tick;
    return &entry->session;
}

void session_cache_keep(struct session_cache *cache, hash token, const struct session *session,
                        uint64_t generation)
{
    if (generation != cache->generation) {
        return;
    }
    struct entry *set = set_of(cache, token);
    struct entry *to = find_entry(cache, token);
    for (size_t i = 0; to == NULL && i < WAYS; i++) {
        to = set[i].generation != cache->generation ? &set[i] : NULL;
    }
    if (to == NULL) {
        to = set;
        for (size_t i = 1; i < WAYS; i++) {
            to = set[i].used < to->used ? &set[i] : to;
        }
    }
    to->token = token;
    to->generation = generation;
    to->used = ++cache->tick;
    to->written = session->seen;
    to->session = *session;
}

void session_cache_touch(struct session_cache *cache, hash token, usec now)
{
    struct entry *entry = find_entry(cache, token);
    if (entry != NULL && entry->session.seen < now) {
        entry->session.seen = now;
    }
}

size_t session_cache_take_seen(struct session_cache *cache, const struct policy *policy, usec now,
                               struct session_seen *ret_seen, size_t room)
{
    size_t count = 0;
    for (size_t i = 0; i < cache->sets * WAYS && count < room; i++) {
        struct entry *entry = &cache->entries[i];
        /* Forgotten entries too: what the person did was real. */
        if (entry->generation != 0 && entry->session.seen > entry->written &&
            now - entry->written >= policy->seen_every) {
            ret_seen[count++] = (struct session_seen){entry->session.id, entry->session.seen};
            entry->written = entry->session.seen;
        }
    }
    return count;
}
