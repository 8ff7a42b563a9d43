/* How loud a live is: its packets decoded at 8 kHz, which is enough for a meter and costs little.
 */
#ifndef LOA_LIVE_LEVEL_H
#define LOA_LIVE_LEVEL_H

#include "live/board.h"
#include "live/packet.h"

struct live_level;

CHECKED errc live_level_create(struct live_level **ret_level);
void live_level_destroy(struct live_level *level); /* accepts null */
void live_level_take(struct live_level *level, str packet);
/* Since it was asked last, hundredths of dBFS; LIVE_SILENCE_MB when nothing came. */
void live_level_read(struct live_level *level, int32_t *ret_rms_mb, int32_t *ret_peak_mb);

#endif
