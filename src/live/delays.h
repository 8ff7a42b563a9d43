/* How long after its stamp a sample of a live stream sounds. All loudspeakers of one place must say
 * a word together, so the place has one delay: the shortest that is enough for all who are there
 * but those on a hopeless line. It is guessed from the kind of line, grows when somebody needs
 * more, and does not shrink while the stream lasts, because every change is heard. Pure. */
#ifndef LOA_LIVE_DELAYS_H
#define LOA_LIVE_DELAYS_H

#include "live/stream.h"
#include "wire/types.h"

enum { LIVE_DELAY_LEAST_MS = 160, LIVE_DELAY_MOST_MS = 3600 };

/* Places by their unit; grows with them. */
struct live_delays;

struct live_delays *live_delays_create(void);
void live_delays_destroy(struct live_delays *delays); /* accepts null */
/* Somebody of the place tunes in or says what it needs (0: not known, its line decides). True when
 * the place's delay has changed; *ret_ms is what it is now. */
bool live_delays_hear(struct live_delays *delays, uint64_t place, enum device_link link,
                      uint64_t need_ms, uint64_t *ret_ms);
uint64_t live_delays_of(const struct live_delays *delays, uint64_t place); /* 0: nobody is there */
uint64_t live_delays_longest(const struct live_delays *delays);
/* Which bundles are soon enough for it. */
enum live_lane live_delay_lane(uint64_t delay_ms);

#endif
