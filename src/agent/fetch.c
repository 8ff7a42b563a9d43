/* Asks for a window of bytes, waits until it has come, asks for the next. Silence and short
 * refusals are waited out; a sound that cannot be had is left alone for a while and others go on.
 */
#include "agent/fetch.h"

enum {
    WINDOW = 128 * 1024,
    WINDOW_LEAST = 4 * 1024,
    BLOCKED_MOST = 64,
    FAILURES_MOST = 4,
    DAY_MIN = 24 * 60,
};

#define SILENCE_MOST (30 * USEC_SECOND)
#define BLOCKED_FOR (10 * USEC_MINUTE)
#define LATER_LEAST (1 * USEC_SECOND)
/* What is needed earlier after the next quiet hours began might not be there in time. */
#define QUIET_MARGIN USEC_HOUR
/* So long may pass without a byte of what should come. */
#define STALL_MOST (5 * USEC_MINUTE)

struct blocked {
    hash media;
    usec until;
};

enum state { STATE_IDLE, STATE_OUTLINE, STATE_BYTES, STATE_PAUSE };

struct fetcher {
    struct cache *cache;
    struct fetch_ports ports;
    struct fetch_rules rules;
    enum state state;
    struct fetch_wish wish;
    unsigned tag;
    uint64_t window_end;
    usec heard_at; /* or asked */
    usec asked_at;
    usec pause_until;
    unsigned failures;
    struct blocked blocked[BLOCKED_MOST];
    size_t blocked_count;
    bool has_budget;
    size_t missing;
    usec behind_since; /* since the last byte while something should come; 0: nothing should */
};

/* --- when ------------------------------------------------------------------------------------- */

static int64_t minute_of_day(const struct fetch_rules *rules, usec now)
{
    int64_t minute = (now / USEC_SECOND + rules->zone_s) / 60 % DAY_MIN;
    return minute < 0 ? minute + DAY_MIN : minute;
}

static bool is_quiet(const struct fetch_rules *rules, int64_t minute)
{
    int64_t from = (int64_t)rules->from_min;
    int64_t to = (int64_t)rules->to_min;
    if (from == to) {
        return true;
    }
    return from < to ? minute >= from && minute < to : minute >= from || minute < to;
}

enum fetch_verdict fetch_may(const struct fetch_rules *rules, const struct fetch_wish *wish,
                             usec now, uint64_t used_kb)
{
    if (wish->urgent) {
        return FETCH_NOW;
    }
    if (rules->budget_kb > 0 && used_kb + wish->bytes / 1024 > rules->budget_kb) {
        return FETCH_BUDGET;
    }
    if (now == 0) {
        return FETCH_QUIET_HOURS;
    }
    int64_t minute = minute_of_day(rules, now);
    if (is_quiet(rules, minute)) {
        return FETCH_NOW;
    }
    int64_t wait = ((int64_t)rules->from_min - minute + DAY_MIN) % DAY_MIN;
    return wish->needed_at < now + wait * USEC_MINUTE + QUIET_MARGIN ? FETCH_NOW
                                                                     : FETCH_QUIET_HOURS;
}

/* --- the exchange --------------------------------------------------------------------------------
 */

struct fetcher *fetcher_create(struct cache *cache, const struct fetch_ports *ports)
{
    struct fetcher *fetcher = mem_take(sizeof *fetcher);
    fetcher->cache = cache;
    fetcher->ports = *ports;
    fetcher->has_budget = true;
    return fetcher;
}

void fetcher_destroy(struct fetcher *fetcher)
{
    mem_give(fetcher);
}

void fetcher_set_rules(struct fetcher *fetcher, const struct fetch_rules *rules)
{
    fetcher->rules = *rules;
}

void fetcher_closed(struct fetcher *fetcher)
{
    fetcher->state = STATE_IDLE;
}

static void pause(struct fetcher *fetcher, usec until)
{
    fetcher->state = STATE_PAUSE;
    fetcher->pause_until = until;
}

static bool is_blocked(const struct fetcher *fetcher, hash media, usec now)
{
    for (size_t i = 0; i < fetcher->blocked_count; i++) {
        if (hash_is(fetcher->blocked[i].media, media)) {
            return fetcher->blocked[i].until > now;
        }
    }
    return false;
}

/* The oldest place is taken when there is no other: then that one is tried again a little early. */
static void give_up(struct fetcher *fetcher, usec now, errc rc)
{
    size_t at = 0;
    for (size_t i = 0; i < fetcher->blocked_count; i++) {
        if (hash_is(fetcher->blocked[i].media, fetcher->wish.media)) {
            at = i;
            break;
        }
        at = fetcher->blocked[i].until < fetcher->blocked[at].until ? i : at;
    }
    bool is_there =
        at < fetcher->blocked_count && hash_is(fetcher->blocked[at].media, fetcher->wish.media);
    if (!is_there && fetcher->blocked_count < BLOCKED_MOST) {
        at = fetcher->blocked_count++;
    }
    fetcher->blocked[at] = (struct blocked){fetcher->wish.media, now + BLOCKED_FOR};
    fetcher->state = STATE_IDLE;
    fetcher->ports.done(fetcher->ports.ctx, fetcher->wish.media, rc);
}

