/* loa-agent: the program of a loudspeaker. It reads its settings, opens its folder, dials out, and
 * runs until it is told to end; when anything is wrong with itself it dies, and is started again.
 */
#include "agent/agent_host.h"
#include "agent/disk_folder.h"
#include "agent/options.h"
#include "base/file.h"
#include "base/log.h"
#include "base/notify.h"
#include "wire/proof.h"

#include <getopt.h>
#include <signal.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#define SETTINGS "/etc/loa-agent.conf"

#define ALIVE_MOST (10 * USEC_SECOND)

enum { SETTINGS_MOST = 64 * 1024, HELP_MOST = 16 * 1024, SETS_MOST = 16, HANGS_AFTER_S = 60 };

enum what { WHAT_RUN, WHAT_CHECK, WHAT_KEY, WHAT_SAMPLE, WHAT_HELP, WHAT_VERSION };

struct words {
    enum what what;
    const char *file;
    const char *sets[SETS_MOST];
    size_t set_count;
};

struct program {
    struct options options;
    struct loop *loop;
    struct dialer *dialer;
    struct agent_host *host;
};

static const char help[] =
    "loa-agent [options]\n"
    "\n"
    "  -c, --config FILE     settings; without it " SETTINGS "\n"
    "  -s, --set KEY=VALUE   one setting, over the file\n"
    "      --sink KIND       the same as -s sink=KIND: alsa, file or null\n"
    "  -n, --check           check the settings, start nothing\n"
    "      --key             print public key and fingerprint, made when there is none\n"
    "      --sample          print a settings file with every key explained\n"
    "  -h, --help            this\n"
    "  -V, --version\n";

/* --- the command line ------------------------------------------------------------------------- */

static errc add_set(struct words *words, const char *pair, struct why *why)
{
    if (words->set_count == SETS_MOST) {
        return fail(why, ERR_USAGE, "too many -s");
    }
    words->sets[words->set_count++] = pair;
    return OK;
}

static errc take_word(struct words *words, int letter, struct why *why)
{
    static const char *const sinks[] = {"sink=alsa", "sink=file", "sink=null"};
    switch (letter) {
    case 'c':
        words->file = optarg;
        return OK;
    case 's':
        return add_set(words, optarg, why);
    case 'n':
        words->what = WHAT_CHECK;
        return OK;
    case 'k':
        words->what = WHAT_KEY;
        return OK;
    case 'p':
        words->what = WHAT_SAMPLE;
        return OK;
    case 'h':
        words->what = WHAT_HELP;
        return OK;
    case 'V':
        words->what = WHAT_VERSION;
        return OK;
    case 'o':
        for (size_t i = 0; i < COUNT_OF(sinks); i++) {
            if (str_ends(str_of(sinks[i]), str_of(optarg)) && optarg[0] != '\0') {
                return add_set(words, sinks[i], why);
            }
        }
        return fail(why, ERR_USAGE, "--sink is alsa, file or null");
    default:
        return fail(why, ERR_USAGE, "unknown option; see --help");
    }
}

static errc parse_words(int count, char **given, struct words *ret_words, struct why *why)
{
    static const struct option options[] = {
        {"config", required_argument, NULL, 'c'},
        {"set", required_argument, NULL, 's'},
        {"sink", required_argument, NULL, 'o'},
        {"check", no_argument, NULL, 'n'},
        {"key", no_argument, NULL, 'k'},
        {"sample", no_argument, NULL, 'p'},
        {"help", no_argument, NULL, 'h'},
        {"version", no_argument, NULL, 'V'},
        {NULL, 0, NULL, 0},
    };
    *ret_words = (struct words){.what = WHAT_RUN};
    opterr = 0;
    for (int letter = 0; (letter = getopt_long(count, given, "c:s:nhV", options, NULL)) != -1;) {
        TRY(take_word(ret_words, letter, why));
    }
    return optind < count ? fail(why, ERR_USAGE, "unknown word; see --help") : OK;
}

static errc read_options(const struct words *words, struct options *options, struct why *why)
{
    const char *path = words->file != NULL ? words->file : SETTINGS;
    AUTO(buf_finish) struct buf text;
    buf_init(&text, SETTINGS_MOST);
    options_init(options);
    if (words->file != NULL || file_exists(path)) {
        errc rc = file_read(path, SETTINGS_MOST, &text, why);
        if (rc == OK) {
            rc = options_parse(options, buf_str(&text), why);
        }
        TRY(fail_in(why, rc, "%s", path));
    }
    for (size_t i = 0; i < words->set_count; i++) {
        TRY(options_set(options, str_of(words->sets[i]), why));
    }
    return words->what == WHAT_KEY ? OK : options_check(options, why);
}

