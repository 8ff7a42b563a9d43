/* Asking, looking, cancelling: what people do. See sound.h. */
#include "sounds/sound_inside.h"

#include "people/audit.h"
#include "sounds/sound_sql.h"
#include "sounds/upload.h"

static const char *const kinds[] = {"upload", "speech"};
static const char *const states[] = {"waiting", "working", "done", "failed", "cancelled"};

const char *sound_kind_name(enum sound_kind kind)
{
    return kinds[kind];
}

const char *sound_state_name(enum sound_state state)
{
    return states[state];
}

static enum sound_kind kind_of(str name)
{
    return str_is(name, S("speech")) ? SOUND_SPEECH : SOUND_UPLOAD;
}

static enum sound_state state_of(str name)
{
    for (size_t i = 0; i < COUNT_OF(states); i++) {
        if (str_is(name, str_of(states[i]))) {
            return (enum sound_state)i;
        }
    }
    return SOUND_FAILED;
}

/* --- asking ---------------------------------------------------------------------------------- */

static errc check_upload(const struct sound_desk *desk, struct db *db, const struct sound *sound,
                         int64_t *ret_place, struct why *why)
{
    struct upload upload;
    errc rc = upload_find(desk, db, sound->upload, &upload, why);
    if (rc == ERR_NOT_FOUND) {
        return bad_field(desk->bad, "upload", "not_found");
    }
    TRY(rc);
    *ret_place = upload.place;
    if (sound->partial && upload.kept > 0) {
        return upload_close(desk, db, upload.id, why);
    }
    return upload.kept == upload.bytes ? OK : bad_field(desk->bad, "upload", "incomplete");
}

static errc check(const struct sound_desk *desk, struct db *db, const struct sound *sound,
                  int64_t *ret_place, struct why *why)
{
    struct sounds_open_of_in who = {desk->actor->account_id};
    struct sounds_open_of_row open;
    TRY(sound_desk_may(desk, sound->unit));
    TRY(sound->kind == SOUND_UPLOAD ? check_upload(desk, db, sound, ret_place, why) : OK);
    if (sound->to_ms != 0 && sound->to_ms <= sound->from_ms) {
        return bad_field(desk->bad, "to_ms", "out_of_range");
    }
    TRY(sounds_open_of(db, &who, desk->arena, &open, why));
    return open.open < SOUNDS_OPEN_MOST ? OK : fail(why, ERR_TOO_MANY, "too many jobs wait");
}

static errc tell(const struct sound_desk *desk, struct db *db, const struct sound *sound,
                 int64_t id, struct why *why)
{
    struct audit_entry entry = {
        .actor = desk->actor,
        .action = sound->kind == SOUND_UPLOAD ? "sound_asked" : "speech_asked",
        .subject_kind = "sound",
        .subject_id = id,
        .subject_name = sound->title,
        .subject_unit_id = sound->unit,
    };
    TRY(db_announce(db, "sounds", why));
    return audit_append(db, &entry, why);
}

static errc find_marked(const struct sound_desk *desk, struct db *db, str mark, int64_t *ret_id,
                        struct why *why)
{
    struct sound_by_mark_in in = {desk->actor->account_id, mark};
    struct sound_by_mark_row row;
    TRY(sound_by_mark(db, &in, desk->arena, &row, why));
    *ret_id = row.id;
    return OK;
}

errc sound_ask(const struct sound_desk *desk, struct db *db, const struct sound *sound,
               int64_t *ret_id, struct why *why)
{
    struct sound_add_row_in in = {
        .account_id = desk->actor->account_id,
        .mark = sound->mark,
        .kind = str_of(kinds[sound->kind]),
        .unit_id = sound->unit,
        .title = sound->title,
        .language = sound->language.len == 0 ? S("") : sound->language,
        .upload_id = sound->upload,
        .from_ms = sound->from_ms,
        .to_ms = sound->to_ms,
        .kbit = sound->kbit,
        .keep_silence = sound->keep_silence,
        .text = sound->text.len == 0 ? S("") : sound->text,
        .voice = sound->voice.len == 0 ? S("") : sound->voice,
        .speed = sound->speed,
        .now_us = desk->actor->now,
        .peaks = S(""),
    };
    struct sound_add_row_row row;
    errc known = find_marked(desk, db, sound->mark, ret_id, why);
    if (known != ERR_NOT_FOUND) {
        return known;
    }
    TRY(check(desk, db, sound, &in.place, why));
    errc rc = sound_add_row(db, &in, desk->arena, &row, why);
    if (rc == ERR_NOT_FOUND) { /* asked twice at the same moment */
        return find_marked(desk, db, sound->mark, ret_id, why);
    }
    TRY(rc);
    *ret_id = row.id;
    return tell(desk, db, sound, row.id, why);
}

