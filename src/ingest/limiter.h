/* A true-peak limiter that looks ahead: no peak between the samples either comes out above the
 * ceiling (ITU-R BS.1770: four times oversampled), the gain falls over five milliseconds before a
 * peak and comes back slowly after it, so that nothing clicks and nothing pumps. Mono, 48 kHz.
 * What comes out is what went in LIMITER_DELAY samples before. */
#ifndef LOA_INGEST_LIMITER_H
#define LOA_INGEST_LIMITER_H

#include "base/base.h"

enum {
    LIMITER_AHEAD = 240, /* samples: 5 ms */
    LIMITER_TAPS = 12,   /* of each phase of the oversampling filter */
    LIMITER_DELAY = LIMITER_AHEAD - 1 + LIMITER_TAPS / 2,
    LIMITER_RING = 512,
};

/* The highest value of a signal, between its samples too. */
struct true_peak {
    float recent[LIMITER_RING]; /* the last LIMITER_TAPS end at `at` */
    size_t at;
    float quiet; /* samples below it cannot add up to anything that matters */
    uint64_t loud_for;
};

struct limiter {
    float ceiling; /* linear */
    struct true_peak meter;
    float sound[LIMITER_RING];    /* waiting for its gain */
    float wanted[LIMITER_RING];   /* the gain that each sample's peak asks for */
    uint64_t least[LIMITER_RING]; /* samples whose gain may be the least of the window, in order */
    uint64_t least_from;
    uint64_t least_to;
    float slow[LIMITER_RING]; /* the least of the window, released slowly */
    double sum;               /* of the last LIMITER_AHEAD of slow */
    float released;
    uint64_t count;
    bool acted; /* the gain was ever less than one */
};

void true_peak_init(struct true_peak *meter, float quiet);
/* The highest of the sample LIMITER_TAPS / 2 before this one and of the three places between it and
 * its next; 0 where all is quiet. */
float true_peak_take(struct true_peak *meter, float sample);

void limiter_init(struct limiter *limiter, double ceiling_db);
/* In place; out comes what went in LIMITER_DELAY samples before, first of all silence. */
void limiter_run(struct limiter *limiter, float *samples, size_t count);

#endif