/* --- the parts -------------------------------------------------------------------------------- */

static errc open_sink(const struct options *options, struct sink **ret_sink, struct why *why)
{
    str kind = str_of(option_text(options, OPTION_sink));
    if (str_is(kind, S("file"))) {
        return sink_file_create(option_text(options, OPTION_sink_file),
                                (uint64_t)option_number(options, OPTION_sink_file_most), ret_sink,
                                why);
    }
    *ret_sink = str_is(kind, S("null"))
                    ? sink_null_create()
                    : sink_alsa_create(option_text(options, OPTION_sink_device));
    return OK;
}

static errc open_relay(const struct options *options, struct relay_port *ret_port, struct why *why)
{
    str kind = str_of(option_text(options, OPTION_relay));
    *ret_port = (struct relay_port){.ctx = NULL};
    if (str_is(kind, S("gpio"))) {
        return relay_gpio_open(option_text(options, OPTION_relay_chip),
                               (unsigned)option_number(options, OPTION_relay_line),
                               option_number(options, OPTION_relay_low) == 1, ret_port, why);
    }
    if (str_is(kind, S("file"))) {
        return relay_file_open(option_text(options, OPTION_relay_file), ret_port, why);
    }
    return OK;
}

static errc open_capture(const struct options *options, struct capture_port *ret_port,
                         struct why *why)
{
    str kind = str_of(option_text(options, OPTION_capture));
    struct capture *capture = NULL;
    *ret_port = (struct capture_port){.ctx = NULL};
    if (str_is(kind, S("alsa"))) {
        capture = capture_alsa_create(option_text(options, OPTION_capture_device));
    } else if (str_is(kind, S("file"))) {
        TRY(capture_file_create(option_text(options, OPTION_capture_file), &capture, why));
    }
    if (capture != NULL) {
        *ret_port = capture_port_of(capture);
    }
    return OK;
}

/* The kernel's own mark of its start, so that a restart of the program is no power cut. */
static wire_id machine_run(void)
{
    AUTO(buf_finish) struct buf text;
    buf_init(&text, 128);
    wire_id id = {{0}};
    if (file_read("/proc/sys/kernel/random/boot_id", 100, &text, NULL) == OK) {
        hash mark = hash_of(buf_str(&text));
        memcpy(id.bytes, mark.bytes, sizeof id.bytes);
    }
    return id;
}

static void on_restart(void *ctx)
{
    struct program *program = ctx;
    LOG(LOG_INFO, "restart_ordered", log_int("pid", getpid()));
    loop_stop(program->loop);
}

static void on_end(void *ctx, const struct dial_end *end)
{
    (void)ctx;
    LOG(LOG_INFO, "connection_ended", log_int("code", end->code), log_why(&end->why));
}

static void on_stop(void *ctx)
{
    struct program *program = ctx;
    loop_stop(program->loop);
}

/* A loop that does not come round for a minute is ended by the kernel, also where no systemd looks;
 * whoever supervises starts it again. */
static void on_alive(void *ctx)
{
    (void)ctx;
    ignore_int((long)alarm(HANGS_AFTER_S));
    notify_send(getenv("NOTIFY_SOCKET"), "WATCHDOG=1");
}

static errc open_host(struct program *program, struct why *why)
{
    const struct options *options = &program->options;
    struct agent_host_config config = {
        .server = option_text(options, OPTION_server),
        .folder = option_text(options, OPTION_folder),
        .about = {.kind = DEVICE_SPEAKER,
                  .link = (enum device_link)option_number(options, OPTION_link),
                  .model = str_of(option_text(options, OPTION_model)),
                  .serial = str_of(option_text(options, OPTION_serial)),
                  .program = S("loa-agent " LOA_VERSION),
                  .claim = str_of(option_text(options, OPTION_claim))},
        .entropy = entropy_system(),
        .stick = option_text(options, OPTION_stick),
        .machine_run = machine_run(),
        .log_most = (uint64_t)option_number(options, OPTION_log_most),
        .media_most = (uint64_t)option_number(options, OPTION_media_most),
        .on_restart = on_restart,
        .on_end = on_end,
        .ctx = program,
    };
    TRY(open_relay(options, &config.take_relay, why));
    TRY(open_capture(options, &config.take_capture, why));
    TRY(open_sink(options, &config.take_sink, why));
    config.about.abilities = config.take_relay.ctx != NULL ? ABILITY_RELAY : 0;
    config.about.abilities |= config.take_capture.ctx != NULL ? ABILITY_CAPTURE : 0;
    config.about.abilities |= config.stick[0] != '\0' ? ABILITY_STICK : 0;
    return agent_host_create(program->loop, program->dialer, &config, &program->host, why);
}

