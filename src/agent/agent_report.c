/* What a device says of itself, what is wrong with it, and what it fetches. */
#include "agent/agent_inside.h"

#define WISHES_EVERY (5 * USEC_MINUTE)
#define SOON USEC_DAY /* what is missing of the next day is a fault */

static bool ids_are(wire_id a, wire_id b)
{
    return memcmp(a.bytes, b.bytes, sizeof a.bytes) == 0;
}

/* --- faults ----------------------------------------------------------------------------------- */

void agent_set_fault(struct agent *agent, enum device_fault fault, bool is_there)
{
    bool was_there = (agent->faults & (uint32_t)fault) != 0;
    if (was_there == is_there) {
        return;
    }
    agent->faults ^= (uint32_t)fault;
    struct wire_log_entry entry = {.kind = is_there ? LOG_FAULT : LOG_FAULT_OVER,
                                   .value = (int64_t)fault};
    agent_note(agent, &entry, false);
    if (agent->session != NULL) {
        session_changed(agent->session, agent_steady(agent));
    }
}

/* --- traffic ---------------------------------------------------------------------------------- */

static void count_traffic(struct agent *agent)
{
    const struct agent_ports *ports = &agent->config.ports;
    usec now = agent_time(agent).now;
    uint64_t in = 0;
    uint64_t out = 0;
    if (ports->traffic != NULL) {
        ports->traffic(ports->ctx, &in, &out);
    }
    if (now > 0) {
        struct civil date = usec_clock(now, agent->zone_s * USEC_SECOND).date;
        uint64_t month = (uint64_t)date.year * 12 + (uint64_t)date.month;
        if (month != agent->run.month) {
            agent->run.month = month;
            agent->run.bytes_in = 0;
            agent->run.bytes_out = 0;
        }
    }
    agent->run.bytes_in += in;
    agent->run.bytes_out += out;
}

/* --- media ------------------------------------------------------------------------------------ */

static errc port_fetch(void *ctx, const struct wire_fetch *fetch)
{
    struct agent *agent = ctx;
    return session_fetch(agent->session, agent_steady(agent), fetch);
}

static void port_fetched(void *ctx, hash media, errc rc)
{
    struct agent *agent = ctx;
    AUTO(buf_finish) struct buf name;
    buf_init(&name, 80);
    buf_add_hex(&name, media.bytes, 8);
    struct wire_log_entry entry = {.kind = LOG_MEDIA, .note = buf_str(&name)};
    if (rc != OK) {
        entry.reason = rc == ERR_NOT_FOUND ? REASON_MEDIA_MISSING : REASON_MEDIA_BAD;
        entry.reason = rc == ERR_DISK_FULL ? REASON_NO_ROOM : entry.reason;
    }
    agent_note(agent, &entry, false);
    agent_set_fault(agent, FAULT_DISK, rc == ERR_DISK_FULL);
    agent->sound_at = 0;
    agent_wish_again(agent);
}

static bool port_is_needed(void *ctx, hash media)
{
    const struct agent *agent = ctx;
    for (size_t i = 0; i < agent->wish_count; i++) {
        if (hash_is(agent->wishes[i].media, media)) {
            return true;
        }
    }
    return false;
}

static void add_wish(void *ctx, hash media, uint64_t bytes, usec needed_at)
{
    struct agent *agent = ctx;
    if (agent->wish_count < AGENT_WISHES && !port_is_needed(agent, media)) {
        agent->wishes[agent->wish_count++] = (struct fetch_wish){
            .media = media,
            .bytes = bytes,
            .needed_at = needed_at,
            .urgent = needed_at <= agent_time(agent).now,
        };
    }
}

void agent_wish_again(struct agent *agent)
{
    agent->wishes_at = 0;
    agent->fetch_at = 0;
}

static void make_wishes(struct agent *agent)
{
    usec now = agent_time(agent).now;
    agent->wishes_at = agent_steady(agent) + WISHES_EVERY;
    agent->wish_count = 0;
    conductor_media(agent->conductor, now, add_wish, agent);
}

