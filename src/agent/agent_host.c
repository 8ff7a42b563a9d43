#include "agent/agent_host.h"

#include "agent/disk_folder.h"
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/timex.h>

enum { URL_ROOM = 512 };

#define WAIT_LEAST (1 * 1000)
#define WAIT_MOST (USEC_SECOND) /* a clock that was wrong about the next turn costs so much */
#define STICK_EVERY (5 * USEC_SECOND)

struct agent_host {
    struct loop *loop;
    struct dialer *dialer;
    struct agent_host_config config;
    char server[URL_ROOM];
    char stick[URL_ROOM];
    struct disk_folder *folder;
    int lock;
    struct agent *agent;
    struct dial_id dial;
    struct dial_memory memory;
    struct wire_traffic counted; /* of this connection, told already */
    struct wire_traffic ended;   /* of connections before, not told yet */
    loop_timer timer;
    usec stick_at;
    bool stick_is_read;
    bool is_ending; /* the dialer is gone */
};

static void arm(struct agent_host *host);

static void on_timer(void *ctx)
{
    struct agent_host *host = ctx;
    agent_turn(host->agent);
    if (host->stick[0] != '\0' && now_steady() >= host->stick_at) {
        host->stick_at = now_steady() + STICK_EVERY;
        host->stick_is_read = agent_stick_look(host->agent, host->stick, host->stick_is_read);
    }
    arm(host);
}

static void arm(struct agent_host *host)
{
    usec wait = agent_next(host->agent) - now_steady();
    wait = wait < WAIT_LEAST ? WAIT_LEAST : wait;
    wait = wait > WAIT_MOST ? WAIT_MOST : wait;
    loop_timer_stop(host->loop, host->timer);
    host->timer = loop_timer_start(host->loop, wait, 0, on_timer, host);
}

/* --- the connection --------------------------------------------------------------------------- */

static void on_open(void *ctx, dial_id id)
{
    struct agent_host *host = ctx;
    uint8_t channel[32];
    bool bound = dial_channel(host->dialer, id, channel);
    agent_opened(host->agent, bound ? channel : NULL);
    arm(host);
}

static void on_message(void *ctx, dial_id id, enum ws_kind kind, str payload)
{
    struct agent_host *host = ctx;
    if (kind == WS_BINARY) {
        agent_heard(host->agent, payload);
    } else {
        dial_close(host->dialer, id, 1003, S("binary messages only"));
    }
    arm(host);
}

static void on_close(void *ctx, dial_id id, const struct dial_end *end)
{
    struct agent_host *host = ctx;
    (void)id;
    host->ended.bytes_in += traffic_charged(&end->traffic) - traffic_charged(&host->counted);
    host->counted = (struct wire_traffic){.bytes_in = 0};
    host->dial = DIAL_NONE;
    if (host->config.on_end != NULL) {
        host->config.on_end(host->config.ctx, end);
    }
    agent_closed(host->agent);
    arm(host);
}

static void on_refused(void *ctx)
{
    struct agent_host *host = ctx;
    agent_closed(host->agent);
    arm(host);
}

static void port_dial(void *ctx)
{
    struct agent_host *host = ctx;
    if (host->is_ending) {
        return;
    }
    struct dial_target target = {.url = host->server, .protocol = "loa.1", .memory = &host->memory};
    struct dial_handler handler = {host, on_open, on_message, on_close};
    struct why why = {""};
    if (dial_open(host->dialer, &target, &handler, &host->dial, &why) != OK) {
        host->dial = DIAL_NONE;
        loop_timer_stop(host->loop, host->timer);
        host->timer = loop_timer_start(host->loop, WAIT_LEAST, 0, on_refused, host);
    }
}

static void port_send(void *ctx, str message)
{
    struct agent_host *host = ctx;
    if (!host->is_ending &&
        dial_send(host->dialer, host->dial, WS_BINARY, message) == ERR_TOO_MANY) {
        dial_cut(host->dialer, host->dial); /* a link that takes nothing is none */
    }
}

static void port_hang_up(void *ctx)
{
    struct agent_host *host = ctx;
    if (!host->is_ending) {
        dial_close(host->dialer, host->dial, 1000, STR_NONE);
    }
}

static void port_restart(void *ctx)
{
    struct agent_host *host = ctx;
    host->config.on_restart(host->config.ctx);
}

