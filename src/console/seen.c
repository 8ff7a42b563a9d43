/* Sessions on the loop: looked up without the store while nothing has changed, and last-seen times
 * written in batches, so that reading a page costs no write. Only a request that was admitted
 * counts as a sign of life: a refused one must never keep a session awake. */
#include "console/console_inside.h"

#include "base/log.h"

enum { SESSIONS_REMEMBERED = 4096, SEEN_BATCH = 500 };

#define ADMITTED_FOR (15 * USEC_MINUTE)

#define SEEN_EVERY (5 * USEC_SECOND)

struct seen_job {
    struct session_seen seen[SEEN_BATCH];
    size_t count;
};

static errc write_seen(void *ctx, struct db *db, struct why *why)
{
    const struct seen_job *job = ctx;
    return session_write_seen(db, job->seen, job->count, why);
}

/* A batch that could not be written is lost: sessions look a little older, and lock earlier. */
static void seen_done(void *ctx, errc rc, const struct why *why)
{
    if (rc != OK) {
        LOG(LOG_WARN, "seen_not_written", log_errc(rc), log_why(why));
    }
    mem_give(ctx);
}

static void flush(void *ctx)
{
    struct console *console = ctx;
    page_events_expire(console, now_utc());
    struct seen_job *job = mem_take(sizeof *job);
    job->count = session_cache_take_seen(console->sessions, &console->house.policy, now_utc(),
                                         job->seen, SEEN_BATCH);
    struct house_job work = {.run = write_seen, .done = seen_done, .ctx = job};
    const struct house_ports *ports = &console->house.ports;
    if (job->count == 0 || ports->write(ports->ctx, work) != OK) {
        mem_give(job);
    }
}

errc seen_start(struct console *console)
{
    TRY(session_cache_create(SESSIONS_REMEMBERED, &console->sessions));
    console->seen_timer = loop_timer_start(console->loop, SEEN_EVERY, SEEN_EVERY, flush, console);
    return OK;
}

void seen_stop(struct console *console)
{
    loop_timer_stop(console->loop, console->seen_timer);
    session_cache_destroy(console->sessions);
}

void seen_recall(struct console *console, struct ask *ask)
{
    if (ask->token.at == NULL || !session_token_is_text(ask->token)) {
        return;
    }
    const struct session *known = session_cache_find(
        console->sessions, session_token_hash(ask->token), &ask->policy, ask->now);
    if (known == NULL) {
        return;
    }
    struct session *copy = arena_take(ask->arena, sizeof *copy);
    if (copy != NULL) {
        *copy = *known;
        ask->session = copy;
    }
}

static struct admitted *admitted_of(struct console *console, hash token)
{
    size_t place = (token.bytes[0] + 256u * token.bytes[1]) % COUNT_OF(console->admitted);
    return &console->admitted[place];
}

void seen_remember(struct console *console, const struct ask *ask, uint64_t generation)
{
    if (ask->session == NULL || ask->session->id == 0) {
        return;
    }
    hash token = session_token_hash(ask->token);
    if (ask->session_is_loaded) {
        session_cache_keep(console->sessions, token, ask->session, generation);
    }
    bool inside = session_state_at(ask->session, &ask->policy, ask->now) == SESSION_SIGNED_IN;
    if (!ask->is_admitted || !inside) {
        return;
    }
    *admitted_of(console, token) = (struct admitted){
        .token = token,
        .until = ask->now + ADMITTED_FOR,
        .rights = session_rights(ask->session, &ask->policy, ask->now, ask->today)};
    if (!ask->is_background) {
        session_cache_touch(console->sessions, token, ask->now);
    }
}

bool seen_may(struct console *console, str token, enum right right, usec now)
{
    if (token.at == NULL || !session_token_is_text(token)) {
        return false;
    }
    hash name = session_token_hash(token);
    const struct admitted *admitted = admitted_of(console, name);
    return admitted->until > now && hash_is(admitted->token, name) &&
           (admitted->rights & RIGHT_BIT(right)) != 0;
}
