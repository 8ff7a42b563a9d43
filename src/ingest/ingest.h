/* The work itself: hear all of a sound, decide what to do with it, then do it. Brought to the
 * house's loudness by one constant gain (so that soft and loud stay what they were within it),
 * peaks held under the ceiling, silence at both ends taken off, encoded.
 *
 * Two or three times through the sound, and never more of it in memory than a block. */
#ifndef LOA_INGEST_INGEST_H
#define LOA_INGEST_INGEST_H

#include "ingest/options.h"
#include "ingest/sound_in.h"

enum { INGEST_PEAKS = 400 };

struct ingest_result {
    int64_t ms;
    double loudness; /* LUFS, dBTP: as it leaves, before the encoder */
    double source_loudness;
    double true_peak;
    int64_t head_ms;
    int64_t tail_ms;
    uint8_t peaks[INGEST_PEAKS];
    size_t peak_count;
};

struct ingest_job {
    struct sound_in *in;
    int out;
    const struct options *options;
    void (*on_progress)(void *ctx, int percent);
    void *ctx;
};

CHECKED errc ingest_run(const struct ingest_job *job, struct ingest_result *ret_result,
                        struct fault *fault);

#endif
