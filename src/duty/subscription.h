/* Browsers that may be told by push: where each listens and with which key. One of the person's own
 * may go at any time; one whose push service says that it is gone (404, 410) goes by itself. The
 * address is a secret: who knows it and our key could speak for us, so it leaves this room only
 * towards its push service. */
#ifndef LOA_DUTY_SUBSCRIPTION_H
#define LOA_DUTY_SUBSCRIPTION_H

#include "base/entropy.h"
#include "duty/duty_job.h"
#include "duty/push.h"
#include "people/account_key.h"

enum { SUBSCRIPTIONS_MOST = 10, SUBSCRIPTION_NAME_MOST = 120 };

struct subscription {
    int64_t id;
    str endpoint;
    struct push_target target;
    str name;
    usec added;
    usec used; /* 0: never */
    int64_t failures;
};

struct subscriptions {
    const struct subscription *at;
    size_t count;
};

CHECKED errc subscriptions_of(struct db *db, int64_t account, struct arena *arena,
                              struct subscriptions *ret_subscriptions, struct why *why);
/* Of the actor. Idempotent by endpoint: the keys of the later one count, and it is whoever added it
 * last (one browser, two people in turn). At most SUBSCRIPTIONS_MOST; the oldest goes. */
CHECKED errc subscription_add(const struct duty_job *job, struct db *db,
                              const struct subscription *subscription, int64_t *ret_id,
                              struct why *why);
CHECKED errc subscription_remove(const struct duty_job *job, struct db *db, int64_t id,
                                 struct why *why);

/* The house's own pair, made when first asked for in a write job. */
struct push_house {
    const struct account_key *key; /* seals the private half */
    struct entropy entropy;
    usec now;
    struct arena *arena;
};
/* ERR_NOT_FOUND: not made yet. */
CHECKED errc push_key_public(struct db *db, struct arena *arena, str *ret_public_key,
                             struct why *why);
CHECKED errc push_key_open(struct db *db, const struct push_house *house,
                           struct push_pair *ret_pair, struct why *why);
CHECKED errc push_key_ensure(struct db *db, const struct push_house *house, struct why *why);

#endif
