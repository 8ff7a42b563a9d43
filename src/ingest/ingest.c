/* Passes over the sound, each with the same cut. See ingest.h. */
#include "ingest/ingest.h"

#include "ingest/limiter.h"
#include "ingest/opus_out.h"
#include "ingest/survey.h"

#include <math.h>

enum {
    BLOCK = 4800,
    HEAD_KEPT = SOUND_RATE * 3 / 20, /* of the silence before, so that nothing begins abruptly */
    TAIL_KEPT = SOUND_RATE * 3 / 10,
    HEARD = 15, /* hundredths of the work, after each pass */
    LIMITED = 30,
    ENCODED = 99,
};

#define SILENCE_BELOW 30.0 /* dB under the loudness of the whole */
#define GAIN_MOST 30.0
#define LOST_MOST 6.0    /* dB that limiting may take and that is given back */
#define PEAK_ROOM 3.0    /* dB that peaks between samples may be higher */
#define CODEC_ROOM 1.0   /* dB that peaks grow in the encoder */
#define QUIETEST (-70.0) /* LUFS; nobody meant this to be heard */
#define LEVEL_LOWEST (-60.0)
#define LEVEL_HIGHEST (-35.0)

struct pass {
    const struct ingest_job *job;
    int64_t from; /* samples of the source */
    int64_t to;   /* INT64_MAX: to its end */
    int from_percent;
    int to_percent;
};

struct plan {
    int64_t from;
    int64_t to;
    double gain_db;
};

typedef errc on_block(void *ctx, float *samples, size_t count, struct fault *fault);

static void tell(const struct pass *pass)
{
    double share = sound_in_share(pass->job->in);
    double percent = pass->from_percent + share * (pass->to_percent - pass->from_percent);
    pass->job->on_progress(pass->job->ctx, (int)percent);
}

/* The part of a block that lies within the cut. */
static errc hand_on(const struct pass *pass, int64_t at, float *samples, size_t count,
                    on_block *take, void *ctx, struct fault *fault)
{
    int64_t end = at + (int64_t)count;
    int64_t first = at < pass->from ? pass->from : at;
    int64_t last = end > pass->to ? pass->to : end;
    return first < last ? take(ctx, samples + (first - at), (size_t)(last - first), fault) : OK;
}

static errc run_pass(const struct pass *pass, on_block *take, void *ctx, struct fault *fault)
{
    float samples[BLOCK];
    int64_t at = 0;
    size_t count = BLOCK;
    TRY(sound_in_rewind(pass->job->in, fault));
    while (count == BLOCK && at < pass->to) {
        TRY(sound_in_read(pass->job->in, samples, BLOCK, &count, fault));
        TRY(hand_on(pass, at, samples, count, take, ctx, fault));
        at += (int64_t)count;
        tell(pass);
    }
    return OK;
}

/* --- hearing --------------------------------------------------------------------------------- */

static errc hear(void *ctx, float *samples, size_t count, struct fault *fault)
{
    (void)fault;
    survey_hear(ctx, samples, count);
    return OK;
}

/* What of the cut is sound; in samples of the source. */
static bool trim(const struct survey *survey, double loudness, struct plan *plan)
{
    double level = fmin(fmax(loudness - SILENCE_BELOW, LEVEL_LOWEST), LEVEL_HIGHEST);
    int64_t from = 0;
    int64_t to = 0;
    if (!survey_edges(survey, level, &from, &to)) {
        return false;
    }
    int64_t begin = plan->from;
    int64_t end = plan->to;
    plan->from = from > HEAD_KEPT ? begin + from - HEAD_KEPT : begin;
    plan->to = begin + to + TAIL_KEPT < end ? begin + to + TAIL_KEPT : end;
    return true;
}

static int64_t samples_of(int64_t ms)
{
    return ms * (SOUND_RATE / 1000);
}

static errc look(const struct ingest_job *job, struct plan *plan, struct ingest_result *result,
                 double *ret_peak, struct fault *fault)
{
    AUTO(survey_destroy) struct survey *survey = NULL;
    const struct options *options = job->options;
    struct pass pass = {.job = job,
                        .from = samples_of(options->from_ms),
                        .to = options->to_ms == 0 ? INT64_MAX : samples_of(options->to_ms),
                        .to_percent = HEARD};
    TRY(survey_create(&survey));
    TRY(run_pass(&pass, hear, survey, fault));
    struct survey_found found = survey_end(survey);
    if (found.samples == 0) {
        return fault_is(fault, "no_sound");
    }
    plan->from = pass.from;
    plan->to = pass.from + found.samples;
    if (!(found.loudness > QUIETEST) || !trim(survey, found.loudness, plan)) {
        return fault_is(fault, "silent");
    }
    if (options->keep_silence) {
        plan->from = pass.from;
        plan->to = pass.from + found.samples;
    }
    result->source_loudness = found.loudness;
    result->head_ms = (plan->from - pass.from) / (SOUND_RATE / 1000);
    result->tail_ms = (pass.from + found.samples - plan->to) / (SOUND_RATE / 1000);
    plan->gain_db =
        fmin(fmax((double)options->loudness_lufs - found.loudness, -GAIN_MOST), GAIN_MOST);
    *ret_peak = found.peak;
    return OK;
}

