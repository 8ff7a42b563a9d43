/* The laws of 4G and 3G were measured by others and are what the goals are written for; those of
 * fibre and 2G follow their form. */
#include "sim/link.h"

#include <math.h>

enum { PACKET = 1400, RETRIES_MOST = 8 };

static const struct link_law laws[] = {
    {.name = "none"},
    {.name = "fibre",
     .down = 2000,
     .down_more = 500,
     .up = 2000,
     .up_more = 500,
     .loss_per_mille = 0,
     .retry = 200000,
     .rate = 100},
    {.name = "4g",
     .down = 20000,
     .down_more = 8000,
     .up = 30000,
     .up_more = 15000,
     .loss_per_mille = 10,
     .retry = 250000,
     .rate = 800,
     .cut_every = USEC_DAY},
    {.name = "3g",
     .down = 60000,
     .down_more = 40000,
     .up = 90000,
     .up_more = 60000,
     .loss_per_mille = 30,
     .retry = 500000,
     .rate = 8000,
     .cut_every = 8 * USEC_HOUR},
    {.name = "2g",
     .down = 300000,
     .down_more = 150000,
     .up = 300000,
     .up_more = 150000,
     .loss_per_mille = 50,
     .retry = 1500000,
     .rate = 160000,
     .cut_every = 2 * USEC_HOUR},
};
_Static_assert(COUNT_OF(laws) == LINK_LAWS, "a law for each kind");

const struct link_law *link_law_of(enum link_kind kind)
{
    return &laws[kind];
}

bool link_law_find(str name, enum link_kind *ret_kind)
{
    for (size_t i = 0; i < COUNT_OF(laws); i++) {
        if (str_is_fold(name, str_of(laws[i].name))) {
            *ret_kind = (enum link_kind)i;
            return true;
        }
    }
    return false;
}

void link_init(struct link *link, const struct link_law *law, uint64_t seed)
{
    *link = (struct link){.law = law, .seed = {seed}};
}

void link_begin(struct link *link)
{
    link->last[LINK_DOWN] = link->last[LINK_UP] = 0;
}

usec link_chance(struct link *link, usec mean)
{
    const double most = 20;
    double part = (double)(entropy_u64(entropy_seeded(&link->seed)) >> 11) * 0x1p-53;
    double times = -log(1 - part);
    return (usec)((double)mean * (times < most ? times : most));
}

static usec lose_packets(struct link *link, size_t bytes)
{
    struct entropy entropy = entropy_seeded(&link->seed);
    usec longest = 0;
    if (link->law->loss_per_mille == 0) {
        return 0;
    }
    for (size_t at = 0; at == 0 || at < bytes; at += PACKET) {
        usec wait = 0;
        usec retry = link->law->retry;
        for (int i = 0;
             i < RETRIES_MOST && entropy_below(entropy, 1000) < link->law->loss_per_mille; i++) {
            wait += retry;
            retry *= 2;
        }
        longest = wait > longest ? wait : longest;
    }
    return longest;
}

usec link_arrival(struct link *link, enum link_way way, usec now, size_t bytes)
{
    const struct link_law *law = link->law;
    usec least = way == LINK_DOWN ? law->down : law->up;
    usec more = way == LINK_DOWN ? law->down_more : law->up_more;
    usec sending = (usec)bytes * law->rate / 1000;
    usec arrival = now;
    if (least > 0) {
        arrival += least + link_chance(link, more) + lose_packets(link, bytes);
    }
    if (arrival < link->last[way]) {
        arrival = link->last[way];
    }
    arrival += sending;
    link->last[way] = arrival;
    return arrival;
}

usec link_cut_after(struct link *link)
{
    return link->law->cut_every == 0 ? 0 : 1 + link_chance(link, link->law->cut_every);
}
