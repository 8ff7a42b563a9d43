/* Orders become deeds: what the session has judged is obeyed, and what was in force before the
 * start is in force again. */
#include "agent/agent_inside.h"

#include "agent/authority_pack.h"
#include "base/crash.h"

enum { RESTORE_ARENA = 1024 * 1024, TEST_MS_USUAL = 5000 };

static struct conductor_order order_of(const struct agent *agent,
                                       const struct authority_order *order, bool is_new)
{
    return (struct conductor_order){
        .id = order->head.id,
        .order_class = (enum order_class)order->head.order_class,
        .tier = order->tier,
        .not_before = order->head.not_before,
        .expires = order->head.expires,
        .read_at = is_new ? agent_time(agent).now : 0,
    };
}

static void obey_settings(struct agent *agent, const struct wire_settings *settings)
{
    agent->settings = *settings;
    conductor_settings(agent->conductor, settings);
    struct engine_settings sound = {
        .volume = (unsigned)settings->volume,
        .gain_cap_mb = settings->gain_cap_mb < -9600 ? -9600 : (int32_t)settings->gain_cap_mb,
        .delay = (usec)settings->delay_us,
    };
    engine_set(agent->engine, &sound);
    relay_set_times(&agent->relay, (usec)settings->relay_lead_ms * 1000,
                    (usec)settings->relay_hold_ms * 1000);
    agent_set_rules(agent);
}

static void obey_stop(struct agent *agent, const struct authority_order *order, bool is_new)
{
    static const wire_id none = {{0}};
    struct conductor_order who = order_of(agent, order, is_new);
    if (memcmp(&order->stop.target, &none, sizeof none) != 0) {
        conductor_end(agent->conductor, order->stop.target, REASON_CANCELLED, who.id);
    } else {
        ignore(conductor_stop(agent->conductor, &who, agent_time(agent).now));
    }
}

static void obey_action(struct agent *agent, const struct authority_order *order)
{
    const struct agent_ports *ports = &agent->config.ports;
    uint64_t ms = order->action.ms > 0 ? order->action.ms : TEST_MS_USUAL;
    switch ((enum action_what)order->action.what) {
    case ACTION_TEST_TONE:
        conductor_test(agent->conductor, order->head.id, (usec)ms * 1000, agent_time(agent).now);
        break;
    case ACTION_RESTART:
        ports->restart(ports->ctx);
        break;
    case ACTION_SELF_TEST:
        agent_self_test(agent, order->head.id);
        break;
    case ACTION_SEND_LOG:
        if (agent->session != NULL) {
            session_logged(agent->session, agent_steady(agent), true);
        }
        break;
    }
}

/* Whether an order that is kept reaches a place. What cannot be read stays. */
static bool reaches(const struct agent *agent, wire_id id, struct wire_uints path)
{
    AUTO(buf_finish) struct buf bytes;
    AUTO(arena_close) struct arena *arena = NULL;
    struct cose cose;
    struct wire_order head = {.kind = 0};
    buf_init(&bytes, ORDER_FILE_MOST);
    bool readable = arena_create(RESTORE_ARENA, &arena) == OK &&
                    state_order_read(&agent->config.disk, id, &bytes, NULL) == OK &&
                    cose_read(buf_str(&bytes), &cose, NULL) == OK &&
                    wire_record_read(&wire_record_order, cose.payload, arena, &head, NULL) == OK;
    for (size_t i = 0; readable && i < head.area.count * path.count; i++) {
        if (head.area.at[i / path.count] == path.at[i % path.count]) {
            return true;
        }
    }
    return !readable;
}

/* Somebody has moved the device: an alarm of the place before must not sound on, since nobody there
 * could end it here any more. */
static void leave_place(struct agent *agent, struct wire_uints path)
{
    static const wire_id none = {{0}};
    struct kept_state *state = mem_take(sizeof *state);
    errc rc = state_file_read(&agent->config.disk, state, NULL);
    for (size_t i = 0; rc == OK && i < state->held_count; i++) {
        const struct session_held *held = &state->held[i];
        bool sounds = held->kind == ORDER_ALARM || held->kind == ORDER_STOP;
        if ((sounds || held->kind == ORDER_LIVE) && !reaches(agent, held->id, path)) {
            conductor_end(agent->conductor, held->id, REASON_OUT_OF_AREA, none);
        }
    }
    kept_state_finish(state);
    mem_give(state);
}

