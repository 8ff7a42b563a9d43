/* The owner's side: takes voices on, tells the playing thread, tells the owner what came of it. */
#include "agent/engine_inside.h"

#include <math.h>
#include <time.h>

enum {
    VOLUME_STEP_MB = 40, /* of a percent */
    PRIMED = ENGINE_RATE / 25,
    SLOT_BITS = 3,
};

#define LEAD_USUAL (20 * (usec)1000)
#define RETRY_USUAL (2 * USEC_SECOND)

_Static_assert(1 << SLOT_BITS == ENGINE_VOICES, "a voice id holds its slot");

static float linear(int32_t gain_mb)
{
    return gain_mb <= ENGINE_GAIN_LEAST_MB ? 0 : (float)pow(10, (double)gain_mb / 2000);
}

static int64_t frames_of(usec length)
{
    return length * 6 / 125;
}

static usec usec_of(int64_t frames)
{
    return frames * 125 / 6;
}

static float gain_of(const struct engine *engine, const struct engine_slot *slot)
{
    int32_t gain = slot->gain_mb > 0 ? 0 : slot->gain_mb;
    if (slot->at_full) {
        return linear(gain);
    }
    if (engine->settings.volume == 0) {
        return 0;
    }
    int32_t volume = (int32_t)(engine->settings.volume > 100 ? 100 : engine->settings.volume);
    gain += (volume - 100) * VOLUME_STEP_MB;
    return linear(gain < engine->settings.gain_cap_mb ? gain : engine->settings.gain_cap_mb);
}

static void start_locks(struct engine *engine)
{
    pthread_condattr_t attributes;
    ignore_int(pthread_condattr_init(&attributes));
    ignore_int(pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC));
    ignore_int(pthread_cond_init(&engine->wake, &attributes));
    ignore_int(pthread_condattr_destroy(&attributes));
    ignore_int(pthread_mutex_init(&engine->lock, NULL));
    for (size_t i = 0; i < ENGINE_VOICES; i++) {
        ignore_int(pthread_mutex_init(&engine->slots[i].feeding, NULL));
    }
}

static errc start_threads(struct engine *engine, struct why *why)
{
    int rc = pthread_create(&engine->feeder, NULL, engine_feeder, engine);
    if (rc != 0) {
        return fail_errno(why, rc, "the feeding thread");
    }
    rc = pthread_create(&engine->player, NULL, engine_player, engine);
    if (rc != 0) {
        engine->stops = true;
        engine_wake(engine);
        ignore_int(pthread_join(engine->feeder, NULL));
        return fail_errno(why, rc, "the playing thread");
    }
    engine->has_threads = true;
    return OK;
}

errc engine_create(const struct engine_config *config, struct sink *take_sink,
                   struct engine **ret_engine, struct why *why)
{
    struct engine *engine = mem_take(sizeof *engine);
    engine->config = *config;
    engine->config.lead = config->lead > 0 ? config->lead : LEAD_USUAL;
    engine->config.retry = config->retry > 0 ? config->retry : RETRY_USUAL;
    engine->sink = take_sink;
    engine->spare = sink_null_create();
    engine->settings = (struct engine_settings){.volume = 100};
    engine->told_works = true;
    atomic_init(&engine->sink_works, true);
    mix_init(&engine->mix);
    start_locks(engine);
    errc rc = config->pulled ? OK : start_threads(engine, why);
    if (rc != OK) {
        engine_destroy(engine);
        return rc;
    }
    *ret_engine = engine;
    return OK;
}

static void stop_threads(struct engine *engine)
{
    atomic_store(&engine->ends, true);
    engine->sink->kind->stop(engine->sink);
    engine->spare->kind->stop(engine->spare);
    ignore_int(pthread_mutex_lock(&engine->lock));
    engine->stops = true;
    ignore_int(pthread_cond_signal(&engine->wake));
    ignore_int(pthread_mutex_unlock(&engine->lock));
    ignore_int(pthread_join(engine->player, NULL));
    ignore_int(pthread_join(engine->feeder, NULL));
}

void engine_destroy(struct engine *engine)
{
    if (engine == NULL) {
        return;
    }
    if (engine->has_threads) {
        stop_threads(engine);
    } else if (engine->sink_is_open) {
        engine->sink->kind->close(engine->sink);
    }
    for (size_t i = 0; i < ENGINE_VOICES; i++) {
        source_close(&engine->slots[i].source);
        ignore_int(pthread_mutex_destroy(&engine->slots[i].feeding));
    }
    mix_finish(&engine->mix);
    sink_destroy(engine->sink);
    sink_destroy(engine->spare);
    ignore_int(pthread_cond_destroy(&engine->wake));
    ignore_int(pthread_mutex_destroy(&engine->lock));
    mem_give(engine);
}

static void tell(struct engine *engine, const struct mix_command *command)
{
    ignore_int((long)mix_tell(&engine->mix, command));
}