void agent_set_rules(struct agent *agent)
{
    struct fetch_rules rules = {
        .from_min = agent->settings.fetch_from_min,
        .to_min = agent->settings.fetch_to_min,
        .budget_kb = agent->settings.month_budget_kb,
        .rate = agent->settings.chunk_rate,
        .zone_s = agent->zone_s,
    };
    fetcher_set_rules(agent->fetcher, &rules);
}

void agent_fetch_turn(struct agent *agent)
{
    usec steady = agent_steady(agent);
    if (steady >= agent->wishes_at) {
        make_wishes(agent);
    }
    count_traffic(agent);
    struct clock_view time = agent_time(agent);
    struct fetch_now now = {
        .steady = steady,
        .server = agent_knows_time(&time) ? time.now : 0,
        .used_kb = (agent->run.bytes_in + agent->run.bytes_out) / 1024,
        .is_attached = session_is_attached(agent->session),
    };
    usec next = fetcher_turn(agent->fetcher, &now, agent->wishes, agent->wish_count);
    agent_set_fault(agent, FAULT_BUDGET, !fetcher_look(agent->fetcher).has_budget);
    agent_set_fault(
        agent, FAULT_MEDIA,
        fetcher_lacks(agent->fetcher, &now, agent->wishes, agent->wish_count, time.now + SOON));
    agent->fetch_at = next < agent->wishes_at ? next : agent->wishes_at;
    agent->fetch_at = agent->fetch_at > steady ? agent->fetch_at : steady + 1000;
}

errc agent_open_media(struct agent *agent, struct why *why)
{
    const uint64_t usual = (uint64_t)2 << 30;
    uint64_t most = agent->config.media_most > 0 ? agent->config.media_most : usual;
    TRY(cache_open(&agent->config.disk, most, &agent->cache, why));
    struct fetch_ports ports = {
        .ctx = agent,
        .send = port_fetch,
        .done = port_fetched,
        .needs = {port_is_needed, agent},
    };
    agent->fetcher = fetcher_create(agent->cache, &ports);
    return OK;
}

/* --- status ----------------------------------------------------------------------------------- */

static uint64_t plan_until(const struct agent *agent, usec now)
{
    usec until = agent->told.plan_to;
    for (size_t i = 0; i < agent->wish_count; i++) {
        const struct fetch_wish *wish = &agent->wishes[i];
        if (wish->needed_at > now && wish->needed_at < until &&
            cache_look(agent->cache, wish->media) != CACHE_HERE) {
            until = wish->needed_at;
        }
    }
    return until > now && now > 0 ? (uint64_t)((until - now) / USEC_SECOND) : 0;
}

void agent_status(void *ctx, struct wire_status *ret_status)
{
    struct agent *agent = ctx;
    static const wire_id none = {{0}};
    struct clock_view time = agent_time(agent);
    struct conductor_view view = agent->told;
    count_traffic(agent);
    *ret_status = (struct wire_status){
        .faults = agent->faults,
        .sound = view.sound,
        .playing = view.playing,
        .playing_since = ids_are(view.playing, none) ? 0 : view.since,
        .next = view.next,
        .next_at = view.next_at,
        .clock = time.state,
        .clock_error_us = time.error > 0 && time.error < USEC_DAY ? (uint64_t)time.error : 0,
        .volume = agent->settings.volume <= 100 ? agent->settings.volume : 100,
        .level_mb = engine_level(agent->engine).rms_mb,
        .bytes_in = agent->run.bytes_in,
        .bytes_out = agent->run.bytes_out,
        .disk_free_kb = agent->config.disk.room(agent->config.disk.ctx) / 1024,
        .uptime_s = (uint64_t)((agent_steady(agent) - agent->booted) / USEC_SECOND),
        .plan_until_s = plan_until(agent, time.now),
        .media_missing = fetcher_look(agent->fetcher).missing,
        .link = agent->config.about.link,
    };
}