/* --- gain and limit -------------------------------------------------------------------------- */

struct shaping {
    struct limiter limiter;
    float gain;
    int64_t skip; /* what the limiter holds back at first */
    on_block *take;
    void *ctx;
};

static void shaping_init(struct shaping *shaping, const struct ingest_job *job, double gain_db)
{
    limiter_init(&shaping->limiter, (double)job->options->true_peak_db - CODEC_ROOM);
    shaping->gain = (float)pow(10, gain_db / 20);
    shaping->skip = LIMITER_DELAY;
}

static errc shape(void *ctx, float *samples, size_t count, struct fault *fault)
{
    struct shaping *shaping = ctx;
    for (size_t i = 0; i < count; i++) {
        samples[i] *= shaping->gain;
    }
    limiter_run(&shaping->limiter, samples, count);
    size_t skip = (uint64_t)shaping->skip < count ? (size_t)shaping->skip : count;
    shaping->skip -= (int64_t)skip;
    return skip == count ? OK : shaping->take(shaping->ctx, samples + skip, count - skip, fault);
}

/* What the limiter still holds. */
static errc shape_end(struct shaping *shaping, struct fault *fault)
{
    float silence[LIMITER_DELAY] = {0};
    return shape(shaping, silence, LIMITER_DELAY, fault);
}

/* Limiting takes loudness away: tried out first, then given back. */
static errc correct(const struct ingest_job *job, struct plan *plan, double peak,
                    struct fault *fault)
{
    AUTO(survey_destroy) struct survey *survey = NULL;
    double highest = 20 * log10(peak) + plan->gain_db + PEAK_ROOM + CODEC_ROOM;
    if (highest <= (double)job->options->true_peak_db) {
        return OK;
    }
    struct pass pass = {job, plan->from, plan->to, HEARD, LIMITED};
    TRY(survey_create(&survey));
    struct shaping shaping = {.take = hear, .ctx = survey};
    shaping_init(&shaping, job, plan->gain_db);
    TRY(run_pass(&pass, shape, &shaping, fault));
    TRY(shape_end(&shaping, fault));
    double loudness = survey_end(survey).loudness;
    double lost = (double)job->options->loudness_lufs - loudness;
    if (shaping.limiter.acted && isfinite(loudness) && lost > 0 && plan->gain_db < GAIN_MOST) {
        plan->gain_db += fmin(lost, LOST_MOST);
    }
    return OK;
}

/* --- encoding -------------------------------------------------------------------------------- */

struct encoding {
    struct opus_out *out;
    struct survey *survey;
    struct true_peak meter;
    float true_peak;
    int64_t at;
    int64_t all;
    struct ingest_result *result;
};

static void draw(struct encoding *encoding, float sample)
{
    struct ingest_result *result = encoding->result;
    int64_t place = encoding->at * INGEST_PEAKS / encoding->all;
    size_t index = (size_t)(place < INGEST_PEAKS ? place : INGEST_PEAKS - 1);
    float height = fminf(fabsf(sample), 1) * 255;
    if (height > (float)result->peaks[index]) {
        result->peaks[index] = (uint8_t)height;
    }
    encoding->at++;
}

static errc encode(void *ctx, float *samples, size_t count, struct fault *fault)
{
    struct encoding *encoding = ctx;
    survey_hear(encoding->survey, samples, count);
    for (size_t i = 0; i < count; i++) {
        float peak = true_peak_take(&encoding->meter, samples[i]);
        encoding->true_peak = fmaxf(encoding->true_peak, peak);
        draw(encoding, samples[i]);
    }
    return opus_out_write(encoding->out, samples, count, fault);
}

static errc write_out(const struct ingest_job *job, const struct plan *plan,
                      struct ingest_result *result, struct fault *fault)
{
    AUTO(survey_destroy) struct survey *survey = NULL;
    AUTO(opus_out_destroy) struct opus_out *out = NULL;
    struct pass pass = {job, plan->from, plan->to, LIMITED, ENCODED};
    TRY(survey_create(&survey));
    TRY(opus_out_create(job->out, job->options->kbit, &out, fault));
    struct encoding encoding = {
        .out = out, .survey = survey, .all = plan->to - plan->from, .result = result};
    struct shaping shaping = {.take = encode, .ctx = &encoding};
    shaping_init(&shaping, job, plan->gain_db);
    true_peak_init(&encoding.meter, 0.05F);
    TRY(run_pass(&pass, shape, &shaping, fault));
    TRY(shape_end(&shaping, fault));
    TRY(opus_out_end(out, fault));
    result->loudness = survey_end(survey).loudness;
    result->true_peak = 20 * log10(fmax((double)encoding.true_peak, 1e-6));
    result->ms = encoding.at / (SOUND_RATE / 1000);
    result->peak_count = INGEST_PEAKS;
    return OK;
}

errc ingest_run(const struct ingest_job *job, struct ingest_result *ret_result, struct fault *fault)
{
    struct ingest_result result = {.ms = 0};
    struct plan plan = {.from = 0};
    double peak = 0;
    TRY(look(job, &plan, &result, &peak, fault));
    TRY(correct(job, &plan, peak, fault));
    TRY(write_out(job, &plan, &result, fault));
    *ret_result = result;
    return OK;
}
