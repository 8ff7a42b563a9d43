/* From a claimed job to its end: what goes in is opened, the child makes the sound, its report and
 * its file are checked as a stranger's would be, the file becomes a medium, and the row says so in
 * one transaction with the medium's own row. */
#include "server/sound_works_inside.h"

#include "base/file.h"
#include "base/log.h"
#include "broadcast/media_item.h"
#include "people/unit_book.h"
#include "server/child.h"
#include "sounds/speech_word.h"
#include "sounds/upload_file.h"
#include "speech/speech.h"

#include <errno.h>
#include <poll.h>
#include <sys/mman.h>
#include <unistd.h>

enum { TICK_MS = 200, READING_MOST = 2 * 1024 * 1024, NUMBER_ROOM = 32 };

static errc fail_with(struct sound_work *work, const char *reason)
{
    ignore_int(snprintf(work->reason, sizeof work->reason, "%s", reason));
    return ERR_INVALID;
}

/* --- holding on to the job ------------------------------------------------------------------- */

struct beat {
    struct sound_hold hold;
    struct sound_step step;
};

static errc run_beat(void *ctx, struct db *db, struct why *why)
{
    const struct beat *beat = ctx;
    return sound_renew(db, beat->hold, &beat->step, why);
}

/* A store that cannot be reached is no reason to throw work away: the claim is looked at again at
 * the end. */
errc sound_work_beat(struct sound_work *work, usec *last, struct why *why)
{
    struct sound_works *works = work->works;
    if (atomic_load(&works->stopping)) {
        return fail(why, ERR_CLOSED, "the server stops");
    }
    if (now_steady() - *last < USEC_SECOND) {
        return OK;
    }
    struct beat beat = {.hold = work->hold,
                        .step = {.progress = work->report.progress,
                                 .moved = work->sound.progress != work->report.progress,
                                 .until = now_utc() + SOUND_CLAIM_LASTS}};
    *last = now_steady();
    errc rc = store_write_now(works->app->store, run_beat, &beat, why);
    work->sound.progress = work->report.progress;
    return rc == ERR_CANCELLED ? rc : OK;
}

/* --- what goes in ---------------------------------------------------------------------------- */

static errc open_upload(struct sound_work *work, struct why *why)
{
    errc rc = upload_file_open(work->works->folder, work->sound.upload, 0, &work->input, why);
    return rc == ERR_NOT_FOUND ? fail_with(work, "upload_gone") : rc;
}

static errc read_text(struct sound_work *work, struct db *db, struct why *why)
{
    struct app *app = work->works->app;
    AUTO(forest_close) struct forest *forest = NULL;
    AUTO(buf_finish) struct buf reading;
    struct actor server = {.now = now_utc(), .today = day_of(now_utc(), app_zone(app))};
    struct speech_words words;
    buf_init(&reading, READING_MOST);
    TRY(unit_book_read(app->units, db, &forest, why));
    struct sound_desk desk = {.actor = &server, .forest = forest, .arena = work->arena};
    TRY(speech_words_of(&desk, db, work->sound.unit, &words, why));
    struct speech_said *said = arena_take_array(work->arena, words.count + 1, sizeof *said);
    if (said == NULL) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < words.count; i++) {
        said[i] = (struct speech_said){words.at[i].word, words.at[i].reading};
    }
    bool is_vietnamese = work->sound.language.len == 0 || str_is(work->sound.language, S("vi"));
    if (is_vietnamese) {
        TRY(speech_read(work->sound.text, (struct speech_list){said, words.count}, &reading));
    } else {
        buf_add(&reading, work->sound.text);
    }
    work->reading = arena_str(work->arena, buf_str(&reading));
    return work->reading.at == NULL ? ERR_NO_MEMORY : OK;
}

static errc run_read_text(void *ctx, struct db *db, struct why *why)
{
    return read_text(ctx, db, why);
}

static errc put_text(struct sound_work *work, struct why *why)
{
    work->input = memfd_create("loa-text", MFD_CLOEXEC);
    if (work->input < 0) {
        return fail_errno(why, errno, "memory for a text");
    }
    TRY(file_write_all(work->input, work->reading.at, work->reading.len, why));
    return lseek(work->input, 0, SEEK_SET) == 0 ? OK : fail_errno(why, errno, "text");
}

static bool has_engine(const struct sound_work *work)
{
    const struct settings *settings = &work->works->app->settings;
    return settings_text(settings, SETTING_KEY_speech_engine)[0] != '\0';
}