void engine_feed_soon(struct engine *engine)
{
    if (engine->has_threads) {
        engine_wake(engine);
    }
}

void engine_set_clock(struct engine *engine, const struct clock_line *line)
{
    struct mix_command command = {.verb = line == NULL ? MIX_NO_CLOCK : MIX_CLOCK};
    engine->has_line = line != NULL;
    if (line != NULL) {
        engine->line = command.line = *line;
    }
    tell(engine, &command);
}

/* Null when the voice has ended. */
static struct engine_slot *slot_of(struct engine *engine, voice_id voice)
{
    struct engine_slot *slot = &engine->slots[voice % ENGINE_VOICES];
    return slot->busy && slot->generation == voice >> SLOT_BITS ? slot : NULL;
}

static voice_id id_of(const struct engine *engine, size_t slot)
{
    return engine->slots[slot].generation << SLOT_BITS | (voice_id)slot;
}

static void tell_gain(struct engine *engine, size_t slot)
{
    struct mix_command command = {.verb = MIX_GAIN, .voice = (uint32_t)slot};
    command.gain = gain_of(engine, &engine->slots[slot]);
    tell(engine, &command);
}

void engine_set(struct engine *engine, const struct engine_settings *settings)
{
    engine->settings = *settings;
    for (size_t i = 0; i < ENGINE_VOICES; i++) {
        if (engine->slots[i].busy) {
            tell_gain(engine, i);
        }
    }
}

static bool find_slot(const struct engine *engine, size_t *ret_slot)
{
    for (size_t i = 0; i < ENGINE_VOICES; i++) {
        if (!engine->slots[i].busy) {
            *ret_slot = i;
            return true;
        }
    }
    return false;
}

/* Where it begins, and from which frame of the source when its time has begun already. */
static struct mix_start plan_start(const struct engine *engine, const struct engine_play *play,
                                   usec now)
{
    struct mix_start start = {
        .from = frames_of(play->from),
        .position = frames_of(play->from),
        .most = MIX_FOREVER,
        .end_fade = (int32_t)frames_of((usec)play->end_fade_ms * 1000),
        .bound = play->start_at != 0,
    };
    if (play->most > 0) {
        start.most = start.from + frames_of(play->most);
    }
    if (start.bound) {
        usec at = play->start_at + engine->settings.delay;
        start.begin = mix_frame_of(at) - start.from;
        usec late = clock_line_at(&engine->line, now + engine->config.lead) - at;
        start.position += engine->has_line && late > 0 ? frames_of(late) : 0;
    }
    return start;
}

static errc open_slot(struct engine *engine, size_t index, const struct mix_start *start,
                      struct source *take_source, struct why *why)
{
    struct engine_slot *slot = &engine->slots[index];
    struct mix_voice *voice = &engine->mix.voices[index];
    if (start->position > 0) {
        TRY(take_source->seek(take_source->ctx, (uint64_t)start->position, why));
    }
    mix_ring_clear(&voice->ring);
    atomic_store(&voice->source_done, false);
    atomic_store(&voice->source_failed, false);
    atomic_store(&voice->mail, 0);
    atomic_store(&voice->position, start->position);
    atomic_store(&voice->sounded, 0);
    atomic_store(&voice->starved, 0);
    ignore_int(pthread_mutex_lock(&slot->feeding));
    slot->source = *take_source;
    *take_source = (struct source){0};
    slot->fed_up = false;
    ignore_int(pthread_mutex_unlock(&slot->feeding));
    return OK;
}

static void close_slot(struct engine *engine, size_t index)
{
    struct engine_slot *slot = &engine->slots[index];
    ignore_int(pthread_mutex_lock(&slot->feeding));
    source_close(&slot->source);
    ignore_int(pthread_mutex_unlock(&slot->feeding));
    slot->busy = false;
}

static errc take_on(struct engine *engine, const struct engine_play *play, usec now,
                    struct source *source, voice_id *ret_voice, struct why *why)
{
    size_t index = 0;
    if (!find_slot(engine, &index)) {
        return fail(why, ERR_TOO_MANY, "all %d voices are in use", ENGINE_VOICES);
    }
    struct engine_slot *slot = &engine->slots[index];
    struct mix_command command = {
        .verb = MIX_PLAY,
        .voice = (uint32_t)index,
        .frames = frames_of((usec)play->fade_ms * 1000),
        .start = plan_start(engine, play, now),
    };
    TRY(open_slot(engine, index, &command.start, source, why));
    slot->busy = true;
    slot->generation = slot->generation == UINT32_MAX >> SLOT_BITS ? 1 : slot->generation + 1;
    slot->mail = 0;
    slot->gain_mb = play->gain_mb;
    slot->at_full = play->at_full;
    command.gain = gain_of(engine, slot);
    engine_feed_slot(engine, index, PRIMED);
    if (!mix_tell(&engine->mix, &command)) {
        close_slot(engine, index);
        return fail(why, ERR_BUSY, "the playing thread does not come round");
    }
    engine_wake(engine);
    *ret_voice = id_of(engine, index);
    return OK;
}

