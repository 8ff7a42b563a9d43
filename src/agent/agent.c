/* The parts put together, and the turn. */
#include "agent/agent_inside.h"

#include "base/crash.h"

#define KEEP_EVERY USEC_HOUR
#define CHECK_EVERY (30 * USEC_SECOND) /* one medium read over, in idle moments */

enum { LOG_MOST = 16 * 1024 * 1024 };

const char *const agent_folders[] = {"log", "orders", "media", NULL};

usec agent_steady(const struct agent *agent)
{
    return agent->config.ports.steady(agent->config.ports.ctx);
}

struct clock_view agent_time(const struct agent *agent)
{
    return clock_look(&agent->clock, agent_steady(agent));
}

bool agent_knows_time(const struct clock_view *view)
{
    return view->state >= CLOCK_HOLDING || view->by_wall;
}

/* Before the session is there, its first tick finds what was written. */
void agent_note(struct agent *agent, const struct wire_log_entry *entry, bool urgent)
{
    struct wire_log_entry stamped = *entry;
    struct clock_view time = agent_time(agent);
    struct why why = {""};
    stamped.at = time.now > 0 ? time.now : 1; /* a time must stand there: 1 is none */
    stamped.clock = time.state;
    stamped.boot = agent->run.number;
    bool written = !agent->is_dropped && agent->log.add(agent->log.ctx, &stamped, &why) == OK;
    if (written && agent->session != NULL) {
        session_logged(agent->session, agent_steady(agent), urgent);
    }
}

static void port_note(void *ctx, const struct wire_log_entry *entry, bool urgent)
{
    agent_note(ctx, entry, urgent);
}

static enum media_state port_media(void *ctx, hash media)
{
    const struct agent *agent = ctx;
    switch (cache_look(agent->cache, media)) {
    case CACHE_HERE:
        return MEDIA_HERE;
    case CACHE_BAD:
        return MEDIA_BAD;
    case CACHE_MISSING:
    case CACHE_PART:
        break;
    }
    return MEDIA_MISSING;
}

static void note_boot(struct agent *agent, const struct agent_run *before,
                      const struct conductor_past *past)
{
    struct wire_log_entry boot = {.kind = LOG_BOOT, .value = !before->was_orderly};
    agent_note(agent, &boot, true);
    usec now = agent_time(agent).now;
    if (!before->was_orderly && now > past->heard_until && past->heard_until > USEC_DAY) {
        struct wire_log_entry cut = {.kind = LOG_POWER_CUT,
                                     .value = (now - past->heard_until) / 1000};
        agent_note(agent, &cut, false);
    }
}

static void start_clock(struct agent *agent, const struct conductor_past *past)
{
    usec trusted = agent->run.last_trusted;
    struct clock_config config = {
        .last_trusted = past->heard_until > trusted ? past->heard_until : trusted,
        .wall = agent->config.wall,
        .rate_ppb = agent->run.rate_ppb,
        .rate_is_known = agent->run.rate_is_known,
        .bias = clock_bias_of(agent->config.about.link),
    };
    clock_init(&agent->clock, &config, agent_steady(agent));
}

static errc open_log(struct agent *agent, struct why *why)
{
    uint64_t most = agent->config.log_most > 0 ? agent->config.log_most : LOG_MOST;
    TRY(log_file_open(&agent->config.disk, agent->secret.key, most, &agent->log_file, why));
    agent->log = log_file_log(agent->log_file);
    return OK;
}

static errc open_all(struct agent *agent, struct why *why)
{
    struct agent_run before;
    struct conductor_past past;
    struct past_orders ended;
    TRY(agent_secret_open(&agent->config.disk, agent->config.entropy, &agent->secret, why));
    agent_read_run(agent, &before);
    agent->run = before;
    agent->run.number++;
    TRY(open_log(agent, why));
    TRY(agent_read_past(agent, &past, &ended, why));
    start_clock(agent, &past);
    static const wire_id unknown = {{0}};
    const wire_id *machine = &agent->config.machine_run;
    bool same_machine = memcmp(machine, &unknown, sizeof unknown) != 0 &&
                        memcmp(&before.machine_run, machine, sizeof unknown) == 0;
    past.off_reason = same_machine && before.number > 0 ? REASON_RESTART : REASON_NO_POWER;
    TRY(agent_open_media(agent, why));
    agent->live = agent_live_create();
    struct conductor_ports ports = {agent, port_media, agent_live_flow, port_note};
    agent->conductor = conductor_create(&ports, &past);
    agent->settings.volume = 100;
    TRY(agent_open_sound(agent, why));
    if (agent_time(agent).by_wall) {
        engine_set_clock(agent->engine, &agent->clock.line);
    }
    agent->ear = agent_open_ear(agent);
    TRY(session_room_create(&agent->room));
    note_boot(agent, &before, &past);
    if (log_file_was_mended(agent->log_file)) {
        agent_set_fault(agent, FAULT_STORE, true);
    }
    TRY(agent_open_session(agent, &ended, why));
    agent_write_run(agent, false);
    return OK;
}

