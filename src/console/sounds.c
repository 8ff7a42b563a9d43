/* Sounds on their way in: resumable uploads, and the jobs that make media of them or of a text. */
#include "broadcast/media_item.h"
#include "broadcast/programme.h"
#include "console/air_json.h"
#include "console/sound_json.h"
#include "console/steps.h"
#include "sounds/sound.h"
#include "sounds/upload.h"

/* --- uploads --------------------------------------------------------------------------------- */

static void write_upload(struct ask *ask, const struct upload *upload)
{
    struct json_out *out = &ask->json;
    json_object(out);
    json_i64_at(out, "id", upload->id);
    json_str_at(out, "name", upload->name);
    json_i64_at(out, "bytes", upload->bytes);
    json_i64_at(out, "offset", upload->kept);
    json_usec_at(out, "expires_at", upload->touched + ask->house->sound.upload_keep);
    json_end(out);
}

errc api_uploads_begin(struct ask *ask, struct why *why)
{
    static const char *const fields[] = {"name", "bytes", NULL};
    AUTO(json_in_finish) struct json_in in = {.root = NULL};
    struct sound_desk desk = ask_sound_desk(ask);
    struct upload upload = {.place = ask->house->sound.place};
    TRY(ask_body(ask, fields, &in, why));
    TRY(json_in_str(in.root, "name", 1, UPLOAD_NAME_MOST, &upload.name, &ask->bad));
    TRY(json_in_i64(in.root, "bytes", 1, ask->house->sound.upload_most, &upload.bytes, &ask->bad));
    TRY(upload_begin(&desk, ask->db, &upload, why));
    write_upload(ask, &upload);
    return OK;
}

static errc find_upload(struct ask *ask, struct upload *ret_upload, struct why *why)
{
    struct sound_desk desk = ask_sound_desk(ask);
    return upload_find(&desk, ask->db, ask_place_id(ask, 0), ret_upload, why);
}

errc api_uploads_show(struct ask *ask, struct why *why)
{
    struct upload upload;
    TRY(find_upload(ask, &upload, why));
    write_upload(ask, &upload);
    return OK;
}

/* From look to work to act: where the piece belongs. */
errc api_uploads_look(struct ask *ask, struct why *why)
{
    struct sound_desk desk = ask_sound_desk(ask);
    struct upload upload;
    int64_t *at = arena_take(ask->arena, sizeof *at);
    if (at == NULL) {
        return ERR_NO_MEMORY;
    }
    TRY(ask_query_i64(ask, "offset", -1, at));
    TRY(find_upload(ask, &upload, why));
    ask->carried = at;
    if (upload.place != ask->house->sound.place) {
        return fail(why, ERR_NOT_FOUND, "the upload lies with another server");
    }
    return upload_check(&desk, &upload, *at, ask->body.len);
}

errc api_uploads_keep(struct ask *ask, struct why *why)
{
    const struct house_ports *ports = &ask->house->ports;
    const int64_t *at = ask->carried;
    return ports->upload_keep(ports->ctx, ask_place_id(ask, 0), *at, ask->body, why);
}

errc api_uploads_advance(struct ask *ask, struct why *why)
{
    struct sound_desk desk = ask_sound_desk(ask);
    const int64_t *at = ask->carried;
    struct upload upload;
    TRY(upload_advance(&desk, ask->db, ask_place_id(ask, 0), *at, (int64_t)ask->body.len, &upload,
                       why));
    write_upload(ask, &upload);
    return OK;
}

errc api_uploads_drop(struct ask *ask, struct why *why)
{
    struct sound_desk desk = ask_sound_desk(ask);
    return upload_forget(&desk, ask->db, ask_place_id(ask, 0), why);
}

/* --- jobs ------------------------------------------------------------------------------------ */

/* Without a mark each request is a job of its own. */
static errc take_mark(struct ask *ask, const struct json_value *root, struct sound *sound)
{
    uint64_t random[2] = {entropy_u64(ask->house->entropy), entropy_u64(ask->house->entropy)};
    if (json_in_has(root, "mark")) {
        return json_in_str(root, "mark", SOUND_MARK_LEAST, SOUND_MARK_MOST, &sound->mark,
                           &ask->bad);
    }
    sound->mark = arena_format(ask->arena, "own-%016llx%016llx", (unsigned long long)random[0],
                               (unsigned long long)random[1]);
    return sound->mark.at == NULL ? ERR_NO_MEMORY : OK;
}

static errc take_common(struct ask *ask, const struct json_value *root, struct sound *sound)
{
    bool given = false;
    TRY(take_mark(ask, root, sound));
    TRY(json_in_i64(root, "unit_id", 1, INT64_MAX, &sound->unit, &ask->bad));
    TRY(json_in_str(root, "title", 1, SOUND_TITLE_MOST, &sound->title, &ask->bad));
    TRY(ask_optional_str(ask, root, "language", LANGUAGE_MOST, &given, &sound->language));
    if (!language_is_fit(sound->language)) {
        return bad_field(&ask->bad, "language", "not_a_language");
    }
    TRY(air_take_number(ask, root, "kbit", 0, SOUND_KBIT_MOST, &sound->kbit));
    if (sound->kbit != 0 && sound->kbit < SOUND_KBIT_LEAST) {
        return bad_field(&ask->bad, "kbit", "out_of_range");
    }
    return OK;
}

