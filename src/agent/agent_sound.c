/* From cue to voice and back: what the conductor wants becomes starts and stops of the engine, what
 * the engine tells goes to the conductor, and the relay is on in time. */
#include "agent/agent_inside.h"

#include "agent/signal.h"

#define POLL (30 * 1000) /* of the engine's news, while something is on its way */
#define TRY_AGAIN (100 * 1000)
#define LISTEN_POLL (200 * 1000)

enum { FADE_USUAL_MS = 300, FADE_AWAY_MS = 30, LISTEN_PACKETS = 25 };

errc agent_open_sound(struct agent *agent, struct why *why)
{
    struct engine_config config = {
        .pulled = agent->config.pulled,
        .on_news = agent->config.ports.wake,
        .ctx = agent->config.ports.ctx,
    };
    relay_init(&agent->relay, &agent->config.take_relay);
    agent->sink_works = true;
    errc rc = engine_create(&config, agent->config.take_sink, &agent->engine, why);
    if (rc == OK) {
        struct engine_settings sound = {.volume = 100};
        engine_set(agent->engine, &sound);
    }
    return rc;
}

/* --- what the engine tells -------------------------------------------------------------------- */

static struct agent_voice *voice_of(struct agent *agent, voice_id voice)
{
    for (size_t i = 0; i < ENGINE_VOICES; i++) {
        if (agent->voices[i].serial != 0 && agent->voices[i].voice == voice) {
            return &agent->voices[i];
        }
    }
    return NULL;
}

static enum cue_news news_of(enum engine_end end)
{
    switch (end) {
    case ENGINE_WHOLE:
        return CUE_ENDED;
    case ENGINE_CUT:
        return CUE_CUT;
    case ENGINE_STOPPED:
        return CUE_STOPPED;
    case ENGINE_FAILED:
        break;
    }
    return CUE_FAILED;
}

static void hear_voice(struct agent *agent, const struct engine_event *event)
{
    struct agent_voice *voice = voice_of(agent, event->voice);
    bool matters = event->news == ENGINE_STARTED || event->news == ENGINE_ENDED;
    if (voice == NULL || !matters) {
        return;
    }
    usec behind = event->position - voice->from;
    struct cue_heard heard = {
        .serial = voice->serial,
        .news = event->news == ENGINE_STARTED ? CUE_STARTED : news_of(event->end),
        .at = clock_look(&agent->clock, event->steady).now,
        .late = event->late,
        .sounded = event->sounded,
        .position = behind > 0 ? behind : 0,
    };
    if (event->news == ENGINE_ENDED) {
        voice->serial = 0;
    }
    conductor_heard(agent->conductor, &heard);
}

static void hear_engine(struct agent *agent)
{
    struct engine_event event;
    while (engine_next(agent->engine, &event)) {
        if (event.news == ENGINE_SINK_LOST || event.news == ENGINE_SINK_BACK) {
            agent->sink_works = event.news == ENGINE_SINK_BACK;
            agent_set_fault(agent, FAULT_SINK, !agent->sink_works);
        } else {
            hear_voice(agent, &event);
        }
    }
}

/* --- what the conductor wants ----------------------------------------------------------------- */

static errc open_source(struct agent *agent, const struct cue *cue, struct source *ret_source,
                        struct why *why)
{
    int fd = -1;
    switch (cue->what) {
    case CUE_SIGNAL:
        signal_open(cue->signal, ret_source);
        return OK;
    case CUE_TONE:
        signal_open_tone(cue->most, ret_source);
        return OK;
    case CUE_LIVE:
        return agent_live_open(agent, cue, ret_source, why);
    case CUE_MEDIA:
    case CUE_NOTHING:
        break;
    }
    TRY(cache_take(agent->cache, cue->media, &fd, why));
    return decoder_open(fd, ret_source, why);
}

static void tell_failed(struct agent *agent, const struct cue *cue)
{
    struct cue_heard heard = {
        .serial = cue->serial, .news = CUE_FAILED, .at = agent_time(agent).now};
    conductor_heard(agent->conductor, &heard);
    agent_wish_again(agent);
}