/* --- looking --------------------------------------------------------------------------------- */

static struct sound_result result_of(const struct sound_row_row *row)
{
    return (struct sound_result){
        .media = row->hash, /* zero where there is none */
        .bytes = row->bytes,
        .ms = row->ms,
        .loudness_mb = row->loudness_mb,
        .source_loudness_mb = row->source_loudness_mb,
        .true_peak_mb = row->true_peak_mb,
        .head_ms = row->head_ms,
        .tail_ms = row->tail_ms,
        .peaks = row->peaks,
    };
}

errc sound_load(struct db *db, int64_t id, int64_t account, struct arena *arena,
                struct sound *ret_sound, struct why *why)
{
    struct sound_row_in in = {id, account};
    struct sound_row_row row;
    TRY(sound_row(db, &in, arena, &row, why));
    *ret_sound = (struct sound){
        .id = row.id,
        .account = row.account_id,
        .kind = kind_of(row.kind),
        .unit = row.unit_id,
        .title = row.title,
        .language = row.language,
        .upload = row.upload_id,
        .from_ms = row.from_ms,
        .to_ms = row.to_ms,
        .kbit = row.kbit,
        .keep_silence = row.keep_silence,
        .text = row.text,
        .voice = row.voice,
        .speed = row.speed,
        .state = state_of(row.state),
        .progress = row.progress,
        .tries = row.tries,
        .claim = row.claim,
        .asked = row.asked_at_us,
        .ended = row.has_ended_at_us ? row.ended_at_us : 0,
        .reason = row.reason,
        .result = result_of(&row),
    };
    return OK;
}

errc sound_find(const struct sound_desk *desk, struct db *db, int64_t id, struct sound *ret_sound,
                struct why *why)
{
    return sound_load(db, id, desk->actor->account_id, desk->arena, ret_sound, why);
}

static struct sound line_of(const struct sounds_page_row *row)
{
    return (struct sound){
        .id = row->id,
        .kind = kind_of(row->kind),
        .unit = row->unit_id,
        .title = row->title,
        .language = row->language,
        .state = state_of(row->state),
        .progress = row->progress,
        .asked = row->asked_at_us,
        .ended = row->has_ended_at_us ? row->ended_at_us : 0,
        .reason = row->reason,
        .result = {.media = row->hash, /* zero where there is none */
                   .bytes = row->bytes,
                   .ms = row->ms,
                   .loudness_mb = row->loudness_mb,
                   .source_loudness_mb = row->source_loudness_mb,
                   .true_peak_mb = row->true_peak_mb,
                   .head_ms = row->head_ms,
                   .tail_ms = row->tail_ms},
    };
}

errc sound_list(const struct sound_desk *desk, struct db *db, int64_t before, size_t limit,
                struct sounds *ret_sounds, struct why *why)
{
    struct sounds_page_in in = {desk->actor->account_id, before == 0 ? INT64_MAX : before,
                                (int64_t)limit};
    struct sounds_page_row *rows = NULL;
    size_t count = 0;
    TRY(sounds_page_all(db, &in, desk->arena, &rows, &count, why));
    struct sound *sounds = arena_take_array(desk->arena, count + 1, sizeof *sounds);
    if (sounds == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        sounds[i] = line_of(&rows[i]);
    }
    *ret_sounds = (struct sounds){sounds, count, count < limit ? 0 : sounds[count - 1].id};
    return OK;
}

errc sound_cancel(const struct sound_desk *desk, struct db *db, int64_t id, struct why *why)
{
    struct sound_row_cancel_in in = {id, desk->actor->account_id, desk->actor->now};
    struct sound sound;
    int64_t changed = 0;
    TRY(sound_find(desk, db, id, &sound, why));
    TRY(sound_row_cancel(db, &in, &changed, why));
    return changed == 0 ? OK : db_announce(db, "sounds", why);
}

errc sound_peaks_find(struct db *db, hash media, struct arena *arena,
                      struct sound_result *ret_result, struct why *why)
{
    struct sound_peaks_row_in in = {media};
    struct sound_peaks_row_row row;
    TRY(sound_peaks_row(db, &in, arena, &row, why));
    *ret_result = (struct sound_result){.media = media, .ms = row.ms, .peaks = row.peaks};
    return OK;
}