errc engine_play(struct engine *engine, const struct engine_play *play, usec now,
                 struct source *take_source, voice_id *ret_voice, struct why *why)
{
    errc rc = take_on(engine, play, now, take_source, ret_voice, why);
    source_close(take_source);
    return rc;
}

static void tell_voice(struct engine *engine, voice_id voice, enum mix_verb verb, int64_t frames)
{
    if (slot_of(engine, voice) != NULL) {
        struct mix_command command = {verb, voice % ENGINE_VOICES, frames, 0, {0}, {0}};
        tell(engine, &command);
    }
}

void engine_stop(struct engine *engine, voice_id voice, unsigned fade_ms)
{
    tell_voice(engine, voice, MIX_STOP, frames_of((usec)fade_ms * 1000));
}

void engine_stop_all(struct engine *engine, unsigned fade_ms)
{
    for (size_t i = 0; i < ENGINE_VOICES; i++) {
        engine_stop(engine, id_of(engine, i), fade_ms);
    }
}

void engine_pause(struct engine *engine, voice_id voice, unsigned fade_ms)
{
    tell_voice(engine, voice, MIX_PAUSE, frames_of((usec)fade_ms * 1000));
}

void engine_resume(struct engine *engine, voice_id voice, unsigned fade_ms)
{
    tell_voice(engine, voice, MIX_RESUME, frames_of((usec)fade_ms * 1000));
}

void engine_skip(struct engine *engine, voice_id voice, usec length)
{
    if (length > 0) {
        tell_voice(engine, voice, MIX_SKIP, frames_of(length));
    }
}

void engine_set_gain(struct engine *engine, voice_id voice, int32_t gain_mb)
{
    struct engine_slot *slot = slot_of(engine, voice);
    if (slot != NULL) {
        slot->gain_mb = gain_mb;
        tell_gain(engine, voice % ENGINE_VOICES);
    }
}

errc engine_pull(struct engine *engine, size_t frames, usec heard_at, struct why *why)
{
    int16_t pcm[SINK_TURN_MOST];
    if (!engine->sink_is_open) {
        TRY(engine->sink->kind->open(engine->sink, why));
        engine->sink_is_open = true;
    }
    frames = frames < SINK_TURN_MOST ? frames : SINK_TURN_MOST;
    engine_feed(engine);
    struct mix_turn turn = {heard_at, false, true};
    mix_render_rt(&engine->mix, pcm, frames, &turn);
    return engine->sink->kind->put(engine->sink, pcm, frames, why);
}

static bool next_of_sink(struct engine *engine, struct engine_event *ret_event)
{
    bool works = atomic_load(&engine->sink_works);
    if (works == engine->told_works) {
        return false;
    }
    engine->told_works = works;
    *ret_event = (struct engine_event){.news = works ? ENGINE_SINK_BACK : ENGINE_SINK_LOST};
    return true;
}

static enum engine_end end_of(enum mix_end end)
{
    switch (end) {
    case MIX_WHOLE:
        return ENGINE_WHOLE;
    case MIX_CUT:
        return ENGINE_CUT;
    case MIX_STOPPED:
        return ENGINE_STOPPED;
    case MIX_FAILED:
        return ENGINE_FAILED;
    }
    return ENGINE_FAILED;
}

static void read_mail(struct engine *engine, size_t index, struct engine_event *ret_event)
{
    struct engine_slot *slot = &engine->slots[index];
    struct mix_voice *voice = &engine->mix.voices[index];
    *ret_event = (struct engine_event){
        .voice = id_of(engine, index),
        .steady = atomic_load(&voice->changed_at),
        .sounded = usec_of(atomic_load(&voice->sounded)),
        .position = usec_of(atomic_load(&voice->position)),
    };
    if (slot->mail & MIX_MAIL_STARTED) {
        slot->mail &= ~(unsigned)MIX_MAIL_STARTED;
        ret_event->news = ENGINE_STARTED;
        ret_event->steady = voice->started_at;
        ret_event->late = voice->late;
    } else if (slot->mail & MIX_MAIL_PAUSED) {
        slot->mail &= ~(unsigned)MIX_MAIL_PAUSED;
        ret_event->news = ENGINE_PAUSED;
    } else {
        slot->mail = 0;
        ret_event->news = ENGINE_ENDED;
        ret_event->end = end_of(voice->end);
        close_slot(engine, index);
    }
}

bool engine_next(struct engine *engine, struct engine_event *ret_event)
{
    if (next_of_sink(engine, ret_event)) {
        return true;
    }
    for (size_t i = 0; i < ENGINE_VOICES; i++) {
        struct engine_slot *slot = &engine->slots[i];
        if (!slot->busy) {
            continue;
        }
        slot->mail |= atomic_exchange(&engine->mix.voices[i].mail, 0);
        if (slot->mail != 0) {
            read_mail(engine, i, ret_event);
            return true;
        }
    }
    return false;
}
