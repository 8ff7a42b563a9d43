/* See survey.h. Where silence begins depends on how loud the whole is, which is known only at the
 * end: so the edges are noted for several levels at once. */
#include "ingest/survey.h"

#include "ingest/sound_in.h"

#include <ebur128.h>
#include <math.h>

#define LEVEL_FIRST (-60.0) /* dBFS of the lowest step */
#define LEVEL_STEP 3.0
#define LOUDNESS_OFFSET (-0.691) /* of BS.1770, for what is too short to be gated */

struct edge {
    int64_t first;
    int64_t last; /* after the last; 0: none */
};

struct survey {
    ebur128_state *meter;
    int64_t samples;
    double peak;
    double energy;
    double block_energy;
    int in_block;
    struct edge edges[SURVEY_STEPS];
};

errc survey_create(struct survey **ret_survey)
{
    struct survey *survey = mem_take(sizeof *survey);
    survey->meter = ebur128_init(1, SOUND_RATE, EBUR128_MODE_I);
    if (survey->meter == NULL) {
        survey_destroy(&survey);
        return ERR_NO_MEMORY;
    }
    *ret_survey = survey;
    return OK;
}

void survey_destroy(struct survey **survey)
{
    if (*survey != NULL && (*survey)->meter != NULL) {
        ebur128_destroy(&(*survey)->meter);
    }
    mem_give(*survey);
    *survey = NULL;
}

static void end_block(struct survey *survey)
{
    double level = 10 * log10(survey->block_energy / survey->in_block + 1e-15);
    for (int i = 0; i < SURVEY_STEPS && level >= LEVEL_FIRST + LEVEL_STEP * i; i++) {
        struct edge *edge = &survey->edges[i];
        edge->first = edge->last == 0 ? survey->samples - survey->in_block : edge->first;
        edge->last = survey->samples;
    }
    survey->energy += survey->block_energy;
    survey->block_energy = 0;
    survey->in_block = 0;
}

void survey_hear(struct survey *survey, const float *samples, size_t count)
{
    ignore_int(ebur128_add_frames_float(survey->meter, samples, count));
    for (size_t i = 0; i < count; i++) {
        double sample = (double)samples[i];
        survey->peak = fmax(survey->peak, fabs(sample));
        survey->block_energy += sample * sample;
        survey->samples++;
        if (++survey->in_block == SURVEY_BLOCK) {
            end_block(survey);
        }
    }
}

struct survey_found survey_end(struct survey *survey)
{
    if (survey->in_block > 0) {
        end_block(survey);
    }
    double loudness = -HUGE_VAL;
    bool measured = ebur128_loudness_global(survey->meter, &loudness) == EBUR128_SUCCESS;
    double mean = survey->samples > 0 ? survey->energy / (double)survey->samples : 0;
    if ((!measured || !isfinite(loudness)) && mean > 1e-9) {
        loudness = 10 * log10(mean) + LOUDNESS_OFFSET;
    }
    return (struct survey_found){survey->samples, loudness, survey->peak};
}

bool survey_edges(const struct survey *survey, double level_db, int64_t *ret_from, int64_t *ret_to)
{
    double step = floor((level_db - LEVEL_FIRST) / LEVEL_STEP);
    int index = step < 0 ? 0 : step >= SURVEY_STEPS ? SURVEY_STEPS - 1 : (int)step;
    const struct edge *edge = &survey->edges[index];
    if (edge->last == 0) {
        return false;
    }
    *ret_from = edge->first;
    *ret_to = edge->last;
    return true;
}
