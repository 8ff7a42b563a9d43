/* Keys that said what cannot be, and until when they are kept out: each time twice as long. A small
 * table; the one that was added longest ago makes room. */
#include "gate/gate_inside.h"

enum { LIARS_MOST = 1024, TIMES_MOST = 7 };

#define WAIT_FIRST (30 * USEC_SECOND)
#define FORGOTTEN (2 * USEC_HOUR)

struct liar {
    hash key;
    usec until;
    usec since;
    unsigned times;
};

struct liars {
    struct liar at[LIARS_MOST];
    size_t count;
};

errc liars_create(struct liars **ret_liars)
{
    *ret_liars = mem_take(sizeof **ret_liars);
    return OK;
}

void liars_destroy(struct liars *liars)
{
    mem_give(liars);
}

usec liars_wait(const struct liars *liars, hash key, usec now)
{
    for (size_t i = 0; i < liars->count; i++) {
        if (hash_is(liars->at[i].key, key)) {
            return liars->at[i].until > now ? liars->at[i].until - now : 0;
        }
    }
    return 0;
}

static struct liar *find(struct liars *liars, hash key)
{
    struct liar *oldest = &liars->at[0];
    for (size_t i = 0; i < liars->count; i++) {
        if (hash_is(liars->at[i].key, key)) {
            return &liars->at[i];
        }
        oldest = liars->at[i].since < oldest->since ? &liars->at[i] : oldest;
    }
    if (liars->count < LIARS_MOST) {
        oldest = &liars->at[liars->count++];
    }
    *oldest = (struct liar){.key = key};
    return oldest;
}

void liars_add(struct liars *liars, hash key, usec now)
{
    struct liar *liar = find(liars, key);
    bool is_new = liar->since == 0 || now - liar->since > FORGOTTEN;
    liar->times = is_new ? 0 : liar->times < TIMES_MOST ? liar->times + 1 : liar->times;
    liar->since = now;
    liar->until = now + (WAIT_FIRST << liar->times);
}
