/* See sound_json.h. */
#include "console/sound_json.h"

#include "console/air_json.h"

struct sound_desk ask_sound_desk(struct ask *ask)
{
    return (struct sound_desk){
        .actor = &ask->actor, .forest = ask->forest, .arena = ask->arena, .bad = &ask->bad};
}

/* A figure of the result; null until there is one. */
static void write_figure(struct ask *ask, const char *key, const struct sound *sound, int64_t value)
{
    if (sound->state == SOUND_DONE) {
        json_i64_at(&ask->json, key, value);
    } else {
        json_null_at(&ask->json, key);
    }
}

void sound_peaks_json(struct ask *ask, str peaks)
{
    json_array_at(&ask->json, "peaks");
    for (size_t i = 0; i < peaks.len; i++) {
        json_i64(&ask->json, (unsigned char)peaks.at[i]);
    }
    json_end(&ask->json);
}

static void write_peaks(struct ask *ask, const struct sound *sound)
{
    if (sound->state == SOUND_DONE && sound->result.peaks.len > 0) {
        sound_peaks_json(ask, sound->result.peaks);
    } else {
        json_null_at(&ask->json, "peaks");
    }
}

static void write_result(struct ask *ask, const struct sound *sound)
{
    const struct sound_result *result = &sound->result;
    air_hash_at(&ask->json, "media", result->media);
    write_figure(ask, "bytes", sound, result->bytes);
    write_figure(ask, "ms", sound, result->ms);
    write_figure(ask, "loudness_mb", sound, result->loudness_mb);
    write_figure(ask, "source_loudness_mb", sound, result->source_loudness_mb);
    write_figure(ask, "true_peak_mb", sound, result->true_peak_mb);
    write_figure(ask, "trimmed_head_ms", sound, result->head_ms);
    write_figure(ask, "trimmed_tail_ms", sound, result->tail_ms);
    write_peaks(ask, sound);
}

void sound_json(struct ask *ask, const struct sound *sound)
{
    struct json_out *out = &ask->json;
    bool failed = sound->reason.len > 0;
    json_object(out);
    json_i64_at(out, "id", sound->id);
    json_text_at(out, "kind", sound_kind_name(sound->kind));
    json_text_at(out, "state", sound_state_name(sound->state));
    json_i64_at(out, "progress", sound->progress);
    air_unit_at(ask, "unit", sound->unit);
    json_str_at(out, "title", sound->title);
    ask_write_text(ask, "language", sound->language);
    air_usec_at(out, "asked_at", sound->asked);
    air_usec_at(out, "ended_at", sound->ended);
    write_result(ask, sound);
    ask_write_text(ask, "reason", sound->reason);
    json_str_at(out, "reason_text", failed ? ask_word(ask, "sound.", sound->reason) : STR_NONE);
    json_end(out);
}

bool sound_voice_is_known(const struct ask *ask, str voice)
{
    str rest = ask->house->sound.voices;
    while (rest.at != NULL) {
        if (str_is(str_split(rest, ' ', &rest), voice)) {
            return true;
        }
    }
    return false;
}