static errc open_text(struct sound_work *work, struct why *why)
{
    TRY(store_read_now(work->works->app->store, run_read_text, work, why));
    if (str_trim(work->reading).len == 0) {
        return fail_with(work, "empty_text");
    }
    if (!has_engine(work)) {
        return put_text(work, why);
    }
    errc rc = speech_engine_say(work, why);
    return rc == OK || rc == ERR_CANCELLED || rc == ERR_CLOSED
               ? rc
               : (LOG(LOG_WARN, "speech_engine_failed", log_errc(rc), log_why(why)),
                  fail_with(work, "engine"));
}

/* --- the child ------------------------------------------------------------------------------- */

struct words {
    char numbers[8][NUMBER_ROOM];
    size_t count;
};

static const char *number(struct words *words, int64_t value)
{
    char *text = words->numbers[words->count++];
    ignore_int(snprintf(text, NUMBER_ROOM, "%lld", (long long)value));
    return text;
}

static void plan_child(const struct sound_work *work, struct words *words, struct child_plan *plan)
{
    const struct settings *settings = &work->works->app->settings;
    const struct sound *sound = &work->sound;
    bool speaks = sound->kind == SOUND_SPEECH && !has_engine(work);
    int64_t usual = settings_number(settings, SETTING_KEY_sound_kbit);
    const char *voice = settings_text(settings, SETTING_KEY_speech_voice);
    size_t count = 0;
    const char *pairs[] = {"--kbit",
                           number(words, sound->kbit == 0 ? usual : sound->kbit),
                           "--loudness",
                           number(words, settings_number(settings, SETTING_KEY_sound_loudness)),
                           "--true-peak",
                           number(words, settings_number(settings, SETTING_KEY_sound_true_peak)),
                           "--seconds",
                           number(words, settings_number(settings, SETTING_KEY_sound_work_most)),
                           "--from-ms",
                           number(words, sound->from_ms),
                           "--to-ms",
                           number(words, sound->to_ms),
                           speaks ? "--voice" : NULL,
                           sound->voice.len > 0 ? sound->voice.at : voice,
                           "--speed",
                           number(words, sound->speed)};
    for (size_t i = 0; i < COUNT_OF(pairs) && pairs[i] != NULL; i++) {
        plan->arguments[count++] = pairs[i];
    }
    if (sound->keep_silence) {
        plan->arguments[count++] = "--keep-silence";
    }
    plan->program = work->works->program;
    plan->input = work->input;
    plan->output = work->output;
}

/* Some more of its report; false at its end. */
static bool hear(struct sound_work *work, int report)
{
    char bytes[1024];
    ssize_t size = read(report, bytes, sizeof bytes);
    if (size < 0) {
        return errno == EINTR || errno == EAGAIN;
    }
    if (size > 0 && report_take(&work->report, (str){bytes, (size_t)size}) != OK) {
        work->report = (struct report){.progress = work->report.progress};
        return false;
    }
    return size > 0;
}

static errc listen_to(struct sound_work *work, const struct child *child, struct why *why)
{
    const struct settings *settings = &work->works->app->settings;
    usec most = settings_number(settings, SETTING_KEY_sound_work_most) * USEC_SECOND;
    usec end = now_steady() + most;
    usec last = now_steady();
    for (;;) {
        struct pollfd wait = {.fd = child->report, .events = POLLIN};
        if (poll(&wait, 1, TICK_MS) > 0 && !hear(work, child->report)) {
            return OK;
        }
        TRY(sound_work_beat(work, &last, why));
        if (now_steady() > end) {
            return fail_with(work, "too_heavy");
        }
    }
}

static errc judge(struct sound_work *work, errc ended, const struct why *why)
{
    if (work->report.reason[0] != '\0') {
        return fail_with(work, work->report.reason);
    }
    if (ended == OK && work->report.has_result) {
        return OK;
    }
    LOG(LOG_WARN, "sound_child_failed", log_int("sound", work->sound.id), log_errc(ended),
        log_why(why));
    /* Ended by its limits, or by a file that broke it. */
    return fail_with(work, ended == ERR_CANCELLED ? "too_heavy" : "damaged");
}