static void ask(struct fetcher *fetcher, usec now, uint64_t most)
{
    uint64_t from = most == 0 ? 0 : cache_have(fetcher->cache, fetcher->wish.media);
    struct wire_fetch fetch = {.tag = fetcher->tag,
                               .media = fetcher->wish.media,
                               .from = from,
                               .most = most,
                               .urgent = fetcher->wish.urgent};
    fetcher->asked_at = now;
    fetcher->heard_at = now;
    if (fetcher->ports.send(fetcher->ports.ctx, &fetch) != OK) {
        pause(fetcher, now + LATER_LEAST);
        return;
    }
    fetcher->state = most == 0 ? STATE_OUTLINE : STATE_BYTES;
    fetcher->window_end = from + most;
}

/* Under a rate, a window is what may come within two seconds. */
static uint64_t window_of(const struct fetcher *fetcher)
{
    uint64_t rate = fetcher->rules.rate;
    if (rate == 0 || fetcher->wish.urgent) {
        return WINDOW;
    }
    uint64_t window = rate * 2;
    return window < WINDOW_LEAST ? WINDOW_LEAST : window > WINDOW ? WINDOW : window;
}

static void ask_next(struct fetcher *fetcher, usec now)
{
    uint64_t window = window_of(fetcher);
    usec due = fetcher->asked_at;
    if (fetcher->rules.rate > 0 && !fetcher->wish.urgent && fetcher->state == STATE_BYTES) {
        due += (usec)(window * (uint64_t)USEC_SECOND / fetcher->rules.rate);
    }
    if (due > now) {
        pause(fetcher, due);
        return;
    }
    ask(fetcher, now, window);
}

static void begin(struct fetcher *fetcher, const struct fetch_wish *wish, usec now)
{
    bool is_other = !hash_is(fetcher->wish.media, wish->media);
    fetcher->failures = is_other ? 0 : fetcher->failures;
    fetcher->wish = *wish;
    fetcher->tag = fetcher->tag % 255 + 1;
    ask(fetcher, now, 0);
}

/* --- what comes ------------------------------------------------------------------------------- */

static void on_broken(struct fetcher *fetcher, usec now, errc rc)
{
    if (rc != ERR_CORRUPT || ++fetcher->failures >= FAILURES_MOST) {
        give_up(fetcher, now, rc);
        return;
    }
    begin(fetcher, &fetcher->wish, now);
}

static void on_outline(struct fetcher *fetcher, usec now, const struct wire_outline *outline)
{
    hash media = fetcher->wish.media;
    errc rc = cache_outline(fetcher->cache, media, outline, NULL);
    if (rc == ERR_DISK_FULL) {
        cache_make_room(fetcher->cache, outline->bytes, &fetcher->ports.needs);
        rc = cache_outline(fetcher->cache, media, outline, NULL);
    }
    if (rc == ERR_EXISTS) {
        fetcher->state = STATE_IDLE;
        fetcher->ports.done(fetcher->ports.ctx, media, OK);
        return;
    }
    if (rc != OK) {
        give_up(fetcher, now, rc);
        return;
    }
    ask_next(fetcher, now);
}

static void on_chunk(struct fetcher *fetcher, usec now, const struct wire_chunk *chunk)
{
    bool whole = false;
    hash media = fetcher->wish.media;
    errc rc = cache_add(fetcher->cache, media, chunk->from, chunk->bytes, &whole, NULL);
    fetcher->heard_at = now;
    fetcher->behind_since = now;
    if (rc != OK) {
        on_broken(fetcher, now, rc == ERR_CONFLICT || rc == ERR_NOT_FOUND ? ERR_CORRUPT : rc);
        return;
    }
    if (whole) {
        fetcher->state = STATE_IDLE;
        fetcher->failures = 0;
        fetcher->ports.done(fetcher->ports.ctx, media, OK);
        return;
    }
    if (cache_have(fetcher->cache, media) >= fetcher->window_end) {
        ask_next(fetcher, now);
    }
}

static void on_later(struct fetcher *fetcher, usec now, const struct wire_later *later)
{
    if (later->reason == LATER_MISSING) {
        give_up(fetcher, now, ERR_NOT_FOUND);
        return;
    }
    usec wait = (usec)later->after_ms * 1000;
    pause(fetcher, now + (wait < LATER_LEAST ? LATER_LEAST : wait));
}

