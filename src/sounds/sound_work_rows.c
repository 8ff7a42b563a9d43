/* Taking a job, saying how far it is, ending it: what servers do. See sound.h. */
#include "sounds/sound_inside.h"

#include "sounds/sound_sql.h"

errc sounds_wait(struct db *db, const struct sound_claim *claim, struct arena *arena,
                 bool *ret_wait, struct why *why)
{
    struct sound_next_in in = {claim->now, claim->place, claim->only_speech};
    struct sound_next_row row;
    errc rc = sound_next(db, &in, arena, &row, why);
    *ret_wait = rc == OK;
    return rc == ERR_NOT_FOUND ? OK : rc;
}

errc sounds_tidy(struct db *db, const struct sounds_age *age, struct why *why)
{
    struct sound_rows_stale_in stale = {age->stale, age->now};
    struct sound_rows_tidy_in in = {age->old};
    TRY(sound_rows_stale(db, &stale, NULL, why));
    return sound_rows_tidy(db, &in, NULL, why);
}

static errc give_up(struct db *db, int64_t id, usec now, struct why *why)
{
    struct sound_row_give_up_in in = {id, S("crashed"), now};
    TRY(sound_row_give_up(db, &in, NULL, why));
    return db_announce(db, "sounds", why);
}

errc sound_take(struct db *db, const struct sound_claim *claim, struct arena *arena,
                struct sound *ret_sound, struct why *why)
{
    struct sound_next_in when = {claim->now, claim->place, claim->only_speech};
    struct sound_next_row next;
    TRY(sound_next(db, &when, arena, &next, why));
    while (next.tries >= SOUND_TRIES) {
        TRY(give_up(db, next.id, claim->now, why));
        TRY(sound_next(db, &when, arena, &next, why));
    }
    struct sound_row_claim_in in = {next.id, claim->claim, claim->until};
    TRY(sound_row_claim(db, &in, NULL, why));
    TRY(db_announce(db, "sounds", why));
    return sound_load(db, next.id, 0, arena, ret_sound, why);
}

static errc held(int64_t changed, struct why *why)
{
    return changed == 1 ? OK : fail(why, ERR_CANCELLED, "the job is not ours any more");
}

errc sound_renew(struct db *db, struct sound_hold hold, const struct sound_step *step,
                 struct why *why)
{
    struct sound_row_renew_in in = {hold.id, hold.claim, step->progress, step->until};
    int64_t changed = 0;
    TRY(sound_row_renew(db, &in, &changed, why));
    TRY(held(changed, why));
    return step->moved ? db_announce(db, "sounds", why) : OK;
}

errc sound_release(struct db *db, struct sound_hold hold, struct why *why)
{
    struct sound_row_release_in in = {hold.id, hold.claim};
    int64_t changed = 0;
    TRY(sound_row_release(db, &in, &changed, why));
    return held(changed, why);
}

errc sound_end(struct db *db, struct sound_hold hold, const struct sound_result *result, usec now,
               struct why *why)
{
    struct sound_row_end_in in = {
        .id = hold.id,
        .claim = hold.claim,
        .now_us = now,
        .hash = result->media,
        .bytes = result->bytes,
        .ms = result->ms,
        .loudness_mb = result->loudness_mb,
        .source_loudness_mb = result->source_loudness_mb,
        .true_peak_mb = result->true_peak_mb,
        .head_ms = result->head_ms,
        .tail_ms = result->tail_ms,
        .peaks = result->peaks,
    };
    struct sound_peaks_keep_in drawn = {result->media, result->ms, result->peaks};
    int64_t changed = 0;
    TRY(sound_row_end(db, &in, &changed, why));
    TRY(held(changed, why));
    TRY(sound_peaks_keep(db, &drawn, NULL, why));
    return db_announce(db, "sounds", why);
}

errc sound_fail(struct db *db, struct sound_hold hold, str reason, usec now, struct why *why)
{
    struct sound_row_fail_in in = {hold.id, hold.claim, reason, now};
    int64_t changed = 0;
    TRY(sound_row_fail(db, &in, &changed, why));
    TRY(held(changed, why));
    return db_announce(db, "sounds", why);
}