errc agent_create(const struct agent_config *config, struct agent **ret_agent, struct why *why)
{
    struct agent *agent = mem_take(sizeof *agent);
    agent->config = *config;
    agent->booted = agent_steady(agent);
    entropy_fill(config->entropy, agent->boot.bytes, sizeof agent->boot.bytes);
    agent->keep_at = agent->booted + KEEP_EVERY;
    agent->check_at = agent->booted + CHECK_EVERY;
    errc rc = open_all(agent, why);
    if (rc != OK) {
        agent_drop(agent);
        return rc;
    }
    *ret_agent = agent;
    return OK;
}

/* What the engine was given is the engine's; before it is there, nobody owns the sink. */
void agent_drop(struct agent *agent)
{
    if (agent == NULL) {
        return;
    }
    agent->is_dropped = true;
    listen_close(agent->listen);
    agent_close_ear(agent->ear);
    if (agent->engine != NULL) {
        engine_destroy(agent->engine);
        relay_finish(&agent->relay);
    } else {
        sink_destroy(agent->config.take_sink);
    }
    agent_live_destroy(agent->live);
    session_destroy(agent->session);
    session_room_destroy(agent->room);
    conductor_destroy(agent->conductor);
    fetcher_destroy(agent->fetcher);
    cache_close(agent->cache);
    log_file_close(agent->log_file);
    mem_wipe(&agent->secret, sizeof agent->secret);
    mem_give(agent);
}

void agent_destroy(struct agent *agent)
{
    if (agent == NULL) {
        return;
    }
    struct why why = {""};
    agent_sound_turn(agent);
    ignore(session_keep_now(agent->session, agent_steady(agent), &why));
    ignore(log_file_sync(agent->log_file, &why));
    agent_write_run(agent, true);
    agent_drop(agent);
}

/* --- the connection --------------------------------------------------------------------------- */

void agent_opened(struct agent *agent, const uint8_t *channel)
{
    session_opened(agent->session, agent_steady(agent), channel);
}

void agent_heard(struct agent *agent, str message)
{
    session_heard(agent->session, agent_steady(agent), message);
}

void agent_closed(struct agent *agent)
{
    session_closed(agent->session, agent_steady(agent));
}

/* --- the turn --------------------------------------------------------------------------------- */

static void keep_time(struct agent *agent)
{
    struct why why = {""};
    agent->keep_at = agent_steady(agent) + KEEP_EVERY;
    ignore(session_keep_now(agent->session, agent_steady(agent), &why));
    agent_write_run(agent, false);
}

static void check_media(struct agent *agent)
{
    bool more = cache_check_next(agent->cache);
    agent->check_at = agent_steady(agent) + (more ? CHECK_EVERY : KEEP_EVERY);
}

void agent_turn(struct agent *agent)
{
    usec steady = agent_steady(agent);
    if (steady >= agent->sound_at) {
        agent_sound_turn(agent);
    }
    if (steady >= session_next(agent->session)) {
        session_tick(agent->session, steady);
    }
    if (steady >= agent->fetch_at) {
        agent_fetch_turn(agent);
    }
    if (steady >= agent_live_next(agent)) {
        agent_live_turn(agent);
    }
    agent_listen_turn(agent);
    agent_ear_turn(agent);
    struct clock_view time = agent_time(agent);
    agent_set_fault(agent, FAULT_CLOCK, !agent_knows_time(&time));
    if (steady >= agent->keep_at) {
        keep_time(agent);
    }
    if (steady >= agent->check_at) {
        check_media(agent);
    }
}

usec agent_next(const struct agent *agent)
{
    const usec all[] = {agent_sound_next(agent), session_next(agent->session),
                        agent->fetch_at,         agent->keep_at,
                        agent->check_at,         agent_ear_next(agent),
                        agent_live_next(agent)};
    usec next = INT64_MAX;
    for (size_t i = 0; i < COUNT_OF(all); i++) {
        next = all[i] < next ? all[i] : next;
    }
    return next;
}

errc agent_pull(struct agent *agent, size_t frames, usec heard_at, struct why *why)
{
    return engine_pull(agent->engine, frames, heard_at, why);
}

hash agent_key(const struct agent *agent)
{
    return agent->secret.key;
}

void agent_look(struct agent *agent, struct agent_view *ret_view)
{
    *ret_view = (struct agent_view){
        .device = session_device(agent->session),
        .is_attached = session_is_attached(agent->session),
        .sound = agent->told,
        .clock = agent_time(agent),
        .faults = agent->faults,
        .log_last = agent->log.span(agent->log.ctx).last,
        .media_missing = fetcher_look(agent->fetcher).missing,
    };
}