void fetcher_heard(struct fetcher *fetcher, usec steady, const struct wire_said *said)
{
    bool waits = fetcher->state == STATE_OUTLINE || fetcher->state == STATE_BYTES;
    if (said->kind == WIRE_OUTLINE && said->outline.tag == fetcher->tag &&
        fetcher->state == STATE_OUTLINE) {
        on_outline(fetcher, steady, &said->outline);
    } else if (said->kind == WIRE_CHUNK && said->chunk.tag == fetcher->tag &&
               fetcher->state == STATE_BYTES) {
        on_chunk(fetcher, steady, &said->chunk);
    } else if (said->kind == WIRE_LATER && said->later.tag == fetcher->tag && waits) {
        on_later(fetcher, steady, &said->later);
    }
}

/* --- turns -------------------------------------------------------------------------------------
 */

/* The first wish that may and can be fetched now. */
static const struct fetch_wish *choose(struct fetcher *fetcher, const struct fetch_now *now,
                                       const struct fetch_wish *wishes, size_t count)
{
    const struct fetch_wish *chosen = NULL;
    bool behind = false;
    fetcher->has_budget = true;
    fetcher->missing = 0;
    for (size_t i = 0; i < count; i++) {
        if (cache_look(fetcher->cache, wishes[i].media) == CACHE_HERE) {
            continue;
        }
        enum fetch_verdict verdict =
            fetch_may(&fetcher->rules, &wishes[i], now->server, now->used_kb);
        fetcher->missing += verdict == FETCH_QUIET_HOURS ? 0 : 1;
        behind = behind || verdict == FETCH_NOW;
        fetcher->has_budget = fetcher->has_budget && verdict != FETCH_BUDGET;
        bool can = verdict == FETCH_NOW && !is_blocked(fetcher, wishes[i].media, now->steady);
        bool better = chosen == NULL || (wishes[i].urgent && !chosen->urgent);
        chosen = can && better ? &wishes[i] : chosen;
    }
    if (!behind || fetcher->behind_since == 0) {
        fetcher->behind_since = behind ? now->steady : 0;
    }
    return chosen;
}

static bool lacks(const struct fetcher *fetcher, const struct fetch_now *now,
                  const struct fetch_wish *wish)
{
    if (cache_look(fetcher->cache, wish->media) == CACHE_HERE) {
        return false;
    }
    switch (fetch_may(&fetcher->rules, wish, now->server, now->used_kb)) {
    case FETCH_BUDGET:
        return true;
    case FETCH_QUIET_HOURS:
        return false;
    case FETCH_NOW:
        break;
    }
    bool stalls = fetcher->behind_since > 0 && now->steady - fetcher->behind_since >= STALL_MOST;
    return stalls || is_blocked(fetcher, wish->media, now->steady);
}

bool fetcher_lacks(const struct fetcher *fetcher, const struct fetch_now *now,
                   const struct fetch_wish *wishes, size_t count, usec until)
{
    for (size_t i = 0; i < count; i++) {
        if (wishes[i].needed_at < until && lacks(fetcher, now, &wishes[i])) {
            return true;
        }
    }
    return false;
}

static usec when_next(const struct fetcher *fetcher, usec now)
{
    switch (fetcher->state) {
    case STATE_IDLE:
        return now + USEC_MINUTE;
    case STATE_PAUSE:
        return fetcher->pause_until;
    case STATE_OUTLINE:
    case STATE_BYTES:
        return fetcher->heard_at + SILENCE_MOST;
    }
    return now;
}

usec fetcher_turn(struct fetcher *fetcher, const struct fetch_now *now,
                  const struct fetch_wish *wishes, size_t count)
{
    const struct fetch_wish *wish = choose(fetcher, now, wishes, count);
    if (!now->is_attached) {
        fetcher->state = STATE_IDLE;
        return now->steady + USEC_MINUTE;
    }
    bool silent = (fetcher->state == STATE_OUTLINE || fetcher->state == STATE_BYTES) &&
                  fetcher->heard_at + SILENCE_MOST <= now->steady;
    bool over = fetcher->state == STATE_PAUSE && fetcher->pause_until <= now->steady;
    bool idle = fetcher->state == STATE_IDLE || silent || over;
    bool pushes = wish != NULL && wish->urgent && !fetcher->wish.urgent;
    if (wish == NULL) {
        fetcher->state = idle ? STATE_IDLE : fetcher->state;
    } else if (over && hash_is(wish->media, fetcher->wish.media) &&
               cache_have(fetcher->cache, wish->media) > 0) {
        ask(fetcher, now->steady, window_of(fetcher)); /* only the pace was waited for */
    } else if (idle || pushes) {
        begin(fetcher, wish, now->steady);
    }
    return when_next(fetcher, now->steady);
}

struct fetch_view fetcher_look(const struct fetcher *fetcher)
{
    return (struct fetch_view){.is_busy = fetcher->state != STATE_IDLE,
                               .media = fetcher->wish.media,
                               .has_budget = fetcher->has_budget,
                               .missing = fetcher->missing};
}
