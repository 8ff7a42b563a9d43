/* What the files of sound works share. */
#ifndef LOA_SERVER_SOUND_WORKS_INSIDE_H
#define LOA_SERVER_SOUND_WORKS_INSIDE_H

#include "server/media_place.h"
#include "server/sound_works.h"
#include "sounds/report.h"

#include <pthread.h>
#include <stdatomic.h>

enum { SOUND_WORKERS_MOST = 16, SOUND_JOB_ARENA = 64 * 1024 * 1024 };

#define SOUND_CLAIM_LASTS (10 * USEC_SECOND)

/* One thread. */
struct sound_hand {
    struct sound_works *works;
    pthread_t thread;
    bool only_speech;
    bool sweeps;
};

struct sound_works {
    struct app *app;
    struct media_place place;
    int64_t number;             /* of our folder of uploads */
    char folder[APP_PATH_ROOM]; /* of the uploads */
    char program[APP_PATH_ROOM];
    struct sound_hand hands[SOUND_WORKERS_MOST + 1];
    size_t hand_count;
    pthread_mutex_t lock;
    pthread_cond_t news;
    uint64_t wanted; /* grows with every topic that may bring a job */
    atomic_bool stopping;
    usec sweep_at; /* steady; of the hand that sweeps alone */
};

/* One job in the hands of one thread. */
struct sound_work {
    struct sound_works *works;
    struct media *media;
    struct arena *arena; /* of this job */
    struct sound sound;
    struct sound_hold hold;
    str reading; /* what is to be said */
    int input;
    int output;
    struct report report;
    char reason[REPORT_REASON_ROOM]; /* why it failed, when it did */
};

/* sound_work.c: from a claimed job to its end in the store. */
void sound_work_do(struct sound_work *work);
/* Looks after the claim while something runs: ERR_CANCELLED when it must stop. At most once a
 * second. */
CHECKED errc sound_work_beat(struct sound_work *work, usec *last, struct why *why);

/* speech_engine.c: an engine of somebody else's says the text into a new `work->input`. */
CHECKED errc speech_engine_say(struct sound_work *work, struct why *why);

/* sound_sweep.c: what nobody needs any more. Best effort; says what it did in the log. */
void sound_sweep(struct sound_works *works, struct media *media);

#endif