static void port_traffic(void *ctx, uint64_t *ret_in, uint64_t *ret_out)
{
    struct agent_host *host = ctx;
    const uint64_t headers = 52;
    struct wire_traffic now = {.bytes_in = 0};
    if (!host->is_ending) {
        now = dial_traffic(host->dialer, host->dial);
    }
    struct wire_traffic *before = &host->counted;
    bool grown = now.bytes_in >= before->bytes_in && now.packets_in >= before->packets_in &&
                 now.bytes_out >= before->bytes_out && now.packets_out >= before->packets_out;
    *ret_in = host->ended.bytes_in;
    *ret_out = 0;
    if (grown) {
        *ret_in +=
            now.bytes_in - before->bytes_in + headers * (now.packets_in - before->packets_in);
        *ret_out =
            now.bytes_out - before->bytes_out + headers * (now.packets_out - before->packets_out);
        *before = now;
    }
    host->ended.bytes_in = 0;
}

static usec port_steady(void *ctx)
{
    (void)ctx;
    return now_steady();
}

/* --- life ------------------------------------------------------------------------------------- */

/* A machine without a battery for its clock goes on where it was switched off: that is no time. */
static usec wall_clock(void)
{
    struct timex timex = {.modes = 0};
    bool is_synchronised = adjtimex(&timex) >= 0 && (timex.status & STA_UNSYNC) == 0;
    return is_synchronised || file_exists("/sys/class/rtc/rtc0") ? now_utc() : 0;
}

/* Two agents in one folder would write over each other. */
static errc lock_folder(struct agent_host *host, struct why *why)
{
    char path[URL_ROOM + 8];
    ignore_int(snprintf(path, sizeof path, "%s/lock", host->config.folder));
    host->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (host->lock < 0) {
        return fail_errno(why, errno, "%s", path);
    }
    if (flock(host->lock, LOCK_EX | LOCK_NB) != 0) {
        return fail(why, ERR_IN_USE, "%s: another agent runs in this folder", path);
    }
    return OK;
}

static errc open_agent(struct agent_host *host, struct why *why)
{
    const struct agent_host_config *given = &host->config;
    struct agent_config config = {
        .disk = disk_folder_disk(host->folder),
        .take_sink = given->take_sink,
        .take_relay = given->take_relay,
        .take_capture = given->take_capture,
        .ports = {.ctx = host,
                  .steady = port_steady,
                  .dial = port_dial,
                  .send = port_send,
                  .hang_up = port_hang_up,
                  .restart = port_restart,
                  .traffic = port_traffic},
        .about = given->about,
        .entropy = given->entropy,
        .wall = wall_clock(),
        .machine_run = given->machine_run,
        .log_most = given->log_most,
        .media_most = given->media_most,
    };
    return agent_create(&config, &host->agent, why);
}

errc agent_host_create(struct loop *loop, struct dialer *dialer,
                       const struct agent_host_config *config, struct agent_host **ret_host,
                       struct why *why)
{
    struct agent_host *host = mem_take(sizeof *host);
    host->loop = loop;
    host->dialer = dialer;
    host->config = *config;
    host->lock = -1;
    dial_memory_init(&host->memory);
    bool fits = str_to_array(str_of(config->server), host->server, sizeof host->server) &&
                str_to_array(str_of(config->stick), host->stick, sizeof host->stick);
    errc rc = fits ? disk_folder_open(config->folder, agent_folders, &host->folder, why)
                   : fail(why, ERR_INVALID, "too long an address");
    if (rc == OK) {
        rc = lock_folder(host, why);
    }
    if (rc == OK) {
        rc = open_agent(host, why);
    } else {
        sink_destroy(config->take_sink);
    }
    if (rc != OK) {
        file_close(&host->lock);
        disk_folder_close(host->folder);
        dial_memory_finish(&host->memory);
        mem_give(host);
        return rc;
    }
    host->timer = loop_timer_start(loop, 0, 0, on_timer, host);
    *ret_host = host;
    return OK;
}

void agent_host_destroy(struct agent_host *host)
{
    if (host == NULL) {
        return;
    }
    host->is_ending = true;
    loop_timer_stop(host->loop, host->timer);
    agent_destroy(host->agent);
    file_close(&host->lock);
    disk_folder_close(host->folder);
    dial_memory_finish(&host->memory);
    mem_give(host);
}

struct agent *agent_host_agent(struct agent_host *host)
{
    return host->agent;
}