static void start(struct agent *agent, const struct cue *cue, struct agent_voice *free_voice)
{
    struct source source = {.ctx = NULL};
    struct why why = {""};
    if (open_source(agent, cue, &source, &why) != OK) {
        tell_failed(agent, cue);
        return;
    }
    bool fades = cue->gently;
    unsigned fade = agent->settings.fade_ms > 0 ? (unsigned)agent->settings.fade_ms : FADE_USUAL_MS;
    struct engine_play play = {
        .start_at = cue->start_at,
        .from = cue->from,
        .most = cue->most,
        .gain_mb = cue->gain_mb,
        .at_full = cue->at_full,
        .end_fade_ms = fades ? fade : FADE_AWAY_MS,
    };
    errc rc =
        engine_play(agent->engine, &play, agent_steady(agent), &source, &free_voice->voice, &why);
    if (rc == OK) {
        free_voice->serial = cue->serial;
        free_voice->from = cue->from;
    } else if (rc != ERR_BUSY && rc != ERR_TOO_MANY) {
        tell_failed(agent, cue);
    }
}

static void start_missing(struct agent *agent, const struct cue *cue)
{
    struct agent_voice *free_voice = NULL;
    for (size_t i = 0; i < ENGINE_VOICES; i++) {
        if (agent->voices[i].serial == cue->serial) {
            return; /* nothing, or on its way */
        }
        free_voice = agent->voices[i].serial == 0 ? &agent->voices[i] : free_voice;
    }
    if (cue->serial != 0 && free_voice != NULL) {
        start(agent, cue, free_voice);
    }
}

/* What gives way to an alarm is gone at once; else it fades. */
static void stop_others(struct agent *agent)
{
    const struct cue_sheet *sheet = &agent->sheet;
    unsigned fade = agent->settings.fade_ms > 0 ? (unsigned)agent->settings.fade_ms : FADE_USUAL_MS;
    bool at_once =
        agent->told.sound >= SOUND_ALARM || (sheet->now.serial != 0 && !sheet->now.gently);
    for (size_t i = 0; i < ENGINE_VOICES; i++) {
        uint64_t serial = agent->voices[i].serial;
        if (serial != 0 && serial != sheet->now.serial && serial != sheet->next.serial) {
            engine_stop(agent->engine, agent->voices[i].voice, at_once ? FADE_AWAY_MS : fade);
        }
    }
}

static usec steady_of(const struct agent *agent, usec server)
{
    bool known = server != INT64_MAX && agent_time(agent).state != CLOCK_UNSURE;
    return known ? clock_steady_at(&agent->clock, server) : INT64_MAX;
}

static usec next_sound(const struct agent *agent)
{
    if (agent->sheet.next.serial != 0) {
        return steady_of(agent, agent->sheet.next.start_at);
    }
    return agent->told.next_at > 0 ? steady_of(agent, agent->told.next_at) : INT64_MAX;
}

static usec turn_relay(struct agent *agent)
{
    struct why why = {""};
    errc rc = OK;
    bool sounds = agent->sheet.now.serial != 0 || agent_ear_tests(agent);
    usec again =
        relay_turn(&agent->relay, agent_steady(agent), sounds, next_sound(agent), &rc, &why);
    if (agent->relay.port.ctx != NULL) {
        agent_set_fault(agent, FAULT_RELAY, agent->relay.failed);
    }
    return again;
}

static struct conductor_now conductor_time(const struct agent *agent)
{
    usec steady = agent_steady(agent);
    struct clock_view view = clock_look(&agent->clock, steady);
    bool knows = agent_knows_time(&view);
    usec ready = relay_ready(&agent->relay, steady);
    return (struct conductor_now){
        .now = view.now,
        .clock = view.by_wall ? CLOCK_HOLDING : view.state,
        .booted_at = knows ? clock_look(&agent->clock, agent->booted).now : 0,
        .audible_at = view.now + (ready > steady ? ready - steady : 0),
        .sink_works = agent->sink_works,
    };
}

