/* What the files of the alert works share. */
#ifndef LOA_SERVER_ALERT_WORKS_INSIDE_H
#define LOA_SERVER_ALERT_WORKS_INSIDE_H

#include "alert/issued.h"
#include "alert/message.h"
#include "server/alert_fetch.h"
#include "server/alert_works.h"
#include "server/cap_key.h"

#include <pthread.h>

enum { ALERT_HANDS = 2 };

struct alert_hand {
    struct alert_works *works;
    void (*round)(struct alert_hand *hand);
    struct arena *arena;
    pthread_t thread;
    bool is_running;
    uint64_t seen;
    usec next_minute; /* steady: when the errands of every minute are due */
};

struct alert_works {
    struct alert_works_config config;
    struct broadcast_policy policy;
    struct alert_fetch fetch;
    struct cap_issuer issuer;
    struct alert_hand hands[ALERT_HANDS];
    pthread_mutex_t lock;
    pthread_cond_t news;
    uint64_t wanted;
    atomic_bool stopping;
};

/* A job of a hand at a desk of the system's own, with the units as they are. */
struct alert_errand {
    struct alert_works *works;
    struct arena *arena;
    errc (*run)(const struct desk *desk, struct db *db, void *ctx, struct why *why);
    void *ctx;
};
CHECKED errc alert_read(struct alert_errand *errand, struct why *why);
CHECKED errc alert_write(struct alert_errand *errand, struct why *why);
bool alert_is_stopping(const struct alert_works *works);

/* alert_poll.c */
void alert_poll_round(struct alert_hand *hand);

#endif