static errc take_flag(struct ask *ask, const struct json_value *root, const char *key, bool *flag)
{
    return json_in_has(root, key) ? json_in_bool(root, key, flag, &ask->bad) : OK;
}

static errc ask_for(struct ask *ask, const struct sound *wanted, struct why *why)
{
    struct sound_desk desk = ask_sound_desk(ask);
    struct sound sound;
    int64_t id = 0;
    TRY(sound_ask(&desk, ask->db, wanted, &id, why));
    TRY(sound_find(&desk, ask->db, id, &sound, why));
    sound_json(ask, &sound);
    return OK;
}

errc api_sounds_ask(struct ask *ask, struct why *why)
{
    static const char *const fields[] = {"mark",         "unit_id", "title", "language",
                                         "upload",       "from_ms", "to_ms", "kbit",
                                         "keep_silence", "partial", NULL};
    AUTO(json_in_finish) struct json_in in = {.root = NULL};
    struct sound sound = {.kind = SOUND_UPLOAD, .language = S(""), .speed = 100};
    TRY(ask_body(ask, fields, &in, why));
    TRY(take_common(ask, in.root, &sound));
    TRY(json_in_i64(in.root, "upload", 1, INT64_MAX, &sound.upload, &ask->bad));
    TRY(air_take_number(ask, in.root, "from_ms", 0, INT32_MAX, &sound.from_ms));
    TRY(air_take_number(ask, in.root, "to_ms", 0, INT32_MAX, &sound.to_ms));
    TRY(take_flag(ask, in.root, "keep_silence", &sound.keep_silence));
    TRY(take_flag(ask, in.root, "partial", &sound.partial));
    return ask_for(ask, &sound, why);
}

errc api_sounds_show(struct ask *ask, struct why *why)
{
    struct sound_desk desk = ask_sound_desk(ask);
    struct sound sound;
    TRY(sound_find(&desk, ask->db, ask_place_id(ask, 0), &sound, why));
    sound_json(ask, &sound);
    return OK;
}

errc api_sounds_list(struct ask *ask, struct why *why)
{
    struct sound_desk desk = ask_sound_desk(ask);
    struct sounds sounds;
    int64_t before = 0;
    size_t limit = 0;
    TRY(ask_query_i64(ask, "after", 0, &before));
    TRY(ask_query_limit(ask, &limit));
    TRY(sound_list(&desk, ask->db, before, limit, &sounds, why));
    ask_list_begin(ask);
    for (size_t i = 0; i < sounds.count; i++) {
        sound_json(ask, &sounds.at[i]);
    }
    ask_list_end_at(ask, sounds.next);
    return OK;
}

errc api_sounds_cancel(struct ask *ask, struct why *why)
{
    struct sound_desk desk = ask_sound_desk(ask);
    return sound_cancel(&desk, ask->db, ask_place_id(ask, 0), why);
}

/* Whoever may listen may look. */
errc api_media_peaks(struct ask *ask, struct why *why)
{
    struct desk desk = ask_desk(ask);
    struct media_item item;
    struct sound_result result;
    hash media;
    if (!hash_parse(ask_place(ask, 0), &media)) {
        return ERR_NOT_FOUND;
    }
    TRY(media_item_find(&desk, ask->db, media, &item, why));
    TRY(sound_peaks_find(ask->db, media, ask->arena, &result, why));
    json_object(&ask->json);
    json_i64_at(&ask->json, "ms", result.ms);
    sound_peaks_json(ask, result.peaks);
    json_end(&ask->json);
    return OK;
}

/* --- speech ---------------------------------------------------------------------------------- */

/* The built-in engine speaks Vietnamese; what an outside one speaks only its owner knows. */
static bool is_spoken(const struct ask *ask, str language)
{
    return ask->house->sound.outside || language.len == 0 || str_is(language, S("vi"));
}

errc api_speech_ask(struct ask *ask, struct why *why)
{
    static const char *const fields[] = {"mark",  "unit_id", "title", "language", "text",
                                         "voice", "speed",   "kbit",  NULL};
    AUTO(json_in_finish) struct json_in in = {.root = NULL};
    struct sound sound = {.kind = SOUND_SPEECH, .language = S("vi")};
    bool given = false;
    TRY(ask_body(ask, fields, &in, why));
    TRY(take_common(ask, in.root, &sound));
    TRY(json_in_lines(in.root, "text", 1, SOUND_TEXT_MOST, &sound.text, &ask->bad));
    TRY(ask_optional_str(ask, in.root, "voice", SOUND_VOICE_MOST, &given, &sound.voice));
    sound.speed = ask->house->sound.speed;
    TRY(air_take_number(ask, in.root, "speed", SOUND_SPEED_LEAST, SOUND_SPEED_MOST, &sound.speed));
    if (!is_spoken(ask, sound.language)) {
        return bad_field(&ask->bad, "language", "not_a_spoken_language");
    }
    if (sound.voice.len > 0 && !sound_voice_is_known(ask, sound.voice)) {
        return bad_field(&ask->bad, "voice", "unknown");
    }
    return ask_for(ask, &sound, why);
}