/* The engine takes no more at an instant when it does not come round; soon it does. */
static bool is_taken(const struct agent *agent, const struct cue *cue)
{
    for (size_t i = 0; i < ENGINE_VOICES; i++) {
        if (cue->serial == 0 || agent->voices[i].serial == cue->serial) {
            return true;
        }
    }
    return false;
}

static bool voices_are_on(const struct agent *agent)
{
    for (size_t i = 0; i < ENGINE_VOICES; i++) {
        if (agent->voices[i].serial != 0) {
            return true;
        }
    }
    return false;
}

/* What a person at the console would see as a change goes into a status at once. */
static void tell_change(struct agent *agent, const struct conductor_view *before)
{
    const struct conductor_view *now = &agent->told;
    bool same = now->sound == before->sound &&
                memcmp(&now->playing, &before->playing, sizeof now->playing) == 0;
    if (!same && agent->session != NULL) {
        session_changed(agent->session, agent_steady(agent));
    }
}

void agent_sound_turn(struct agent *agent)
{
    usec steady = agent_steady(agent);
    hear_engine(agent);
    struct conductor_now now = conductor_time(agent);
    struct conductor_view before = agent->told;
    conductor_turn(agent->conductor, &now, &agent->sheet);
    conductor_look(agent->conductor, &agent->told);
    stop_others(agent);
    start_missing(agent, &agent->sheet.now);
    start_missing(agent, &agent->sheet.next);
    usec relay_at = turn_relay(agent);
    usec next = steady_of(agent, conductor_next(agent->conductor));
    if (voices_are_on(agent) && next > steady + POLL) {
        next = steady + POLL;
    }
    agent_live_turn(agent);
    bool taken = is_taken(agent, &agent->sheet.now) && is_taken(agent, &agent->sheet.next);
    if (!taken && next > steady + TRY_AGAIN) {
        next = steady + TRY_AGAIN;
    }
    agent->sound_at = relay_at < next ? relay_at : next;
    agent->sound_at = agent->sound_at > steady ? agent->sound_at : steady + 1000;
    tell_change(agent, &before);
}

/* --- listening -------------------------------------------------------------------------------- */

static void end_listening(struct agent *agent)
{
    listen_close(agent->listen);
    agent->listen = NULL;
}

void agent_listen(struct agent *agent, const struct wire_listen *wanted)
{
    struct why why = {""};
    usec steady = agent_steady(agent);
    end_listening(agent);
    agent->listening = *wanted;
    agent->listen_until = steady + (usec)wanted->ms * 1000;
    if (wanted->ms > 0 &&
        listen_open(agent->engine, (unsigned)wanted->bitrate, &agent->listen, &why) != OK) {
        agent->listen = NULL;
    }
}

static void send_packets(struct agent *agent)
{
    struct listen_packet packets[LISTEN_PACKETS];
    str views[LISTEN_PACKETS];
    size_t count = 0;
    while (count < LISTEN_PACKETS && listen_next(agent->listen, &packets[count])) {
        views[count] = (str){(const char *)packets[count].bytes, packets[count].size};
        count++;
    }
    if (count > 0) {
        struct wire_sound sound = {
            .tag = agent->listening.tag,
            .index = packets[0].index,
            .at = clock_look(&agent->clock, packets[0].heard).now,
            .packets = {views, count},
        };
        ignore(session_sound(agent->session, agent_steady(agent), &sound));
    }
}

usec agent_sound_next(const struct agent *agent)
{
    usec listening = agent->listen != NULL ? agent_steady(agent) + LISTEN_POLL : INT64_MAX;
    return agent->sound_at < listening ? agent->sound_at : listening;
}

void agent_listen_turn(struct agent *agent)
{
    if (agent->listen == NULL) {
        return;
    }
    send_packets(agent);
    if (agent_steady(agent) >= agent->listen_until) {
        struct wire_sound end = {.tag = agent->listening.tag};
        ignore(session_sound(agent->session, agent_steady(agent), &end));
        end_listening(agent);
    }
}
