/* Live streams of the agent: tunes in to what the conductor wants, hands it what comes, and asks
 * for a longer delay when it comes too late. */
#include "agent/agent_inside.h"

#define LOOK_EVERY (USEC_SECOND / 2) /* while something is tuned in */

/* A server that does not know the stream (yet, or because another carries it) is asked again, ever
 * more seldom. */
#define AGAIN_FIRST USEC_SECOND
#define AGAIN_MOST USEC_MINUTE

struct tuning {
    uint64_t stream;
    bool is_told;
    usec again_at; /* steady; 0: at once */
    usec wait;
};

struct agent_live {
    struct live_feeds *feeds;
    struct tuning tunings[LIVE_STREAMS];
    size_t count;
    usec look_at;
};

struct agent_live *agent_live_create(void)
{
    struct agent_live *live = mem_take(sizeof *live);
    live->feeds = live_feeds_create();
    live->look_at = INT64_MAX;
    return live;
}

void agent_live_destroy(struct agent_live *live)
{
    if (live != NULL) {
        live_feeds_destroy(live->feeds);
        mem_give(live);
    }
}

struct live_flow agent_live_flow(void *ctx, uint64_t stream, usec now)
{
    const struct agent *agent = ctx;
    return live_feeds_look(agent->live->feeds, stream, now);
}

errc agent_live_open(struct agent *agent, const struct cue *cue, struct source *ret_source,
                     struct why *why)
{
    return live_feeds_open(agent->live->feeds, cue->stream, ret_source, why);
}

static bool say(struct agent *agent, uint64_t stream, bool on, uint64_t need_ms)
{
    struct wire_tune tune = {.stream = stream, .on = on, .need_ms = need_ms};
    return agent->session != NULL && session_tune(agent->session, agent_steady(agent), &tune) == OK;
}

/* --- what is wanted --------------------------------------------------------------------------- */

static bool is_among(uint64_t stream, const uint64_t *streams, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (streams[i] == stream) {
            return true;
        }
    }
    return false;
}

static bool is_tuned(const struct agent_live *live, uint64_t stream)
{
    for (size_t i = 0; i < live->count; i++) {
        if (live->tunings[i].stream == stream) {
            return true;
        }
    }
    return false;
}

static void tune_out(struct agent *agent, const uint64_t *streams, size_t count)
{
    struct agent_live *live = agent->live;
    size_t kept = 0;
    for (size_t i = 0; i < live->count; i++) {
        struct tuning tuning = live->tunings[i];
        if (is_among(tuning.stream, streams, count)) {
            live->tunings[kept++] = tuning;
            continue;
        }
        ignore_int((long)say(agent, tuning.stream, false, 0));
        live_feeds_drop(live->feeds, tuning.stream);
    }
    live->count = kept;
}

static void tune_in(struct agent *agent, const uint64_t *streams, size_t count)
{
    struct agent_live *live = agent->live;
    for (size_t i = 0; i < count; i++) {
        if (!is_tuned(live, streams[i]) && live_feeds_add(live->feeds, streams[i])) {
            live->tunings[live->count++] = (struct tuning){.stream = streams[i]};
        }
    }
    for (size_t i = 0; i < live->count; i++) {
        struct tuning *tuning = &live->tunings[i];
        bool is_due = !tuning->is_told && agent_steady(agent) >= tuning->again_at;
        tuning->is_told = tuning->is_told || (is_due && say(agent, tuning->stream, true, 0));
    }
}

void agent_live_turn(struct agent *agent)
{
    struct agent_live *live = agent->live;
    uint64_t streams[LIVE_STREAMS];
    size_t count = conductor_streams(agent->conductor, streams);
    tune_out(agent, streams, count);
    tune_in(agent, streams, count);
    live->look_at = live->count > 0 ? agent_steady(agent) + LOOK_EVERY : INT64_MAX;
}

usec agent_live_next(const struct agent *agent)
{
    return agent->live->look_at;
}

void agent_live_attached(struct agent *agent, bool is_attached)
{
    for (size_t i = 0; !is_attached && i < agent->live->count; i++) {
        agent->live->tunings[i].is_told = false;
        agent->live->tunings[i].again_at = agent->live->tunings[i].wait = 0;
    }
    if (is_attached) {
        agent_live_turn(agent);
    }
}

/* --- what comes ------------------------------------------------------------------------------- */

static void hear_sound(struct agent *agent, const struct wire_live_sound *sound)
{
    struct live_feeds *feeds = agent->live->feeds;
    struct clock_view view = agent_time(agent);
    usec now = view.state >= CLOCK_HOLDING ? view.now : 0;
    enum flow_state before = live_feeds_look(feeds, sound->stream, now).state;
    live_feeds_sound(feeds, sound, now);
    uint64_t need_ms = live_feeds_need(feeds, sound->stream);
    if (need_ms > 0) {
        ignore_int((long)say(agent, sound->stream, true, need_ms));
    }
    engine_feed_soon(agent->engine);
    if (live_feeds_look(feeds, sound->stream, now).state != before) {
        agent_sound_turn(agent);
    }
}

static void hear_none(struct agent *agent, uint64_t stream)
{
    struct agent_live *live = agent->live;
    for (size_t i = 0; i < live->count; i++) {
        struct tuning *tuning = &live->tunings[i];
        if (tuning->stream == stream) {
            usec longer = tuning->wait * 2;
            tuning->wait = tuning->wait == 0     ? AGAIN_FIRST
                           : longer < AGAIN_MOST ? longer
                                                 : AGAIN_MOST;
            tuning->again_at = agent_steady(agent) + tuning->wait;
            tuning->is_told = false;
        }
    }
}

void agent_live_heard(void *ctx, const struct wire_said *said)
{
    struct agent *agent = ctx;
    if (said->kind == WIRE_TUNED) {
        live_feeds_tuned(agent->live->feeds, &said->tuned);
        if (said->tuned.state == LIVE_NONE) {
            hear_none(agent, said->tuned.stream);
        }
        agent_sound_turn(agent);
    } else {
        hear_sound(agent, &said->live_sound);
    }
}
