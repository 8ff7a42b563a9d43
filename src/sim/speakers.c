/* As loa-agent does it, but many on one loop and one dialer. */
#include "sim/speakers.h"

#include "agent/agent_host.h"
#include "base/file.h"
#include "base/json_out.h"
#include "base/log.h"

enum { PATH_ROOM = 4096, WAV_MOST = 8 * 1024 * 1024, LOG_MOST = 4 * 1024 * 1024 };

#define MEDIA_MOST ((uint64_t)256 * 1024 * 1024)

struct speaker {
    char serial[32];
    char claim[64];
    struct agent_host *host;
};

struct speakers {
    const struct sim_args *args;
    struct dialer *dialer;
    size_t count;
    struct speaker *at;
};

static void on_restart(void *ctx)
{
    const struct speaker *speaker = ctx;
    LOG(LOG_INFO, "restart_ordered", log_text("speaker", speaker->serial));
}

static void on_end(void *ctx, const struct dial_end *end)
{
    const struct speaker *speaker = ctx;
    LOG(LOG_DEBUG, "call_ended", log_text("speaker", speaker->serial), log_int("code", end->code),
        log_why(&end->why));
}

static errc make_dialer(struct speakers *speakers, struct loop *loop, struct why *why)
{
    struct dialer_config config = {.ca_file = speakers->args->ca_file,
                                   .insecure = speakers->args->insecure,
                                   .entropy = entropy_system(),
                                   .limits = dial_limits_default()};
    config.limits.dials = speakers->count;
    return dialer_create(loop, &config, &speakers->dialer, why);
}

static errc start(struct speakers *speakers, struct loop *loop, size_t number, struct why *why)
{
    const struct sim_args *args = speakers->args;
    struct speaker *speaker = &speakers->at[number - 1];
    char folder[PATH_ROOM];
    char wav[PATH_ROOM];
    const char *state = args->state_dir != NULL ? args->state_dir : args->sound_dir;
    ignore_int(snprintf(folder, sizeof folder, "%s/speaker-%02zu", state, number));
    ignore_int(snprintf(wav, sizeof wav, "%s/speaker-%02zu.wav", args->sound_dir, number));
    ignore_int(snprintf(speaker->serial, sizeof speaker->serial, "SIM-%llu-%zu",
                        (unsigned long long)args->seed, number));
    if (args->claim != NULL) {
        ignore_int(snprintf(speaker->claim, sizeof speaker->claim, "%s%02zu", args->claim, number));
    }
    struct agent_host_config config = {
        .server = args->url,
        .folder = folder,
        .about = {.kind = DEVICE_SPEAKER,
                  .link = LINK_FIBRE,
                  .model = S("loa-sim"),
                  .serial = str_of(speaker->serial),
                  .program = S("loa-sim"),
                  .claim = str_of(speaker->claim)},
        .entropy = entropy_system(),
        .stick = "",
        .log_most = LOG_MOST,
        .media_most = MEDIA_MOST,
        .on_restart = on_restart,
        .on_end = on_end,
        .ctx = speaker,
    };
    TRY(file_make_folder(state, 0700, why));
    TRY(file_make_folder(args->sound_dir, 0700, why));
    TRY(sink_file_create(wav, WAV_MOST, &config.take_sink, why));
    return agent_host_create(loop, speakers->dialer, &config, &speaker->host, why);
}

errc speakers_create(struct loop *loop, const struct sim_args *args, struct speakers **ret_speakers,
                     struct why *why)
{
    if (args->devices > SPEAKERS_MOST) {
        return fail(why, ERR_USAGE, "at most %d devices with sound", SPEAKERS_MOST);
    }
    struct speakers *speakers = mem_take(sizeof *speakers);
    speakers->args = args;
    speakers->count = (size_t)args->devices;
    speakers->at = mem_take_array(speakers->count, sizeof *speakers->at);
    errc rc = make_dialer(speakers, loop, why);
    for (size_t number = 1; rc == OK && number <= speakers->count; number++) {
        rc = start(speakers, loop, number, why);
    }
    if (rc != OK) {
        speakers_destroy(speakers);
        return rc;
    }
    *ret_speakers = speakers;
    return OK;
}

void speakers_destroy(struct speakers *speakers)
{
    if (speakers == NULL) {
        return;
    }
    dialer_destroy(speakers->dialer);
    for (size_t i = 0; i < speakers->count; i++) {
        agent_host_destroy(speakers->at[i].host);
    }
    mem_give(speakers->at);
    mem_give(speakers);
}

static void print_one(const struct agent_view *view, const char *serial)
{
    static const char *const sounds[] = {"silent", "programme", "filler",   "ALARM",
                                         "drill",  "stopped",   "test tone"};
    size_t sound = (size_t)view->sound.sound;
    printf("%s device %llu %s, %s, clock within %lld ms, %llu log entries, %zu media missing\n",
           serial, (unsigned long long)view->device, view->is_attached ? "attached" : "apart",
           sound < COUNT_OF(sounds) ? sounds[sound] : "?",
           view->clock.state >= CLOCK_HOLDING ? (long long)view->clock.error / 1000 : -1LL,
           (unsigned long long)view->log_last, view->media_missing);
}

static void print_json(const struct speakers *speakers, size_t attached)
{
    AUTO(buf_finish) struct buf out = {0};
    struct json_out json;
    buf_init(&out, 1024);
    json_out_init(&json, &out);
    json_object(&json);
    json_i64_at(&json, "devices", (int64_t)speakers->count);
    json_i64_at(&json, "attached", (int64_t)attached);
    json_end(&json);
    puts(json_out_check(&json) == OK ? out.at : "{}");
}

void speakers_print(struct speakers *speakers)
{
    size_t attached = 0;
    for (size_t i = 0; i < speakers->count; i++) {
        struct agent_view view;
        agent_look(agent_host_agent(speakers->at[i].host), &view);
        attached += view.is_attached;
        if (!speakers->args->json) {
            print_one(&view, speakers->at[i].serial);
        }
    }
    if (speakers->args->json) {
        print_json(speakers, attached);
    }
    fflush(stdout);
}