/* `is_new`: given now, and not found on the disk at the start. */
static void obey_order(struct agent *agent, const struct authority_order *order, bool is_new)
{
    usec now = is_new ? agent_time(agent).now : 0;
    struct conductor_order who = order_of(agent, order, is_new);
    switch ((enum order_kind)order->head.kind) {
    case ORDER_PLACEMENT:
        agent->zone_s = order->placement.zone_s;
        agent_set_rules(agent);
        if (is_new) {
            leave_place(agent, order->placement.path);
        }
        break;
    case ORDER_SETTINGS:
        obey_settings(agent, &order->settings);
        break;
    case ORDER_PLAN:
        ignore(conductor_plan(agent->conductor, order->head.id, &order->plan, now));
        break;
    case ORDER_CLIPS:
        ignore(conductor_clips(agent->conductor, &order->clips));
        break;
    case ORDER_ALARM:
        ignore(conductor_alarm(agent->conductor, &who, &order->alarm, now));
        break;
    case ORDER_STOP:
        obey_stop(agent, order, is_new);
        break;
    case ORDER_RELEASE:
        conductor_end(agent->conductor, order->release.target, REASON_CANCELLED, who.id);
        break;
    case ORDER_ACTION:
        obey_action(agent, order);
        break;
    case ORDER_RETIRE:
        conductor_retire(agent->conductor, now);
        break;
    case ORDER_LIVE:
        ignore(conductor_live(agent->conductor, &who, &order->live));
        break;
    }
    agent_wish_again(agent);
    agent->sound_at = 0;
}

static void port_obey(void *ctx, const struct authority_order *order)
{
    struct agent *agent = ctx;
    obey_order(agent, order, true);
    if (order->head.kind == ORDER_ALARM || order->head.kind == ORDER_STOP) {
        agent_sound_turn(agent); /* a second counts */
    } else if (order->head.kind == ORDER_LIVE) {
        agent_live_turn(agent);
    }
    session_changed(agent->session, agent_steady(agent));
}

static void port_fallen(void *ctx, const struct session_held *held)
{
    struct agent *agent = ctx;
    static const wire_id none = {{0}};
    struct wire_clips no_clips = {.items = {NULL, 0}};
    if (held->kind == ORDER_PLAN) {
        ignore(conductor_plan(agent->conductor, none, NULL, agent_time(agent).now));
    } else if (held->kind == ORDER_CLIPS) {
        ignore(conductor_clips(agent->conductor, &no_clips));
    } else {
        conductor_end(agent->conductor, held->id, REASON_REVOKED, none);
    }
    agent_wish_again(agent);
    agent->sound_at = 0;
}

/* --- ports of the session --------------------------------------------------------------------- */

static void port_dial(void *ctx)
{
    const struct agent *agent = ctx;
    agent->config.ports.dial(agent->config.ports.ctx);
}

static void port_send(void *ctx, str message)
{
    const struct agent *agent = ctx;
    agent->config.ports.send(agent->config.ports.ctx, message);
}

static void port_hang_up(void *ctx)
{
    const struct agent *agent = ctx;
    agent->config.ports.hang_up(agent->config.ports.ctx);
}

static struct session_time port_time(void *ctx, usec now)
{
    const struct agent *agent = ctx;
    struct clock_view view = clock_look(&agent->clock, now);
    return (struct session_time){view.state, view.now};
}

static void port_time_told(void *ctx, const struct session_exchange *told)
{
    struct agent *agent = ctx;
    struct clock_exchange exchange = {told->t1, told->t2, told->t3, told->t4};
    enum clock_state before = agent_time(agent).state;
    usec shown = agent_time(agent).now;
    enum clock_heard heard = clock_hear(&agent->clock, &exchange);
    if (heard == CLOCK_REFUSED) {
        return;
    }
    engine_set_clock(agent->engine, &agent->clock.line);
    agent->sound_at = 0;
    struct clock_view view = agent_time(agent);
    if (view.state != before || heard == CLOCK_STEPPED) {
        struct wire_log_entry entry = {.kind = LOG_CLOCK,
                                       .value = before == CLOCK_UNSURE ? 0 : view.now - shown};
        agent_note(agent, &entry, false);
        session_clocked(agent->session, agent_steady(agent));
    }
}

static errc port_keep(void *ctx, const struct session_keep *keep, struct why *why)
{
    struct agent *agent = ctx;
    if (agent->is_dropped) {
        return fail(why, ERR_IO, "the power is off");
    }
    /* A new plan may lack what has just ended: its ending must not be lost with the power, since
     * nobody would know any more that it was planned. */
    errc rc = log_file_sync(agent->log_file, why);
    if (rc == OK) {
        rc = state_file_write(&agent->config.disk, keep, why);
    }
    agent_set_fault(agent, FAULT_DISK, rc != OK);
    if (rc == OK && keep->order != NULL) {
        state_file_sweep(&agent->config.disk, keep->held, keep->held_count);
    }
    return rc;
}

