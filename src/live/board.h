/* How lives stand at the moment, for whoever asks from any thread: the loop writes, requests read.
 */
#ifndef LOA_LIVE_BOARD_H
#define LOA_LIVE_BOARD_H

#include "base/base.h"

enum { LIVE_SILENCE_MB = -9600 };

enum live_standing {
    LIVE_IS_WAITING, /* nothing has come yet */
    LIVE_IS_ON_AIR,
    LIVE_IS_PAUSED,
    LIVE_IS_LOST, /* the source is gone, and may come back */
    LIVE_IS_OVER,
};

struct live_now {
    enum live_standing standing;
    int64_t devices;
    int64_t listeners;
    int64_t delay_ms; /* of the slowest place */
    int32_t level_mb; /* of the last second */
    int32_t peak_mb;
    int64_t gone; /* packets that never came */
};

struct live_board;

struct live_board *live_board_create(void);
void live_board_destroy(struct live_board *board); /* accepts null */
void live_board_set(struct live_board *board, int64_t live, const struct live_now *now);
void live_board_drop(struct live_board *board, int64_t live);
/* False: it is not carried here. */
bool live_board_get(struct live_board *board, int64_t live, struct live_now *ret_now);
const char *live_standing_name(enum live_standing standing);

#endif
