/* loa-sim: pretended loudspeakers. SIGUSR1 prints the figures, SIGUSR2 begins them anew. */
#include "sim/speakers.h"
#include "sim/swarm.h"

#include "base/log.h"

#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#define SAVE_EVERY USEC_MINUTE

struct program {
    struct loop *loop;
    struct swarm *swarm;       /* null when they make sound */
    struct speakers *speakers; /* null when they make none */
};

static void raise_limit(uint64_t devices)
{
    struct rlimit files;
    rlim_t wanted = (rlim_t)devices + 1000;
    if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < wanted) {
        files.rlim_max = files.rlim_max < wanted ? wanted : files.rlim_max;
        files.rlim_cur = wanted;
        if (setrlimit(RLIMIT_NOFILE, &files) != 0) {
            LOG(LOG_WARN, "few_descriptors", log_int("wanted", (int64_t)wanted));
        }
    }
}

static void on_stop(void *ctx)
{
    struct program *program = ctx;
    loop_stop(program->loop);
}

static void on_kill(void *ctx)
{
    (void)ctx;
    _exit(0); /* as if the power had gone: nobody says goodbye */
}

static void on_print(void *ctx)
{
    struct program *program = ctx;
    if (program->swarm != NULL) {
        swarm_print(program->swarm);
    } else {
        speakers_print(program->speakers);
    }
}

static void on_reset(void *ctx)
{
    struct program *program = ctx;
    if (program->swarm != NULL) {
        figures_reset(&program->swarm->figures);
    }
}

static void on_save(void *ctx)
{
    struct program *program = ctx;
    struct why why;
    if (program->swarm != NULL && swarm_save(program->swarm, &why) != OK) {
        LOG(LOG_ERROR, "state_not_saved", log_why(&why));
    }
}

static errc listen_to_signals(struct program *program, struct why *why)
{
    TRY(loop_on_signal(program->loop, SIGINT, on_stop, program, why));
    TRY(loop_on_signal(program->loop, SIGTERM, on_stop, program, why));
    TRY(loop_on_signal(program->loop, SIGUSR1, on_print, program, why));
    return loop_on_signal(program->loop, SIGUSR2, on_reset, program, why);
}

static errc run(const struct sim_args *args, struct why *why)
{
    struct program program = {.loop = NULL};
    log_set_level(args->is_talkative ? LOG_DEBUG : LOG_WARN);
    raise_limit(args->devices);
    TRY(loop_create(NULL, &program.loop, why));
    errc rc = args->sound_dir == NULL ? swarm_create(program.loop, args, &program.swarm, why)
                                      : speakers_create(program.loop, args, &program.speakers, why);
    if (rc == OK) {
        rc = listen_to_signals(&program, why);
    }
    if (rc == OK) {
        puts(args->json ? "{\"ready\":true}" : "ready"); /* for its signals */
        fflush(stdout);
        loop_timer_start(program.loop, SAVE_EVERY, SAVE_EVERY, on_save, &program);
        if (args->kill_after > 0) {
            loop_timer_start(program.loop, args->kill_after, 0, on_kill, &program);
        }
        if (args->stop_after > 0) {
            loop_timer_start(program.loop, args->stop_after, 0, on_stop, &program);
        }
        loop_run(program.loop);
        on_print(&program);
        on_save(&program);
    }
    swarm_destroy(program.swarm);
    speakers_destroy(program.speakers);
    loop_destroy(program.loop);
    return rc;
}

int main(int argc, char **argv)
{
    AUTO(buf_finish) struct buf help = {0};
    struct sim_args args;
    struct why why = {""};
    if (sim_args_parse(argc, argv, &args, &why) != OK) {
        fprintf(stderr, "loa-sim: %s\n", why.text);
        return 2;
    }
    if (args.help) {
        buf_init(&help, 16 * 1024);
        sim_args_write_help(&help);
        fputs(help.at, stdout);
        return 0;
    }
    if (run(&args, &why) != OK) {
        fprintf(stderr, "loa-sim: %s\n", why.text);
        return 1;
    }
    return 0;
}
