/* Fetching sounds over the session: which one next (pure rules: what is urgent at once, the rest in
 * the quiet hours and within the month's budget, unless it would come too late), and the exchange
 * itself, resumed where it broke off. One sound at a time; what is urgent interrupts what is not.
 */
#ifndef LOA_AGENT_FETCH_H
#define LOA_AGENT_FETCH_H

#include "agent/cache.h"
#include "wire/codec.h"

/* A sound that is wanted: soonest first. */
struct fetch_wish {
    hash media;
    uint64_t bytes;
    usec needed_at; /* server's clock */
    bool urgent;    /* alarms and clips */
};

struct fetch_rules {
    uint64_t from_min; /* quiet hours, minutes of the civil day; equal: all day */
    uint64_t to_min;
    uint64_t budget_kb; /* of a month; 0: none */
    uint64_t rate;      /* bytes a second; 0: no limit */
    int64_t zone_s;
};

enum fetch_verdict { FETCH_NOW, FETCH_QUIET_HOURS, FETCH_BUDGET };
/* `now`: the server's clock, 0 while unknown (then only what is urgent); `used_kb` of this month.
 */
enum fetch_verdict fetch_may(const struct fetch_rules *rules, const struct fetch_wish *wish,
                             usec now, uint64_t used_kb);

struct fetcher;

struct fetch_ports {
    void *ctx;
    errc (*send)(void *ctx, const struct wire_fetch *fetch);
    /* OK: it is here; ERR_CORRUPT, ERR_DISK_FULL, ERR_NOT_FOUND: given up for a while. */
    void (*done)(void *ctx, hash media, errc rc);
    struct cache_needs needs; /* when there is no room */
};

struct fetch_now {
    usec steady;
    usec server; /* 0: unknown */
    uint64_t used_kb;
    bool is_attached;
};

/* Copies the ports; the cache must outlive it. */
struct fetcher *fetcher_create(struct cache *cache, const struct fetch_ports *ports);
void fetcher_destroy(struct fetcher *fetcher); /* accepts null */
void fetcher_set_rules(struct fetcher *fetcher, const struct fetch_rules *rules);
/* Goes on, or begins the first wish that may be fetched now. Returns when to be called again at the
 * latest (steady); call it after anything was heard or wished, too. */
usec fetcher_turn(struct fetcher *fetcher, const struct fetch_now *now,
                  const struct fetch_wish *wishes, size_t count);
/* An outline, a chunk, a later. What belongs to no fetch of ours is left alone. */
void fetcher_heard(struct fetcher *fetcher, usec steady, const struct wire_said *said);
void fetcher_closed(struct fetcher *fetcher); /* the connection ended */

struct fetch_view {
    bool is_busy;
    hash media;
    bool has_budget; /* false: something waits for the next month */
    size_t missing;  /* of the last wishes, without what waits for the quiet hours */
};
struct fetch_view fetcher_look(const struct fetcher *fetcher);
/* Whether something that is needed before `until` cannot be had, or should be on its way and
 * nothing has come for minutes. What only waits for the quiet hours, or grows, is no fault. */
bool fetcher_lacks(const struct fetcher *fetcher, const struct fetch_now *now,
                   const struct fetch_wish *wishes, size_t count, usec until);

#endif