static errc run_child(struct sound_work *work, struct why *why)
{
    struct words words = {.count = 0};
    struct child_plan plan = {.speaks = false};
    struct child child = {.pid = 0};
    struct why end = {""};
    work->output = memfd_create("loa-sound", MFD_CLOEXEC);
    if (work->output < 0) {
        return fail_errno(why, errno, "memory for a sound");
    }
    plan_child(work, &words, &plan);
    TRY(child_start(&plan, &child, why));
    errc rc = listen_to(work, &child, why);
    if (rc != OK) {
        child_kill(&child);
    }
    errc ended = child_finish(&child, &end);
    return rc != OK ? rc : judge(work, ended, &end);
}

/* --- what comes out -------------------------------------------------------------------------- */

static errc keep(struct sound_work *work, str bytes, struct why *why)
{
    struct media_put *put = NULL;
    struct media_info info;
    TRY(media_put_begin(work->media, &put, why));
    errc rc = media_put_add(put, bytes, why);
    if (rc != OK) {
        media_put_cancel(put);
        return rc;
    }
    TRY(media_put_end(put, NULL, &info, why));
    work->report.result.media = info.name;
    return OK;
}

/* A child that was taken over by its file can write what it likes, but not what a device could
 * stumble on. */
static errc take_sound(struct sound_work *work, struct why *why)
{
    AUTO(buf_finish) struct buf bytes;
    char block[64 * 1024];
    struct opus_facts facts;
    buf_init(&bytes, OPUS_FILE_MOST);
    if (lseek(work->output, 0, SEEK_SET) != 0) {
        return fail_errno(why, errno, "sound");
    }
    for (ssize_t size = read(work->output, block, sizeof block); size > 0;
         size = read(work->output, block, sizeof block)) {
        buf_add(&bytes, (str){block, (size_t)size});
    }
    TRY(buf_check(&bytes));
    errc rc = opus_file_read(buf_str(&bytes), &facts, why);
    if (rc != OK) {
        LOG(LOG_WARN, "sound_child_wrote_nonsense", log_int("sound", work->sound.id), log_why(why));
        return fail_with(work, "damaged");
    }
    work->report.result.ms = facts.ms;
    work->report.result.bytes = facts.bytes;
    return keep(work, buf_str(&bytes), why);
}

static errc run_end(void *ctx, struct db *db, struct why *why)
{
    const struct sound_work *work = ctx;
    const struct app *app = work->works->app;
    const struct sound *sound = &work->sound;
    int64_t id = 0;
    struct actor server = {.now = now_utc(), .today = day_of(now_utc(), app_zone(app))};
    struct desk desk = {.actor = &server, .arena = work->arena};
    struct media_item item = {.media = work->report.result.media,
                              .unit = sound->unit,
                              .title = sound->title,
                              .language = sound->language,
                              .ms = work->report.result.ms,
                              .bytes = work->report.result.bytes,
                              .added_by = sound->account};
    TRY(sound_end(db, work->hold, &work->report.result, server.now, why));
    return media_item_register(&desk, db, &item, &id, why);
}

static errc run_fail(void *ctx, struct db *db, struct why *why)
{
    const struct sound_work *work = ctx;
    return sound_fail(db, work->hold, str_of(work->reason), now_utc(), why);
}

static errc run_release(void *ctx, struct db *db, struct why *why)
{
    const struct sound_work *work = ctx;
    return sound_release(db, work->hold, why);
}

static errc make(struct sound_work *work, struct why *why)
{
    TRY(work->sound.kind == SOUND_SPEECH ? open_text(work, why) : open_upload(work, why));
    TRY(run_child(work, why));
    TRY(take_sound(work, why));
    return store_write_now(work->works->app->store, run_end, work, why);
}

/* Cancelled: nothing is left to be done. Stopping, or a disk or store that is not there now: the
 * job waits for another time, which its count of tries limits. */
static void end(struct sound_work *work, errc rc, struct why *why)
{
    struct store *store = work->works->app->store;
    if (rc == ERR_CLOSED) {
        ignore(store_write_now(store, run_release, work, why));
        return;
    }
    if (rc == OK || rc == ERR_CANCELLED) {
        return;
    }
    LOG(LOG_WARN, "sound_failed", log_int("sound", work->sound.id),
        log_text("reason", work->reason), log_errc(rc), log_why(why));
    if (work->reason[0] == '\0') {
        ignore_int(snprintf(work->reason, sizeof work->reason, "internal"));
    }
    ignore(store_write_now(store, run_fail, work, why));
}

void sound_work_do(struct sound_work *work)
{
    struct why why = {""};
    work->input = -1;
    work->output = -1;
    work->reason[0] = '\0';
    errc rc = make(work, &why);
    end(work, rc, &why);
    file_close(&work->input);
    file_close(&work->output);
}
