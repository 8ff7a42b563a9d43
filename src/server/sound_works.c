/* Threads that take jobs one after the other. See sound_works.h. */
#include "server/sound_works_inside.h"

#include "base/file.h"
#include "base/log.h"
#include "sounds/upload_file.h"

#include <errno.h>
#include <signal.h>
#include <unistd.h>

enum { LOOK_EVERY_S = 3, SWEEP_AFTER_S = 60, PLACE_ROOM = 64 };

/* --- settings -------------------------------------------------------------------------------- */

void sound_works_folder(const struct app *app, char path[APP_PATH_ROOM])
{
    ignore_int(snprintf(path, APP_PATH_ROOM, "%s/uploads", app_folder(app)));
}

errc sound_works_place(const struct app *app, int64_t *ret_place, struct why *why)
{
    AUTO(buf_finish) struct buf text;
    char folder[APP_PATH_ROOM];
    char path[APP_PATH_ROOM + 16];
    buf_init(&text, PLACE_ROOM);
    sound_works_folder(app, folder);
    ignore_int(snprintf(path, sizeof path, "%s/place", folder));
    errc rc = file_read(path, PLACE_ROOM, &text, why);
    if (rc == ERR_NOT_FOUND) {
        buf_add_i64(&text, (int64_t)(entropy_u64(app->entropy) >> 2 | 1));
        TRY(file_make_folder(folder, 0700, why));
        rc = file_write(path, buf_str(&text), 0600, why);
    }
    TRY(rc);
    return str_to_i64(str_trim(buf_str(&text)), ret_place)
               ? OK
               : fail(why, ERR_CORRUPT, "%s is not a number", path);
}

struct house_sound house_sound_of_settings(const struct settings *settings)
{
    return (struct house_sound){
        .upload_most = settings_number(settings, SETTING_KEY_sound_upload_most),
        .upload_keep = settings_number(settings, SETTING_KEY_sound_upload_keep) * USEC_SECOND,
        .voices = str_of(settings_text(settings, SETTING_KEY_speech_voices)),
        .voice = str_of(settings_text(settings, SETTING_KEY_speech_voice)),
        .speed = settings_number(settings, SETTING_KEY_speech_speed),
        .outside = settings_text(settings, SETTING_KEY_speech_engine)[0] != '\0',
    };
}

/* Beside this program, as in a build folder, or where the package puts it. */
static void find_program(const struct settings *settings, char path[APP_PATH_ROOM])
{
    const char *told = settings_text(settings, SETTING_KEY_sound_program);
    char self[APP_PATH_ROOM] = "";
    ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
    str folder = {self, length > 0 ? (size_t)length : 0};
    while (folder.len > 0 && folder.at[folder.len - 1] != '/') {
        folder.len--;
    }
    int size = snprintf(path, APP_PATH_ROOM, "%.*sloa-ingest", STR_ARG(folder));
    bool is_beside = size > 0 && size < APP_PATH_ROOM && file_exists(path);
    if (told[0] != '\0' || !is_beside) {
        ignore_int(snprintf(path, APP_PATH_ROOM, "%s",
                            told[0] != '\0' ? told : "/usr/lib/loa/loa-ingest"));
    }
}

/* --- one thread ------------------------------------------------------------------------------ */

struct taking {
    struct sound_work *work;
    struct sound_claim claim;
    bool waits;
};

static errc run_look(void *ctx, struct db *db, struct why *why)
{
    struct taking *taking = ctx;
    return sounds_wait(db, &taking->claim, taking->work->arena, &taking->waits, why);
}

static errc run_take(void *ctx, struct db *db, struct why *why)
{
    struct taking *taking = ctx;
    struct sound_work *work = taking->work;
    arena_reset(work->arena);
    return sound_take(db, &taking->claim, work->arena, &work->sound, why);
}

/* Whether there was one. */
static bool work_one(const struct sound_hand *hand, struct sound_work *work)
{
    struct sound_works *works = hand->works;
    struct why why = {""};
    usec now = now_utc();
    uint64_t number = entropy_u64(works->app->entropy) >> 1;
    struct taking taking = {.work = work,
                            .claim = {.claim = (int64_t)number | 1,
                                      .place = works->number,
                                      .only_speech = hand->only_speech,
                                      .now = now,
                                      .until = now + SOUND_CLAIM_LASTS}};
    arena_reset(work->arena);
    errc rc = store_read_now(works->app->store, run_look, &taking, &why);
    if (rc == OK && taking.waits) {
        rc = store_write_now(works->app->store, run_take, &taking, &why);
    }
    if (rc != OK && rc != ERR_NOT_FOUND && rc != ERR_CLOSED) {
        LOG(LOG_WARN, "sound_job_not_taken", log_errc(rc), log_why(&why));
    }
    if (rc != OK || !taking.waits) {
        return false;
    }
    work->hold = (struct sound_hold){work->sound.id, taking.claim.claim};
    sound_work_do(work);
    return true;
}

static bool is_stopping(const struct sound_works *works)
{
    return atomic_load(&works->stopping);
}

