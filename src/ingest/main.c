/* loa-ingest: one sound, made ready to be played. Reads descriptor 3, writes Ogg Opus to 4, says on
 * 5 how far it is and what came of it; started by loa-server, one process for each sound. What it
 * reads is a stranger's and the libraries that read it are large, therefore it first gives up
 * everything that it does not need: src/ingest/cage.h. */
#include "ingest/cage.h"
#include "ingest/ingest.h"
#include "ingest/live.h"
#include "ingest/voice.h"

#include <math.h>
#include <stdio.h>
#include <unistd.h>

enum { FD_IN = 3, FD_OUT = 4, FD_REPORT = 5, LIVE_CPU_SECONDS = 4 * 3600 };

#if defined(__SANITIZE_ADDRESS__) || defined(LOA_SANITIZED)
#define MEMORY_MOST 0 /* sanitizers want all addresses there are */
#else
#define MEMORY_MOST ((uint64_t)2 * 1024 * 1024 * 1024)
#endif
#define FILE_MOST ((uint64_t)64 * 1024 * 1024)

static void on_progress(void *ctx, int percent)
{
    int *last = ctx;
    if (percent > *last && percent <= 100) {
        *last = percent;
        ignore_int(dprintf(FD_REPORT, "progress %d\n", percent));
    }
}

static long hundredths(double value)
{
    return isfinite(value) ? lround(value * 100) : 0;
}

static void report(const struct ingest_result *result)
{
    AUTO(buf_finish) struct buf text;
    buf_init(&text, 4096);
    buf_add_format(&text, "result ms=%lld loudness=%ld source=%ld peak=%ld head=%lld tail=%lld\n",
                   (long long)result->ms, hundredths(result->loudness),
                   hundredths(result->source_loudness), hundredths(result->true_peak),
                   (long long)result->head_ms, (long long)result->tail_ms);
    buf_add(&text, S("peaks "));
    buf_add_hex(&text, result->peaks, result->peak_count);
    buf_add_byte(&text, '\n');
    ignore_int(write(FD_REPORT, text.at, text.len));
}

static errc open_source(struct voice *voice, struct sound_in **ret_in, struct fault *fault)
{
    struct pcm pcm = {.count = 0};
    if (voice == NULL) {
        return sound_in_file(FD_IN, ret_in, fault);
    }
    TRY(voice_say(voice, FD_IN, &pcm, fault));
    return sound_in_pcm(pcm, ret_in, fault);
}

static errc run(const struct options *options, struct fault *fault)
{
    AUTO(voice_close) struct voice *voice = NULL;
    AUTO(sound_in_close) struct sound_in *in = NULL;
    struct why why = {""};
    struct ingest_result result;
    int last = 0;
    struct cage_limits limits = {
        .memory = MEMORY_MOST, .seconds = (uint64_t)options->seconds, .file = FILE_MOST};
    if (options->voice.at != NULL) {
        TRY(voice_open(options->voice, options->speed, &voice, fault));
    }
    errc rc = cage_enter(&limits, &why);
    if (rc != OK) {
        fprintf(stderr, "loa-ingest: %s\n", why.text);
        return rc;
    }
    TRY(open_source(voice, &in, fault));
    struct ingest_job job = {
        .in = in, .out = FD_OUT, .options = options, .on_progress = on_progress, .ctx = &last};
    TRY(ingest_run(&job, &result, fault));
    report(&result);
    return OK;
}

/* As long as it comes; the time that counts is the processor's. */
static errc run_live(const struct options *options, struct fault *fault)
{
    AUTO(sound_in_close) struct sound_in *in = NULL;
    struct why why = {""};
    struct cage_limits limits = {
        .memory = MEMORY_MOST, .seconds = LIVE_CPU_SECONDS, .file = FILE_MOST};
    errc rc = cage_enter(&limits, &why);
    if (rc != OK) {
        fprintf(stderr, "loa-ingest: %s\n", why.text);
        return rc;
    }
    TRY(sound_in_stream(STDIN_FILENO, &in, fault));
    return live_run(in, STDOUT_FILENO, options->kbit, fault);
}

int main(int count, char **words)
{
    struct options options;
    struct fault fault = {NULL};
    struct why why = {""};
    union {
        char **given;
        const char *const *taken;
    } arguments = {.given = words + 1};
    if (options_take(arguments.taken, count > 0 ? (size_t)count - 1 : 0, &options, &why) != OK) {
        fprintf(stderr, "loa-ingest: %s\n", why.text);
        return 2;
    }
    if (options.version) {
        printf("loa-ingest %s\n", LOA_VERSION);
        return 0;
    }
    errc rc = options.live ? run_live(&options, &fault) : run(&options, &fault);
    if (fault.reason != NULL && options.live) {
        fprintf(stderr, "loa-ingest: live: %s\n", fault.reason);
    } else if (fault.reason != NULL) {
        ignore_int(dprintf(FD_REPORT, "failed %s\n", fault.reason));
    }
    _exit(rc == OK ? 0 : 1); /* the libraries' own farewells would want what the cage forbids */
}
