/* Was what we played heard? Both streams become loudness in a few bands, a hundred times a second;
 * the two are laid over each other at every delay up to half a second, and the best likeness
 * counts. Loudness, distance, hiss and a rattling horn do not matter, another voice does. Pure. */
#ifndef LOA_AGENT_CAPTURE_MATCH_H
#define LOA_AGENT_CAPTURE_MATCH_H

#include "base/base.h"

enum {
    MATCH_BANDS = 5,
    MATCH_HOP = 480,     /* frames of sound that make one column */
    MATCH_COLUMNS = 800, /* eight seconds */
    MATCH_LAG_MOST = 50, /* columns: half a second, either way */
};

/* Bands of one stream, in a ring of its newest columns. */
struct match_bands {
    float state[MATCH_BANDS][4];
    float energy[MATCH_BANDS];
    size_t filled; /* frames of the column under way */
    float columns[MATCH_COLUMNS][MATCH_BANDS];
    uint64_t count; /* columns ever made */
};

void match_init(struct match_bands *bands);
void match_add(struct match_bands *bands, const int16_t *pcm, size_t frames);

enum match_verdict {
    MATCH_NOTHING,    /* too little to say */
    MATCH_HEARD,      /* what was played */
    MATCH_SILENT,     /* played, and nothing like it heard */
    MATCH_UNEXPECTED, /* something speaks that we do not play */
    MATCH_QUIET,      /* nothing played, nothing heard */
};

struct match_result {
    enum match_verdict verdict;
    unsigned per_mille; /* likeness */
    int lag_ms;         /* heard after it was played */
};

/* Over the columns that both have, the newest MATCH_COLUMNS at most. `played` and `heard` must have
 * been begun at the same instant, as far as known. */
struct match_result match_compare(const struct match_bands *played,
                                  const struct match_bands *heard);

/* The silent self-test: how far the pilot of signal.h stands above what is beside it, in hundredths
 * of a decibel. */
int32_t match_pilot(const int16_t *pcm, size_t frames);
#define MATCH_PILOT_HEARD_MB 1000

#endif