/* Until there is news, or for a while: a claim of somebody who died runs out in silence. */
static void wait_for_news(struct sound_works *works, uint64_t *seen)
{
    struct timespec until = {.tv_sec = (time_t)(now_steady() / USEC_SECOND) + LOOK_EVERY_S};
    ignore_int(pthread_mutex_lock(&works->lock));
    int rc = 0;
    while (rc == 0 && works->wanted == *seen && !is_stopping(works)) {
        rc = pthread_cond_timedwait(&works->news, &works->lock, &until);
    }
    *seen = works->wanted;
    ignore_int(pthread_mutex_unlock(&works->lock));
}

static void sweep_in_time(struct sound_works *works, struct media *media)
{
    if (now_steady() >= works->sweep_at) {
        works->sweep_at = now_steady() + USEC_HOUR;
        sound_sweep(works, media);
    }
}

static void *work(void *ctx)
{
    const struct sound_hand *hand = ctx;
    struct sound_works *works = hand->works;
    AUTO(media_closer) struct media *media = NULL;
    AUTO(arena_close) struct arena *arena = NULL;
    struct why why = {""};
    uint64_t seen = 0;
    errc rc = media_open(&works->place.config, &media, &why);
    if (rc == OK) {
        rc = arena_create(SOUND_JOB_ARENA, &arena);
    }
    if (rc != OK) {
        LOG(LOG_ERROR, "sound_works_failed", log_errc(rc), log_why(&why));
        return NULL;
    }
    while (!is_stopping(works)) {
        struct sound_work one = {.works = works, .media = media, .arena = arena};
        if (work_one(hand, &one)) {
            continue;
        }
        if (hand->sweeps) {
            sweep_in_time(works, media);
        }
        wait_for_news(works, &seen);
    }
    return NULL;
}

/* --- beginning and end ----------------------------------------------------------------------- */

static void init_waiting(struct sound_works *works)
{
    pthread_condattr_t how;
    ignore_int(pthread_mutex_init(&works->lock, NULL));
    ignore_int(pthread_condattr_init(&how));
    ignore_int(pthread_condattr_setclock(&how, CLOCK_MONOTONIC));
    ignore_int(pthread_cond_init(&works->news, &how));
    ignore_int(pthread_condattr_destroy(&how));
}

/* Signals are the loop's. One more than there may be sounds at once, for texts alone: an alarm that
 * is to be spoken does not wait behind somebody's hour of music. */
static errc start_threads(struct sound_works *works, size_t count, struct why *why)
{
    sigset_t all;
    sigset_t before;
    int rc = 0;
    ignore_int(sigfillset(&all));
    ignore_int(pthread_sigmask(SIG_SETMASK, &all, &before));
    while (works->hand_count < count && rc == 0) {
        struct sound_hand *hand = &works->hands[works->hand_count];
        *hand = (struct sound_hand){.works = works,
                                    .only_speech = works->hand_count == 0,
                                    .sweeps = works->hand_count == 1};
        rc = pthread_create(&hand->thread, NULL, work, hand);
        works->hand_count += rc == 0 ? 1 : 0;
    }
    ignore_int(pthread_sigmask(SIG_SETMASK, &before, NULL));
    return rc == 0 ? OK : fail_errno(why, rc, "thread for sounds");
}

errc sound_works_start(struct app *app, struct sound_works **ret_works, struct why *why)
{
    struct sound_works *works = mem_take(sizeof *works);
    works->app = app;
    works->sweep_at = now_steady() + SWEEP_AFTER_S * USEC_SECOND;
    sound_works_folder(app, works->folder);
    find_program(&app->settings, works->program);
    init_waiting(works);
    errc rc = sound_works_place(app, &works->number, why);
    if (rc == OK) {
        rc = media_place_of(app, &works->place, why);
    }
    if (rc == OK) {
        rc = start_threads(works,
                           (size_t)settings_number(&app->settings, SETTING_KEY_sound_workers), why);
    }
    if (rc != OK) {
        sound_works_stop(works);
        return rc;
    }
    *ret_works = works;
    return OK;
}

void sound_works_changed(struct sound_works *works, str topic)
{
    if (works == NULL || !(str_is(topic, S("sounds")) || str_is(topic, S("*")))) {
        return;
    }
    ignore_int(pthread_mutex_lock(&works->lock));
    works->wanted++;
    ignore_int(pthread_cond_broadcast(&works->news));
    ignore_int(pthread_mutex_unlock(&works->lock));
}

void sound_works_stop(struct sound_works *works)
{
    if (works == NULL) {
        return;
    }
    ignore_int(pthread_mutex_lock(&works->lock));
    atomic_store(&works->stopping, true);
    ignore_int(pthread_cond_broadcast(&works->news));
    ignore_int(pthread_mutex_unlock(&works->lock));
    for (size_t i = 0; i < works->hand_count; i++) {
        ignore_int(pthread_join(works->hands[i].thread, NULL));
    }
    ignore_int(pthread_cond_destroy(&works->news));
    ignore_int(pthread_mutex_destroy(&works->lock));
    mem_give(works);
}
