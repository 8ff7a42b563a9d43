/* A sound job: an upload, or a text to be spoken, on its way to a medium that can be played. Jobs
 * lie in the store and outlive the server; one that was being worked on when a server died is taken
 * up again when its claim has run out, a few times, then it has failed.
 *
 * The console asks, looks and cancels; the server claims, tells how far it is, and ends. Whoever
 * works on a job without holding its claim any more gets ERR_CANCELLED and must throw its work
 * away: two results of one job never exist. */
#ifndef LOA_SOUNDS_SOUND_H
#define LOA_SOUNDS_SOUND_H

#include "base/hash.h"
#include "sounds/sound_desk.h"

enum {
    SOUND_TITLE_MOST = 160,
    SOUND_TEXT_MOST = 20000, /* characters */
    SOUND_VOICE_MOST = 64,
    SOUND_MARK_LEAST = 16,
    SOUND_MARK_MOST = 64,
    SOUND_PEAKS = 400,
    SOUND_KBIT_LEAST = 6,
    SOUND_KBIT_MOST = 128,
    SOUND_SPEED_LEAST = 50,
    SOUND_SPEED_MOST = 200,
    SOUND_TRIES = 3,
    SOUNDS_OPEN_MOST = 50, /* waiting or worked on, of one person */
};

enum sound_kind { SOUND_UPLOAD, SOUND_SPEECH };
enum sound_state { SOUND_WAITING, SOUND_WORKING, SOUND_DONE, SOUND_FAILED, SOUND_CANCELLED };

/* What became of it. */
struct sound_result {
    hash media;
    int64_t bytes;
    int64_t ms;
    int64_t loudness_mb; /* hundredths of LUFS, of dBTP */
    int64_t source_loudness_mb;
    int64_t true_peak_mb;
    int64_t head_ms; /* silence taken away */
    int64_t tail_ms;
    str peaks; /* a byte each, at most SOUND_PEAKS */
};

struct sound {
    int64_t id;
    int64_t account;
    str mark; /* empty: one is made of the moment */
    enum sound_kind kind;
    unit_id unit;
    str title;
    str language;
    int64_t upload; /* of SOUND_UPLOAD */
    bool partial;   /* take what there is of the upload; not kept */
    int64_t from_ms;
    int64_t to_ms; /* 0: to the end */
    int64_t kbit;  /* 0: the house's */
    bool keep_silence;
    str text; /* of SOUND_SPEECH */
    str voice;
    int64_t speed; /* hundredths */
    enum sound_state state;
    int64_t progress; /* hundredths */
    int64_t tries;
    int64_t claim;
    usec asked;
    usec ended;
    str reason; /* why it failed: sound.<reason> in the catalogue; empty otherwise */
    struct sound_result result;
};

struct sounds {
    const struct sound *at;
    size_t count;
    int64_t next;
};

const char *sound_kind_name(enum sound_kind kind);
const char *sound_state_name(enum sound_state state);

/* The same mark of the same person again: that job's number. */
CHECKED errc sound_ask(const struct sound_desk *desk, struct db *db, const struct sound *sound,
                       int64_t *ret_id, struct why *why);
/* One's own. */
CHECKED errc sound_find(const struct sound_desk *desk, struct db *db, int64_t id,
                        struct sound *ret_sound, struct why *why);
/* Newest first, below `before` (0: all), without peaks and texts. */
CHECKED errc sound_list(const struct sound_desk *desk, struct db *db, int64_t before, size_t limit,
                        struct sounds *ret_sounds, struct why *why);
/* What has ended stays as it is: OK. */
CHECKED errc sound_cancel(const struct sound_desk *desk, struct db *db, int64_t id,
                          struct why *why);

/* What a medium looks like, if it was made here: `ms` and `peaks` of the result. */
CHECKED errc sound_peaks_find(struct db *db, hash media, struct arena *arena,
                              struct sound_result *ret_result, struct why *why);

/* For the server. */
struct sound_claim {
    int64_t claim; /* a number that nobody else has */
    int64_t place; /* whose uploads are here */
    bool only_speech;
    usec now;
    usec until;
};
/* Whether sound_take would find one. */
CHECKED errc sounds_wait(struct db *db, const struct sound_claim *claim, struct arena *arena,
                         bool *ret_wait, struct why *why);
/* Jobs that nobody took since `stale` have failed, and what ended before `old` is forgotten. */
struct sounds_age {
    usec now;
    usec stale;
    usec old;
};
CHECKED errc sounds_tidy(struct db *db, const struct sounds_age *age, struct why *why);
/* The oldest job that waits, or whose claim has run out; ERR_NOT_FOUND: none. One
 * that was tried too often fails here, and the next is taken. */
CHECKED errc sound_take(struct db *db, const struct sound_claim *claim, struct arena *arena,
                        struct sound *ret_sound, struct why *why);
struct sound_hold {
    int64_t id;
    int64_t claim;
};
/* Still at work, so far; pages hear of it when it `moved`. */
struct sound_step {
    int64_t progress;
    bool moved;
    usec until;
};
CHECKED errc sound_renew(struct db *db, struct sound_hold hold, const struct sound_step *step,
                         struct why *why);
/* The server stops: another one, or the next start, takes it at once. */
CHECKED errc sound_release(struct db *db, struct sound_hold hold, struct why *why);
CHECKED errc sound_end(struct db *db, struct sound_hold hold, const struct sound_result *result,
                       usec now, struct why *why);
CHECKED errc sound_fail(struct db *db, struct sound_hold hold, str reason, usec now,
                        struct why *why);

#endif