static void port_media(void *ctx, const struct wire_said *said)
{
    struct agent *agent = ctx;
    fetcher_heard(agent->fetcher, agent_steady(agent), said);
    agent->fetch_at = 0;
}

static void port_listen(void *ctx, const struct wire_listen *listen)
{
    agent_listen(ctx, listen);
}

static void port_attached(void *ctx, bool is_attached)
{
    struct agent *agent = ctx;
    agent->is_attached = is_attached;
    agent->fetch_at = 0;
    if (!is_attached) {
        fetcher_closed(agent->fetcher);
        agent_listen(agent, &(struct wire_listen){.ms = 0});
    }
    agent_live_attached(agent, is_attached);
}

/* --- the start -------------------------------------------------------------------------------- */

static bool has_ended(const struct past_orders *ended, wire_id id)
{
    size_t count = ended->count < COUNT_OF(ended->ended) ? ended->count : COUNT_OF(ended->ended);
    for (size_t i = 0; i < count; i++) {
        if (memcmp(&ended->ended[i], &id, sizeof id) == 0) {
            return true;
        }
    }
    return false;
}

/* Judged once more, as if it were that time: what does not hold any more is asked for again. */
static bool restore_order(struct agent *agent, const struct authority *authority,
                          const struct session_held *held, const struct past_orders *ended)
{
    AUTO(buf_finish) struct buf cose;
    struct arena *arena = NULL;
    struct authority_order order;
    bool again = false;
    buf_init(&cose, ORDER_FILE_MOST);
    if (arena_create(RESTORE_ARENA, &arena) != OK) {
        return false;
    }
    bool holds = state_order_read(&agent->config.disk, held->id, &cose, NULL) == OK &&
                 authority_judge(authority, CLOCK_SURE, authority->last_trusted, buf_str(&cose),
                                 arena, &order, &again) == REASON_NONE &&
                 again;
    bool acts = held->kind != ORDER_ACTION && held->kind != ORDER_RELEASE;
    if (holds && acts && !has_ended(ended, held->id)) {
        obey_order(agent, &order, false);
    }
    arena_destroy(arena);
    return holds;
}

static void restore_orders(struct agent *agent, struct kept_state *state,
                           const struct past_orders *ended, const struct authority *authority)
{
    size_t kept = 0;
    for (size_t i = 0; i < state->held_count; i++) {
        struct session_held held = state->held[i];
        if (restore_order(agent, authority, &held, ended)) {
            state->held[kept++] = held;
        }
    }
    state->held_count = kept;
}

static errc create_session(struct agent *agent, const struct kept_state *state, struct why *why)
{
    agent->session_ports = (struct session_ports){
        .ctx = agent,
        .dial = port_dial,
        .send = port_send,
        .hang_up = port_hang_up,
        .time = port_time,
        .time_told = port_time_told,
        .keep = port_keep,
        .obey = port_obey,
        .fallen = port_fallen,
        .status = agent_status,
        .media = port_media,
        .listen = port_listen,
        .live = agent_live_heard,
        .attached = port_attached,
    };
    struct session_config config = {
        .room = agent->room,
        .ports = &agent->session_ports,
        .about = &agent->config.about,
        .secret = agent->secret.bytes,
        .log = agent->log,
        .entropy = agent->config.entropy,
        .boot = agent->boot,
    };
    struct session_restored restored = {
        .authority = buf_str(&state->authority),
        .state_version = state->state_version,
        .held = state->held,
        .held_count = state->held_count,
        .beat_ms = agent->settings.beat_ms,
    };
    return session_create(&config, &restored, agent_steady(agent), &agent->session, why);
}

errc agent_open_session(struct agent *agent, const struct past_orders *ended, struct why *why)
{
    struct kept_state *state = mem_take(sizeof *state);
    errc rc = state_file_read(&agent->config.disk, state, why);
    if (rc == OK && state->held_count > 0) {
        struct authority *authority = mem_take(sizeof *authority);
        ENSURE(authority_unpack(buf_str(&state->authority), authority, NULL) == OK);
        restore_orders(agent, state, ended, authority);
        if (authority->retired) {
            conductor_retire(agent->conductor, 0);
        }
        mem_give(authority);
    }
    if (rc == OK) {
        rc = create_session(agent, state, why);
    }
    if (rc == OK && state->was_damaged) {
        agent_set_fault(agent, FAULT_STORE, true);
    }
    kept_state_finish(state);
    mem_give(state);
    return rc;
}
