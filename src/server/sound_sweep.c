/* What nobody needs any more: uploads that nobody went on with, their bytes, jobs that ended long
 * ago, and media that nothing refers to. See sound_works.h. */
#include "server/sound_works_inside.h"

#include "base/log.h"
#include "server/media_used.h"
#include "sounds/upload_file.h"

#define FILE_GRACE USEC_HOUR
#define JOBS_KEPT (30 * USEC_DAY)

struct sweeping {
    const struct sound_works *works;
    struct arena *arena;
    struct upload_ids known;
    int64_t uploads;
    usec now;
};

static errc run_expire(void *ctx, struct db *db, struct why *why)
{
    struct sweeping *sweeping = ctx;
    const struct settings *settings = &sweeping->works->app->settings;
    usec keep = settings_number(settings, SETTING_KEY_sound_upload_keep) * USEC_SECOND;
    struct sounds_age age = {sweeping->now, sweeping->now - keep, sweeping->now - JOBS_KEPT};
    TRY(sounds_tidy(db, &age, why));
    return uploads_expire(db, sweeping->now - keep, &sweeping->uploads, why);
}

static errc run_known(void *ctx, struct db *db, struct why *why)
{
    struct sweeping *sweeping = ctx;
    arena_reset(sweeping->arena);
    return uploads_known(db, sweeping->arena, &sweeping->known, why);
}

static errc sweep_uploads(struct sweeping *sweeping, struct why *why)
{
    struct store *store = sweeping->works->app->store;
    int64_t files = 0;
    TRY(store_write_now(store, run_expire, sweeping, why));
    TRY(store_read_now(store, run_known, sweeping, why));
    TRY(upload_files_sweep(sweeping->works->folder, sweeping->known, sweeping->now - FILE_GRACE,
                           &files, why));
    if (sweeping->uploads > 0 || files > 0) {
        LOG(LOG_INFO, "uploads_swept", log_int("uploads", sweeping->uploads),
            log_int("files", files));
    }
    return OK;
}

static errc sweep_media(struct sound_works *works, struct media *media, struct why *why)
{
    AUTO(media_used_destroy) struct media_used *used = NULL;
    struct media_swept swept;
    TRY(media_used_read(works->app->store, &used, why));
    struct media_marks marks = {.is_used = media_used_has, .ctx = used};
    TRY(media_sweep(media, &marks, now_utc(), &swept, why));
    if (swept.trashed > 0 || swept.deleted > 0 || swept.restored > 0) {
        LOG(LOG_INFO, "media_swept", log_int("trashed", (int64_t)swept.trashed),
            log_int("deleted", (int64_t)swept.deleted),
            log_int("restored", (int64_t)swept.restored));
    }
    return OK;
}

void sound_sweep(struct sound_works *works, struct media *media)
{
    AUTO(arena_close) struct arena *arena = NULL;
    struct why why = {""};
    errc rc = arena_create(SOUND_JOB_ARENA, &arena);
    struct sweeping sweeping = {.works = works, .arena = arena, .now = now_utc()};
    if (rc == OK) {
        rc = sweep_uploads(&sweeping, &why);
    }
    if (rc == OK) {
        rc = sweep_media(works, media, &why);
    }
    if (rc != OK && rc != ERR_CLOSED) {
        LOG(LOG_WARN, "sound_sweep_failed", log_errc(rc), log_why(&why));
    }
}
