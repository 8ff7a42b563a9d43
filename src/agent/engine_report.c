/* What the owner may ask: how a voice stands, how loud it is, how well the sink does, and the taps.
 */
#include "agent/engine_inside.h"

#include <math.h>

enum { SLOT_BITS = 3 };

static usec usec_of(int64_t frames)
{
    return frames * 125 / 6;
}

bool engine_report(const struct engine *engine, voice_id voice, struct engine_report *ret_report)
{
    const struct engine_slot *slot = &engine->slots[voice % ENGINE_VOICES];
    const struct mix_voice *mixed = &engine->mix.voices[voice % ENGINE_VOICES];
    if (!slot->busy || slot->generation != voice >> SLOT_BITS) {
        return false;
    }
    *ret_report = (struct engine_report){
        .sounds = atomic_load(&mixed->sounds),
        .position = usec_of(atomic_load(&mixed->position)),
        .sounded = usec_of(atomic_load(&mixed->sounded)),
        .starved = usec_of(atomic_load(&mixed->starved)),
    };
    return true;
}

static int32_t decibel(double power)
{
    return power <= 0 ? ENGINE_GAIN_LEAST_MB : (int32_t)lrint(1000 * log10(power));
}

struct engine_level engine_level(const struct engine *engine)
{
    const double full = 32768.0 * 32768.0;
    double peak = (double)atomic_load(&engine->mix.level_peak);
    double square = (double)atomic_load(&engine->mix.level_square);
    return (struct engine_level){decibel(square / full), decibel(peak * peak / full)};
}

struct engine_health engine_health(const struct engine *engine)
{
    return (struct engine_health){
        .sink_works = atomic_load(&engine->sink_works),
        .underruns = atomic_load(&engine->mix.underruns),
        .slewed = atomic_load(&engine->mix.slewed),
        .apart_us = atomic_load(&engine->mix.apart),
    };
}

void engine_sink_reason(struct engine *engine, struct why *ret_why)
{
    ignore_int(pthread_mutex_lock(&engine->lock));
    *ret_why = engine->sink_why;
    ignore_int(pthread_mutex_unlock(&engine->lock));
}

static size_t take(struct engine *engine, enum engine_tap tap, int16_t *pcm, size_t most)
{
    size_t count = mix_ring_take_rt(&engine->mix.taps[tap].ring, pcm, most);
    engine->tap_read[tap] += count;
    return count;
}

void engine_tap_set(struct engine *engine, enum engine_tap tap, bool on)
{
    struct mix_command command = {.verb = MIX_TAP, .voice = (uint32_t)tap, .frames = on};
    if (on) {
        ignore_int((long)take(engine, tap, NULL, SIZE_MAX));
    }
    ignore_int((long)mix_tell(&engine->mix, &command));
}

size_t engine_tap_read(struct engine *engine, enum engine_tap tap, int16_t *pcm, size_t most,
                       usec *ret_heard)
{
    usec origin = atomic_load(&engine->mix.taps[tap].origin);
    *ret_heard = origin + usec_of((int64_t)engine->tap_read[tap]);
    return take(engine, tap, pcm, most);
}
