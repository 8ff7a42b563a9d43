/* A live stream made ready as it comes: whatever it was, as Opus packets of 20 ms, each behind two
 * bytes of its length (highest first). Its loudness is the sender's; only what is too loud is held
 * down. */
#ifndef LOA_INGEST_LIVE_H
#define LOA_INGEST_LIVE_H

#include "ingest/sound_in.h"

CHECKED errc live_run(struct sound_in *in, int fd, int64_t kbit, struct fault *fault);

#endif