static errc open_dialer(struct program *program, struct why *why)
{
    const struct options *options = &program->options;
    const char *ca = option_text(options, OPTION_ca_file);
    struct dialer_config config = {
        .ca_file = ca[0] != '\0' ? ca : NULL,
        .insecure = option_number(options, OPTION_insecure) == 1,
        .entropy = entropy_system(),
        .limits = dial_limits_default(),
    };
    config.limits.dials = 1;
    config.limits.handshakes = 1;
    return dialer_create(program->loop, &config, &program->dialer, why);
}

static errc open_program(struct program *program, struct why *why)
{
    TRY(loop_create(NULL, &program->loop, why));
    TRY(open_dialer(program, why));
    TRY(open_host(program, why));
    TRY(loop_on_signal(program->loop, SIGINT, on_stop, program, why));
    TRY(loop_on_signal(program->loop, SIGTERM, on_stop, program, why));
    usec alive = notify_watchdog(getenv("WATCHDOG_USEC"), getenv("WATCHDOG_PID"));
    alive = alive > 0 && alive < ALIVE_MOST ? alive : ALIVE_MOST;
    loop_timer_start(program->loop, alive, alive, on_alive, program);
    return OK;
}

static errc run(struct program *program, struct why *why)
{
    errc rc = open_program(program, why);
    if (rc == OK) {
        struct agent *agent = agent_host_agent(program->host);
        char print[FINGERPRINT_SIZE];
        fingerprint_write(agent_key(agent), print);
        LOG(LOG_INFO, "agent_started", log_text("fingerprint", print),
            log_text("server", option_text(&program->options, OPTION_server)));
        notify_send(getenv("NOTIFY_SOCKET"), "READY=1");
        loop_run(program->loop);
        notify_send(getenv("NOTIFY_SOCKET"), "STOPPING=1");
    }
    dialer_destroy(program->dialer);
    agent_host_destroy(program->host);
    loop_destroy(program->loop);
    return rc;
}

/* The key is made by whoever comes first: this, or the start. */
static errc print_key(const struct options *options, struct why *why)
{
    struct disk_folder *folder = NULL;
    struct agent_secret secret;
    char text[HASH_TEXT_SIZE];
    char print[FINGERPRINT_SIZE];
    TRY(disk_folder_open(option_text(options, OPTION_folder), agent_folders, &folder, why));
    struct disk disk = disk_folder_disk(folder);
    errc rc = agent_secret_open(&disk, entropy_system(), &secret, why);
    disk_folder_close(folder);
    TRY(rc);
    hash_text(secret.key, text);
    fingerprint_write(secret.key, print);
    mem_wipe(secret.bytes, sizeof secret.bytes);
    printf("key %s\nfingerprint %s\n", text, print);
    return OK;
}

static void print_sample(void)
{
    AUTO(buf_finish) struct buf sample;
    buf_init(&sample, HELP_MOST);
    options_write_sample(&sample);
    fputs(sample.at, stdout);
}

static errc do_it(const struct words *words, struct why *why)
{
    struct program program = {.loop = NULL};
    switch (words->what) {
    case WHAT_HELP:
        fputs(help, stdout);
        return OK;
    case WHAT_VERSION:
        puts("loa-agent " LOA_VERSION);
        return OK;
    case WHAT_SAMPLE:
        print_sample();
        return OK;
    case WHAT_RUN:
    case WHAT_CHECK:
    case WHAT_KEY:
        break;
    }
    TRY(read_options(words, &program.options, why));
    if (words->what == WHAT_CHECK) {
        return OK;
    }
    return words->what == WHAT_KEY ? print_key(&program.options, why) : run(&program, why);
}

int main(int count, char **given)
{
    struct words words;
    struct why why = {""};
    umask(077); /* whatever is made here is the device's own */
    if (sodium_init() < 0) {
        return ERR_INTERNAL;
    }
    errc rc = parse_words(count, given, &words, &why);
    if (rc == OK) {
        rc = do_it(&words, &why);
    }
    if (rc != OK) {
        fprintf(stderr, "loa-agent: %s (%s)\n", why.text[0] != '\0' ? why.text : "failed",
                error_key(rc));
    }
    return (int)rc;
}
