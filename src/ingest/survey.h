/* What a sound is like, learnt by hearing all of it once: how loud (EBU R128), how high its peaks,
 * where the silence at its ends is. */
#ifndef LOA_INGEST_SURVEY_H
#define LOA_INGEST_SURVEY_H

#include "base/base.h"

enum { SURVEY_STEPS = 10, SURVEY_BLOCK = 480 };

struct survey;

struct survey_found {
    int64_t samples;
    double loudness; /* LUFS; -HUGE_VAL when there is nothing to hear */
    double peak;     /* of the samples, linear */
};

CHECKED errc survey_create(struct survey **ret_survey);
void survey_destroy(struct survey **survey); /* for AUTO */
void survey_hear(struct survey *survey, const float *samples, size_t count);
struct survey_found survey_end(struct survey *survey);
/* From where to where there is sound above `level_db` (of a block of 10 ms; rounded to what was
 * looked for), in samples; false: nowhere. */
bool survey_edges(const struct survey *survey, double level_db, int64_t *ret_from, int64_t *ret_to);

#endif
